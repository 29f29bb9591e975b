"""create_workspace: what has the name already is told, and nobody is asked; at most one POST for one approval."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.cloud.gather import both
from pai_dsw_mcp.cloud.scope import check_workspace
from pai_dsw_mcp.cloud.workspaces import is_name_taken
from pai_dsw_mcp.errors import ErrorKind, RefusedError
from pai_dsw_mcp.gate.named import workspaces_named
from pai_dsw_mcp.gate.outcome import ReadBack, WriteResult, result
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Change, Parameter, Sentence
from pai_dsw_mcp.model.digest import digest
from pai_dsw_mcp.model.sanitize import mask
from pai_dsw_mcp.model.workspace import EnvType, NewWorkspace, Values, Workspace
from pai_dsw_mcp.model.writes import CREATE_WORKSPACE, Request
from pai_dsw_mcp.tools._arguments import RegionId
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool
from pai_dsw_mcp.tools.workspace_changes import Description, Name, PlainName, compared
from pai_dsw_mcp.tools.workspaces import pai_product

Mode: TypeAlias = Literal["simple", "standard"]
_ENVIRONMENTS: Final[dict[Mode, tuple[EnvType, ...]]] = {"simple": ("prod",), "standard": ("dev", "prod")}


@dataclass(frozen=True, slots=True)
class _Create:
    """One requested workspace."""

    services: Services
    region_id: str
    new: NewWorkspace
    mode_given: bool

    @property
    def values(self) -> dict[str, Values]:
        """What is compared with a workspace of that name: what was asked for."""
        shown = {} if self.new.display_name is None else {"DisplayName": self.new.display_name}
        return {**shown, "Description": self.new.description, "EnvTypes": (self.new.env_types,)}

    async def look(self) -> Proposal | WriteResult:
        """Reads whether the name is free and PAI activated.

        Raises:
            RefusedError: There can be no workspace in the region, or the name belongs to one that differs.
            CloudError: Something could not be read; then nothing is concluded. Or the operator allows no new workspace.
        """
        cloud, name = self.services.cloud, self.new.workspace_name
        check_workspace(cloud.options, CREATE_WORKSPACE.requests[0].operation, None)
        # Before the list: one that is made in between then shows in the list, and is not taken for a hidden one.
        is_taken, product = await both(is_name_taken(cloud, self.region_id, name), pai_product(cloud, self.region_id))
        for existing in await workspaces_named(self.services, self.region_id, name):
            return self._already_there(existing)
        if is_taken:
            raise RefusedError(
                "workspace_name_unseen", kind=ErrorKind.NAME_TAKEN, workspace_name=name, region_id=self.region_id
            )
        if product is None or not product.is_purchased:
            url = product.purchase_url if product is not None else None
            raise RefusedError("pai_to_be_activated", region_id=self.region_id, url=url or "-")
        change = Change(
            action=CREATE_WORKSPACE.action,
            region_id=self.region_id,
            target_name=name,
            parameters=(
                Parameter(name="RegionId", value=self.region_id),
                Parameter(name="WorkspaceName", value=name),
                *(
                    Parameter(name=each, value=value, is_default=each == "EnvTypes" and not self.mode_given)
                    for each, value in self.values.items()
                ),
            ),
            warnings=(Sentence(key="warn_workspace_stays"),),
            fingerprint=digest([CREATE_WORKSPACE.action, self.region_id, self.new.model_dump(mode="json")]),
        )
        return Proposal(change, (Request(CREATE_WORKSPACE.requests[0], self.new),), read_back=self._found)

    def _already_there(self, existing: Workspace) -> WriteResult:
        """The workspace that has the name, if it is the one that was asked for.

        Raises:
            RefusedError: It is another one.
        """
        owner = mask(existing.owner_name or existing.creator or "-")
        differences = [name for name, value in self.values.items() if existing.values[name] != value]
        if differences:
            raise RefusedError(
                "workspace_name_taken",
                kind=ErrorKind.NAME_TAKEN,
                workspace_name=existing.workspace_name,
                workspace_id=existing.workspace_id,
                status=existing.status,
                owner=owner,
                differences=", ".join(differences),
            )
        return result(
            "nothing_to_do",
            "workspace_exists",
            workspace_id=existing.workspace_id,
            workspace_name=existing.workspace_name,
            status=existing.status,
            owner=owner,
        )

    async def _found(self, workspace_id: str) -> ReadBack:
        """What the service made."""
        return compared(self.values, (await self.services.cloud.get_workspace(self.region_id, workspace_id)).values)


async def create_workspace(
    context: ToolContext,
    region_id: RegionId,
    workspace_name: Name,
    description: Description,
    mode: Mode | None = None,
    display_name: PlainName | None = None,
) -> Plan:
    """Create a PAI workspace; a person has to approve it. Mode simple (default) has production alone."""
    new = NewWorkspace(
        workspace_name=workspace_name,
        display_name=display_name,
        description=description,
        env_types=_ENVIRONMENTS[mode or "simple"],
    )
    wish = _Create(services_of(context), region_id, new, mode is not None)
    return Plan(
        region_id=region_id,
        kind="workspace",
        new_name=workspace_name,
        look=wish.look,
        action=CREATE_WORKSPACE.action,
    )


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [writing_tool(create_workspace, title="Create a workspace", destructive=False)]
