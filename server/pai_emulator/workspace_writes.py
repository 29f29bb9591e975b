"""CreateWorkspace and UpdateWorkspace.

Documented: the parameters, the rules for names, descriptions and environments, that a name is unique in its region and
that workspaces of DataWorks share the names, that whoever makes one is its owner. Third party: unknown fields of an
update are dropped without a word, and a reply that it succeeded proves nothing. Assumed: that a new one is ENABLED at
once, and the codes.
"""

import re
from typing import Any, Final

from pai_emulator.call import Call
from pai_emulator.clock import rfc3339
from pai_emulator.data.regions import REGIONS
from pai_emulator.data.roles import OWNER
from pai_emulator.data.workspaces import DATAWORKS_NAMES
from pai_emulator.errors import invalid_parameter, missing_parameter, workspace_name_exists
from pai_emulator.members import workspace_of
from pai_emulator.policy import ACCOUNT_ID
from pai_emulator.region_state import RegionState
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,22}")
_LONGEST_DESCRIPTION: Final = 80
_ENVIRONMENTS: Final = (["prod"], ["dev", "prod"])


def create_workspace(world: World, call: Call) -> JsonObject:
    """CreateWorkspace."""
    region, body = world.region(call.region_id), call.body
    for name in ("WorkspaceName", "Description", "EnvTypes"):
        if body.get(name) is None:
            raise missing_parameter(name)
    name, description = _name("WorkspaceName", body["WorkspaceName"]), _description(body["Description"])
    if body["EnvTypes"] not in _ENVIRONMENTS:
        raise invalid_parameter("EnvTypes must be [prod] or [dev, prod].")
    taken = {workspace["WorkspaceName"] for workspace in region.workspaces.values()}
    if name in taken | DATAWORKS_NAMES:
        raise workspace_name_exists(name)
    now, owner, workspace_id = rfc3339(world.clock.now()), call.user, _next_id(region)
    region.keep_workspace(
        {
            "WorkspaceId": workspace_id,
            "WorkspaceName": name,
            "DisplayName": str(body.get("DisplayName") or name),
            "Description": description,
            "Status": "ENABLED",
            "EnvTypes": body["EnvTypes"],
            "IsDefault": not region.workspaces,
            "Creator": owner.user_id,
            "AdminNames": [],
            "Owner": {
                "UserId": owner.user_id,
                "UserKp": ACCOUNT_ID,
                "UserName": owner.name,
                "DisplayName": owner.name,
            },
            "ExtraInfos": {"TenantId": f"4286{workspace_id}98"},
            "ResourceGroupId": str(body.get("ResourceGroupId") or "rg-acfmwp7rkyq2345"),
            "GmtCreateTime": now,
            "GmtModifiedTime": now,
            "Members": {owner.user_id: (OWNER,)},
            "CustomRoles": (),
            "Configs": (),
        }
    )
    return {"WorkspaceId": workspace_id}


def update_workspace(world: World, call: Call) -> JsonObject:
    """UpdateWorkspace."""
    region, workspace = workspace_of(world, call)
    if world.faults.drops_updates(call.region_id):
        return {}
    if call.body.get("DisplayName") is not None:
        workspace["DisplayName"] = _name("DisplayName", call.body["DisplayName"])
    if call.body.get("Description") is not None:
        workspace["Description"] = _description(call.body["Description"])
    workspace["GmtModifiedTime"] = rfc3339(world.clock.now())
    region.keep_workspace(workspace)
    return {}


def _name(parameter: str, value: Any) -> str:
    if not isinstance(value, str) or _NAME.fullmatch(value) is None:
        raise invalid_parameter(f"{parameter} must have 3 to 23 letters, digits and underscores, a letter first.")
    return value


def _description(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_DESCRIPTION:
        raise invalid_parameter(f"Description must be a text of at most {_LONGEST_DESCRIPTION} characters.")
    return value


def _next_id(region: RegionState) -> str:
    """Unlike every id that another region gives."""
    first = 100_000 + 1_000 * list(REGIONS).index(region.region_id)
    return str(first + len(region.workspaces))
