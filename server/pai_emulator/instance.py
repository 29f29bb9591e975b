"""A DSW instance as the world keeps it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pai_emulator import errors, lifecycle
from pai_emulator.auto_stop import IdleRule, Timer, until_stopped
from pai_emulator.lifecycle import ALLOWED, Course, Event, Outcome, Step
from pai_emulator.types import JsonObject


@dataclass(slots=True)
class Instance:
    """What was asked for (`settings`, with the wire's names) and where the instance is on its way (`course`).

    The status follows from the course and the time; nothing runs in the background. The course is the one that was
    `requested`, until an idle rule or a timer stops it.
    """

    instance_id: str
    region_id: str
    number: int
    """Appears in the addresses of the instance."""
    user_id: str
    user_name: str
    settings: JsonObject
    created_at: datetime
    course: Course
    changed_at: datetime
    """When it was last asked for something."""
    undelayed: Course = ()
    """The course as it is when nothing is waited for; of a queue it has the longest wait."""
    had_share: bool = True
    """Whether it had its share of a resource quota when the present course began."""
    journeys: int = 0
    """How many courses it has started; gives each of them its own durations."""
    seconds_before: float = 0
    """For how long it was Running before the present course."""
    past: list[Step] = field(default_factory=list[Step])
    """The statuses that it had before the present course, oldest first."""
    events: list[str] = field(default_factory=list[str])
    """Lines that GetInstanceEvents shows besides those that follow from the statuses."""
    idle_since: datetime | None = None
    """From when on its metrics are those of an instance that nobody uses; until then it works."""
    snapshots: list[JsonObject] = field(default_factory=list[JsonObject])
    overwritten: JsonObject = field(default_factory=dict[str, Any])
    """Wire fields that were changed without a request; they hold until a request changes the instance."""
    requested: Course = ()
    idle_rule: IdleRule | None = None
    timer: Timer | None = None

    def __post_init__(self) -> None:
        """A new instance has no rules."""
        self.requested = self.course

    @property
    def name(self) -> str:
        """The instance's name."""
        return self.settings["InstanceName"]

    @property
    def workspace_id(self) -> str:
        """The workspace it belongs to."""
        return self.settings["WorkspaceId"]

    @property
    def payment_type(self) -> str:
        """`Subscription` for an instance on a resource quota, `PayAsYouGo` otherwise."""
        return self.overwritten.get("PaymentType") or ("Subscription" if self.resource_id else "PayAsYouGo")

    @property
    def resource_id(self) -> str | None:
        """The resource quota it runs on; None for pay-as-you-go."""
        return self.settings.get("ResourceId")

    def step(self, now: datetime) -> Step:
        """The status it is in, since when and why."""
        return lifecycle.step_at(self.course, now)

    def status(self, now: datetime) -> str:
        """The status it is in."""
        return self.step(now).status

    def allow(self, event: Event, now: datetime, among: frozenset[str] | None = None) -> str:
        """The status, if it is `among` those that allow the event; raises the ApiError that refuses it."""
        status = self.status(now)
        if status not in (among or ALLOWED[event]):
            raise errors.wrong_status(self.instance_id, status, event)
        return status

    def steps(self, now: datetime) -> list[Step]:
        """Every status that it has had so far, oldest first."""
        return [*self.past, *(step for step in self.course if step.begins <= now or step is self.course[0])]

    def modified_at(self, now: datetime) -> datetime:
        """When it was last asked for something or changed its status by itself."""
        return max(self.changed_at, self.step(now).begins)

    def seconds_running(self, now: datetime) -> float:
        """For how long it has been Running in its life."""
        return self.seconds_before + lifecycle.seconds_running(self.course, now)

    def set_out(
        self,
        route: tuple[str, ...],
        now: datetime,
        fraction: Callable[..., float],
        outcome: Outcome = "runs",
    ) -> None:
        """Leave the present course for a route; `fraction` draws the length of each stay from its purpose."""
        self.seconds_before = self.seconds_running(now)
        self.past = self._left(now)
        self.had_share = self.has_share(now)
        self.journeys += 1
        self.overwritten.clear()
        self.changed_at = now

        def stay(status: str) -> float:
            return fraction(self.instance_id, self.journeys, status)

        self.undelayed = lifecycle.travel(route, now, stay, lifecycle.REASONS.get(outcome), outcome)
        self.follow(self.undelayed, now)

    def _left(self, now: datetime) -> list[Step]:
        """The past from now on; without what only just began, such as the state that a new instance is made in."""
        return [step for step in self.steps(now) if step.begins < now]

    def stand(self, status: str, now: datetime) -> None:
        """Be in a status from now on, whatever the table says."""
        self.seconds_before = self.seconds_running(now)
        self.past = self._left(now)
        self.undelayed = (Step(status, now),)
        self.follow(self.undelayed, now)

    def follow(self, course: Course, now: datetime) -> None:
        """Follow a course from now on, until a rule stops the instance."""
        self.requested = course
        self.course = until_stopped(course, (self.idle_rule, self.timer), now)

    def keep_rules(self, idle_rule: IdleRule | None, timer: Timer | None, now: datetime) -> None:
        """Have these rules from now on. What a rule did before stays done."""
        has_stopped = self.step(now) != lifecycle.step_at(self.requested, now)
        self.idle_rule, self.timer = idle_rule, timer
        self.follow(self.course if has_stopped else self.requested, now)

    def has_share(self, now: datetime) -> bool:
        """Whether it has its share of a resource quota: since before, or since it left the queue."""
        came_by_it = self.had_share or lifecycle.leaves_queue(self.course)
        return came_by_it and lifecycle.holds_quota(self.course, now)

    def waits(self, now: datetime) -> bool:
        """Whether it waits for a resource quota, or will on its present course."""
        return self.resource_id is not None and lifecycle.queue_in(self.course, now) is not None

    def wait(self) -> tuple[datetime, datetime]:
        """When it enters the queue, and when it gives up; one that was put there stays."""
        at = self._queue()
        gives_up_at = next((step.begins for step in self.undelayed[at + 1 :]), datetime.max.replace(tzinfo=UTC))
        return self.undelayed[at].begins, gives_up_at

    def leave_queue(self, turn: datetime | None, now: datetime) -> None:
        """Go on from the queue at `turn`; with None, wait in vain."""
        at = self._queue()
        in_vain = lifecycle.given_up(self.undelayed, at)
        self.follow(in_vain if turn is None else lifecycle.out_of_queue(self.undelayed, at, turn), now)

    def _queue(self) -> int:
        return next(at for at, step in enumerate(self.undelayed) if step.status == "Queuing")
