"""The life of an instance as a table: what may be asked of it in which status, and which way it goes then.

Documented: the names of the statuses (GetInstance); that StartInstance is accepted from Stopped and Failed, that an
instance is ready in two to five minutes, and that it is Running or Stopped after an update (the vendor's skill).
Observed by third parties: `Failed` with `Resource.InsufficientResource`, or with `InternalError` after the queue timed
out. Assumed: the order of the statuses, how long each of them lasts, and the rest of `ALLOWED`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

Event: TypeAlias = Literal[
    "StartInstance", "StopInstance", "StopInstance with SaveImage", "UpdateInstance", "CreateInstanceSnapshot"
]
Outcome: TypeAlias = Literal[
    "runs", "no stock", "no quota", "no such image", "image does not fit", "memory has no unit", "mount fails"
]

STATUSES: Final = frozenset(
    {
        "Creating",
        "SaveFailed",
        "Stopped",
        "Failed",
        "ResourceAllocating",
        "Stopping",
        "Updating",
        "Saving",
        "Queuing",
        "Recovering",
        "Starting",
        "Running",
        "Saved",
        "Deleting",
        "EnvPreparing",
        "ArrearStopping",
        "Arrearge",
    }
)
"""Every status of GetInstance and GetLifecycle, misspelt as there."""

ALLOWED: Final[Mapping[Event, frozenset[str]]] = MappingProxyType(
    {
        "StartInstance": frozenset({"Stopped", "Failed"}),
        "StopInstance": frozenset(
            {
                "Creating",
                "Queuing",
                "ResourceAllocating",
                "EnvPreparing",
                "Starting",
                "Running",
                "Recovering",
                "SaveFailed",
            }
        ),
        "StopInstance with SaveImage": frozenset({"Running"}),
        "UpdateInstance": frozenset({"Running", "Stopped", "Failed"}),
        "CreateInstanceSnapshot": frozenset({"Running", "SaveFailed"}),
    }
)

STOPPED_FROM: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"running": frozenset({"Running"}), "any": STATUSES - {"Stopped", "Deleting"}}
)
"""The alternatives to the statuses from which StopInstance is accepted."""

CREATE: Final = ("Creating", "ResourceAllocating", "EnvPreparing", "Starting", "Running")
START: Final = ("Starting", "ResourceAllocating", "EnvPreparing", "Running")
STARTS: Final = MappingProxyType({"ResourceAllocating": CREATE[1:], "Stopped": ("Stopped", *START)})
"""The alternatives to `START`, by the status that is first."""
CREATE_ON_QUOTA: Final = ("Creating", "Queuing", "EnvPreparing", "Running")
START_ON_QUOTA: Final = ("Queuing", "EnvPreparing", "Running")
STOP: Final = ("Stopping", "Stopped")
SAVE: Final = ("Saving", "Saved", "Running")
SAVE_RUNNING: Final = ("Running", "Running")
"""The alternative to `SAVE`; the second one begins when the environment is saved."""
SAVE_AND_STOP: Final = ("Saving", "Saved", "Stopping", "Stopped")
SAVE_FAILING: Final = ("Saving", "SaveFailed")
UPDATE_RUNNING: Final = ("Updating", "Running")
UPDATE_RESTARTING: Final = ("Updating", "Starting", "EnvPreparing", "Running")
UPDATE_STOPPED: Final = ("Updating", "Stopped")
_RECOVER: Final = ("Recovering", "Running")
_OVERDUE: Final = ("ArrearStopping", "Arrearge")

_STAYS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "Creating": (10, 20),
        "ResourceAllocating": (25, 50),
        "EnvPreparing": (60, 130),
        "Starting": (40, 90),
        "Queuing": (300, 600),
        "Stopping": (20, 40),
        "Updating": (8, 12),
        "Saving": (60, 180),
        "Saved": (2, 5),
        "Recovering": (60, 120),
        "ArrearStopping": (20, 40),
        # Of the alternatives alone.
        "Stopped": (5, 10),
        "Running": (60, 180),
    }
)
"""The shortest and the longest stay in a passing status, in seconds of emulator time."""

REASONS: Final[Mapping[Outcome, tuple[str, str]]] = MappingProxyType(
    {
        "no stock": ("Resource.InsufficientResource", "The requested resource is sold out in the region."),
        "no quota": ("InternalError", "Resource queue timeout, lack of sufficient resources"),
        "no such image": ("Internal Error", "ImagePullBackOff"),
        "image does not fit": ("Internal Error", "ImagePullBackOff"),
    }
)
"""`ReasonCode` and `ReasonMessage` of what ends in Failed; of memory without a unit and of a mount they say nothing.

