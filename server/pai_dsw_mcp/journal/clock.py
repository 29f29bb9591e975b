"""The journal's clock: wall time that never runs backwards and never stands still."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal


class Clock:
    """Seconds since the epoch; the monotonic clock takes over where the wall clock was set back.

    An approval must not live longer because somebody, or NTP, set the clock back. A jump forward expires approvals
    early, which is safe.
    """

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._anchor = 0.0
        self._anchored_at = elapsed()

    def read(self, now: float, latest: float = 0.0) -> float:
        """The time, never before `latest` (what other processes have seen) and never before an earlier reading.

        `now` is what the wall clock says.
        """
        elapsed = self._elapsed()
        self._anchor = max(now, self._anchor + elapsed - self._anchored_at, latest)
        self._anchored_at = elapsed
        return self._anchor


def local_time(moment: float, timespec: Literal["seconds", "minutes"] = "seconds") -> str:
    """This moment (seconds since the epoch) in ISO 8601, in the time zone of this machine; what is finer is cut off."""
    return datetime.fromtimestamp(moment, UTC).astimezone().isoformat(timespec=timespec)
