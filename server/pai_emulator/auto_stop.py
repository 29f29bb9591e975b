"""Rules that stop an instance by themselves: when it was idle for long enough, and at a time.

Documented: the fields, that both thresholds have to be undercut where there is a GPU, and that an instance stops once
it was idle for longer than the rule allows. Assumed: that nothing ever runs in an instance, so that it is idle from the
moment it runs, or gets the rule; that an idle rule stays through stops and starts; that a timer stops whatever can be
stopped when it is due, also on the way up, and is gone then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pai_emulator.lifecycle import ALLOWED, STOP, Course, step_at, travel

_HALFWAY: Final = 0.5
"""How long it takes to stop by itself, between the shortest and the longest stay."""


@dataclass(frozen=True, slots=True)
class IdleRule:
    """An idle instance culler. `since` is when it began to count."""

    max_idle_minutes: int
    since: datetime
    cpu_percent: int | None = None
    gpu_percent: int | None = None

    def idle_minutes(self, course: Course, now: datetime) -> int:
        """For how long the instance has been idle."""
        step = step_at(course, now)
        return int((now - max(step.begins, self.since)).total_seconds() // 60) if step.status == "Running" else 0

    def stops_at(self, course: Course) -> datetime | None:
        """When it stops an instance on this course."""
        if course[-1].status != "Running":
            return None
        return max(course[-1].begins, self.since) + timedelta(minutes=self.max_idle_minutes)


@dataclass(frozen=True, slots=True)
class Timer:
    """A shutdown timer."""

    due: datetime
    made: datetime

    def stops_at(self, course: Course) -> datetime | None:
        """When it stops an instance on this course."""
        return self.due if step_at(course, self.due).status in ALLOWED["StopInstance"] else None


def until_stopped(course: Course, rules: tuple[IdleRule | Timer | None, ...], now: datetime) -> Course:
    """The course until the first of the rules stops it after now, and the stop; the whole course where none does."""
    stops = [rule.stops_at(course) for rule in rules if rule is not None]
    stop = min((moment for moment in stops if moment is not None and moment > now), default=None)
    if stop is None:
        return course
    return (*(step for step in course if step.begins < stop), *travel(STOP, stop, lambda _: _HALFWAY))
