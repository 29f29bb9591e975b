"""Reads instances: the list, and a single one."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from typing import Annotated, Final, Literal, TypeAlias, get_args

from mcp_types import CallToolResult
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, JsonValue, WithJsonSchema

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.instance import AcceleratorType as Accelerator
from pai_dsw_mcp.model.instance import Accessibility, Instance, InstanceFilter, Label, PaymentType
from pai_dsw_mcp.model.status import InstanceStatus
from pai_dsw_mcp.tools._arguments import (
    AnyWorkspaceId,
    Cursor,
    Detail,
    InstanceId,
    Limit,
    PartOfName,
    RegionId,
    ResourceId,
    UserId,
)
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._projection import Projection
from pai_dsw_mcp.tools._regions import RegionIds, in_regions
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._rows import InstanceDetail, InstanceList, instance_detail, instance_row
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool

_NOT_A_FILTER: Final = frozenset({"Unknown", "ArrearStopping", "Arrearge"})
"""Statuses that ListInstances does not document as a filter."""
_LISTED_STATUSES: Final[list[JsonValue]] = [
    status for status in get_args(InstanceStatus) if status not in _NOT_A_FILTER
]

_SORTED_BY: Final[Mapping[str, Callable[[Instance], str | int]]] = {
    "Priority": lambda instance: instance.priority or 0,
    "GmtCreateTime": lambda instance: instance.created_at or "",
    "GmtModifiedTime": lambda instance: instance.modified_at or "",
}


def _can_be_filtered_by(status: InstanceStatus) -> InstanceStatus:
    if status in _NOT_A_FILTER:
        raise ValueError("instances cannot be filtered by this status")
    return status


ListedStatus: TypeAlias = Annotated[
    InstanceStatus,
    AfterValidator(_can_be_filtered_by),
    WithJsonSchema({"type": "string", "enum": _LISTED_STATUSES}),
]


class LabelFilter(Projection):
    """A label that an instance must carry."""

    model_config = ConfigDict(extra="forbid")

    key: str
    value: str


async def list_instances(
    context: ToolContext,
    region_id: RegionId | None = None,
    region_ids: RegionIds | None = None,
    workspace_id: AnyWorkspaceId = "ALL",
    resource_id: ResourceId = "ALL",
    instance_name: PartOfName | None = None,
    status: ListedStatus | None = None,
    accelerator_type: Accelerator | None = None,
    accessibility: Accessibility | None = None,
    payment_type: PaymentType | None = None,
    gpu_type: str | None = None,
    image_name: str | None = None,
    create_user_id: UserId | None = None,
    created_after: AwareDatetime | None = None,
    created_before: AwareDatetime | None = None,
    min_cpu: float | None = None,
    max_cpu: float | None = None,
    min_gpu: float | None = None,
    max_gpu: float | None = None,
    min_memory: float | None = None,
    max_memory: float | None = None,
    min_gpu_memory: float | None = None,
    max_gpu_memory: float | None = None,
    labels: Annotated[list[LabelFilter] | None, Field(max_length=4)] = None,
    sort_by: Literal["Priority", "GmtCreateTime", "GmtModifiedTime"] = "GmtModifiedTime",
    order: Literal["ASC", "DESC"] = "DESC",
    cursor: Cursor | None = None,
    limit: Limit = 20,
    detail: Detail = "brief",
) -> Annotated[CallToolResult, InstanceList]:
    """Instances of a region, over all workspaces and resources unless narrowed, counted by status.

    CPU and GPU are whole units, memory is GiB. For one instance use get_instance.
    """
    wanted = InstanceFilter(
        workspace_id=workspace_id,
        resource_id=resource_id,
        instance_name=instance_name,
        status=status,
        accelerator_type=accelerator_type,
        accessibility=accessibility,
        payment_type=payment_type,
        gpu_type=gpu_type,
        image_name=image_name,
        create_user_id=create_user_id,
        created_after=_in_utc(created_after),
        created_before=_in_utc(created_before),
        min_cpu=min_cpu,
        max_cpu=max_cpu,
        min_gpu=min_gpu,
        max_gpu=max_gpu,
        min_memory=min_memory,
        max_memory=max_memory,
        min_gpu_memory=min_gpu_memory,
        max_gpu_memory=max_gpu_memory,
        labels=tuple(Label(key=label.key, value=label.value) for label in labels or ()),
        sort_by=sort_by,
        order=order,
    )
    cloud = services_of(context).cloud
    regions = await in_regions(cloud, region_id, region_ids, lambda each: _of_both_visibilities(cloud, each, wanted))
    found = sorted(
        (instance for instances in regions.found.values() for instance in instances),
        key=_SORTED_BY[wanted.sort_by],
        reverse=wanted.order == "DESC",
    )
    by_status: dict[str, int] = dict(Counter(instance.status for instance in found).most_common())
    about = (
        None if found else tell("instances_none", region_id=", ".join(regions.found) or "-"),
        _about_the_name(found, instance_name),
        tell("instances_unseen"),
    )
    return paged(
        found,
        cursor,
        limit,
        lambda page: InstanceList(
            note=paragraphs(page.position, *about),
            total=page.total,
            region_ids=regions.region_ids,
            not_read=regions.not_read,
            by_status=by_status,
            next_cursor=page.next_cursor,
            instances=[instance_row(instance, detail) for instance in page.rows],
        ),
    )


async def get_instance(
    context: ToolContext, region_id: RegionId, instance_id: InstanceId, detail: Detail = "brief"
) -> Annotated[CallToolResult, InstanceDetail]:
    """One instance: status, what it means for the next step, address while it runs, reason if it failed.

    full adds image, network, datasets, labels and the other addresses.
    """
    instance = await services_of(context).cloud.get_instance(region_id, instance_id)
    return answer(instance_detail(instance, tell(f"status_{instance.status}"), detail))


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [
        tool(list_instances, title="List instances", annotations=READ),
        tool(get_instance, title="Show an instance", annotations=READ),
    ]


async def _of_both_visibilities(cloud: Cloud, region_id: str, wanted: InstanceFilter) -> Sequence[Instance]:
    """Every instance that fits.

    ListInstances names PRIVATE as the default of `Accessibility`; whether a list without one leaves public instances
    out is not documented. So both are asked for by name.
    """
    if wanted.accessibility is not None:
        return await cloud.list_instances(region_id, wanted)
    each_way = [wanted.model_copy(update={"accessibility": each}) for each in get_args(Accessibility)]
    lists = await gather(*(cloud.list_instances(region_id, each) for each in each_way))
    # By id: an instance whose visibility changes meanwhile may be in both lists.
    return list({instance.instance_id: instance for each in lists for instance in each}.values())


def _in_utc(moment: AwareDatetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _about_the_name(found: Sequence[Instance], instance_name: str | None) -> str | None:
    if instance_name is None:
        return None
    exact = sum(instance.instance_name == instance_name for instance in found)
    return tell("instances_partial_name", instance_name=instance_name, count=exact)
