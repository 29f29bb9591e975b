"""The operator's limits: what runs is read from the cloud, what was sent and cannot be seen yet from the journal.

A list may lag behind what this server sent, so recent targets are read by id. What was sent after a read began is
counted in the transaction of the journal that also records the next write: of two processes, the later one counts
the earlier one's.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.regional import is_not_activated, of_both_visibilities
from pai_dsw_mcp.errors import CloudError, ErrorKind, RefusedError
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.operations import Sent
from pai_dsw_mcp.model.catalogue import EcsSpec, load_of
from pai_dsw_mcp.model.change import OPERATION_LABEL, Change, Load
from pai_dsw_mcp.model.instance import AcceleratorType, Instance, InstanceFilter
from pai_dsw_mcp.model.limits import Day, Limits, Money
from pai_dsw_mcp.model.status import HOLDING, STARTING_UP
from pai_dsw_mcp.texts.render import say

_TAKES_UP: Final = HOLDING | STARTING_UP
_MILLISECONDS_PER_HOUR: Final = 3_600_000
_SECONDS_PER_HOUR: Final = 3600.0
_ROUNDING: Final = 1e-6


class BudgetError(RefusedError):
    """The change would pass a limit, or nobody can tell whether it would."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key, kind=ErrorKind.OVER_BUDGET, **values)


@dataclass(frozen=True, slots=True)
class _Part:
    """What takes something up, and for how many hours that is counted."""

    name: str
    load: Load
    hours: float


@dataclass(frozen=True, slots=True)
class Budget:
    """What a change adds, what was read before it is sent, and what it may come to.

    `began_at` is the journal's time just before the read.
    """

    limits: Limits
    change: Change
    adds: Load
    day: Day
    began_at: float
    regions: Sequence[str]
    instances: Sequence[tuple[Instance, Load]]

    def check(self, sent: Sequence[Sent]) -> None:
        """Adds up what runs, what was `sent` and was not seen yet, and the change.

        Raises:
            BudgetError: It would pass a limit, or a price is not known, or is in another currency.
        """
        left = (self.day.ends - self.day.now) / _SECONDS_PER_HOUR
        running = [
            _Part(each.instance_id, load, _hours_left(each, self.day))
            for each, load in self.instances
            if each.status in _TAKES_UP and each.instance_id != self.change.target_id
        ]
        unseen = [_Part(change.target_name, load, _hours_of(load, left)) for change, load in self._unseen(sent)]
        added = [_Part(self.change.target_name, self.adds, _hours_of(self.adds, left))]
        limits = self.limits
        if limits.max_running is not None:
            self._hold(f"--max-running {limits.max_running}", limits.max_running, lambda _: 1.0, running, unseen, added)
        if limits.max_gpus is not None:
            gpus = self._gpus(f"--max-gpus {limits.max_gpus}")
            self._hold(f"--max-gpus {limits.max_gpus}", limits.max_gpus, gpus, running, unseen, added)
        if limits.max_hourly is not None:
            limit = f"--max-hourly {limits.max_hourly}"
            hourly = self._price(limit, limits.max_hourly.currency)
            self._hold(limit, limits.max_hourly.amount, hourly, running, unseen, added, self._spot())
        if limits.daily_budget is not None:
            self._hold_day(limits.daily_budget, running, unseen, added)

    def _hold(
        self,
        limit: str,
        most: float,
        measure: Callable[[_Part], float],
        running: Sequence[_Part],
        unseen: Sequence[_Part],
        added: Sequence[_Part],
        spot: str = "",
    ) -> None:
        now, sent, adds = (sum(map(measure, parts)) for parts in (running, unseen, added))
        if adds and now + sent + adds > most + _ROUNDING:
            shown = {"now": now, "sent": sent, "adds": adds, "total": now + sent + adds}
            amounts = {name: _number(each) for name, each in shown.items()}
            raise self._error("over_limit", limit=limit, spot=spot, **amounts)

    def _hold_day(self, most: Money, running: Sequence[_Part], unseen: Sequence[_Part], added: Sequence[_Part]) -> None:
        limit = f"--daily-budget {most}"
        hourly = self._price(limit, most.currency)
        ran = [_Part(each.instance_id, load, _hours_today(each, self.day)) for each, load in self.instances]
        spent, until, sent, adds = (
            sum(hourly(part) * part.hours for part in parts if part.hours) for parts in (ran, running, unseen, added)
        )
        total = spent + until + sent + adds
        if adds and total > most.amount + _ROUNDING:
            shown = {"spent": spent, "until": until, "sent": sent, "adds": adds, "total": total}
            amounts = {name: str(Money(each, most.currency)) for name, each in shown.items()}
            raise self._error("over_daily_budget", limit=limit, spot=self._spot(), **amounts)

    def _unseen(self, sent: Sequence[Sent]) -> Iterator[tuple[Change, Load]]:
        """What was sent, and what the read cannot have counted."""
        seen = {each.instance_id for each, _ in self.instances}
        taking_up = {each.instance_id for each, _ in self.instances if each.status in _TAKES_UP}
        labels = {label.value for each, _ in self.instances for label in each.labels if label.key == OPERATION_LABEL}
        for operation, change in sent:
            was_over = operation.ended_at is not None and operation.ended_at < self.began_at
            is_counted = (
                operation.operation_id in labels
                or operation.target_id in taking_up
                or (was_over and operation.target_id in seen)
            )
            is_target = operation.target_id is not None and operation.target_id == self.change.target_id
            if change.load is not None and not is_counted and not is_target:
                yield change, change.load

    def _gpus(self, limit: str) -> Callable[[_Part], float]:
        def gpus(part: _Part) -> float:
            if part.load.gpus is None:
                raise self._error("budget_unknown", limit=limit, missing="the number of GPUs", instance=part.name)
            return part.load.gpus

        return gpus

    def _price(self, limit: str, currency: str) -> Callable[[_Part], float]:
        def price(part: _Part) -> float:
            found = part.load.price
            if not part.load.is_metered:
                return 0.0
            if found is None:
                raise self._error("budget_unknown", limit=limit, missing="the price", instance=part.name)
            if found.currency != currency:
                raise self._error("budget_other_currency", limit=limit, instance=part.name, currency=found.currency)
            return found.hourly

        return price

    def _spot(self) -> str:
        return f" {say('budget_spot')}" if self.change.spot else ""

    def _error(self, key: str, **values: str) -> BudgetError:
        return BudgetError(key, counted=say("budget_counted", regions=", ".join(self.regions)), **values)


