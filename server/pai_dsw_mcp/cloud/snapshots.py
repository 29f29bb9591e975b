"""Reads the snapshots of an instance."""

from typing import Annotated

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.operations import checked
from pai_dsw_mcp.cloud.paging import read_all
from pai_dsw_mcp.cloud.wire import Count, CreatedAt, DswReply, ModifiedAt, ReadAs, Texts, Wire
from pai_dsw_mcp.model.snapshot import Snapshot


class WireSnapshot(Snapshot, Wire):
    """`Snapshots[]`."""

    exclude_paths: Texts = ()
    created_at: CreatedAt = None
    modified_at: ModifiedAt = None


class ListInstanceSnapshotReply(DswReply):
    """ListInstanceSnapshot."""

    snapshots: tuple[Annotated[Snapshot, ReadAs(WireSnapshot)], ...]
    total_count: Count


async def list_snapshots(cloud: Cloud, region_id: str, instance_id: str) -> tuple[Snapshot, ...]:
    """Every snapshot of an instance, newest first."""
    sdk = await cloud.sdk()
    path_id = checked("instance_id", instance_id)

    async def page(number: int, size: int) -> tuple[tuple[Snapshot, ...], int]:
        call = sdk.dsw_call(region_id, ListInstanceSnapshotReply)
        request = sdk.dsw.ListInstanceSnapshotRequest(page_number=number, page_size=size)
        await call.list_instance_snapshot_with_options_async(path_id, request, {}, sdk.runtime)
        return call.reply.snapshots, call.reply.total_count

    return await read_all("ListInstanceSnapshot", page, lambda snapshot: snapshot.snapshot_id)
