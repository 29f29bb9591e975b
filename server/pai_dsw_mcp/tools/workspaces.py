"""Workspaces: where instances live."""

from collections.abc import Sequence
from typing import Annotated, Final

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.workspace import Workspace
from pai_dsw_mcp.texts.reading import TEXTS
from pai_dsw_mcp.tools._arguments import Cursor, Limit, RegionId, WorkspaceId
from pai_dsw_mcp.tools._paging import page
from pai_dsw_mcp.tools._render import marked, paragraphs, table, tell, yes
from pai_dsw_mcp.tools._rows import (
    WorkspaceDetail,
    WorkspaceList,
    WorkspaceRow,
    is_usable,
    workspace_detail,
    workspace_row,
)
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool

_PRODUCT: Final = "PAI_share"
"""The product that has to be bought (at no charge of its own) before any workspace can exist (ListProducts)."""


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
    shown = page(found, cursor, limit)
    rows = [workspace_row(workspace) for workspace in shown.rows]
    unusable = sum(not is_usable(workspace) for workspace in found)
    note = paragraphs(shown.position, tell("workspaces_unusable", count=unusable) if unusable else None)
    return answer(
        paragraphs(tell("workspaces_found", region_id=region_id, total=len(found)), note, _table(rows)),
        WorkspaceList(total=len(found), next_cursor=shown.next_cursor, note=note or None, workspaces=rows),
    )


async def get_workspace(
    context: ToolContext, region_id: RegionId, workspace_id: WorkspaceId
) -> Annotated[CallToolResult, WorkspaceDetail]:
    """One workspace: whether it can be used, since when it exists, and its people, masked."""
    workspace = await services_of(context).cloud.get_workspace(region_id, workspace_id)
    detail = workspace_detail(workspace, _meaning(workspace))
    summary = tell(
        "workspace_told",
        workspace_id=marked(detail.workspace_id),
        workspace_name=marked(detail.workspace_name),
        status=marked(detail.status),
        default=tell("workspace_is_default") if detail.is_default else "",
    )
    people = table(
        ("owner", "creator", "administrators"),
        [(marked(detail.owner_name), marked(detail.creator), ", ".join(map(marked, detail.admin_names or [])) or "-")],
    )
    return answer(paragraphs(f"{summary} {detail.meaning}", people), detail)


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [
        tool(list_workspaces, title="List workspaces", annotations=READ),
        tool(get_workspace, title="Show a workspace", annotations=READ),
    ]


async def _no_workspace(context: ToolContext, region_id: str, workspace_name: str | None) -> CallToolResult:
    """No row: by the filter, because PAI is not activated, or because nobody made one yet."""
    if workspace_name is not None:
        note = tell("workspaces_none_named", region_id=region_id, workspace_name=workspace_name)
        return answer(note, WorkspaceList(total=0, note=note, workspaces=[]))
    products = await services_of(context).cloud.list_products(region_id, (_PRODUCT,))
    product = next((each for each in products if each.product_code == _PRODUCT), None)
    activated = product is not None and product.is_purchased
    url = None if product is None or activated else product.purchase_url
    none = tell("workspaces_none", region_id=region_id)
    note = f"{none} {tell('pai_activated' if activated else 'pai_not_activated')}"
    result = WorkspaceList(total=0, note=note, workspaces=[], pai_activated=activated, purchase_url=url)
    return answer(paragraphs(note, url), result)


def _meaning(workspace: Workspace) -> str:
    key = f"workspace_{workspace.status}"
    return tell(key if workspace.status.isupper() and key in TEXTS else "workspace_other")


def _table(rows: Sequence[WorkspaceRow]) -> str | None:
    columns = ("workspace_id", "name", "status", "usable", "default")
    return table(
        columns,
        (
            (
                marked(row.workspace_id),
                marked(row.workspace_name),
                marked(row.status),
                yes(row.usable),
                yes(row.is_default),
            )
            for row in rows
        ),
    )