async def budget_for(services: Services, change: Change) -> Budget | None:
    """Reads what runs; None where nothing is limited, or the change adds nothing.

    Raises:
        CloudError: It could not be read, and so not be checked.
    """
    adds, limits = change.load, services.limits
    if adds is None or not limits.are_set:
        return None
    began_at = await services.journal.time()
    try:
        found = await _instances_by_region(services, change.region_id)
        instances = {each.instance_id: each for rows in found.values() for each in rows}
        sent = await services.journal.recent(within=services.settle)
        instances |= await targets_of(services, (each for each in sent if each[1].region_id in found))
        day = limits.day_of(services.cloud_now)
        counted = [each for each in instances.values() if each.status in _TAKES_UP or _hours_today(each, day)]
        specs = await _specs_of(services, counted)
    except CloudError as error:
        error.add_note(say("note_budget_unread"))
        raise
    return Budget(
        limits=limits,
        change=change,
        adds=adds,
        day=day,
        began_at=began_at,
        regions=list(found),
        instances=[
            (each, load_of(each, specs.get((each.region_id, each.ecs_spec or "")))) for each in instances.values()
        ],
    )


async def _instances_by_region(services: Services, region_id: str) -> dict[str, list[Instance]]:
    """Every instance in the regions where this server may work; PAI is not activated in all of them."""
    cloud = services.cloud

    async def read(each: str) -> list[Instance] | None:
        if each != region_id and await is_not_activated(cloud, each):
            return None
        return await of_both_visibilities(cloud, each, InstanceFilter(sort_by="GmtCreateTime"), every_workspace=True)

    names = cloud.options.allowed_regions
    lists = await gather(*map(read, names))
    return {name: rows for name, rows in zip(names, lists, strict=True) if rows is not None}


async def targets_of(services: Services, sent: Iterable[Sent]) -> dict[str, Instance]:
    """The targets of what runs more since it was sent, read by id; one that cannot be seen is left to the journal."""

    async def read(region_id: str, instance_id: str) -> Instance | None:
        try:
            return await services.cloud.get_instance(region_id, instance_id)
        except CloudError as error:
            if error.kind not in (ErrorKind.NOT_FOUND, ErrorKind.PERMISSION_DENIED, ErrorKind.REFUSED):
                raise
        return None

    targets = {
        (operation.region_id, operation.target_id)
        for operation, change in sent
        if change.load is not None and operation.target_id is not None
    }
    found = await gather(*(read(region_id, instance_id) for region_id, instance_id in sorted(targets)))
    return {each.instance_id: each for each in found if each is not None}


async def _specs_of(services: Services, instances: Sequence[Instance]) -> dict[tuple[str, str], EcsSpec]:
    """The specs of these instances by region and name, where a limit needs them."""
    limits = services.limits
    if limits.max_gpus is None and limits.max_hourly is None and limits.daily_budget is None:
        return {}
    regions = sorted({each.region_id for each in instances if each.ecs_spec is not None})
    asked = [(region_id, kind) for region_id in regions for kind in get_args(AcceleratorType)]
    lists = await gather(*(services.cloud.list_ecs_specs(region_id, kind) for region_id, kind in asked))
    return {
        (region_id, spec.instance_type): spec
        for (region_id, _), specs in zip(asked, lists, strict=True)
        for spec in specs
    }


def _hours_today(instance: Instance, day: Day) -> float:
    """At most how long it ran since midnight: the service counts the time of all its runs together.

    One that does not run stopped when it was changed for the last time, or before.
    """
    changed_at = _moment(instance.modified_at)
    until = day.now if instance.status in _TAKES_UP or changed_at is None else min(changed_at, day.now)
    hours = max(until - day.begins, 0.0) / _SECONDS_PER_HOUR
    if instance.running_milliseconds is None:
        return hours
    return min(hours, instance.running_milliseconds / _MILLISECONDS_PER_HOUR)


def _hours_left(instance: Instance, day: Day) -> float:
    """How long it runs until it stops by itself, or until midnight."""
    stops_at = _moment(instance.auto_stop_due_at)
    until = day.ends if stops_at is None else min(stops_at, day.ends)
    return max(until - day.now, 0.0) / _SECONDS_PER_HOUR


def _hours_of(load: Load, left: float) -> float:
    """At most how long this runs of the hours that are left: until its timer stops it, or until midnight."""
    return left if load.stops_after is None else min(load.stops_after / _SECONDS_PER_HOUR, left)


def _moment(text: str | None) -> float | None:
    try:
        return datetime.fromisoformat(text or "").timestamp()
    except ValueError:
        return None


def _number(value: float) -> str:
    return f"{value:.2f}".removesuffix(".00")
