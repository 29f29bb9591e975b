"""add_member, set_member_roles and remove_member: who is in a workspace, and what they may do there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from pai_dsw_mcp.cloud import workspaces
from pai_dsw_mcp.cloud.gather import both
from pai_dsw_mcp.cloud.members import list_members
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.outcome import ReadBack, WriteResult, result
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Change, Parameter, Sentence
from pai_dsw_mcp.model.digest import digest
from pai_dsw_mcp.model.members import Member, MembersToRemove, NewMember, NewMembers, alike
from pai_dsw_mcp.model.roles import OWNER, ROLES
from pai_dsw_mcp.model.sanitize import mask, sanitize
from pai_dsw_mcp.model.workspace import Workspace
from pai_dsw_mcp.model.writes import ADD_MEMBER, REMOVE_MEMBER, SET_MEMBER_ROLES, Request, WriteSpec
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._arguments import RegionId, WorkspaceId, rule
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool

MemberName = Annotated[
    str,
    rule(r"[^\x00-\x1f\x7f]{1,128}", "a name has 1 to 128 characters, on one line"),
    Field(description="Whole name, from list_members."),
]
RoleName = Annotated[
    str, rule(r"PAI\.[A-Za-z]{1,40}|role-[A-Za-z0-9]{1,64}", "a role looks like PAI.AlgoDeveloper or role-abc")
]


def _at_least_one(roles: list[str]) -> list[str]:
    if not roles:
        raise ValueError("name at least one role; who shall have none is taken out by remove_member")
    return roles


Roles = Annotated[
    list[RoleName],
    AfterValidator(_at_least_one),
    Field(max_length=10, description="E.g. PAI.AlgoDeveloper.", json_schema_extra={"minItems": 1}),
]

_ADMINISTRATOR: Final = "PAI.WorkspaceAdmin"
_OF_DATAWORKS: Final = frozenset({_ADMINISTRATOR, "PAI.WorkspaceGuest", "PAI.MaxComputeDeveloper"})
"""Roles that are taken away in DataWorks as well."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked for somebody; `roles` are all that they shall have, none of them to be no member."""

    services: Services
    region_id: str
    workspace_id: str
    name: str
    roles: tuple[str, ...] = ()

    @property
    def target_id(self) -> str:
        """Stands for the id of the member, which holds that of a person."""
        return f"{self.workspace_id}/{self.name}"

    def plan(self, look: Callable[[], Awaitable[Proposal | WriteResult]]) -> Plan:
        """The plan of one of the three tools."""
        return Plan(region_id=self.region_id, target_id=self.target_id, look=look)

    async def add(self) -> Proposal | WriteResult:
        """Looks for the person in the account and in the workspace.

        Raises:
            RefusedError: They cannot be added, or not with these roles.
            CloudError: Something could not be read; then nothing is concluded.
        """
        workspace, member, _ = await self._read()
        if member is not None:
            if set(member.roles) == set(self.roles):
                return self._nothing("member_equal")
            raise RefusedError("member_exists", name=self.name, roles=", ".join(member.roles))
        await self._check_roles(())
        cloud = self.services.cloud
        found = await workspaces.list_candidates(cloud, self.region_id, self.workspace_id, self.name)
        named = [each for each in found if each.user_name == self.name]
        if not named:
            raise RefusedError("user_unknown", name=self.name)
        self._check_alone(len(named))
        body = NewMembers(members=(NewMember(user_id=named[0].user_id, roles=self.roles),))
        change = self._change(
            ADD_MEMBER,
            workspace,
            named[0].user_id,
            parameters=(
                Parameter(name="UserId", value=mask(named[0].user_id)),
                Parameter(name="Roles", value=_items(self.roles)),
            ),
            warnings=self._warnings(given=self.roles),
        )
        return Proposal(change, (self._request(ADD_MEMBER, 0, body),), read_back=self._found)

    async def set_roles(self) -> Proposal | WriteResult:
        """Looks which roles the member has.

        Raises:
            RefusedError: There is no such member, or no such role, or it is the owner's.
            CloudError: Something could not be read; then nothing is concluded.
        """
        workspace, member, similar = await self._read()
        if member is None:
            self._check_similar(similar)
            raise RefusedError("member_unknown", workspace_id=self.workspace_id, name=self.name)
        await self._check_roles(member.roles)
        wanted = self._with_owner(member.roles)
        given = [role for role in wanted if role not in member.roles]
        taken = [role for role in member.roles if role not in wanted]
        if not given and not taken:
            return self._nothing("member_equal")
        change = self._change(
            SET_MEMBER_ROLES,
            workspace,
            member.member_id,
            parameters=(Parameter(name="Roles", value=_items(wanted), before=_items(member.roles)),),
            warnings=(
                *(self._sentence("warn_roles_given", role) for role in given),
                *(self._sentence("warn_roles_taken", role) for role in taken),
                *self._warnings(given=given, taken=taken),
            ),
            seen=sorted(member.roles),
        )
        # First what is added: at no moment is there none.
        ids = [*((0, role) for role in given), *((1, role) for role in taken)]
        requests = (
            self._request(SET_MEMBER_ROLES, number, member_id=member.member_id, role_name=role) for number, role in ids
        )
        return Proposal(change, tuple(requests), read_back=self._found)

    async def remove(self) -> Proposal | WriteResult:
        """Looks whether the person is a member and not the owner.

        Raises:
            RefusedError: They own the workspace, or a member's name is only similar.
            CloudError: Something could not be read; then nothing is concluded.
        """
        workspace, member, similar = await self._read()
        if member is None:
            self._check_similar(similar)
            return self._nothing("member_absent")
        if OWNER in member.roles:
            raise RefusedError("owner_stays", name=self.name)
        change = self._change(
            REMOVE_MEMBER,
            workspace,
            member.member_id,
            kept=(Parameter(name="Roles", value=_items(member.roles)),),
            warnings=(*self._warnings(taken=member.roles), self._sentence("warn_member_leaves")),
            seen=sorted(member.roles),
        )
        body = MembersToRemove(member_ids=member.member_id)
        return Proposal(change, (self._request(REMOVE_MEMBER, 0, body),), read_back=self._found)

    async def _read(self) -> tuple[Workspace, Member | None, tuple[Member, ...]]:
        """The workspace, the member of exactly this name, and those whose names are similar."""
        cloud = self.services.cloud
        workspace, members = await both(
            cloud.get_workspace(self.region_id, self.workspace_id),
            list_members(cloud, self.region_id, self.workspace_id),
        )
        named = [each for each in members if each.member_name == self.name]
        self._check_alone(len(named))
        return workspace, named[0] if named else None, alike(members, self.name)

    def _check_similar(self, similar: tuple[Member, ...]) -> None:
        if similar:
            members = ", ".join(each.told for each in similar)
            raise RefusedError("member_similar", workspace_id=self.workspace_id, name=self.name, members=members)

    def _check_alone(self, count: int) -> None:
        if count > 1:
            raise RefusedError("member_ambiguous", name=self.name, count=count)

    async def _check_roles(self, present: tuple[str, ...]) -> None:
        """That each role is there to be given; those that somebody has already are."""
        asked = [role for role in self.roles if role not in present]
        if OWNER in asked:
            raise RefusedError("role_of_owner")
        custom = [role for role in asked if role not in ROLES]
        if not custom:
            return
        cloud = self.services.cloud
        known = {each.role for each in await workspaces.list_custom_roles(cloud, self.region_id, self.workspace_id)}
        unknown = [role for role in custom if role not in known]
        if unknown:
            raise RefusedError("role_unknown", role=unknown[0], workspace_id=self.workspace_id)

    def _with_owner(self, present: tuple[str, ...]) -> tuple[str, ...]:
        """The roles that are wanted; the owner's stays whether it is named or not."""
        return tuple(dict.fromkeys((*(each for each in present if each == OWNER), *self.roles)))

    def _change(
        self,
        spec: WriteSpec,
        workspace: Workspace,
        identity: str,
        *,
        parameters: tuple[Parameter, ...] = (),
        kept: tuple[Parameter, ...] = (),
        warnings: tuple[Sentence, ...],
        seen: object = None,
    ) -> Change:
        return Change(
            action=spec.action,
            region_id=self.region_id,
            target_name=self.name,
            target_id=self.target_id,
            workspace_id=self.workspace_id,
            workspace_name=workspace.workspace_name,
            parameters=(
                Parameter(name="RegionId", value=self.region_id),
                Parameter(name="WorkspaceId", value=self.workspace_id),
                *parameters,
            ),
            kept=kept,
            warnings=warnings,
            typed_name=self.name,
            fingerprint=digest([spec.action, self.target_id, identity, self.roles, seen]),
        )

    def _request(self, spec: WriteSpec, number: int, body: Any = None, **ids: str) -> Request:
        return Request(spec.requests[number], body, {"workspace_id": self.workspace_id, **ids})

    def _warnings(self, given: Any = (), taken: Any = ()) -> tuple[Sentence, ...]:
        return (
            *(self._sentence("warn_role_of_administrator", role) for role in given if role == _ADMINISTRATOR),
            *(self._sentence("warn_role_of_dataworks", role) for role in taken if role in _OF_DATAWORKS),
        )

    def _sentence(self, key: str, role: str = "") -> Sentence:
        return Sentence(key=key, values={"instance_name": self.name, **({"role": role} if role else {})})

    def _nothing(self, key: str) -> WriteResult:
        roles = ", ".join(self.roles)
        return result("nothing_to_do", key, name=sanitize(self.name), workspace_id=self.workspace_id, roles=roles)

    async def _found(self, _member_id: str) -> ReadBack:
        """What the workspace has now."""
        _, member, _ = await self._read()
        roles = member.roles if member is not None else ()
        is_so = set(roles) == set(self._with_owner(roles)) if self.roles else member is None
        what = f"{self.name}: {', '.join(roles)}" if member is not None else f"{self.name}: -"
        return ReadBack(is_so=is_so, told=say("read_back_so" if is_so else "read_back_not_so", what=sanitize(what)))


