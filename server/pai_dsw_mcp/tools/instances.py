"""Reads instances: the list, and a single one."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Final, Literal, TypeAlias, get_args

from mcp_types import CallToolResult
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, JsonValue, WithJsonSchema

from pai_dsw_mcp.cloud.gather import both
from pai_dsw_mcp.errors import CloudError, InputError
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.instance import AcceleratorType as Accelerator
from pai_dsw_mcp.model.instance import Accessibility, InstanceFilter, Label
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
from pai_dsw_mcp.tools._checks import chip_told
from pai_dsw_mcp.tools._costs import Costed, currency_of_all, estimated, hourly_now, price_list, spot_note
from pai_dsw_mcp.tools._history import history_of, is_stopped_from_here, known_spots, not_set, unsent_auto_stops
from pai_dsw_mcp.tools._instance_rows import (
    InstanceDetail,
    InstanceList,
    instance_detail,
    instance_row,
    is_of,
    meaning_of,
    reasons_are_data,
)
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._projection import Projection
from pai_dsw_mcp.tools._queue import place_in_queue
from pai_dsw_mcp.tools._regions import RegionIds, in_regions
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool
from pai_dsw_mcp.tools._visible import image_of, in_utc, instances_and_prices

_NOT_A_FILTER: Final = frozenset({"Unknown", "ArrearStopping", "Arrearge"})
"""Statuses that ListInstances does not document as a filter."""
_LISTED_STATUSES: Final[list[JsonValue]] = [
    status for status in get_args(InstanceStatus) if status not in _NOT_A_FILTER
]

_SORTED_BY: Final[Mapping[str, Callable[[Costed], str | float | None]]] = {
    "Priority": lambda row: row.instance.priority,
    "GmtCreateTime": lambda row: row.instance.created_at,
    "GmtModifiedTime": lambda row: row.instance.modified_at,
    "price_per_hour": lambda row: row.hourly,
    "total_running_hours": lambda row: row.hours,
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
    exact: Annotated[bool, Field(description="instance_name is the whole name.")] = False,
    status: ListedStatus | None = None,
    accelerator_type: Accelerator | None = None,
    accessibility: Accessibility | None = None,
    gpu_type: str | None = None,
    create_user_id: UserId | None = None,
    created_after: AwareDatetime | None = None,
    min_price: float | None = None,
    min_running_hours: float | None = None,
    labels: Annotated[list[LabelFilter] | None, Field(max_length=4)] = None,
    sort_by: Literal[
        "Priority", "GmtCreateTime", "GmtModifiedTime", "price_per_hour", "total_running_hours"
    ] = "GmtModifiedTime",
    order: Literal["ASC", "DESC"] = "DESC",
    cursor: Cursor | None = None,
    limit: Limit = 20,
    detail: Detail = "brief",
) -> Annotated[CallToolResult, InstanceList]:
    """Instances over all workspaces and resources unless narrowed: status, price, cost so far, owner, auto-stop.

    Prices are per hour, mine: owned by these credentials. For one instance use get_instance.
    """
    if exact and instance_name is None:
        raise InputError("exact_without_name")
    wanted = InstanceFilter(
        workspace_id=workspace_id,
        resource_id=resource_id,
        instance_name=instance_name,
        status=status,
        accelerator_type=accelerator_type,
        accessibility=accessibility,
        gpu_type=gpu_type,
        create_user_id=create_user_id,
        created_after=in_utc(created_after),
        labels=tuple(Label(key=label.key, value=label.value) for label in labels or ()),
        # Rows sorted by what does not change stay where they are while the pages are read.
        sort_by="GmtCreateTime",
    )
    services = services_of(context)
    cloud = services.cloud
    regions = await in_regions(cloud, region_id, region_ids, lambda each: instances_and_prices(cloud, each, wanted))
    spots = await known_spots(services.journal)
    listed = [prices.of(instance, spots) for instances, prices in regions.found.values() for instance in instances]
    named = [row for row in listed if not exact or row.instance.instance_name == instance_name]
    rows = [row for row in named if _reaches(row.hours, min_running_hours) and _reaches(row.hourly, min_price)]
    caller = await cloud.caller_identity(next(iter(regions.found))) if rows else None
    unsent = await unsent_auto_stops(services.journal)
    lacking = [row.instance.instance_id for row in rows if not_set(row.instance, unsent)]
    currency = currency_of_all(rows)
    about = (
        tell("auto_stop_not_set", instances=", ".join(lacking)) if lacking else None,
        None if rows else tell("instances_none", region_id=region_id or "these regions"),
        _about_the_name(rows, instance_name) if not exact else None,
        tell("instances_costs") if currency else None,
        spot_note(rows),
        *_unpriced(named, min_price, {each: prices.failure for each, (_, prices) in regions.found.items()}),
        tell("instances_owner_unknown") if rows and is_of(caller, rows[0].instance) is None else None,
        tell("instances_unseen"),
    )
    by_status: dict[str, int] = dict(Counter(row.instance.status for row in rows).most_common())
    return paged(
        _in_order(rows, sort_by, order),
        cursor,
        limit,
        lambda page: InstanceList(
            note=paragraphs(
                page.position, *about, reasons_are_data(*(each.instance.reason_message for each in page.rows))
            ),
            total=page.total,
            region_ids=regions.region_ids,
            not_read=regions.not_read,
            cost_per_hour_now=hourly_now(rows),
            estimated_cost=estimated(rows),
            currency=currency,
            by_status=by_status,
            next_cursor=page.next_cursor,
            instances=[instance_row(row, detail, caller, currency, not_set(row.instance, unsent)) for row in page.rows],
        ),
    )


async def get_instance(
    context: ToolContext, region_id: RegionId, instance_id: InstanceId, detail: Detail = "brief"
) -> Annotated[CallToolResult, InstanceDetail]:
    """One instance: status, what it means for the next step, cost, address while it runs, reason if it failed.

    history: what was changed and started through this server. full adds image, network, datasets, labels and the
    other addresses.
    """
    services = services_of(context)
    cloud = services.cloud
    instance = await cloud.get_instance(region_id, instance_id)
    prices, image = await both(price_list(cloud, region_id, instance.accelerator_type), image_of(cloud, instance))
    caller = await cloud.caller_identity(region_id)
    chip = chip_told(image, instance.image_url)
    unmeasured = instance.status == "Running" and instance.idle_minutes is None
    unset = not_set(instance, await unsent_auto_stops(services.journal))
    costed = prices.of(instance, await known_spots(services.journal))
    queue, waits = await place_in_queue(cloud, instance)
    history = await history_of(services, instance_id)
    has_idle_rule = instance.max_idle_minutes is not None
    meaning = paragraphs(
        tell("auto_stop_not_set", instances=instance_id) if unset else None,
        meaning_of(instance, chip),
        reasons_are_data(instance.reason_message, queue and queue.reason),
        tell("stopped_by_rule_perhaps")
        if instance.status == "Stopped" and has_idle_rule and not is_stopped_from_here(history)
        else None,
        waits,
        spot_note([costed]),
        tell("idle_unmeasured") if unmeasured else None,
    )
    return answer(
        instance_detail(
            costed,
            detail,
            caller,
            meaning=meaning,
            chip=chip and chip.kind,
            queue=queue,
            history=history,
            unset=unset,
        )
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [
        tool(list_instances, title="List instances", annotations=READ),
        tool(get_instance, title="Show an instance", annotations=READ),
    ]


def _reaches(value: float | None, least: float | None) -> bool:
    return least is None or (value is not None and value >= least)


def _in_order(rows: Sequence[Costed], sort_by: str, order: str) -> list[Costed]:
    """The rows sorted; those without a value come last in either order."""
    value, descending = _SORTED_BY[sort_by], order == "DESC"

    def key(row: Costed) -> tuple[bool, str | float]:
        own = value(row)
        return (own is None) != descending, own or 0

    return sorted(rows, key=key, reverse=descending)


def _about_the_name(rows: Sequence[Costed], instance_name: str | None) -> str | None:
    if instance_name is None:
        return None
    exact = sum(row.instance.instance_name == instance_name for row in rows)
    return tell("instances_partial_name", instance_name=instance_name, count=exact)


def _unpriced(
    named: Sequence[Costed], min_price: float | None, failures: Mapping[str, CloudError | None]
) -> Iterator[str]:
    """Why prices are missing, and whether that leaves rows out."""
    failed = {region_id: failure for region_id, failure in failures.items() if failure is not None}
    if failed:
        yield tell("instances_prices_unread", region_ids=", ".join(failed), problem=next(iter(failed.values())))
    count = sum(row.price is None for row in named)
    if count:
        yield tell("instances_unpriced" if min_price is None else "instances_unpriced_left_out", count=count)
