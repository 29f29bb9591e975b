"""The reads of resource quotas."""

import asyncio
from types import ModuleType
from typing import Final

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.operations import checked
from pai_dsw_mcp.cloud.paging import read_all
from pai_dsw_mcp.errors import ErrorKind, ReplyError
from pai_dsw_mcp.model.quota import QueuedWorkload, Quota

_RESOURCE_TYPES: Final = ("ECS", "Lingjun", "ACS")
"""A list that names no type holds quotas of ECS alone, so each is asked for by name."""


async def list_quotas(cloud: Cloud, region_id: str, workspace_id: str | None = None) -> tuple[Quota, ...]:
    """Every quota that can be seen, or that a workspace has."""
    lists = await gather(*(_of_type(cloud, region_id, each, workspace_id) for each in _RESOURCE_TYPES))
    # By id: a service that ignores the type gives the same quotas each time.
    return tuple({quota.quota_id: quota for quotas in lists for quota in quotas}.values())


async def _of_type(cloud: Cloud, region_id: str, kind: str, workspace_id: str | None) -> tuple[Quota, ...]:
    sdk, studio = await cloud.sdk(), await _studio()
    asked = {} if workspace_id is None else {"workspace_ids": checked("workspace_id", workspace_id)}

    async def page(number: int, size: int) -> tuple[tuple[Quota, ...], int]:
        call = studio.QuotaCall(sdk.caller, region_id, studio.ListQuotasReply)
        request = studio.models.ListQuotasRequest(
            **asked,
            resource_type=kind,
            verbose=True,
            sort_by="GmtCreatedTime",
            order="asc",
            page_number=number,
            page_size=size,
        )
        await call.list_quotas_with_options_async(request, {}, sdk.runtime)
        return call.reply.quotas, call.reply.total_count

    return await read_all("ListQuotas", page, lambda quota: quota.quota_id)


async def get_quota(cloud: Cloud, region_id: str, quota_id: str) -> Quota:
    """One quota."""
    sdk, studio = await cloud.sdk(), await _studio()
    call = studio.QuotaCall(sdk.caller, region_id, studio.GetQuotaReply)
    path_id, request = checked("quota_id", quota_id), studio.models.GetQuotaRequest(verbose=True)
    await call.get_quota_with_options_async(path_id, request, {}, sdk.runtime)
    if call.reply.root.quota_id != quota_id:
        raise ReplyError(ErrorKind.REPLY_INVALID, operation="GetQuota", status=200)
    return call.reply.root


async def list_queue(cloud: Cloud, region_id: str, quota_id: str) -> tuple[QueuedWorkload, ...]:
    """What waits for a share of a quota, of every product."""
    sdk, studio = await cloud.sdk(), await _studio()
    path_id = checked("quota_id", quota_id)

    async def page(number: int, size: int) -> tuple[tuple[QueuedWorkload, ...], int]:
        call = studio.QuotaCall(sdk.caller, region_id, studio.ListQuotaWorkloadsReply)
        request = studio.models.ListQuotaWorkloadsRequest(status="Enqueued", page_number=number, page_size=size)
        await call.list_quota_workloads_with_options_async(path_id, request, {}, sdk.runtime)
        return call.reply.workloads, call.reply.total_count

    return await read_all("ListQuotaWorkloads", page, lambda workload: workload.workload_id)


async def _studio() -> ModuleType:
    """The SDK of PaiStudio with its replies. Loading does not block the event loop."""
    return await asyncio.to_thread(_load)


def _load() -> ModuleType:
    # A tenth of a second of imports, for those who have quotas.
    from pai_dsw_mcp.cloud import paistudio  # noqa: PLC0415

    return paistudio
