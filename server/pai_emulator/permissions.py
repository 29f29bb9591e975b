"""ListPermissions and GetPermission: what the caller may do in a workspace.

Documented: the fields and the values of a rule, that GetPermission also looks at RAM unless `DisableRam` is among its
options. Third party: that ListPermissions lists the permission points of the caller's roles, and the names of the
points. Assumed: that RAM rights add nothing to that list, which rules each point carries, that GetPermission denies a
point that the caller lacks as any other operation is denied, and that its other parameters change nothing.
"""

from typing import Final

from pai_emulator.call import Call
from pai_emulator.members import workspace_of
from pai_emulator.policy import denial
from pai_emulator.query import Query
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_ON_EVERYTHING: Final = ({"Accessibility": "ANY", "EntityAccessType": "ANY"},)
_ON_OWN_AND_PUBLIC: Final = (
    {"Accessibility": "PUBLIC", "EntityAccessType": "ANY"},
    {"Accessibility": "PRIVATE", "EntityAccessType": "CREATOR"},
)


def list_permissions(world: World, call: Call) -> JsonObject:
    """ListPermissions."""
    region, workspace = workspace_of(world, call)
    points = region.points_of(call.user, workspace["WorkspaceId"])
    permissions = [_permission(point, points) for point in sorted(points)]
    return {"Permissions": permissions, "TotalCount": len(permissions)}


def get_permission(world: World, call: Call) -> JsonObject:
    """GetPermission."""
    region, workspace = workspace_of(world, call)
    code, points = call.path["PermissionCode"], region.points_of(call.user, workspace["WorkspaceId"])
    by_ram = "DisableRam" not in Query(call).csv("Option") and region.permits(call.user, workspace["WorkspaceId"], code)
    if code not in points and not by_ram:
        raise denial(code, call)
    return _permission(code, points)


def _permission(point: str, points: frozenset[str]) -> JsonObject:
    rules = _ON_EVERYTHING if "PaiDSW:ListAllInstances" in points else _ON_OWN_AND_PUBLIC
    return {"PermissionCode": point, "PermissionRules": [dict(rule) for rule in rules]}
