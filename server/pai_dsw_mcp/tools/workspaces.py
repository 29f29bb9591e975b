"""Workspaces: where instances live."""

from typing import Annotated

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.workspace import PAI_PRODUCT, Product, Workspace
from pai_dsw_mcp.texts.reading import TEXTS
from pai_dsw_mcp.tools._arguments import Cursor, Limit, RegionId, WorkspaceId
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._rows import (
    WorkspaceDetail,
    WorkspaceList,
    is_usable,
    workspace_detail,
    workspace_row,
)
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool


async def list_workspaces(
    context: ToolContext,
    region_id: RegionId,
    workspace_name: Annotated[str | None, Field(description="Part of the name.")] = None,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> Annotated[CallToolResult, WorkspaceList]:
    """Workspaces of a region that these credentials can see.

    Only usable (ENABLED) ones take instances. If there is none, says whether PAI is activated there.
    """
    cloud = services_of(context).cloud
    found = await cloud.list_workspaces(region_id, name=workspace_name)
    if not found:
        return await _no_workspace(context, region_id, workspace_name)
    unusable = sum(not is_usable(workspace) for workspace in found)
    disabled = tell("workspaces_unusable", count=unusable) if unusable else None
    return paged(
        found,
        cursor,
        limit,
        lambda page: WorkspaceList(
            note=paragraphs(page.position, disabled, tell("workspaces_unseen")),
            total=page.total,
            next_cursor=page.next_cursor,
            workspaces=[workspace_row(workspace) for workspace in page.rows],
        ),
    )


async def get_workspace(
    context: ToolContext, region_id: RegionId, workspace_id: WorkspaceId
) -> Annotated[CallToolResult, WorkspaceDetail]:
    """One workspace: whether it is enabled, since when it exists, its owner, creator and administrators, masked."""
    workspace = await services_of(context).cloud.get_workspace(region_id, workspace_id)
    return answer(workspace_detail(workspace, _meaning(workspace)))


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [
        tool(list_workspaces, title="List workspaces", annotations=READ),
        tool(get_workspace, title="Show a workspace", annotations=READ),
    ]


async def pai_product(cloud: Cloud, region_id: str) -> Product | None:
    """Whether PAI is activated in a region, and where to do it."""
    products = await cloud.list_products(region_id, (PAI_PRODUCT,))
    return next((each for each in products if each.product_code == PAI_PRODUCT), None)


async def _no_workspace(context: ToolContext, region_id: str, workspace_name: str | None) -> CallToolResult:
    """No row: by the filter, because PAI is not activated, or because nobody made one yet."""
    if workspace_name is not None:
        note = tell("workspaces_none_named", region_id=region_id, workspace_name=workspace_name)
        return answer(WorkspaceList(note=note, total=0, workspaces=[]))
    product = await pai_product(services_of(context).cloud, region_id)
    activated = product is not None and product.is_purchased
    url = None if product is None or activated else product.purchase_url
    none = tell("workspaces_none", region_id=region_id)
    note = f"{none} {tell('pai_activated' if activated else 'pai_not_activated')}"
    return answer(WorkspaceList(note=note, total=0, workspaces=[], pai_activated=activated, purchase_url=url))


def _meaning(workspace: Workspace) -> str:
    key = f"workspace_{workspace.status}"
    return tell(key if workspace.status.isupper() and key in TEXTS else "workspace_other")
