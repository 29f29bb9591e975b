"""Datasets: what can be mounted into an instance."""

from typing import Annotated, Literal

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.catalogue import DatasetFilter
from pai_dsw_mcp.tools._arguments import Cursor, Detail, Limit, RegionId, WorkspaceId
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._rows import DatasetList, DatasetRow
from pai_dsw_mcp.tools._tool import READ, StrictTool, tool


async def list_datasets(
    context: ToolContext,
    region_id: RegionId,
    workspace_id: WorkspaceId,
    name: Annotated[str | None, Field(description="Part of the name.")] = None,
    data_source_type: Literal["OSS", "NAS", "CPFS", "BMCPFS"] | None = None,
    data_type: Literal["COMMON", "PIC", "TEXT", "VIDEO", "AUDIO"] | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 20,
    detail: Detail = "brief",
) -> Annotated[CallToolResult, DatasetList]:
    """Datasets of a workspace, to be mounted by create_instance or update_instance."""
    wanted = DatasetFilter(
        workspace_id=workspace_id,
        name=name,
        data_source_types=(data_source_type,) if data_source_type else (),
        data_types=(data_type,) if data_type else (),
    )
    found = await services_of(context).cloud.list_datasets(region_id, wanted)
    none = None if found else tell("datasets_none", workspace_id=workspace_id)
    return paged(
        found,
        cursor,
        limit,
        lambda page: DatasetList(
            note=paragraphs(page.position, none) or None,
            total=page.total,
            next_cursor=page.next_cursor,
            datasets=[DatasetRow.of(dataset, detail) for dataset in page.rows],
        ),
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(list_datasets, title="List datasets", annotations=READ)]
