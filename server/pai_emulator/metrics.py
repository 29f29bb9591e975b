"""GetInstanceMetrics: curves of use, drawn from the seed and the clock.

Documented: the parameters, the fields, the names of the metrics, that usage is in percent. Third party (the documents
of a sister operation of PaiStudio): rates are in MB/s. Assumed: the last hour and a step of one minute where nothing is
asked for, no more than 1,440 points, no points while the instance does not run and none of a GPU that it does not have,
and every value.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from pai_emulator import errors
from pai_emulator.call import Call
from pai_emulator.instance import Instance
from pai_emulator.query import Query
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_CURVES: Final[Mapping[str, tuple[tuple[float, float], tuple[float, float]]]] = MappingProxyType(
    {
        "GpuCoreUsage": ((62, 97), (0, 0)),
        "GpuMemoryUsage": ((70, 84), (36, 36)),
        "CpuCoreUsage": ((35, 80), (0.2, 1.6)),
        "MemoryUsage": ((44, 58), (21, 22)),
        "NetworkInputRate": ((8, 40), (0, 0.01)),
        "NetworkOutputRate": ((1, 6), (0, 0.01)),
        "DiskReadRate": ((20, 120), (0, 0)),
        "DiskWriteRate": ((4, 30), (0, 0.05)),
    }
)
"""The lowest and the highest value of each metric while the instance works, and while it is idle."""

_MOST_POINTS: Final = 1440
_STEP: Final = re.compile(r"([1-9][0-9]{0,3})m?")
_LAST: Final = timedelta(hours=1)


def get_instance_metrics(world: World, call: Call) -> JsonObject:
    """GetInstanceMetrics."""
    region, instance = world.find_instance(call)
    query, now = Query(call), world.clock.now()
    metric = query.choice("MetricType", _CURVES)
    if metric is None:
        raise errors.missing_parameter("MetricType")
    until = min(query.moment("EndTime") or now, now)
    since = query.moment("StartTime") or until - _LAST
    step = 60 * _minutes(query)
    last = int(until.timestamp()) // step * step
    first = max(-(-int(since.timestamp()) // step) * step, last - (_MOST_POINTS - 1) * step)
    times = range(first, last + 1, step)
    has_it = region.resources(instance.settings).gpu or not metric.startswith("Gpu")
    runs = _runs(instance, now) if has_it else []
    points = [
        {"Time": time, "Value": _value(world, instance, metric, time)}
        for time in times
        if any(begins <= time < ends for begins, ends in runs)
    ]
    pod_id = f"dsw-{instance.number}-{world.seeded.hexadecimal(10, 'pod', instance.instance_id)}"
    pods = [{"PodId": pod_id, "Metrics": points}] if points else []
    return {"InstanceId": instance.instance_id, "PodMetrics": pods}


def _minutes(query: Query) -> int:
    """`TimeStep`: `15m`, or `15`."""
    text = query.text("TimeStep") or "1m"
    found = _STEP.fullmatch(text)
    if found is None:
        raise errors.validation_error(f"TimeStep must be minutes such as 15m, not {text}.")
    return int(found[1])


def _runs(instance: Instance, now: datetime) -> list[tuple[float, float]]:
    """From when until when it was Running."""
    ends = [(step, following.begins) for step, following in pairwise(instance.steps(now))]
    ends.append((instance.step(now), now + timedelta(seconds=1)))
    return [(step.begins.timestamp(), end.timestamp()) for step, end in ends if step.status == "Running"]


def _value(world: World, instance: Instance, metric: str, time: int) -> float:
    idle_since = instance.idle_since
    lowest, highest = _CURVES[metric][idle_since is not None and time >= idle_since.timestamp()]
    return round(lowest + world.seeded.fraction(instance.instance_id, metric, time) * (highest - lowest), 6)
