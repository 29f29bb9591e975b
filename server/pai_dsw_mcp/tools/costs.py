"""get_costs: what everything costs, by whom and where, and what is about to cost more than it should."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

from mcp_types import CallToolResult

from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.instance import InstanceFilter
from pai_dsw_mcp.model.sanitize import mask
from pai_dsw_mcp.model.status import HOLDING, STARTING_UP, STOPPING
from pai_dsw_mcp.tools._arguments import AnyWorkspaceId, Cursor, Limit, RegionId
from pai_dsw_mcp.tools._costs import Costed, currency_of_all, estimated, hourly_now, spot_note
from pai_dsw_mcp.tools._disks import in_gib, is_enlarged
from pai_dsw_mcp.tools._history import known_spots, not_set, unsent_auto_stops
from pai_dsw_mcp.tools._instance_rows import auto_stop_of, payment_of
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Masked, Projection, RegionalList, Shown
from pai_dsw_mcp.tools._regions import RegionIds, in_regions
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, tool
from pai_dsw_mcp.tools._visible import instances_and_prices

_DISK_DAYS: Final = 15
"""Days after a stop until the free disk is deleted (documented)."""

Amounts = Annotated[dict[Shown, float] | None, NOT_EMPTY]
"""By currency: amounts in different currencies are never added up."""


class CostRow(Projection):
    """What one instance costs."""

    instance_id: Shown
    region_id: str | None = None
    instance_name: Shown | None = None
    status: Shown | None = None
    workspace_id: Shown | None = None
    owner: Masked | None = None
    price_per_hour: float | None = None
    total_running_hours: float | None = None
    estimated_cost: Annotated[float | None, NOT_EMPTY] = None
    currency: Shown | None = None
    auto_stop: str | None = None
    payment_type: Shown | None = None
    disk_lost_by: str | None = None
    disk_charged: Shown | None = None


class Total(Projection):
    """The sums of one workspace or one owner."""

    name: Shown
    instances: int
    cost_per_hour_now: Amounts = None
    estimated_cost: Amounts = None


class CostList(RegionalList):
    """The answer of get_costs."""

    cost_per_hour_now: Amounts = None
    estimated_cost: Amounts = None
    currency: Shown | None = None
    by_workspace: list[Total]
    by_owner: list[Total]
    running_without_auto_stop: int
    instances: list[CostRow]


async def get_costs(
    context: ToolContext,
    region_id: RegionId | None = None,
    region_ids: RegionIds | None = None,
    workspace_id: AnyWorkspaceId = "ALL",
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> Annotated[CallToolResult, CostList]:
    """What instances cost, estimated: now and so far, per workspace and owner; no auto-stop; disks soon lost."""
    services = services_of(context)
    cloud = services.cloud
    wanted = InstanceFilter(workspace_id=workspace_id, sort_by="GmtCreateTime")
    regions = await in_regions(cloud, region_id, region_ids, lambda each: instances_and_prices(cloud, each, wanted))
    spots = await known_spots(services.journal)
    rows = [prices.of(instance, spots) for instances, prices in regions.found.values() for instance in instances]
    rows.sort(key=lambda row: (-_running_price(row), -(row.estimate or 0.0), row.instance.instance_id))
    currency = currency_of_all(rows)
    unpriced = sum(row.price is None for row in rows)
    unsent = await unsent_auto_stops(services.journal)
    lacking = [row.instance.instance_id for row in rows if not_set(row.instance, unsent)]
    about = (
        tell("auto_stop_not_set", instances=", ".join(lacking)) if lacking else None,
        tell("costs_estimated") if rows else tell("instances_none", region_id=region_id or "these regions"),
        tell("instances_unpriced", count=unpriced) if unpriced else None,
        spot_note(rows),
        tell("costs_disks") if any(is_enlarged(row.instance.system_disk) for row in rows) else None,
        tell("instances_unseen"),
    )
    return paged(
        rows,
        cursor,
        limit,
        lambda page: CostList(
            note=paragraphs(page.position, *about),
            total=page.total,
            region_ids=regions.region_ids,
            not_read=regions.not_read,
            cost_per_hour_now=hourly_now(rows),
            estimated_cost=estimated(rows),
            currency=currency,
            by_workspace=_totals(rows, lambda row: row.instance.workspace_id or "-"),
            by_owner=_totals(rows, lambda row: mask(row.instance.user_name or row.instance.user_id or "-")),
            running_without_auto_stop=sum(map(_runs_on, rows)),
            next_cursor=page.next_cursor,
            instances=[_row(row, currency, not_set(row.instance, unsent)) for row in page.rows],
        ),
    )


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [tool(get_costs, title="Show what DSW instances cost", annotations=READ)]


def _runs(row: Costed) -> bool:
    return row.instance.status in HOLDING | STARTING_UP


def _runs_on(row: Costed) -> bool:
    """Whether it holds compute, as `cost_per_hour_now` counts it, and nothing ends that."""
    return row.instance.status in HOLDING - STOPPING and auto_stop_of(row.instance) == "none"


def _running_price(row: Costed) -> float:
    return row.hourly or 0.0 if _runs(row) else 0.0


def _totals(rows: Sequence[Costed], key: Callable[[Costed], str]) -> list[Total]:
    groups: defaultdict[str, list[Costed]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return [
        Total(name=name, instances=len(group), cost_per_hour_now=hourly_now(group), estimated_cost=estimated(group))
        for name, group in groups.items()
    ]


def _row(row: Costed, currency: str | None, unset: str | None) -> CostRow:
    return CostRow.of(
        row.instance,
        owner=row.instance.user_name or row.instance.user_id,
        price_per_hour=row.hourly,
        total_running_hours=None if row.hours is None else round(row.hours, 1),
        estimated_cost=None if row.estimate is None else round(row.estimate, 2),
        currency=None if currency or row.price is None else row.price.currency,
        auto_stop=auto_stop_of(row.instance, unset),
        payment_type=payment_of(row) if row.spot else None,
        disk_lost_by=_disk_lost_by(row),
        disk_charged=in_gib(row.instance.system_disk) if is_enlarged(row.instance.system_disk) else None,
    )


def _disk_lost_by(row: Costed) -> str | None:
    """The day on which a stopped instance loses its free disk: its last change is at the earliest its stop."""
    if row.instance.status != "Stopped" or is_enlarged(row.instance.system_disk):
        return None
    try:
        changed = datetime.fromisoformat(row.instance.modified_at or "")
    except ValueError:
        return None
    return f"{changed + timedelta(days=_DISK_DAYS):%Y-%m-%d}"
