"""The built-in roles of a workspace: what the vendor calls them, and which actions each carries.

From the vendor's list of roles and permissions, as far as this server sends the operations. That list is a table whose
columns were lost in the copy that was read: which of the two algorithm roles carries the pay-as-you-go actions is taken
to be the developer. That the labeling manager carries nothing of DSW was seen by a third party.
"""

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pai_dsw_mcp.model.value import Value

_ACTION: Final = re.compile(r"\w+:\w+")


def _actions(product: str, *verbs: str) -> frozenset[str]:
    return frozenset(f"{product}:{verb}" for verb in verbs)


OWNER: Final = "PAI.WorkspaceOwner"
"""Whoever made the workspace. It can be neither given nor taken away."""


class Role(Value):
    """A built-in role: what the consoles call it in English and Chinese, and what it adds to the role it includes."""

    role: str
    title: str
    includes: str | None = None
    adds: frozenset[str] = frozenset()
    carries: frozenset[str] = frozenset()


_BUILT_IN: Final = (
    Role(
        role="PAI.WorkspaceGuest",
        title="Visitor (访客)",
        adds=_actions(
            "PaiWorkspace",
            "ListWorkspaces",
            "GetWorkspace",
            "ListPermissions",
            "ListMembers",
            "ListWorkspaceUsers",
            "ListWorkspaceRoles",
            "ListResources",
            "ListConfigs",
        )
        | _actions("PaiImage", "ListImages", "GetImage")
        | _actions("PaiDataset", "ListDatasets", "GetDataset"),
    ),
    Role(
        role="PAI.LabelManager",
        title="Labeling Administrator (标注管理员)",
        includes="PAI.WorkspaceGuest",
    ),
    Role(
        role="PAI.MaxComputeDeveloper",
        title="MaxCompute Developer (MaxCompute开发)",
        includes="PAI.WorkspaceGuest",
    ),
    Role(
        role="PAI.AlgoOperator",
        title="Algorithm O&M Engineer (算法运维)",
        includes="PAI.WorkspaceGuest",
        adds=_actions(
            "PaiDSW",
            "ListInstances",
            "GetInstance",
            "CreatePrePaidInstance",
            "UpdatePrePaidInstance",
            "StartInstance",
            "StopInstance",
            "OpenInstance",
            "CreateIdleInstanceCuller",
            "GetIdleInstanceCuller",
            "DeleteIdleInstanceCuller",
            "CreateInstanceShutdownTimer",
            "GetInstanceShutdownTimer",
            "DeleteInstanceShutdownTimer",
            "CreateInstanceSnapshot",
            "GetInstanceSnapshot",
            "ListInstanceSnapshot",
            "GetInstanceEvents",
            "GetInstanceMetrics",
            "GetLifecycle",
            "UpdateInstanceLabels",
            "DeleteInstanceLabels",
        ),
    ),
    Role(
        role="PAI.AlgoDeveloper",
        title="Algorithm Developer (算法开发)",
        includes="PAI.AlgoOperator",
        adds=_actions("PaiDSW", "CreatePostPaidInstance", "UpdatePostPaidInstance"),
    ),
    Role(
        role="PAI.WorkspaceAdmin",
        title="Administrator (管理员)",
        includes="PAI.AlgoDeveloper",
        adds=_actions("PaiDSW", "ListAllInstances", "CreateInstance")
        | _actions(
            "PaiWorkspace",
            "UpdateWorkspace",
            "CreateMember",
            "DeleteMembers",
            "AddMemberRole",
            "RemoveMemberRole",
            "UpdateConfigs",
        ),
    ),
    Role(
        role=OWNER,
        title="Owner (负责人)",
        includes="PAI.WorkspaceAdmin",
    ),
)


def _complete() -> Iterator[Role]:
    carried: dict[str, frozenset[str]] = {}
    for role in _BUILT_IN:
        carried[role.role] = role.adds | carried.get(role.includes or "", frozenset())
        yield role.model_copy(update={"carries": carried[role.role]})


ROLES: Final[Mapping[str, Role]] = MappingProxyType({role.role: role for role in _complete()})
"""Every built-in role, those that carry least first."""

_ALSO: Final = MappingProxyType(
    {
        "paidsw:createpostpaidinstance": "paidsw:CreateInstance",
        "paidsw:createinstance": "paidsw:CreatePostPaidInstance",
        "paidsw:updatepostpaidinstance": "paidsw:UpdateInstance",
        "paidsw:updateinstance": "paidsw:UpdatePostPaidInstance",
    }
)
"""Where the vendor's documents disagree on the name of an action."""


def candidates(action: str) -> tuple[str, ...]:
    """Every name that the action may have; a text with several names gives all of them."""
    named = _ACTION.findall(action)
    return tuple(dict.fromkeys((*named, *(_ALSO[each.casefold()] for each in named if each.casefold() in _ALSO))))


def meant_by(named: str) -> frozenset[str]:
    """Every name, in lower case, of the permission that has this whole name, with or without its product.

    Empty where no permission that is known here has it, so that it can only be a part of some.
    """
    known = {each.casefold() for role in ROLES.values() for each in role.carries} | _ALSO.keys()
    whole = [each for each in known if named.casefold() in (each, each.partition(":")[2])]
    return frozenset(name.casefold() for each in whole for name in candidates(each))


def carriers(actions: tuple[str, ...]) -> tuple[str, ...]:
    """The built-in roles that can be given and carry one of these actions, those that carry least first."""
    wanted = {action.casefold() for action in actions}
    return tuple(
        each.role
        for each in ROLES.values()
        if each.role != OWNER and wanted & {action.casefold() for action in each.carries}
    )


def smallest_policy(actions: tuple[str, ...]) -> str:
    """The RAM policy that allows these actions and nothing else."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    return json.dumps({"Version": "1", "Statement": [statement]}, separators=(",", ":"))
