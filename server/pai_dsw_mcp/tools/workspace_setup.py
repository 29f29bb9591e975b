"""How a workspace is set up: its settings, and what it computes with."""

from typing import Annotated, Literal

from mcp_types import CallToolResult

from pai_dsw_mcp.cloud import workspaces
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.members import Resource, Setting
from pai_dsw_mcp.texts.reading import TEXTS
from pai_dsw_mcp.tools._arguments import Cursor, Limit, RegionId, WorkspaceId
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Listed, Moment, Projection, Shown, StorageAddress, storage_address
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool


class SettingRow(Projection):
    """A setting under the API's name; `what_for` where this version knows it."""

    key: Shown
    category: str | None = None
    value: Shown | None = None
    what_for: str | None = None
    modified_at: Moment | None = None


class SettingList(Listed):
    """The answer of get_workspace_settings."""

    default_storage: StorageAddress = None
    settings: list[SettingRow]


class ResourceRow(Projection):
    """Something that a workspace computes with. `quota_id` is what an instance names as its resource_id."""

    resource_id: Shown
    name: Shown | None = None
    resource_type: Shown | None = None
    quota_id: Shown | None = None
    env_type: Shown | None = None
    group_name: Shown | None = None
    is_default: Annotated[bool | None, NOT_EMPTY] = None


class ResourceList(Listed):
    """The answer of list_resources."""

    resources: list[ResourceRow]


async def get_workspace_settings(
    context: ToolContext, region_id: RegionId, workspace_id: WorkspaceId
) -> Annotated[CallToolResult, SettingList]:
    """Settings of a workspace: default storage path, scheduling (priorities, longest run), log forwarding, labels."""
    found = await workspaces.list_settings(services_of(context).cloud, region_id, workspace_id)
    storage = next((each.value for each in found if each.key == "modelExportPath"), None)
    return answer(
        SettingList(
            note=paragraphs(None if found else tell("settings_none"), tell("settings_in_console")),
            total=len(found),
            default_storage=storage,
            settings=[_setting_row(each) for each in found],
        )
    )


async def list_resources(
    context: ToolContext,
    region_id: RegionId,
    workspace_id: WorkspaceId,
    resource_type: Literal["ECS", "Lingjun", "ACS", "MaxCompute", "Flink"] | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> Annotated[CallToolResult, ResourceList]:
    """Compute resources of a workspace: quotas for DSW (ECS, Lingjun), MaxCompute projects and others."""
    every = await workspaces.list_resources(services_of(context).cloud, region_id, workspace_id)
    found = [each for each in every if resource_type in {None, each.resource_type}]
    none = None if found else tell("resources_none", workspace_id=workspace_id)
    return paged(
        found,
        cursor,
        limit,
        lambda page: ResourceList(
            note=paragraphs(page.position, none) or None,
            total=page.total,
            next_cursor=page.next_cursor,
            resources=[_resource_row(each) for each in page.rows],
        ),
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [
        tool(get_workspace_settings, title="Show workspace settings", annotations=READ),
        tool(list_resources, title="List workspace compute resources", annotations=READ),
    ]


def _setting_row(setting: Setting) -> SettingRow:
    keys = (f"setting_{setting.category}_{setting.key}", f"setting_{setting.key}")
    known = next((key for key in keys if key in TEXTS), None)
    # A path may carry a user and a password.
    value = storage_address(setting.value) if "://" in (setting.value or "") else setting.value
    return SettingRow.of(setting, value=value, what_for=known and tell(known))


def _resource_row(resource: Resource) -> ResourceRow:
    return ResourceRow.of(resource)
