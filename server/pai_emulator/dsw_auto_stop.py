"""The DSW operations on the rules that stop an instance by itself.

Documented: the parameters, thresholds of 1 to 100, that an instance has one idle rule, which is deleted before another
is created. Assumed: the same for the timer; which parameters an idle rule needs; that a timer has either of its two
parameters, and is due in the future; that a rule which there is not is a 404; that the rules are taken in every status,
also while the instance is Creating (the fault `auto_stop_needs_running` refuses them until it runs).
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from pai_emulator import errors
from pai_emulator.auto_stop import IdleRule, Timer
from pai_emulator.call import Call
from pai_emulator.instance import Instance
from pai_emulator.instance_view import idle_rule_view, time_text, timer_view
from pai_emulator.region_state import RegionState
from pai_emulator.shapes import Shape, checked
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_IDLE: Final = "IdleInstanceCuller"
_TIMER: Final = "InstanceShutdownTimer"
_IDLE_BODY: Final[Shape] = {"CpuPercentThreshold": int, "GpuPercentThreshold": int, "MaxIdleTimeInMinutes": int}
_TIMER_BODY: Final[Shape] = {"DueTime": str, "RemainingTimeInMs": int}
_LONGEST: Final = timedelta(days=3650)
"""The longest idle time, and the furthest time to stop at (assumed)."""


def create_idle_instance_culler(world: World, call: Call) -> JsonObject:
    """CreateIdleInstanceCuller."""
    region, instance = _settable(world, call, _IDLE)
    asked = checked(call.body, _IDLE_BODY)
    if "MaxIdleTimeInMinutes" not in asked:
        raise errors.missing_parameter("MaxIdleTimeInMinutes")
    thresholds = {name: asked[name] for name in ("CpuPercentThreshold", "GpuPercentThreshold") if name in asked}
    if not thresholds:
        raise errors.missing_parameter("CpuPercentThreshold")
    for name, value in thresholds.items():
        if not 1 <= value <= 100:
            raise errors.validation_error(f"{name} must be 1 to 100, not {value}.")
    minutes = asked["MaxIdleTimeInMinutes"]
    if not 1 <= minutes <= _LONGEST // timedelta(minutes=1):
        raise errors.validation_error(f"MaxIdleTimeInMinutes must be 1 or more, not {minutes}.")
    now = world.clock.now()
    rule = IdleRule(minutes, now, asked.get("CpuPercentThreshold"), asked.get("GpuPercentThreshold"))
    instance.keep_rules(rule, instance.timer, now)
    return _changed(region, instance, _IDLE)


def get_idle_instance_culler(world: World, call: Call) -> JsonObject:
    """GetIdleInstanceCuller."""
    _, instance = world.find_instance(call)
    return _present(instance, _IDLE, world.clock.now())


def delete_idle_instance_culler(world: World, call: Call) -> JsonObject:
    """DeleteIdleInstanceCuller."""
    (region, instance), now = world.find_instance(call), world.clock.now()
    _present(instance, _IDLE, now)
    instance.keep_rules(None, instance.timer, now)
    return _changed(region, instance, _IDLE)


def create_instance_shutdown_timer(world: World, call: Call) -> JsonObject:
    """CreateInstanceShutdownTimer."""
    region, instance = _settable(world, call, _TIMER)
    now = world.clock.now()
    due = _due(checked(call.body, _TIMER_BODY), now)
    if not now < due <= now + _LONGEST:
        raise errors.validation_error(f"The time to stop at must lie in the future, not at {time_text(due)}.")
    instance.keep_rules(instance.idle_rule, Timer(due, now), now)
    return _changed(region, instance, _TIMER)


def get_instance_shutdown_timer(world: World, call: Call) -> JsonObject:
    """GetInstanceShutdownTimer."""
    _, instance = world.find_instance(call)
    return _present(instance, _TIMER, world.clock.now())


def delete_instance_shutdown_timer(world: World, call: Call) -> JsonObject:
    """DeleteInstanceShutdownTimer."""
    (region, instance), now = world.find_instance(call), world.clock.now()
    _present(instance, _TIMER, now)
    instance.keep_rules(instance.idle_rule, None, now)
    return _changed(region, instance, _TIMER)


def _due(asked: JsonObject, now: datetime) -> datetime:
    if len(asked) != 1:
        raise errors.validation_error("Either DueTime or RemainingTimeInMs is mandatory for this action.")
    if "RemainingTimeInMs" in asked:
        most = _LONGEST // timedelta(milliseconds=1)
        return now + timedelta(milliseconds=max(0, min(asked["RemainingTimeInMs"], most + 1)))
    try:
        due = datetime.fromisoformat(asked["DueTime"])
    except ValueError:
        message = f"DueTime must be a time such as 2021-01-12T14:36:01Z, not {asked['DueTime']}."
        raise errors.validation_error(message) from None
    return due if due.tzinfo else due.replace(tzinfo=UTC)


def _settable(world: World, call: Call, name: str) -> tuple[RegionState, Instance]:
    """The instance, which has no rule of this name yet."""
    region, instance = world.find_instance(call)
    status = instance.status(world.clock.now())
    if status != "Running" and world.faults.auto_stop_needs_running(call.region_id):
        raise errors.wrong_status(instance.instance_id, status, call.operation)
    if _view(instance, name, world.clock.now()) is not None:
        raise errors.validation_error(f"Instance {instance.instance_id} has an {name} already; delete it first.")
    return region, instance


def _changed(region: RegionState, instance: Instance, name: str) -> JsonObject:
    """The reply, once the rule of this name was created or deleted."""
    instance.overwritten.pop(name, None)
    region.touch()
    return {"InstanceId": instance.instance_id}


def _present(instance: Instance, name: str, now: datetime) -> JsonObject:
    view = _view(instance, name, now)
    if view is None:
        raise errors.auto_stop_not_found(instance.instance_id, name)
    return view


def _view(instance: Instance, name: str, now: datetime) -> JsonObject | None:
    """The rule as GetInstance shows it; None where there is none."""
    if name in instance.overwritten:
        return instance.overwritten[name]
    return idle_rule_view(instance, now) if name == _IDLE else timer_view(instance, now)
