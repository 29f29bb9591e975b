"""What happened to an instance: its events, the statuses it went through, and system logs.

Documented: the parameters and fields. Third party: events are lines of text with a time of day, oldest first; the texts
of attached mounts, of the started container and of `FailedMount`; that a container whose memory has no unit cannot be
created and that nothing but an event tells; that ListSystemLogs is not there. Assumed: every other text, that the time
of day is in UTC, the levels Normal and Warning, the borders of a session, that sessions come newest first where nothing
else is asked for, and that `SessionNumber` skips as many.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from pai_emulator import errors
from pai_emulator.call import Call
from pai_emulator.instance import Instance
from pai_emulator.instance_view import image_name, time_text
from pai_emulator.lifecycle import Outcome, Step
from pai_emulator.query import Query
from pai_emulator.region_state import RegionState
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_MOST_EVENTS: Final = 2000
_LOGS_A_PAGE: Final = 100
_ENDS_A_SESSION: Final = frozenset({"Stopped", "Failed", "Arrearge"})
_STARTS_A_CONTAINER: Final = frozenset({"EnvPreparing", "Starting", "Recovering"})
_FAILURES: Final[Mapping[Outcome, tuple[str, ...]]] = MappingProxyType(
    {
        "no stock": ("FailedScheduling: the requested resource is sold out",),
        "no quota": ("FailedScheduling: Resource queue timeout, lack of sufficient resources",),
        "no such image": (
            'Failed to pull image "{image}": manifest unknown',
            'BackOff: Back-off pulling image "{image}"',
            "Error: ImagePullBackOff",
        ),
        "image does not fit": (
            'Failed to pull image "{image}": manifest does not match the node',
            'BackOff: Back-off pulling image "{image}"',
            "Error: ImagePullBackOff",
        ),
        "memory has no unit": (
            "Error: failed to create containerd task: failed to create shim task: OCI runtime create failed",
        ),
        "mount fails": (
            'FailedMount: MountVolume.SetUp failed for volume "dsw-data-0": mount of {mounts} failed: exit status 1',
        ),
    }
)


@dataclass(frozen=True, slots=True)
class _Event:
    moment: datetime
    level: str
    text: str


def get_instance_events(world: World, call: Call) -> JsonObject:
    """GetInstanceEvents."""
    region, instance = world.find_instance(call)
    query = Query(call)
    level = query.text("EventLevel")
    events = [
        event.text
        for event in _events(region, instance, world.clock.now())
        if level in {None, event.level} and _is_within(query, event.moment)
    ]
    return {"InstanceId": instance.instance_id, "Events": events[-query.whole("MaxEventsNum", _MOST_EVENTS) :]}


def get_lifecycle(world: World, call: Call) -> JsonObject:
    """GetLifecycle."""
    _, instance = world.find_instance(call)
    query, sessions = Query(call), list[list[JsonObject]]()
    for step, ends in _with_ends(instance.steps(world.clock.now())):
        if not sessions or sessions[-1][-1]["Status"] in _ENDS_A_SESSION:
            sessions.append([])
        row = _status(step, ends)
        sessions[-1].append({**row, "LifecycleId": f"{instance.number}-{len(sessions)}"})
    within = [session for session in sessions if _is_within(query, datetime.fromisoformat(session[0]["GmtCreateTime"]))]
    if query.choice("Order", {"ASC", "DESC"}) != "ASC":
        within.reverse()
    skipped = int(query.number("SessionNumber") or 0)
    shown = within[skipped:][: query.whole("Limit", max(1, len(within)))]
    return {"Lifecycle": shown, "TotalCount": len(within)}


def list_system_logs(world: World, call: Call) -> JsonObject:
    """ListSystemLogs, which is there only where a fault says so. Of all filters, four narrow the list (assumed)."""
    if not world.faults.has_system_logs(call.region_id):
        raise errors.action_not_found()
    region, query, now = world.region(call.region_id), Query(call), world.clock.now()
    wanted = query.text("InstanceId")
    logs = [
        {"Content": event.text.partition(": ")[2], "GmtCreateTime": time_text(event.moment), "Level": "Error"}
        for instance in region.visible_instances(call.user)
        if wanted in {None, instance.instance_id} and query.text("LogLevel") in {None, "Error"}
        for event in _events(region, instance, now)
        if event.level == "Warning" and _is_within(query, event.moment, "Gmt")
    ]
    logs.sort(key=lambda log: log["GmtCreateTime"], reverse=query.choice("Order", {"ASC", "DESC"}) == "DESC")
    end = int(query.number("Offset") or 0) + _LOGS_A_PAGE
    return {"SystemLogs": logs[end - _LOGS_A_PAGE : end], "Offset": str(end) if end < len(logs) else ""}


def _is_within(query: Query, moment: datetime, prefix: str = "") -> bool:
    since, until = query.moment(f"{prefix}StartTime"), query.moment(f"{prefix}EndTime")
    return (since is None or moment >= since) and (until is None or moment <= until)


def _with_ends(steps: list[Step]) -> Iterator[tuple[Step, datetime | None]]:
    """Each step with when it ended."""
    yield from ((step, following.begins) for step, following in pairwise(steps))
    yield steps[-1], None


def _status(step: Step, ends: datetime | None) -> JsonObject:
    code, message = step.reason or ("", "")
    return {
        "Status": step.status,
        "ReasonCode": code,
        "ReasonMessage": message,
        "GmtCreateTime": time_text(step.begins),
        "GmtEndTime": time_text(ends) if ends else "",
    }


def _events(region: RegionState, instance: Instance, now: datetime) -> list[_Event]:
    """Every event, oldest first; those of a fixture belong to the last thing that happened."""
    steps, before = instance.steps(now), "EnvPreparing"
    events: list[_Event] = []
    for step in steps:
        for level, text in _told(region, instance, step, before):
            events.append(_Event(step.begins, level, f"{step.begins:%H:%M:%S}: {text}"))
        before = step.status
    return events + [_Event(steps[-1].begins, "Warning", text) for text in instance.events]


def _told(region: RegionState, instance: Instance, step: Step, before: str) -> Iterator[tuple[str, str]]:
    """Level and text of what is told of a status, which comes after the status `before`."""
    mounts, image = instance.settings.get("Datasets", []), image_name(region, instance.settings)
    match step.status:
        case "Queuing":
            yield "Normal", "Queued: waiting for resources"
        case "EnvPreparing":
            yield "Normal", "Scheduled: successfully assigned to a node"
            yield "Normal", f'Pulling image "{image}"'
        case "Running" if before in _STARTS_A_CONTAINER:
            if mounts:
                yield "Normal", "All mountpoints have been successfully attached to the instance"
            yield "Normal", "Started container dsw-notebook"
        case "Stopping":
            yield "Normal", "Killing: Stopping container dsw-notebook"
        case "Failed":
            sources = ", ".join(mount.get("Uri", mount.get("DatasetId", "")) for mount in mounts)
            for text in _FAILURES.get(step.outcome, ()):
                yield "Warning", text.format(image=image, mounts=sources)
        case _:
            pass
