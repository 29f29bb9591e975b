"""Which reads are retried, and after what backoff with jitter. Writes are never retried."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom
from typing import Final

from pai_dsw_mcp.errors import CloudError, ErrorKind

ATTEMPTS: Final = 3
_BASE: Final = 0.3
_CAP: Final = 5.0
_RETRY_AFTER_CAP: Final = 30.0
_RETRIED: Final = frozenset(
    {ErrorKind.THROTTLED, ErrorKind.SERVICE_FAILED, ErrorKind.UNREACHABLE, ErrorKind.CONNECTION_LOST}
)
_RANDOM: Final = SystemRandom()


def pause_before_next(error: CloudError, attempt: int) -> float | None:
    """Seconds to wait after the `attempt`th try (counted from 1) failed; None where it is not retried.

    The delay that the service asks for wins; else exponential backoff with full jitter spreads concurrent callers.
    """
    if attempt >= ATTEMPTS or error.kind not in _RETRIED or error.lacks_operation:
        return None
    if error.retry_after is not None:
        return error.retry_after
    return _RANDOM.uniform(0, min(_CAP, _BASE * 2 ** (attempt - 1)))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the service asks to wait, at most 30, the shorter of the two headers.

    `x-acs-retry-after` is in milliseconds; `Retry-After` is in seconds or a date (RFC 9110, 10.2.3).
    """
    wishes = [_milliseconds(headers.get("x-acs-retry-after")), _seconds_or_date(headers.get("retry-after"))]
    given = [wish for wish in wishes if wish is not None]
    return min(*given, _RETRY_AFTER_CAP) if given else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _milliseconds(text: str | None) -> float | None:
    value = _number(text) if text else None
    return None if value is None else value / 1000


def _seconds_or_date(text: str | None) -> float | None:
    if not text:
        return None
    value = _number(text)
    if value is not None:
        return value
    ahead = seconds_ahead(text)
    return None if ahead is None else max(0.0, ahead)


def seconds_ahead(date: str) -> float | None:
    """How far a date of HTTP lies ahead of this machine's clock; None where it is not one."""
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
