"""What may run, as the operator set it. It loads no pydantic, so that the command line may read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency."""

    amount: float
    currency: str

    def __str__(self) -> str:
        """As it is shown, such as `12.50 CNY`."""
        return f"{self.amount:.2f} {self.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """One field per flag; None is no limit. Without a `timezone` a day is that of the machine."""

    max_hourly: Money | None = None
    max_running: int | None = None
    max_gpus: int | None = None
    daily_budget: Money | None = None
    timezone: tzinfo | None = None

    @property
    def shown(self) -> Iterator[str]:
        """Each limit as a flag."""
        for flag, value in (
            ("--max-hourly", self.max_hourly),
            ("--max-running", self.max_running),
            ("--max-gpus", self.max_gpus),
            ("--daily-budget", self.daily_budget),
        ):
            if value is not None:
                yield f"{flag} {value}"

    @property
    def are_set(self) -> bool:
        """Whether anything is limited."""
        return any(True for _ in self.shown)

    def day_of(self, now: float) -> "Day":
        """The day that a moment is in; a day on which clocks change has 23 or 25 hours."""
        today = datetime.fromtimestamp(now, self.timezone)
        return Day(self._midnight(today), self._midnight(today + timedelta(days=1)), now)

    def _midnight(self, moment: datetime) -> float:
        # Without a zone the naive time is the machine's own, by the rules of that date.
        return datetime(moment.year, moment.month, moment.day, tzinfo=self.timezone).timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often one person may call, have a question asked, and have a change sent; 0 is no limit."""

    reads_per_minute: int = 0
    questions_per_hour: int = 0
    writes_per_hour: int = 0


NO_RATES: Final = Rates()


@dataclass(frozen=True, slots=True)
class Day:
    """Its midnights, and now; seconds since the epoch."""

    begins: float
    ends: float
    now: float
