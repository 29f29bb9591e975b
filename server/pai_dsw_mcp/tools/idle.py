"""Running instances that nobody uses: measured, never guessed."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.monitoring import get_instance_metrics
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.instance import Instance, InstanceFilter
from pai_dsw_mcp.model.monitoring import MetricPoint, MetricType
from pai_dsw_mcp.model.status import HOLDING
from pai_dsw_mcp.tools._arguments import AnyWorkspaceId, Cursor, Limit, RegionId
from pai_dsw_mcp.tools._costs import Costed, hourly_now, spot_note
from pai_dsw_mcp.tools._history import known_spots
from pai_dsw_mcp.tools._instance_rows import Caller, auto_stop_of, is_of, payment_of
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._past import tried
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Masked, Projection, RegionalList, Shown
from pai_dsw_mcp.tools._regions import RegionIds, in_regions
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, tool
from pai_dsw_mcp.tools._visible import in_utc, instances_and_prices
from pai_dsw_mcp.tools.metrics import has_gpu

_LOOKS_BACK: Final = 24 * 3600
_MINUTES: Final = 10
_OLDEST: Final = 3 * _MINUTES * 60
"""Seconds. An older newest value says nothing of now, and a longer gap nothing of the time in it."""
_AT_ONCE: Final = 8
_MOST: Final = 300
"""Instances that are measured in a call, at one or two requests each."""


class IdleRow(Projection):
    """An instance that is idle, or of which that could not be measured."""

    instance_id: Shown
    region_id: str | None = None
    instance_name: Shown | None = None
    workspace_id: Shown | None = None
    ecs_spec: Shown | None = None
    idle_hours: float | None = None
    max_cpu_percent: float | None = None
    max_gpu_percent: float | None = None
    price_per_hour: float | None = None
    cost_while_idle: float | None = None
    currency: Shown | None = None
    payment_type: Shown | None = None
    owner: Masked | None = None
    mine: bool | None = None
    auto_stop: Shown | None = None
    rule_idle_minutes: int | None = None
    not_measured: str | None = None


class IdleList(RegionalList):
    """The answer of list_idle_instances: the dearest first, then those that could not be measured.

    `total` counts these rows: `running` without those that are `not_idle`.
    """

    running: int
    idle: int
    not_idle: int
    unmeasured: int
    cost_per_hour_of_idle: Annotated[dict[Shown, float] | None, NOT_EMPTY] = None
    instances: list[IdleRow]


@dataclass(frozen=True, slots=True)
class Measured:
    """For how long the use of an instance has been below the line, and how high each metric came while it was."""

    idle_seconds: float
    highest: dict[MetricType, float]


@dataclass(frozen=True, slots=True)
class _Line:
    """What counts as idle: below a percentage, up to a time."""

    below: float
    now: float

    async def measure(self, cloud: Cloud, instance: Instance) -> Measured | str:
        """What was measured, or why nothing was."""
        metrics: tuple[MetricType, ...] = ("CpuCoreUsage", "GpuCoreUsage") if has_gpu(instance) else ("CpuCoreUsage",)
        since, until = _text(self.now - _LOOKS_BACK), _text(self.now)
        runs: dict[MetricType, Sequence[MetricPoint]] = {}
        for metric in metrics:
            points = await tried(
                get_instance_metrics(
                    cloud,
                    instance.region_id,
                    instance.instance_id,
                    metric,
                    since=since,
                    until=until,
                    minutes=_MINUTES,
                )
            )
            if isinstance(points, CloudError):
                return points.explain()
            if not points:
                return tell("idle_no_values", metric=metric)
            if self.now - points[-1].time > _OLDEST:
                return tell("idle_old_values", metric=metric, since=_text(points[-1].time))
            runs[metric] = self._idle_run(points)
        if not all(runs.values()):
            return Measured(0, {})
        # The shorter run counts: with a GPU, both have to be idle.
        begins = max(run[0].time for run in runs.values())
        return Measured(self.now - begins, {metric: max(each.value for each in run) for metric, run in runs.items()})

    def _idle_run(self, points: Sequence[MetricPoint]) -> Sequence[MetricPoint]:
        """The last points, as far back as each is below the line and none is missing."""
        begin = len(points)
        while begin and points[begin - 1].value < self.below:
            if begin < len(points) and points[begin].time - points[begin - 1].time > _OLDEST:
                break
            begin -= 1
        return points[begin:]


async def list_idle_instances(
    context: ToolContext,
    region_id: RegionId | None = None,
    region_ids: RegionIds | None = None,
    workspace_id: AnyWorkspaceId = "ALL",
    idle_minutes: Annotated[int, Field(ge=10, le=1440, description="At least so long.")] = 60,
    below_percent: Annotated[float, Field(ge=1, le=50, description="CPU and GPU use.")] = 5,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> Annotated[CallToolResult, IdleList]:
    """Running instances that are idle by their measured CPU and GPU use, with price and idle time."""
    services = services_of(context)
    cloud = services.cloud
    wanted = InstanceFilter(workspace_id=workspace_id, sort_by="GmtCreateTime")
    regions = await in_regions(cloud, region_id, region_ids, lambda each: instances_and_prices(cloud, each, wanted))
    spots = await known_spots(services.journal)
    listed = [prices.of(instance, spots) for instances, prices in regions.found.values() for instance in instances]
    running = sorted(
        (row for row in listed if row.instance.status == "Running"), key=lambda row: row.hourly or 0, reverse=True
    )
    others = Counter(row.instance.status for row in listed if row.instance.status in HOLDING - {"Running"})
    line = _Line(below_percent, services.cloud_now)
    results = await _measure_all(cloud, running, line)
    idle = [
        (row, result)
        for row, result in zip(running, results, strict=True)
        if isinstance(result, Measured) and result.idle_seconds >= idle_minutes * 60
    ]
    unmeasured = [(row, why) for row, why in zip(running, results, strict=True) if isinstance(why, str)]
    caller = await cloud.caller_identity(next(iter(regions.found))) if running else None
    shown = [row for row, _ in (*idle, *unmeasured)]
    not_idle = len(running) - len(shown)
    about = (
        None if idle or len(unmeasured) == len(running) else tell("idle_none"),
        tell("idle_looked", running=len(running), idle=len(idle), not_idle=not_idle, unmeasured=len(unmeasured)),
        tell("idle_left_out", statuses=", ".join(f"{count} {status}" for status, count in others.most_common()))
        if others
        else None,
        tell("idle_rule", below=f"{below_percent:g}", minutes=idle_minutes) if idle else None,
        tell("idle_unmeasured_rows") if unmeasured else None,
        tell("idle_own_rule") if any(row.instance.idle_minutes is not None for row in shown) else None,
        spot_note(shown),
        tell("instances_unseen"),
    )
    return paged(
        [*idle, *unmeasured],
        cursor,
        limit,
        lambda page: IdleList(
            note=paragraphs(page.position, *about),
            total=page.total,
            region_ids=regions.region_ids,
            not_read=regions.not_read,
            running=len(running),
            idle=len(idle),
            not_idle=not_idle,
            unmeasured=len(unmeasured),
            cost_per_hour_of_idle=hourly_now(row for row, _ in idle),
            next_cursor=page.next_cursor,
            instances=[_row(row, result, caller) for row, result in page.rows],
        ),
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(list_idle_instances, title="List idle instances", annotations=READ)]


async def _measure_all(cloud: Cloud, rows: Sequence[Costed], line: _Line) -> list[Measured | str]:
    """Each instance measured, the dearest first, a few at the same time."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def one(instance: Instance) -> Measured | str:
        async with turns:
            return await line.measure(cloud, instance)

    measured = await gather(*(one(row.instance) for row in rows[:_MOST]))
    return measured + [tell("idle_too_many", count=_MOST)] * (len(rows) - len(measured))


def _row(row: Costed, result: Measured | str, caller: Caller) -> IdleRow:
    instance, price = row.instance, row.price
    measured = result if isinstance(result, Measured) else None
    hours = measured and measured.idle_seconds / 3600
    highest = measured.highest if measured else dict[MetricType, float]()
    return IdleRow.of(
        instance,
        idle_hours=None if hours is None else round(hours, 1),
        max_cpu_percent=_rounded(highest.get("CpuCoreUsage")),
        max_gpu_percent=_rounded(highest.get("GpuCoreUsage")),
        price_per_hour=row.hourly,
        cost_while_idle=None if hours is None or row.hourly is None else round(hours * row.hourly, 2),
        currency=price and price.currency,
        payment_type=payment_of(row) if row.spot else None,
        owner=instance.user_name or instance.user_id,
        mine=is_of(caller, instance),
        auto_stop=auto_stop_of(instance, thresholds=True),
        rule_idle_minutes=instance.idle_minutes,
        not_measured=result if isinstance(result, str) else None,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _text(seconds: float) -> str:
    return str(in_utc(datetime.fromtimestamp(seconds, UTC)))
