"""Keeps replies of the service in their shape: for the eyes of a maintainer, who can play them with the emulator.

Names and values are kept only if they are on a list. Of everything else, the same value gets the same stand-in, so that
what belongs together still does. Requests are not kept.
"""

import inspect
import json
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Final, cast, get_args

from alibabacloud_aiworkspace20210204 import models as aiworkspace
from alibabacloud_pai_dsw20220101 import models as dsw
from alibabacloud_paistudio20220112 import models as paistudio

from pai_dsw_mcp.cloud.message import Reply
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.model.instance import AcceleratorType, Accessibility, MountAccess, PaymentType
from pai_dsw_mcp.model.status import ALL_STATUSES
from pai_dsw_mcp.model.workspace import EnvType

_ENVELOPE: Final = frozenset(
    {"accessdenieddetail", "code", "hostid", "httpstatuscode", "message", "nopermissiontype", "recommend", "success"}
    | {"accountid", "arn", "identitytype", "principalid", "userid"}
)
"""What no generated client has: the gateway's fields, and those of GetCallerIdentity."""
_WORDS: Final = ALL_STATUSES | {
    "",
    *(
        word
        for words in (AcceleratorType, Accessibility, MountAccess, PaymentType, EnvType)
        for word in get_args(words)
    ),
    *("CNY", "USD", "ENABLED", "WithStock", "NoStock", "ImplicitDeny", "ExplicitDeny", "true", "false"),
    *("Committing", "Pushing", "OSS", "NAS", "CPFS", "DIRECTORY", "FILE", "ECS", "Account", "RAMUser"),
    *("system.chipType", "system.supported.dsw", "system.official"),
}
_CODE: Final = re.compile(r"[A-Za-z]{1,40}(?:\.[A-Za-z]{1,40})*|[0-9]{9}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_PREFIX: Final = re.compile(r"(dsw-|image-|d-|quota|snp-|role-)[A-Za-z0-9]+")
_AMOUNT: Final = re.compile(r"\d+(?:\.\d+)?([A-Za-z]{1,2})")
_COUNTS: Final = {"TotalCount", "HttpStatusCode"}


class Recording:
    """What was heard, oldest first."""

    def __init__(self) -> None:
        self._replies: list[dict[str, Any]] = []
        self._names = _ENVELOPE | {name for module in (dsw, aiworkspace, paistudio) for name in _fields(module)}
        self._stand_ins: dict[str, str] = {}

    def hear(self, operation: str, reply: Reply, _: CloudError | None) -> None:
        """Keeps the reply, if it is a JSON object."""
        try:
            body: Any = json.loads(reply.body)
        except ValueError:
            return
        if isinstance(body, dict):
            self._replies.append({"operation": operation, "status": reply.status, "body": self._kept("", body)})

    def as_fixture(self) -> str:
        """What the emulator plays."""
        return json.dumps({"recorded": self._replies}, indent=1) + "\n"

    def _kept(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            members = cast("dict[str, Any]", value)
            return {self._name(each): self._kept(each, member) for each, member in members.items()}
        if isinstance(value, list):
            return [self._kept(name, each) for each in cast("list[Any]", value)]
        if isinstance(value, str):
            return value if _may_stay(name, value) else self._instead(value)
        if value is None or isinstance(value, bool) or name in _COUNTS:
            return value
        # How much there is of something is nobody's business; its type is.
        return type(value)(bool(value))

    def _name(self, name: str) -> str:
        return name if name.replace("_", "").lower() in self._names else self._instead(name)

    def _instead(self, value: str) -> str:
        number = len(self._stand_ins) + 1
        return self._stand_ins.setdefault(value, _stand_in(value, number))


def _may_stay(name: str, value: str) -> bool:
    is_code = name in {"Code", "ReasonCode"} and _CODE.fullmatch(value) is not None
    return value in _WORDS or is_code or _TIME.fullmatch(value) is not None


def _stand_in(value: str, number: int) -> str:
    """Something of the same kind: a reader of ids must still take it for one."""
    if value.isdecimal():
        return str(10**9 + number)
    if amount := _AMOUNT.fullmatch(value):
        return f"1{amount[1]}"
    if prefix := _PREFIX.fullmatch(value):
        return f"{prefix[1]}{number:016x}"
    return f"text-{number}"


def _fields(module: ModuleType) -> Iterator[str]:
    """The names of all fields of the API, in lower case."""
    for model in vars(module).values():
        if inspect.isclass(model):
            yield from (name.replace("_", "") for name in inspect.signature(model).parameters)
