"""How often, and for how long, an instance is polled while somebody waits for it. Times are in seconds."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.status import InstanceStatus

WaitTarget: TypeAlias = Literal["Running", "Stopped"]

_PACE: Final = ((6, 10.0), (12, 15.0), (20, 20.0))
"""Number of polls, and the interval that applies up to it; after the last, 30 seconds."""
_SLOWEST: Final = 30.0
_MOST_LOOKS: Final = 60
_LONGEST: Final = 1800.0
_MOST_WAITS: Final = 256


@dataclass(slots=True)
class Wait:
    """One wait across several calls; it starts over whenever the status changes."""

    began_at: float
    next_look_at: float
    looks: int = 0
    seen: Instance | None = None

    @property
    def status(self) -> InstanceStatus:
        """As it was last seen."""
        return self.seen.status if self.seen else "Unknown"

    def exhausted(self, now: float) -> bool:
        """Whether the limit of time or of polls is reached."""
        return self.looks >= _MOST_LOOKS or now - self.began_at >= _LONGEST

    def is_due(self, now: float) -> bool:
        """Whether to poll now; also if the clock was set back, else the wait would stall until it has caught up."""
        return not self.next_look_at - _SLOWEST <= now < self.next_look_at

    def plan_next_look(self, now: float) -> None:
        """Called before polling, so that concurrent calls share one pace."""
        self.looks += 1
        self.next_look_at = now + next((pause for most, pause in _PACE if self.looks <= most), _SLOWEST)

    def take(self, instance: Instance, now: float) -> None:
        """Records what was seen; a changed status starts the wait over."""
        if self.seen is not None and self.seen.status != instance.status:
            self.began_at, self.looks = now, 0
            self.plan_next_look(now)
        self.seen = instance


@dataclass(slots=True)
class Waits:
    """The waits of one server, so that the next call continues where the last one ended."""

    _waits: OrderedDict[tuple[str, str, str, WaitTarget], Wait] = field(
        default_factory=OrderedDict[tuple[str, str, str, WaitTarget], Wait]
    )

    def resume(self, whose: str, region_id: str, instance_id: str, until: WaitTarget, now: float) -> Wait:
        """The wait that this call continues; one that was abandoned for long is replaced by a new one.

        `whose`: the credentials that may see what is seen.
        """
        key = (whose, region_id, instance_id, until)
        known = self._waits.pop(key, None)
        if known is None or now - known.next_look_at >= _LONGEST:
            known = Wait(began_at=now, next_look_at=now)
        self._waits[key] = known
        if len(self._waits) > _MOST_WAITS:
            self._waits.popitem(last=False)
        return known

    def end(self, whose: str, region_id: str, instance_id: str, until: WaitTarget) -> None:
        """Forgets a wait that has come to its end."""
        self._waits.pop((whose, region_id, instance_id, until), None)
