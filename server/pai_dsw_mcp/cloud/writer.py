"""The one way to change anything in the cloud. Only the gate reaches a Writer."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

from anyio.lowlevel import checkpoint
from pydantic.alias_generators import to_pascal, to_snake

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.message import without_empty_lists
from pai_dsw_mcp.cloud.operations import WriteToken, checked, is_id
from pai_dsw_mcp.errors import CloudError, ErrorKind, ReplyError
from pai_dsw_mcp.model.change import OPERATION_LABEL
from pai_dsw_mcp.model.writes import ApiWrite, Request, WriteSpec


class Writer:
    """Sends the requests of one change, each once. `accepted`: those that the service took, with their RequestIds.

    `before_next` is awaited before each request but the first; it may raise, and then nothing more is sent.
    """

    def __init__(
        self, cloud: Cloud, *, operation_id: str, before_next: Callable[[], Awaitable[object]] = checkpoint
    ) -> None:
        self._cloud = cloud
        self._before_next = before_next
        self._operation_id = operation_id
        self._is_used = False
        self.accepted: dict[str, str | None] = {}

    @property
    def request_ids(self) -> str | None:
        """The RequestIds of what was accepted."""
        return " ".join(filter(None, self.accepted.values())) or None

    async def send(
        self, spec: WriteSpec, region_id: str, target_id: str | None, requests: tuple[Request, ...]
    ) -> str | None:
        """Sends the requests in order, until one fails; returns the id of what was created.

        What is created carries the operation id as a label. A cancelled call has an unknown outcome.

        Raises:
            InputError: The region or an id is invalid; the request was not sent.
            CloudError: Its `outcome` is "none" (certainly no effect) or "unknown". A second call is REFUSED.
        """
        if self._is_used:
            raise CloudError(ErrorKind.REFUSED, operation=spec.action)
        self._is_used = True
        created = None
        for number, request in enumerate(requests):
            if number:
                await self._before_next()
            created = await self._send_one(spec, region_id, target_id, request) or created
        return created

    async def _send_one(self, spec: WriteSpec, region_id: str, target_id: str | None, request: Request) -> str | None:
        write = request.write
        if write not in spec.requests:
            raise CloudError(ErrorKind.REFUSED, operation=write.operation)
        sdk = await self._cloud.sdk()
        path_ids = [checked(name, request.ids[name]) for name in _PLACEHOLDER.findall(write.path)]
        models, call = await sdk.write_call(write, region_id, WriteToken(write.operation))
        bodies = self._bodies(spec, getattr(models, f"{write.operation}Request", None), request)
        method = getattr(call, f"{to_snake(write.operation)}_with_options_async")
        await method(*path_ids, *bodies, {}, sdk.runtime)
        reply_id = getattr(call.reply, f"{spec.target}_id")
        if spec.creates and (reply_id is None or not is_id(f"{spec.target}_id", reply_id)):
            raise _doubtful(write)
        if not spec.creates and reply_id not in {None, target_id}:
            raise _doubtful(write)
        self.accepted[write.operation] = call.reply.request_id
        return reply_id if spec.creates else None

    def _bodies(self, spec: WriteSpec, model: Any, request: Request) -> tuple[Any, ...]:
        """The SDK's request, for operations that have one.

        Raises:
            CloudError: The SDK's model would leave out something that is set: then nothing may be sent.
        """
        body = request.body
        wire: dict[str, Any] = {} if body is None else _wire(body.model_dump(mode="json", exclude_none=True))
        wire.update(request.private)
        if model is None and not wire:
            return ()
        if spec.is_labelled:
            label = {"Key": OPERATION_LABEL, "Value": self._operation_id}
            wire["Labels"] = [*wire.get("Labels", []), label]
        sent = model().from_map(wire) if model is not None else None
        if sent is None or without_empty_lists(sent.to_map()) != without_empty_lists(wire):
            raise CloudError(ErrorKind.REFUSED, operation=request.write.operation)
        return (sent,)


_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_WIRE_NAMES: Final = {"cpu": "CPU", "gpu": "GPU", "extended_cidrs": "ExtendedCIDRs"}
"""Where the API's name is not simply ours in PascalCase."""


def _wire(value: Any) -> Any:
    """The same under the API's names."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {_WIRE_NAMES.get(name) or to_pascal(name): _wire(member) for name, member in members.items()}
    if isinstance(value, list):
        return [_wire(member) for member in cast("list[Any]", value)]
    return value


def _doubtful(write: ApiWrite) -> ReplyError:
    return ReplyError(ErrorKind.REPLY_INVALID, operation=write.operation, outcome="unknown", status=200)
