"""The AIWorkSpace operations on workspaces.

Documented: the parameters and defaults, the options with what each returns, `Fields=Id`, that the list spells
`resourceGroupId`, that `Verbose` adds Owner or Conditions, 404 with 100400027. Assumed: that members alone see a
workspace, that CheckWorkspaceExists compares the whole name over all workspaces, and that `Verbose` of ListWorkspaces
adds `AdminNames` and `ExtraInfos`. `ModuleList` changes nothing.
"""

from datetime import datetime, timedelta
from typing import Final

from pai_emulator.call import Call
from pai_emulator.data.workspaces import RESOURCE_LIMITS
from pai_emulator.errors import workspace_not_found
from pai_emulator.query import Query
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_OPTIONS: Final = {"GetWorkspaces", "GetResourceLimits", "CheckWorkspaceExists"}
_STATUSES: Final = {"ENABLED", "INITIALIZING", "FAILURE", "DISABLED", "FROZEN", "UPDATING"}
_SORT_FIELDS: Final = {"GmtCreateTime", "GmtModifiedTime"}
_BRIEF: Final = (
    "WorkspaceId",
    "WorkspaceName",
    "DisplayName",
    "Description",
    "Status",
    "EnvTypes",
    "Creator",
    "GmtCreateTime",
    "GmtModifiedTime",
)
_DETAILS: Final = ("AdminNames", "ExtraInfos")


def list_workspaces(world: World, call: Call) -> JsonObject:
    """ListWorkspaces."""
    query, region = Query(call), world.region(call.region_id)
    option = query.choice("Option", _OPTIONS, "GetWorkspaces")
    if option == "GetResourceLimits":
        return {"ResourceLimits": dict(RESOURCE_LIMITS), "Workspaces": [], "TotalCount": 0}
    if option == "CheckWorkspaceExists":
        names = [workspace["WorkspaceName"] for workspace in region.workspaces.values()]
        return {"Workspaces": [], "TotalCount": int(query.text("WorkspaceName") in names)}
    hidden_after = world.clock.now() - timedelta(seconds=world.faults.list_lag(call.region_id))
    listed = [
        each for each in region.member_of(call.user) if datetime.fromisoformat(each["GmtCreateTime"]) <= hidden_after
    ]
    found = _found(listed, query)
    page = query.page(default_size=20)
    names = ("WorkspaceId",) if query.text("Fields") == "Id" else (*_BRIEF, "IsDefault")
    if query.flag("Verbose") and query.text("Fields") != "Id":
        names = (*names, *_DETAILS)
    return {"Workspaces": [_listed(workspace, names) for workspace in page.cut(found)], "TotalCount": len(found)}


def get_workspace(world: World, call: Call) -> JsonObject:
    """GetWorkspace."""
    for workspace in world.region(call.region_id).member_of(call.user):
        if workspace["WorkspaceId"] == call.path["WorkspaceId"]:
            extra = ("Owner",) if Query(call).flag("Verbose") else ()
            return _only(workspace, (*_BRIEF, *_DETAILS, "IsDefault", "ResourceGroupId", *extra))
    raise workspace_not_found()


def get_default_workspace(world: World, call: Call) -> JsonObject:
    """GetDefaultWorkspace."""
    workspace = world.region(call.region_id).default_workspace()
    if workspace is None:
        raise workspace_not_found()
    shown = _only(workspace, (*_BRIEF, "Owner"))
    shown["Owner"] = _only(shown["Owner"], ("UserId", "UserKp", "UserName"))
    shown["Conditions"] = []
    if Query(call).flag("Verbose"):
        stages = ("CREATING", "WORKSPACE_CREATED", "MEMBERS_ADDED", "ENABLED")
        shown["Conditions"] = [{"Type": stage, "Code": 200, "Message": ""} for stage in stages]
    return shown


def _found(workspaces: list[JsonObject], query: Query) -> list[JsonObject]:
    name, status = query.text("WorkspaceName"), query.choice("Status", _STATUSES)
    workspace_ids, user_id = query.csv("WorkspaceIds"), query.text("UserId")
    resource_group_id = query.text("ResourceGroupId")
    found = [
        workspace
        for workspace in workspaces
        if (name or "").casefold() in workspace["WorkspaceName"].casefold()
        and status in {None, workspace["Status"]}
        and (not workspace_ids or workspace["WorkspaceId"] in workspace_ids)
        and (user_id is None or user_id in workspace["Members"])
        and resource_group_id in {None, workspace["ResourceGroupId"]}
    ]
    return query.sort(found, _SORT_FIELDS)


def _listed(workspace: JsonObject, names: tuple[str, ...]) -> JsonObject:
    shown = _only(workspace, names)
    if len(names) > 1:
        shown["resourceGroupId"] = workspace["ResourceGroupId"]
    return shown


def _only(fields: JsonObject, names: tuple[str, ...]) -> JsonObject:
    return {name: fields[name] for name in names}
