"""The test users and what each of them may do: a RAM policy in small, and the roles in a workspace beside it.

Documented: the names of the actions, that they are compared without regard to case, and that a role in a workspace
needs no policy beside it; a third party saw the same of DSW. Assumed: the three users and the role, and that an
explicit deny of RAM beats a role of a workspace.
"""

import hashlib
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from pai_emulator import errors
from pai_emulator.call import Call, User
from pai_emulator.types import JsonObject

ACCOUNT_ID = "1500000000000001"
"""The Alibaba Cloud account that everything in the emulator belongs to."""

_READ: tuple[str, ...] = (
    "paidsw:GetInstance",
    "paidsw:GetIdleInstanceCuller",
    "paidsw:GetInstanceShutdownTimer",
    "paidsw:GetInstanceEvents",
    "paidsw:GetInstanceMetrics",
    "paidsw:GetLifecycle",
    "paidsw:ListInstances",
    "paidsw:ListSystemLogs",
    "paidsw:ListEcsSpecs",
    "paidsw:GetInstanceSnapshot",
    "paidsw:ListInstanceSnapshot",
    "paiworkspace:Get*",
    "paiworkspace:List*",
    "paiimage:Get*",
    "paiimage:List*",
    "paidataset:Get*",
    "paidataset:List*",
    "pai:Get*",
    "pai:List*",
)
_EVERYTHING: Final = ("paidsw:*", "paiworkspace:*", "paiimage:*", "paidataset:*", "pai:*")
_RIGHTS: dict[str, tuple[str, ...]] = {
    "admin": (*_EVERYTHING, "sts:AssumeRole"),
    "developer": (
        *_READ,
        "paidsw:CreateInstance",
        "paidsw:CreatePostPaidInstance",
        "paidsw:UpdateInstance",
        "paidsw:UpdatePostPaidInstance",
        "paidsw:StartInstance",
        "paidsw:StopInstance",
        "paidsw:CreateIdleInstanceCuller",
        "paidsw:DeleteIdleInstanceCuller",
        "paidsw:CreateInstanceShutdownTimer",
        "paidsw:DeleteInstanceShutdownTimer",
        "paidsw:CreateInstanceSnapshot",
        "paidsw:UpdateInstanceLabels",
        "paidsw:DeleteInstanceLabels",
    ),
    "viewer": _READ,
}
USER_IDS: Final = MappingProxyType(
    {"admin": "200000000000000001", "developer": "200000000000000002", "viewer": "200000000000000003"}
)
"""The ids of the test users by name. Seeds change their keys, not their ids."""
USER_NAMES: Final = MappingProxyType({user_id: name for name, user_id in USER_IDS.items()})
ROLE_NAME: Final = "pipeline-role"
ROLE_ID: Final = "300000000000000006"
"""The one role that can be assumed, by whoever may `sts:AssumeRole`: its trust policy names the whole account."""

_RBAC_NAMES = {"paidataset": "PaiDataset", "paiimage": "PaiImage", "paiworkspace": "PaiWorkspace", "pai": "Pai"}


def users_from_seed(seed: int) -> tuple[User, ...]:
    """The users `admin`, `developer` and `viewer`; keys differ by seed, so that no key is good everywhere."""
    return tuple(
        User(
            name=name,
            user_id=USER_IDS[name],
            access_key_id="TEST" + _digits(seed, name, "access key id")[:20].upper(),
            access_key_secret=_digits(seed, name, "access key secret")[:30],
            rights=rights,
        )
        for name, rights in _RIGHTS.items()
    )


def session_of_role(session_name: str, key: tuple[str, str, str], expires_at: datetime) -> User:
    """A session of the role; `key` has its access key id, its secret and its token."""
    access_key_id, access_key_secret, token = key
    return User(
        name=f"{ROLE_NAME}/{session_name}",
        user_id=ROLE_ID,
        access_key_id=access_key_id,
        access_key_secret=access_key_secret,
        rights=_EVERYTHING,
        security_token=token,
        expires_at=expires_at,
    )


def _digits(seed: int, *purpose: str) -> str:
    return hashlib.sha256("\n".join((str(seed), *purpose)).encode()).hexdigest()


def allows(user: User, action: str, points: frozenset[str] = frozenset()) -> bool:
    """Whether a RAM right of the user, or one of the permission points of their roles, covers an action."""
    wanted = action.casefold()
    is_denied = any(_covers(right, wanted) for right in user.denied)
    return not is_denied and (any(_covers(right, wanted) for right in user.rights) or wanted in _folded(points))


@lru_cache(maxsize=64)
def _folded(points: frozenset[str]) -> frozenset[str]:
    return frozenset(map(str.casefold, points))


def _covers(right: str, wanted: str) -> bool:
    right = right.casefold()
    return wanted.startswith(right[:-1]) if right.endswith("*") else wanted == right


def authorize(action: str | None, call: Call, points: frozenset[str] = frozenset()) -> None:
    """Pass, or raise the ApiError with which the product denies the action to the user; None is open to everybody."""
    if action is not None and not allows(call.user, action, points):
        raise denial(action, call)


def denial(action: str, call: Call) -> errors.ApiError:
    """The answer to a call that needs an action which its user has neither by RAM nor by a role."""
    is_denied = any(_covers(right, action.casefold()) for right in call.user.denied)
    detail: JsonObject = {
        "AuthAction": action,
        "AuthPrincipalDisplayName": call.user.name,
        "AuthPrincipalOwnerId": ACCOUNT_ID,
        "AuthPrincipalType": "SubUser" if call.user.expires_at is None else "AssumedRoleUser",
        "NoPermissionType": "ExplicitDeny" if is_denied else "ImplicitDeny",
    }
    if call.product == "pai-dsw":
        workspace_id = call.query.get("WorkspaceId") or call.body.get("WorkspaceId") or "*"
        resource = f"acs:paidsw:{call.region_id}:{ACCOUNT_ID}:workspace/{workspace_id}"
        return errors.dsw_no_permission(call.operation, resource, detail)
    if call.product == "sts":
        return errors.sts_no_permission(detail)
    family, _, verb = action.partition(":")
    return errors.rbac_denied(f"{_RBAC_NAMES.get(family, family)}:{verb}", detail)
