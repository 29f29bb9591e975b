"""The built-in roles of a workspace, with the permission points that each carries.

Documented: the names of the roles, and which role carries which point, in the vendor's list of roles and permissions.
That list is a table whose columns are lost in the copy that was read: that the algorithm developer and not the
algorithm operator carries the pay-as-you-go points is how the copy was understood (assumed). Third party: the labeling
manager carries nothing of DSW, every role may list its own points. Assumed: that every member may list the workspaces.
"""

from types import MappingProxyType
from typing import Final

_EVERY_MEMBER: Final = frozenset(
    {
        *(
            f"PaiWorkspace:{verb}"
            for verb in (
                "ListWorkspaces",
                "GetDefaultWorkspace",
                "GetWorkspace",
                "ListPermissions",
                "GetPermission",
                "ListMembers",
                "GetMember",
                "ListWorkspaceUsers",
                "ListWorkspaceRoles",
                "GetWorkspaceRole",
                "ListResources",
                "ListConfigs",
            )
        ),
        *(f"PaiImage:{verb}" for verb in ("ListImages", "GetImage", "ListImageLabels")),
        *(f"PaiDataset:{verb}" for verb in ("ListDatasets", "GetDataset")),
    }
)
_OPERATE: Final = _EVERY_MEMBER | {
    f"PaiDSW:{verb}"
    for verb in (
        "ListInstances",
        "GetInstance",
        "CreatePrePaidInstance",
        "UpdatePrePaidInstance",
        "DeletePrePaidInstance",
        "StartInstance",
        "StopInstance",
        "OpenInstance",
        "GetToken",
        "CreateIdleInstanceCuller",
        "GetIdleInstanceCuller",
        "DeleteIdleInstanceCuller",
        "CreateInstanceShutdownTimer",
        "GetInstanceShutdownTimer",
        "DeleteInstanceShutdownTimer",
        "CreateInstanceSnapshot",
        "GetInstanceSnapshot",
        "ListInstanceSnapshot",
        "DeleteInstanceSnapshot",
        "GetInstanceEvents",
        "GetInstanceMetrics",
        "GetLifecycle",
        # Assumed: in no list of points that was read.
        "ListSystemLogs",
        "ListInstanceStatistics",
        "UpdateInstanceLabels",
        "DeleteInstanceLabels",
    )
}
_DEVELOP: Final = _OPERATE | {
    f"PaiDSW:{verb}" for verb in ("CreatePostPaidInstance", "UpdatePostPaidInstance", "DeletePostPaidInstance")
}
_ADMINISTER: Final = (
    _DEVELOP
    | {
        f"PaiDSW:{verb}"
        for verb in (
            "ListAllInstances",
            "ListAllInstanceStatistics",
            # Third party: in the list of an administrator, and in no document.
            "CreateInstance",
            "DeleteInstance",
            "RebootInstance",
            "SaveImage",
        )
    }
    | {
        f"PaiWorkspace:{verb}"
        for verb in (
            "UpdateWorkspace",
            "CreateMember",
            "DeleteMembers",
            "AddMemberRole",
            "RemoveMemberRole",
            "AddWorkspaceRole",
            "UpdateWorkspaceRole",
            "RemoveWorkspaceRole",
            "CreateWorkspaceResource",
            "UpdateWorkspaceResource",
            "DeleteWorkspaceResource",
            "UpdateConfigs",
            "DeleteConfig",
        )
    }
    | {"PaiImage:PublishImage", "PaiDataset:PublishDataset"}
)

OWNER: Final = "PAI.WorkspaceOwner"
ADMINISTRATORS: Final = frozenset({OWNER, "PAI.WorkspaceAdmin"})
POINTS: Final = MappingProxyType(
    {
        OWNER: _ADMINISTER,
        "PAI.WorkspaceAdmin": _ADMINISTER,
        "PAI.AlgoDeveloper": _DEVELOP,
        "PAI.AlgoOperator": _OPERATE,
        "PAI.LabelManager": _EVERY_MEMBER,
        "PAI.WorkspaceGuest": _EVERY_MEMBER,
        "PAI.MaxComputeDeveloper": _EVERY_MEMBER,
    }
)
"""The points of each built-in role."""
