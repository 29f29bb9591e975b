"""Who has a share of a resource quota, and who waits for one.

Seen by a third party: an instance on a quota goes through Queuing to EnvPreparing, and fails when it has waited too
long. Documented: `PaiStrategyStrictFIFO`. Assumed: that a higher priority goes first, that nobody overtakes the one in
front, that an instance gives its share back when it is Stopped or Failed, and how long it may wait.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pai_emulator.instance import Instance
from pai_emulator.region_state import RegionState
from pai_emulator.types import JsonObject

_AMOUNTS: Final = ("CPU", "Memory", "GPU")
_SHORTEST_WAIT: Final = timedelta(seconds=5)
"""Where there is room at once."""


def take_turns(region: RegionState, quota_id: str, now: datetime) -> None:
    """Plan when each instance that waits for this quota gets its share, after something on the quota has changed."""
    on_quota = [each for each in region.instances.values() if each.resource_id == quota_id]
    before = [each for each in on_quota if not each.waits(now)]
    earliest = now
    for instance in in_order(each for each in on_quota if each.waits(now)):
        queued_at, gives_up_at = instance.wait()
        earliest = max(earliest, queued_at + _SHORTEST_WAIT)
        turn = _first_room(region, instance, before, earliest, gives_up_at)
        instance.leave_queue(turn, now)
        before.append(instance)
        earliest = max(earliest, turn or gives_up_at)


def in_order(waiting: Iterable[Instance]) -> list[Instance]:
    """Those who wait, the next one first."""
    return sorted(waiting, key=lambda each: (-each.settings.get("Priority", 1), each.wait()[0]))


def taken(region: RegionState, quota: JsonObject, now: datetime) -> JsonObject:
    """What all workloads together have of a quota."""
    holders = [each for each in region.instances.values() if each.resource_id == quota["QuotaId"]]
    return _taken(region, quota, holders, now)


def amounts_of(region: RegionState, instance: Instance) -> JsonObject:
    """What an instance asks for, in units and GiB."""
    wanted = region.resources(instance.settings)
    return {"CPU": wanted.cpu, "Memory": wanted.memory, "GPU": wanted.gpu}


def _taken(region: RegionState, quota: JsonObject, instances: list[Instance], moment: datetime) -> JsonObject:
    shares = [amounts_of(region, each) for each in instances if each.has_share(moment)]
    return {name: quota["Taken"].get(name, 0) + sum(share[name] for share in shares) for name in _AMOUNTS}


def _first_room(
    region: RegionState, instance: Instance, before: list[Instance], earliest: datetime, latest: datetime
) -> datetime | None:
    """The first moment at which the quota has room; it can only come when another instance changes its status."""
    quota, wanted = region.quotas[instance.settings["ResourceId"]], amounts_of(region, instance)
    changes = {step.begins for other in before for step in other.course if step.begins > earliest}
    for moment in (earliest, *sorted(changes)):
        if moment >= latest:
            return None
        held = _taken(region, quota, before, moment)
        if all(held[name] + wanted[name] <= quota[name] for name in _AMOUNTS):
            return moment
    return None
