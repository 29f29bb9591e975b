"""The rules by which an instance stops itself: what is there, what is asked for, and what has to be sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.model.auto_stop import IdleRule, ShutdownTimer
from pai_dsw_mcp.model.change import Change, Meaning, Parameter, Sentence
from pai_dsw_mcp.model.digest import digest
from pai_dsw_mcp.model.instance import AcceleratorType, Instance
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.model.writes import (
    CREATE_IDLE_RULE,
    CREATE_TIMER,
    DELETE_IDLE_RULE,
    DELETE_TIMER,
    SET_AUTO_STOP,
    ApiWrite,
    Request,
    WriteSpec,
)
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._auto_stop import AutoStop, in_utc

_DEFAULT_PERCENT: Final = 10
_SAME_TIME: Final = timedelta(minutes=2)
"""A timer that is due so little earlier than asked for is the one that an earlier call set."""
_NONE: Final = "-"
_MILLISECOND: Final = timedelta(milliseconds=1)
_OFFSET_AT: Final = len("2026-01-31T18:00")
_YEARS: Final = range(2000, 3000)
"""Times outside of these are none that a timer could have."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that an instance has; a new one has none."""

    idle: tuple[int | None, int | None, int | None] | None = None
    """Minutes, and the thresholds of CPU and GPU."""
    due_at: str | None = None
    remaining: timedelta | None = None

    @property
    def seen(self) -> str:
        """The fingerprint. How much time is left changes by itself."""
        return digest([self.idle, self.due_at])


NO_RULES: Final = Rules()


