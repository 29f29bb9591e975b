"""The arguments by which an instance is asked to stop itself."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field

from pai_dsw_mcp.errors import InputError

_HOUR_24: Final = re.compile(r"(?<=[0-9])([Tt ])24((?::?00){0,2}(?:[.,]0+)?(?=$|[Zz+\-]))")
_MOST_MINUTES: Final = 100_000
_FURTHEST: Final = timedelta(days=3650)
_LEAST_TO_ASK: Final = timedelta(minutes=10)
_LEAST_TO_SEND: Final = timedelta(minutes=1)
"""A timer is replaced by two requests: the time must not be over when the second one comes."""


def _within(least: int, most: int, words: str) -> AfterValidator:
    """Limits that cost no tokens in the schema; a refusal names them."""

    def check(value: int) -> int:
        if not least <= value <= most:
            raise ValueError(words)
        return value

    return AfterValidator(check)


_MINUTES: Final = _within(10, _MOST_MINUTES, "10 minutes or more; to stop it sooner, call stop_instance")
IdleMinutes: TypeAlias = Annotated[int, _MINUTES, Field(description="Stop itself once idle for so long.")]
Percent: TypeAlias = Annotated[
    int, _within(1, 100, "a percentage is 1 to 100"), Field(description="Idle means below it.")
]
StopAt: TypeAlias = Annotated[str, Field(description="With the person's UTC offset: 2026-01-31T18:00+08:00.")]
StopAfter: TypeAlias = Annotated[int, _MINUTES]


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoStop:
    """What is asked for. A percentage that is not named stays as it is; so does a rule."""

    idle_minutes: int | None = None
    cpu_percent: int | None = None
    gpu_percent: int | None = None
    stop_at: datetime | None = None
    stop_after: timedelta | None = None


def auto_stop_of(
    now: float,
    idle_minutes: int | None,
    cpu_percent: int | None,
    gpu_percent: int | None,
    stop_at: str | None,
    stop_after_minutes: int | None,
) -> AutoStop:
    """What the arguments ask for.

    Raises:
        InputError: They ask for nothing, for two timers, or for a time that has passed or lacks its offset.
    """
    if idle_minutes is None and (cpu_percent or gpu_percent):
        raise InputError("auto_stop_thresholds")
    if idle_minutes is None and stop_at is None and stop_after_minutes is None:
        raise InputError("auto_stop_choice")
    if stop_at is not None and stop_after_minutes is not None:
        raise InputError("auto_stop_two_times")
    return AutoStop(
        idle_minutes=idle_minutes,
        cpu_percent=cpu_percent,
        gpu_percent=gpu_percent,
        stop_at=None if stop_at is None else _moment(stop_at, now),
        stop_after=None if stop_after_minutes is None else timedelta(minutes=stop_after_minutes),
    )


def auto_stop_if_any(
    now: float, idle_minutes: int | None, stop_at: str | None, stop_after_minutes: int | None
) -> AutoStop | None:
    """What the arguments of a create or a start ask for; None where they ask for nothing.

    Raises:
        InputError: They ask for two timers, or for a time that has passed or lacks its offset.
    """
    if idle_minutes is None and stop_at is None and stop_after_minutes is None:
        return None
    return auto_stop_of(now, idle_minutes, None, None, stop_at, stop_after_minutes)


def why_not_asked(wish: AutoStop, now: float) -> InputError | None:
    """Why nobody is asked about this time any more: a stop that soon is for stop_instance, and its typed name.

    Raises:
        InputError: Nor is it sent where it was approved: the time came while the question was open.
    """
    if wish.stop_at is None:
        return None
    left, told = wish.stop_at.timestamp() - now, in_utc(datetime.fromtimestamp(now, UTC))
    if left < _LEAST_TO_SEND.total_seconds():
        raise InputError("stop_at_over", now=told)
    return InputError("stop_at_soon", now=told) if left < _LEAST_TO_ASK.total_seconds() else None


def _moment(text: str, now: float) -> datetime:
    # ISO 8601 also writes the end of a day as hour 24, which Python does not read.
    midnight, days = _HOUR_24.subn(r"\g<1>00\g<2>", text)
    later = timedelta(days=days)
    try:
        moment = datetime.fromisoformat(midnight)
    except ValueError:
        raise InputError("stop_at_unreadable") from None
    if moment.tzinfo is None:
        raise InputError("stop_at_without_zone")
    if not 0 < moment.timestamp() + later.total_seconds() - now <= _FURTHEST.total_seconds():
        raise InputError("stop_at_past", now=in_utc(datetime.fromtimestamp(now, UTC)))
    return moment + later


def in_utc(moment: datetime) -> str:
    """A time as the service takes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