async def add_member(
    context: ToolContext, region_id: RegionId, workspace_id: WorkspaceId, user_name: MemberName, roles: Roles
) -> Plan:
    """Add somebody of the account to a workspace with these roles; a person has to approve it and type the name."""
    wish = _Wish(services_of(context), region_id, workspace_id, user_name, _once(roles))
    return wish.plan(wish.add)


async def set_member_roles(
    context: ToolContext, region_id: RegionId, workspace_id: WorkspaceId, member_name: MemberName, roles: Roles
) -> Plan:
    """Give a member of a workspace exactly these roles; a person has to approve it and type the name.

    The owner's role stays.
    """
    wish = _Wish(services_of(context), region_id, workspace_id, member_name, _once(roles))
    return wish.plan(wish.set_roles)


async def remove_member(
    context: ToolContext, region_id: RegionId, workspace_id: WorkspaceId, member_name: MemberName
) -> Plan:
    """Remove a member from a workspace, but never its owner; a person has to approve it and type the name."""
    wish = _Wish(services_of(context), region_id, workspace_id, member_name)
    return wish.plan(wish.remove)


def tools() -> list[StrictTool]:
    """The tools of this file."""
    return [
        writing_tool(add_member, title="Add a workspace member", destructive=False),
        writing_tool(set_member_roles, title="Set the roles of a workspace member", destructive=True),
        writing_tool(remove_member, title="Remove a workspace member", destructive=True),
    ]


def _once(roles: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(roles))


def _items(roles: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((role,) for role in roles)
