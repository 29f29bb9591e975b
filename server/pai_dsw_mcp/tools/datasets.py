"""Datasets: what can be mounted into an instance."""

from collections.abc import Sequence
from typing import Annotated, Literal

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.catalogue import DatasetFilter
from pai_dsw_mcp.tools._arguments import Cursor, Detail, Limit, RegionId, WorkspaceId
from pai_dsw_mcp.tools._paging import page
from pai_dsw_mcp.tools._render import marked, paragraphs, table, tell
from pai_dsw_mcp.tools._rows import DatasetList, DatasetRow
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool


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
    shown = page(found, cursor, limit)
    rows = [DatasetRow.of(dataset, detail) for dataset in shown.rows]
    headline = tell("datasets_found" if found else "datasets_none", workspace_id=workspace_id, total=len(found))
    return answer(
        paragraphs(headline, shown.position, _table(rows)),
        DatasetList(total=len(found), next_cursor=shown.next_cursor, note=shown.position, datasets=rows),
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(list_datasets, title="List datasets", annotations=READ)]


def _table(rows: Sequence[DatasetRow]) -> str | None:
    columns = ("dataset_id", "name", "source", "type", "access", "mount path")
    return table(
        columns,
        (
            (
                marked(row.dataset_id),
                marked(row.name),
                marked(row.data_source_type),
                marked(row.data_type),
                marked(row.mount_access),
                marked(row.default_mount_path),
            )
            for row in rows
        ),
    )
