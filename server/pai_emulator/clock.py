"""The emulator's time. Everything that happens in the world happens on a clock that is passed in."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
"""Where a virtual clock stands when nobody says otherwise."""


class Clock(Protocol):
    """A source of emulator time, in UTC, that can be pushed forward."""

    def now(self) -> datetime:
        """The emulator's time as an aware datetime in UTC."""
        ...

    def advance(self, seconds: float) -> None:
        """Move the clock forward; raises ValueError for a negative number, because time never runs back."""
        ...

    def restart(self) -> None:
        """Return to the time at which it was made."""
        ...


class VirtualClock:
    """Stands still until it is advanced."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._now = start

    def now(self) -> datetime:
        """The time it was last moved to."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds`."""
        self._now += _forward(seconds)

    def restart(self) -> None:
        """Stand at the start."""
        self._now = self._start


class RealClock:
    """Runs `speed` times as fast as the machine's own clock; 1.0 is real time."""

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        self._speed = speed
        self._start = start or datetime.now(UTC)
        self._advanced = timedelta()
        # Monotonic, so that a corrected system clock never makes an instance leave a state it has entered.
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """The start plus `speed` times what has passed since, plus what was advanced."""
        return self._start + self._advanced + timedelta(seconds=(time.monotonic() - self._origin) * self._speed)

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds` of emulator time at once."""
        self._advanced += _forward(seconds)

    def restart(self) -> None:
        """Start again from the start, at the same speed."""
        self._advanced = timedelta()
        self._origin = time.monotonic()


def rfc3339(moment: datetime) -> str:
    """A moment in UTC as text, with `Z` and as many fractions of a second as it has."""
    return moment.isoformat().replace("+00:00", "Z")


def _forward(seconds: float) -> timedelta:
    if seconds < 0:
        message = f"the clock cannot go back by {-seconds} seconds"
        raise ValueError(message)
    return timedelta(seconds=seconds)