def rules_of(instance: Instance) -> Rules:
    """The rules that an instance has."""
    idle = (instance.max_idle_minutes, instance.idle_cpu_percent, instance.idle_gpu_percent)
    has_idle_rule = instance.max_idle_minutes is not None or instance.idle_minutes is not None
    left = instance.auto_stop_in_milliseconds
    return Rules(
        idle if has_idle_rule else None,
        instance.auto_stop_due_at,
        None if left is None else timedelta(milliseconds=left),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """The instance that the rules are for; without an id it does not exist yet."""

    region_id: str
    instance_name: str
    workspace_id: str | None
    workspace_name: str | None
    instance_id: str | None = None

    @classmethod
    def of(cls, instance: Instance) -> "Place":
        """The place of an instance that exists."""
        return cls(
            instance.region_id,
            instance.instance_name,
            instance.workspace_id,
            instance.workspace_name,
            instance.instance_id,
        )


@dataclass(frozen=True, slots=True)
class AutoStopPlan:
    """What is sent for it, and how it is shown to a person."""

    writes: tuple[tuple[ApiWrite, Value | None], ...]
    parameters: tuple[Parameter, ...]
    meanings: dict[str, Meaning]
    warnings: tuple[Sentence, ...]

    def change(self, place: Place, present: Rules) -> Change:
        """The change that a person is asked about."""
        return change_of_rules(SET_AUTO_STOP, place, present, self.parameters, self.meanings, self.warnings)

    def requests(self, instance_id: str) -> tuple[Request, ...]:
        """The requests, in the order of sending."""
        return tuple(Request(write, body, {"instance_id": instance_id}) for write, body in self.writes)


def planned(wish: AutoStop, name: str, kind: AcceleratorType | None, present: Rules) -> AutoStopPlan | None:
    """How an instance of this name and kind gets the rules; None where it has them already.

    A rule cannot be changed: the present one is deleted, and the new one created.

    Raises:
        InputError: A GPU threshold for an instance without a GPU.
    """
    if wish.gpu_percent is not None and kind == "CPU":
        raise InputError("auto_stop_no_gpu", instance_name=name)
    rule, timer = _new_rule(wish, kind, present), _new_timer(wish, present)
    if rule is None and timer is None:
        return None
    writes: list[tuple[ApiWrite, Value | None]] = []
    if rule is not None:
        writes += [(DELETE_IDLE_RULE, None)] if present.idle else []
        writes.append((CREATE_IDLE_RULE, rule))
    if timer is not None:
        writes += [(DELETE_TIMER, None)] if present.due_at else []
        writes.append((CREATE_TIMER, timer))
    return AutoStopPlan(
        tuple(writes),
        (*_shown_rule(rule, wish, present), *_shown_timer(timer, present)),
        _meanings(wish, timer, present),
        (
            Sentence(key="warn_stops_itself", values={"instance_name": name}),
            *what_stays(present, idle_rule=rule is None, timer=timer is None),
        ),
    )


def _new_rule(wish: AutoStop, kind: AcceleratorType | None, present: Rules) -> IdleRule | None:
    """The idle rule to create; None where none is asked for, or it is there."""
    if wish.idle_minutes is None:
        return None
    _, cpu, gpu = present.idle or (None, None, None)
    rule = IdleRule(
        max_idle_time_in_minutes=wish.idle_minutes,
        cpu_percent_threshold=wish.cpu_percent or cpu or _DEFAULT_PERCENT,
        gpu_percent_threshold=wish.gpu_percent or ((gpu or _DEFAULT_PERCENT) if kind == "GPU" else None),
    )
    return None if tuple(rule.model_dump().values()) == present.idle else rule


def _new_timer(wish: AutoStop, present: Rules) -> ShutdownTimer | None:
    """The timer to create; None where none is asked for, or it is there."""
    if wish.stop_at is not None:
        is_there = present.due_at is not None and read_time(present.due_at) == wish.stop_at.replace(microsecond=0)
        return None if is_there else ShutdownTimer(due_time=in_utc(wish.stop_at))
    if wish.stop_after is not None:
        left = present.remaining
        is_there = left is not None and wish.stop_after - _SAME_TIME <= left <= wish.stop_after
        return None if is_there else ShutdownTimer(remaining_time_in_ms=wish.stop_after // _MILLISECOND)
    return None


def _shown_rule(rule: IdleRule | None, wish: AutoStop, present: Rules) -> Iterator[Parameter]:
    if rule is None:
        return
    minutes, cpu, gpu = present.idle or (None, None, None)
    yield _row("MaxIdleTimeInMinutes", rule.max_idle_time_in_minutes, minutes)
    yield _row("CpuPercentThreshold", rule.cpu_percent_threshold, cpu, is_default=not (wish.cpu_percent or cpu))
    if rule.gpu_percent_threshold is not None:
        yield _row("GpuPercentThreshold", rule.gpu_percent_threshold, gpu, is_default=not (wish.gpu_percent or gpu))


def _shown_timer(timer: ShutdownTimer | None, present: Rules) -> Iterator[Parameter]:
    if timer is None:
        return
    if timer.due_time is not None:
        yield _row("DueTime", timer.due_time, present.due_at)
    else:
        yield _row("RemainingTimeInMs", timer.remaining_time_in_ms, present.due_at)


def _row(name: str, value: object, before: object, *, is_default: bool = False) -> Parameter:
    """A value, and what takes its place; one that does not change is shown as it is."""
    shown = None if before is None or before == value else str(before)
    return Parameter(name=name, value=str(value), before=shown, is_default=is_default)


def removed(present: Rules) -> tuple[Parameter, ...]:
    """The values of rules that are deleted."""
    minutes, cpu, gpu = present.idle or (None, None, None)
    values = {
        "MaxIdleTimeInMinutes": minutes,
        "CpuPercentThreshold": cpu,
        "GpuPercentThreshold": gpu,
        "DueTime": present.due_at,
    }
    return tuple(_row(name, _NONE, value) for name, value in values.items() if value is not None)


def what_stays(present: Rules, *, idle_rule: bool, timer: bool) -> Iterator[Sentence]:
    """What is said of the rules that a change leaves alone."""
    if idle_rule and present.idle:
        yield Sentence(key="warn_idle_rule_stays", values={"minutes": str(present.idle[0] or _NONE)})
    if timer and present.due_at:
        yield Sentence(key="warn_timer_stays", values={"time": present.due_at})


def meanings_of_removed(present: Rules) -> dict[str, Meaning]:
    """The time of a timer by the clock of this computer."""
    due = read_time(present.due_at or "")
    return {} if due is None else {present.due_at or "": _meaning_of_time(due.astimezone())}


def _meanings(wish: AutoStop, timer: ShutdownTimer | None, present: Rules) -> dict[str, Meaning]:
    """The times in the offset in which the person gave theirs, and how long the duration is."""
    meanings = dict[str, Meaning]()
    before = read_time(present.due_at or "")
    if before is not None:
        zone = wish.stop_at.tzinfo if wish.stop_at else None
        meanings[present.due_at or ""] = _meaning_of_time(before.astimezone(zone))
    if timer is not None and wish.stop_at is not None:
        meanings[str(timer.due_time)] = _meaning_of_time(wish.stop_at)
    elif timer is not None and wish.stop_after is not None:
        seconds = f"{wish.stop_after.total_seconds():.0f}"
        meaning = Sentence(key="meaning_from_now", values={"duration": seconds})
        meanings[str(timer.remaining_time_in_ms)] = (meaning,)
    return meanings


def _meaning_of_time(moment: datetime) -> Meaning:
    """A time in its own offset, and by the clock of this computer where that has another one.

    So an offset that does not hold on that day, because the clocks change before, is seen by the person.
    """
    shown = moment.isoformat(timespec="minutes")
    meaning = Sentence(key="meaning_time", values={"time": shown[:_OFFSET_AT], "offset": shown[_OFFSET_AT:]})
    here = moment.astimezone()
    if here.utcoffset() == moment.utcoffset():
        return (meaning,)
    return (
        meaning,
        Sentence(key="meaning_time_here", values={"time": here.isoformat(timespec="minutes")[:_OFFSET_AT]}),
    )


def read_time(moment: str) -> datetime | None:
    """A time of the service; None where it is none."""
    try:
        read = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return read if read.tzinfo and read.year in _YEARS else None


def auto_stop_is_left(wish: AutoStop | None, instance: Instance) -> str:
    """What is said where nothing has to be done but the rules; nothing where there is nothing to say."""
    if wish is None or planned(wish, instance.instance_name, instance.accelerator_type, rules_of(instance)) is None:
        return ""
    return f" {say('auto_stop_is_left', instance_id=instance.instance_id)}"


def change_of_rules(
    spec: WriteSpec,
    place: Place,
    present: Rules,
    parameters: tuple[Parameter, ...],
    meanings: dict[str, Meaning],
    warnings: tuple[Sentence, ...],
) -> Change:
    """A change of the rules of an instance. Its fingerprint covers the present rules alone."""
    address = {"RegionId": place.region_id, "InstanceId": place.instance_id}
    return Change(
        action=spec.action,
        region_id=place.region_id,
        target_name=place.instance_name,
        target_id=place.instance_id,
        workspace_id=place.workspace_id,
        workspace_name=place.workspace_name,
        parameters=(*(Parameter(name=name, value=value) for name, value in address.items() if value), *parameters),
        meanings=meanings,
        warnings=warnings,
        fingerprint=present.seen,
    )
