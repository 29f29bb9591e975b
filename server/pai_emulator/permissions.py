"""ListPermissions: what the caller may do in a workspace.

Documented: the fields and the values of a rule. Third party: that it lists what the caller may do, as permission points
named after the RAM actions, and the names of most points. Assumed: the names of those of events, life cycle, metrics
and logs, that the points are what the RAM rights of the caller
cover, and which rules each carries.
"""

from typing import Final

from pai_emulator.call import Call
from pai_emulator.errors import workspace_not_found
from pai_emulator.policy import allows
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_POINTS: Final = (
    *(
        f"PaiDSW:{verb}"
        for verb in (
            "ListInstances",
            "ListAllInstances",
            "GetInstance",
            "GetInstanceEvents",
            "GetInstanceMetrics",
            "GetLifecycle",
            "ListSystemLogs",
            "CreateInstance",
            "CreatePostPaidInstance",
            "CreatePrePaidInstance",
            "UpdateInstance",
            "UpdatePostPaidInstance",
            "DeleteInstance",
            "StartInstance",
            "StopInstance",
            "CreateIdleInstanceCuller",
            "GetIdleInstanceCuller",
            "DeleteIdleInstanceCuller",
            "CreateInstanceShutdownTimer",
            "GetInstanceShutdownTimer",
            "DeleteInstanceShutdownTimer",
            "CreateInstanceSnapshot",
            "ListInstanceSnapshot",
            "UpdateInstanceLabels",
            "DeleteInstanceLabels",
            "RebootInstance",
            "SaveImage",
            "GetToken",
            "OpenInstance",
        )
    ),
    *(f"PaiWorkspace:{verb}" for verb in ("ListWorkspaces", "GetWorkspace", "ListConfigs", "ListPermissions")),
    *(f"PaiImage:{verb}" for verb in ("ListImages", "GetImage")),
    *(f"PaiDataset:{verb}" for verb in ("ListDatasets", "GetDataset")),
)
_ON_EVERYTHING: Final = ({"Accessibility": "ANY", "EntityAccessType": "ANY"},)
_ON_OWN_AND_PUBLIC: Final = (
    {"Accessibility": "PUBLIC", "EntityAccessType": "ANY"},
    {"Accessibility": "PRIVATE", "EntityAccessType": "CREATOR"},
)


def list_permissions(world: World, call: Call) -> JsonObject:
    """ListPermissions."""
    region, workspace_id = world.region(call.region_id), call.path["WorkspaceId"]
    if workspace_id not in region.workspaces:
        raise workspace_not_found()
    region.check_member(call, workspace_id, "paiworkspace:ListPermissions")
    rules = _ON_EVERYTHING if allows(call.user, "paidsw:ListAllInstances") else _ON_OWN_AND_PUBLIC
    permissions = [
        {"PermissionCode": point, "PermissionRules": [dict(rule) for rule in rules]}
        for point in _POINTS
        if allows(call.user, point)
    ]
    return {"Permissions": permissions, "TotalCount": len(permissions)}
