"""Resource quotas: what an instance can run on instead of a public spec."""

from collections.abc import Sequence
from typing import Annotated, Any

from mcp_types import CallToolResult

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.quotas import get_quota as read_quota
from pai_dsw_mcp.cloud.quotas import list_queue
from pai_dsw_mcp.cloud.quotas import list_quotas as read_quotas
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.gate.under_way import under_way
from pai_dsw_mcp.model.quota import Amount, Quota
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.tools._arguments import Cursor, Limit, QuotaId, RegionId, WorkspaceId
from pai_dsw_mcp.tools._instance_rows import Reason, reasons_are_data
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Listed, Moment, Projection, Shown
from pai_dsw_mcp.tools._render import number, paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool


class QuotaRow(Projection):
    """A quota with the fields to choose it by. Memory is in GiB."""

    quota_id: Shown
    quota_name: Shown | None = None
    resource_type: Shown | None = None
    gpu_type: Shown | None = None
    status: Shown | None = None
    for_dsw: bool | None = None
    free_gpu: float | None = None
    free_cpu: float | None = None
    free_memory: float | None = None
    total_gpu: float | None = None
    total_cpu: float | None = None
    total_memory: float | None = None
    workspace_ids: Annotated[list[Shown] | None, NOT_EMPTY] = None
    vpc_id: Shown | None = None


class QuotaList(Listed):
    """The answer of list_quotas."""

    quotas: list[QuotaRow]


class QuotaDetail(QuotaRow):
    """The answer of get_quota."""

    meaning: Annotated[str, OURS]
    waiting: int | None = None
    description: Shown | None = None
    reason: Reason | None = None
    workload_types: Annotated[list[Shown] | None, NOT_EMPTY] = None
    queue_strategy: Shown | None = None
    parent_quota_id: Shown | None = None
    sub_quota_ids: Annotated[list[Shown] | None, NOT_EMPTY] = None
    v_switch_id: Shown | None = None
    security_group_id: Shown | None = None
    extended_cidrs: Annotated[list[Shown] | None, NOT_EMPTY] = None
    created_at: Moment | None = None


async def list_quotas(
    context: ToolContext,
    region_id: RegionId,
    workspace_id: WorkspaceId | None = None,
    gpu_type: str | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> Annotated[CallToolResult, QuotaList]:
    """Resource quotas (reserved compute, Lingjun) that create_instance can use instead of an ecs_spec; what is free."""
    services = services_of(context)
    coming = await _under_way(services)
    found = await read_quotas(services.cloud, region_id, workspace_id)
    wanted = [each for each in found if gpu_type is None or (each.gpu_type or "").casefold() == gpu_type.casefold()]
    note = _free(wanted, coming) if wanted else tell("quotas_none", region_id=region_id)
    return paged(
        sorted(wanted, key=lambda each: (not each.takes_dsw, each.quota_name)),
        cursor,
        limit,
        lambda page: QuotaList(
            note=paragraphs(page.position, note),
            total=page.total,
            next_cursor=page.next_cursor,
            quotas=[QuotaRow.of(each, **_made(each)) for each in page.rows],
        ),
    )


async def get_quota(
    context: ToolContext, region_id: RegionId, quota_id: QuotaId
) -> Annotated[CallToolResult, QuotaDetail]:
    """One resource quota: what is free for notebooks, how many workloads wait for it, its network."""
    services = services_of(context)
    cloud, coming = services.cloud, await _under_way(services, quota_id)
    quota = await read_quota(cloud, region_id, quota_id)
    waiting = await _waiting(cloud, region_id, quota_id)
    vpc = quota.user_vpc
    reason = Reason(code=quota.reason_code, message=quota.reason_message)
    return answer(
        QuotaDetail.of(
            quota,
            meaning=paragraphs(_meaning(quota, coming, waiting), reasons_are_data(quota.reason_message)),
            waiting=None if isinstance(waiting, CloudError) else waiting,
            reason=reason if reason.code or reason.message else None,
            v_switch_id=vpc and vpc.v_switch_id,
            security_group_id=vpc and vpc.security_group_id,
            extended_cidrs=vpc and vpc.extended_cidrs,
            **_made(quota),
        )
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [
        tool(list_quotas, title="List resource quotas", annotations=READ),
        tool(get_quota, title="Show a resource quota", annotations=READ),
    ]


def _made(quota: Quota) -> dict[str, Any]:
    amounts = {
        f"{which}_{name}": value
        for which, amount in (("free", quota.free), ("total", quota.total))
        for name, value in amount.model_dump().items()
    }
    return {"for_dsw": quota.takes_dsw, "vpc_id": quota.user_vpc and quota.user_vpc.vpc_id, **amounts}


async def _waiting(cloud: Cloud, region_id: str, quota_id: str) -> int | CloudError:
    """How many wait for it; the quota is told without that where the queue cannot be read."""
    try:
        return len(await list_queue(cloud, region_id, quota_id))
    except CloudError as error:
        return error


async def _under_way(services: Services, quota_id: str | None = None) -> dict[str, Amount] | CloudError:
    """What is on its way, by quota; the quotas are told without it where it cannot be read."""
    try:
        return await under_way(services, quota_id)
    except CloudError as error:
        return error


def _free(quotas: Sequence[Quota], coming: dict[str, Amount] | CloudError) -> str:
    """What free means, and what it may not count yet."""
    if isinstance(coming, CloudError):
        return paragraphs(tell("quotas_free"), tell("quotas_under_way_unread", problem=coming.explain()))
    amounts = "; ".join(
        tell("quotas_under_way_amount", quota_id=each.quota_id, **_numbers(coming[each.quota_id]))
        for each in quotas
        if each.quota_id in coming
    )
    return paragraphs(tell("quotas_free"), tell("quotas_under_way", amounts=amounts) if amounts else None)


def _numbers(amount: Amount) -> dict[str, str]:
    return {name: number(value or 0) for name, value in amount.model_dump().items()}


def _meaning(quota: Quota, coming: dict[str, Amount] | CloudError, waiting: int | CloudError) -> str:
    return paragraphs(
        tell("quota_not_ready") if quota.status != "Ready" else None,
        None if quota.takes_dsw else tell("quota_not_for_dsw"),
        _free([quota], coming),
        tell("queue_unread", problem=waiting.explain()) if isinstance(waiting, CloudError) else None,
        tell("quota_waiting", count=waiting) if isinstance(waiting, int) and waiting else None,
    )