That a misfit of image and spec shows so is assumed, and that a mount that fails has no reason.
"""

_WITHOUT_QUOTA: Final = frozenset({"Creating", "Queuing", "Stopped", "Failed", "Arrearge", "Deleting"})
"""In any other status an instance takes its share of a resource quota (assumed)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A status and when it begins; it lasts until the next step begins."""

    status: str
    begins: datetime
    reason: tuple[str, str] | None = None
    outcome: Outcome = "runs"
    """What the start came to, where this is its end."""


Course: TypeAlias = tuple[Step, ...]
"""The statuses an instance goes through once it was asked to; it stays in the last one."""


def to_failed(route: tuple[str, ...], outcome: Outcome) -> tuple[str, ...]:
    """A route to Running, cut short by an outcome: in the queue, or when the container is to be made."""
    if outcome in {"no such image", "image does not fit", "memory has no unit", "mount fails"}:
        return (*route[: route.index("EnvPreparing") + 1], "Failed")
    return (*route[: route.index("ResourceAllocating")], "Queuing", "Failed")


def travel(
    route: tuple[str, ...],
    now: datetime,
    fraction: Callable[[str], float],
    reason: tuple[str, str] | None = None,
    outcome: Outcome = "runs",
) -> Course:
    """Set out on a route now. `fraction` says for a status how long the stay is between its shortest and its longest.

    `reason` is the reason of the last status, `outcome` what led to it.
    """
    steps: list[Step] = []
    begins = now
    for status in route[:-1]:
        steps.append(Step(status, begins))
        shortest, longest = _STAYS[status]
        # Whole seconds, because the wire shows no fractions of them.
        begins += timedelta(seconds=round(shortest + fraction(status) * (longest - shortest)))
    return (*steps, Step(route[-1], begins, reason, outcome))


def continued(status: str, *, on_quota: bool = False) -> tuple[str, ...]:
    """The route of an instance that is found in `status`: the rest of the first route that passes through it."""
    starting = (CREATE_ON_QUOTA,) if on_quota else (CREATE, ("Queuing", "Failed"))
    for route in (*starting, START, STOP, SAVE_AND_STOP, UPDATE_RUNNING, _RECOVER, _OVERDUE):
        if status in route[:-1]:
            return route[route.index(status) :]
    return (status,)


def queue_in(course: Course, now: datetime) -> int | None:
    """Which step is that of the queue, if the way leads on from it later than now."""
    steps = enumerate(pairwise(course))
    return next((at for at, (step, after) in steps if step.status == "Queuing" and after.begins > now), None)


def leaves_queue(course: Course) -> bool:
    """Whether the course goes through the queue of a quota and out of it with a share."""
    return any(step.status == "Queuing" and after.status == "EnvPreparing" for step, after in pairwise(course))


def out_of_queue(course: Course, at: int, turn: datetime) -> Course:
    """The course with its way on from step `at`, the queue, moved so that it begins at `turn`."""
    later = turn - course[at + 1].begins
    moved = (replace(step, begins=step.begins + later) for step in course[at + 1 :])
    return (*course[: at + 1], *moved)


def given_up(course: Course, at: int) -> Course:
    """The course as it ends when the wait in step `at`, the queue, was in vain."""
    return (*course[: at + 1], Step("Failed", course[at + 1].begins, REASONS["no quota"], "no quota"))


def holds_quota(course: Course, now: datetime) -> bool:
    """Whether the status goes with a share of a resource quota; who has the queue ahead has none."""
    return step_at(course, now).status not in _WITHOUT_QUOTA and queue_in(course, now) is None


def step_at(course: Course, now: datetime) -> Step:
    """The step that an instance is in."""
    # From the end, because most instances have arrived.
    return next((step for step in reversed(course) if step.begins <= now), course[0])


def next_change(course: Course, now: datetime) -> datetime | None:
    """When the status changes next without a request; None where it stays."""
    return next((step.begins for step in course if step.begins > now), None)


def seconds_running(course: Course, now: datetime) -> float:
    """For how long the course has been in Running, in seconds."""
    ends = [step.begins for step in course[1:]] + [now]
    return sum(
        max(0.0, (min(end, now) - step.begins).total_seconds())
        for step, end in zip(course, ends, strict=True)
        if step.status == "Running"
    )
