"""Members of a workspace, the roles there are, and what the caller may do."""

from collections.abc import Callable
from typing import Annotated, Final

from mcp_types import CallToolResult
from pydantic import AfterValidator, Field

from pai_dsw_mcp.cloud import members, workspaces
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.members import CustomRole, Member
from pai_dsw_mcp.model.roles import ROLES, candidates, carriers, meant_by, smallest_policy
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._arguments import Cursor, Detail, Limit, RegionId, WorkspaceId
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._projection import FULL, NOT_EMPTY, Day, Listed, Masked, Projection, Shown
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, tool


def _one_line(value: str) -> str:
    if len(value) > _LONGEST_PART or not value.isprintable():
        raise ValueError(f"a part of a permission is one line of at most {_LONGEST_PART} characters")
    return value


_LONGEST_PART: Final = 100
PartOfPermission = Annotated[
    str, AfterValidator(_one_line), Field(description="Part of a permission, e.g. StartInstance.")
]

_ACCOUNT_TYPES: Final = {"1": "main account", "5": "RAM user", "6": "RAM role"}


class MemberRow(Projection):
    """A member with the name that people know; the ids stay masked."""

    member_name: Shown
    display_name: Shown | None = None
    user_id: Masked | None = None
    account_type: str | None = None
    roles: list[Shown] | None = None
    since: Day | None = None

    @classmethod
    def of_member(cls, member: Member) -> "MemberRow":
        """The row of a member."""
        kind = _ACCOUNT_TYPES.get(member.account_type or "")
        return cls.of(member, account_type=kind, roles=list(member.roles), since=member.created_at)


class MemberList(Listed):
    """The answer of list_members."""

    members: list[MemberRow]


class RoleRow(Projection):
    """A role; full detail adds what it carries beside the role that it includes, of the operations of this server."""

    role: Shown
    title: Shown | None = None
    what_for: str | None = None
    custom: Annotated[bool | None, NOT_EMPTY] = None
    modules: Annotated[dict[Shown, Shown] | None, NOT_EMPTY] = None
    includes: Annotated[str | None, FULL] = None
    carries: Annotated[list[Shown] | None, NOT_EMPTY, FULL] = None


class RoleList(Listed):
    """The answer of list_roles."""

    roles: list[RoleRow]


class PermissionRow(Projection):
    """A permission point of the caller, for whose things it is, and which built-in roles carry it."""

    permission: Shown
    reach: str | None = None
    roles: list[str] | None = None


class PermissionList(Listed):
    """The answer of list_permissions."""

    permissions: list[PermissionRow]


async def list_members(
    context: ToolContext,
    region_id: RegionId,
    workspace_id: WorkspaceId,
    name: Annotated[str | None, Field(description="Part of the name.")] = None,
    role: Annotated[str | None, Field(description="E.g. PAI.AlgoDeveloper.")] = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Annotated[CallToolResult, MemberList]:
    """Members of a workspace and the roles that each has there."""
    every = await members.list_members(services_of(context).cloud, region_id, workspace_id)
    found = [each for each in every if _is_named(each, name) and (role is None or role in each.roles)]
    none = None if found else tell("members_none", workspace_id=workspace_id)
    return paged(
        found,
        cursor,
        limit,
        lambda page: MemberList(
            note=paragraphs(page.position, none) or None,
            total=page.total,
            next_cursor=page.next_cursor,
            members=[MemberRow.of_member(each) for each in page.rows],
        ),
    )


async def list_roles(
    context: ToolContext,
    region_id: RegionId,
    workspace_id: WorkspaceId,
    permission: PartOfPermission | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
    detail: Detail = "brief",
) -> Annotated[CallToolResult, RoleList]:
    """Roles that a member of a workspace can have, and what each is for. `permission` finds those that carry it."""
    custom = await workspaces.list_custom_roles(services_of(context).cloud, region_id, workspace_id)
    is_meant = _meaning(permission)
    rows = [*_built_in(is_meant, detail), *(_custom(each, detail) for each in custom if _carries(each, is_meant))]
    about = (
        None if rows else tell("roles_none", permission=permission),
        tell("roles_of_modules") if custom and permission else None,
        tell("roles_custom_in_console"),
    )
    return paged(
        rows,
        cursor,
        limit,
        lambda page: RoleList(
            note=paragraphs(page.position, *about),
            total=page.total,
            next_cursor=page.next_cursor,
            roles=list(page.rows),
        ),
    )


async def list_permissions(
    context: ToolContext,
    region_id: RegionId,
    workspace_id: WorkspaceId,
    permission: PartOfPermission | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 50,
) -> Annotated[CallToolResult, PermissionList]:
    """What these credentials may do in a workspace by their roles, DSW first, and which roles carry it."""
    every = await workspaces.list_permissions(services_of(context).cloud, region_id, workspace_id)
    is_meant = _meaning(permission)
    found = [each for each in every if is_meant(each.permission)]
    found.sort(key=lambda each: (not each.permission.startswith("PaiDSW:"), each.permission))
    missing = _about_missing(permission) if permission and not found else None
    return paged(
        found,
        cursor,
        limit,
        lambda page: PermissionList(
            note=paragraphs(page.position, missing, tell("permissions_by_role")),
            total=page.total,
            next_cursor=page.next_cursor,
            permissions=[
                PermissionRow(
                    permission=each.permission,
                    reach=tell("reach_all" if each.on_others else "reach_own_and_public"),
                    roles=list(carriers((each.permission,))) or None,
                )
                for each in page.rows
            ],
        ),
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [
        tool(list_members, title="List workspace members", annotations=READ),
        tool(list_roles, title="List workspace roles", annotations=READ),
        tool(list_permissions, title="List own permissions in a workspace", annotations=READ),
    ]


def _is_named(member: Member, name: str | None) -> bool:
    searched = f"{member.member_name} {member.display_name or ''}"
    return name is None or name.casefold() in searched.casefold()


def _meaning(permission: str | None) -> Callable[[str], bool]:
    """Tells whether a permission is the one of this whole name; or has it as a part, where none has it whole."""
    part, names = (permission or "").casefold(), meant_by(permission or "")
    return lambda each: each.casefold() in names if names else part in each.casefold()


def _built_in(is_meant: Callable[[str], bool], detail: Detail) -> list[RoleRow]:
    return [
        RoleRow.of(
            role,
            detail,
            what_for=say(f"meaning_Roles_{role.role}"),
            custom=False,
            modules=None,
            carries=sorted(role.adds),
        )
        for role in ROLES.values()
        if any(map(is_meant, role.carries))
    ]


def _custom(role: CustomRole, detail: Detail) -> RoleRow:
    modules = role.modules or None
    return RoleRow.of(
        role, detail, what_for=None, custom=True, modules=modules, includes=None, carries=list(role.permissions)
    )


def _carries(role: CustomRole, is_meant: Callable[[str], bool]) -> bool:
    """Whether it may: of a whole module nobody says which points it stands for."""
    return not role.permissions or any(map(is_meant, role.permissions))


def _about_missing(permission: str) -> str:
    """Which roles carry what the caller lacks, and the policy that allows it, where one permission is meant."""
    named = set(filter(_meaning(permission), (each for role in ROLES.values() for each in role.carries)))
    if len(named) != 1 and not meant_by(permission):
        return tell("permission_lacking", permission=permission)
    names = candidates(min(named, key=lambda each: (not each.casefold().endswith(permission.casefold()), each)))
    return tell(
        "permission_lacking_one",
        permission=names[0],
        roles=", ".join(carriers(names)),
        policy=smallest_policy(names),
    )
