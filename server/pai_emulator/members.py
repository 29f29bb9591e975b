"""The members of a workspace, their roles, and who could become one.

Documented: the parameters and fields, the form of a member's id, that each member keeps at least one role and the owner
stays, that CreateMember and DeleteMembers take several ids with commas, and the reply of DeleteMembers about an owner:
HTTP 200 with a code. Assumed: every other code, that nobody is made an owner, that a list of ids with an owner deletes
nobody, that adding a member again is refused, that a role of a member can be added again, and that ListWorkspaceUsers
lists everybody in the account who is no member.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, cast

from pai_emulator.call import Call
from pai_emulator.clock import rfc3339
from pai_emulator.data.people import PEOPLE
from pai_emulator.data.roles import OWNER, POINTS
from pai_emulator.errors import invalid_parameter, member_not_found, missing_parameter, workspace_not_found
from pai_emulator.query import Query
from pai_emulator.region_state import RegionState
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_CUSTOM_ROLE: Final = re.compile(r"role-\w+")
_ROLE_STATUSES: Final = {"Creating", "Updating", "Deleting", "Succeeded", "Failed"}
_OWNER_STAYS: Final = {"Code": "100600017", "Message": "Owner not allowed to delete"}


def workspace_of(world: World, call: Call) -> tuple[RegionState, JsonObject]:
    """The workspace that the path of a call names, for its members."""
    region, workspace_id = world.region(call.region_id), call.path["WorkspaceId"]
    if workspace_id not in region.workspaces:
        raise workspace_not_found()
    region.check_member(call, workspace_id, f"paiworkspace:{call.operation}")
    return region, region.workspaces[workspace_id]


def list_members(world: World, call: Call) -> JsonObject:
    """ListMembers. A name matches in part and without regard to case (documented: in part)."""
    query = Query(call)
    _, workspace = workspace_of(world, call)
    name, roles, user_id = (query.text("MemberName") or "").casefold(), query.csv("Roles"), query.text("UserId")
    found = [
        member
        for member in (_member(workspace, each) for each in workspace["Members"])
        if name in member["MemberName"].casefold()
        and (not roles or roles & set(member["Roles"]))
        and user_id in {None, member["UserId"]}
    ]
    return {"Members": list(query.page(default_size=20).cut(found)), "TotalCount": len(found)}


def get_member(world: World, call: Call) -> JsonObject:
    """GetMember. Its model has no account name."""
    query = Query(call)
    _, workspace = workspace_of(world, call)
    user_id, member_id = query.text("UserId"), query.text("MemberId")
    if (user_id is None) == (member_id is None):
        raise invalid_parameter("Either UserId or MemberId must be given, and not both.")
    found = user_id or _user_id(workspace, member_id or "")
    if found not in workspace["Members"]:
        raise member_not_found(found)
    return {name: value for name, value in _member(workspace, found).items() if name != "AccountName"}


def create_member(world: World, call: Call) -> JsonObject:
    """CreateMember."""
    region, workspace = workspace_of(world, call)
    added: dict[str, tuple[str, ...]] = {}
    for row in rows(call.body.get("Members")):
        roles = tuple(map(str, row.get("Roles") or ()))
        if not roles:
            raise missing_parameter("Roles")
        for role in roles:
            _check_role(workspace, role)
        for user_id in str(row.get("UserId", "")).split(","):
            if user_id not in PEOPLE or user_id in workspace["Members"]:
                raise invalid_parameter(f"User {user_id} cannot be added.")
            added[user_id] = roles
    if not added:
        raise missing_parameter("Members")
    now = rfc3339(world.clock.now())
    workspace["MemberSince"] = {**workspace.get("MemberSince", {}), **dict.fromkeys(added, now)}
    _put(region, workspace, workspace["Members"] | added)
    fields = ("UserId", "Roles", "DisplayName", "MemberId")
    return {"Members": [{name: _member(workspace, each)[name] for name in fields} for each in added]}


def add_member_role(world: World, call: Call) -> JsonObject:
    """AddMemberRole."""
    region, workspace, user_id, roles = _roles_of(world, call)
    role = call.path["RoleName"]
    _check_role(workspace, role)
    _put(region, workspace, workspace["Members"] | {user_id: tuple(dict.fromkeys((*roles, role)))})
    return {}


def remove_member_role(world: World, call: Call) -> JsonObject:
    """RemoveMemberRole."""
    region, workspace, user_id, roles = _roles_of(world, call)
    role = call.path["RoleName"]
    if role not in roles:
        raise invalid_parameter(f"The member does not have the role {role}.")
    if role == OWNER:
        raise invalid_parameter("The role of the owner cannot be removed.")
    if len(roles) == 1:
        raise invalid_parameter("A member must have at least one role.")
    _put(region, workspace, workspace["Members"] | {user_id: tuple(each for each in roles if each != role)})
    return {}


def delete_members(world: World, call: Call) -> JsonObject:
    """DeleteMembers."""
    region, workspace = workspace_of(world, call)
    user_ids = [_user_id(workspace, member_id) for member_id in sorted(Query(call).csv("MemberIds"))]
    if not user_ids:
        raise missing_parameter("MemberIds")
    members: dict[str, tuple[str, ...]] = workspace["Members"]
    for user_id in user_ids:
        if user_id not in members:
            raise member_not_found(user_id)
        if OWNER in members[user_id]:
            return dict(_OWNER_STAYS)
    _put(region, workspace, {user_id: roles for user_id, roles in members.items() if user_id not in user_ids})
    return {}


def list_workspace_users(world: World, call: Call) -> JsonObject:
    """ListWorkspaceUsers."""
    query = Query(call)
    _, workspace = workspace_of(world, call)
    name, wanted = (query.text("UserName") or "").casefold(), query.text("UserId")
    found = [
        {"UserId": user_id, "UserName": person["MemberName"]}
        for user_id, person in PEOPLE.items()
        if user_id not in workspace["Members"]
        and wanted in {None, user_id}
        and name in person["DisplayName"].casefold() + person["MemberName"].casefold()
    ]
    return {"Users": found, "TotalCount": len(found)}


def list_workspace_roles(world: World, call: Call) -> JsonObject:
    """ListWorkspaceRoles: the custom roles alone (documented)."""
    query = Query(call)
    _, workspace = workspace_of(world, call)
    ids, name, status = query.csv("RoleIds"), query.text("RoleName"), query.choice("Status", _ROLE_STATUSES)
    query.choice("RoleType", {"custom"})
    found = [
        role
        for role in workspace["CustomRoles"]
        if (not ids or role["RoleId"] in ids) and name in {None, role["RoleName"]} and status in {None, role["Status"]}
    ]
    found = query.sort(found, {"GmtCreateTime", "GmtModifiedTime"})
    hidden = {"Status", *(() if "ModulePermissions" in query.csv("VerboseFields") else ("ModulePermissions",))}
    shown = [{name: value for name, value in role.items() if name not in hidden} for role in found]
    return {"Roles": list(query.page(default_size=20).cut(shown)), "TotalCount": len(found)}


def _member(workspace: JsonObject, user_id: str) -> JsonObject:
    since = workspace.get("MemberSince", {}).get(user_id, workspace["GmtCreateTime"])
    return {
        **PEOPLE[user_id],
        "UserId": user_id,
        "MemberId": f"{workspace['WorkspaceId']}-{user_id}",
        "Roles": list(workspace["Members"][user_id]),
        "GmtCreateTime": since,
    }


def _roles_of(world: World, call: Call) -> tuple[RegionState, JsonObject, str, tuple[str, ...]]:
    region, workspace = workspace_of(world, call)
    user_id = _user_id(workspace, call.path["MemberId"])
    if user_id not in workspace["Members"]:
        raise member_not_found(user_id)
    return region, workspace, user_id, tuple(workspace["Members"][user_id])


def _user_id(workspace: JsonObject, member_id: str) -> str:
    return member_id.removeprefix(f"{workspace['WorkspaceId']}-")


def _check_role(workspace: JsonObject, role: str) -> None:
    custom = {each["RoleId"] for each in workspace["CustomRoles"]} if _CUSTOM_ROLE.fullmatch(role) else set[str]()
    if role == OWNER or role not in POINTS.keys() | custom:
        raise invalid_parameter(f"{role} is no role that can be given.")


def rows(value: object) -> Iterator[JsonObject]:
    """The objects of a list in a body; anything else counts as absent."""
    for row in cast("list[Any]", value) if isinstance(value, list) else ():
        if isinstance(row, dict):
            yield cast("JsonObject", row)


def _put(region: RegionState, workspace: JsonObject, members: JsonObject) -> None:
    workspace["Members"] = members
    region.keep_workspace(workspace)
