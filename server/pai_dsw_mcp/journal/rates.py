"""SQL for how much a person may have waiting, and how often they may call, be asked and change. 0 is no limit."""

from typing import Final

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.database import Rows
from pai_dsw_mcp.journal.errors import RateError

_HOUR: Final = 3600.0
_MINUTE: Final = 60.0
# What the same yes also covers needs no question, and must be sent: a timer that stops what was started, for one.
_QUESTIONS: Final = """
    SELECT asked_at AS moment FROM approvals WHERE principal = ? AND asked_at > ? AND parent IS NULL
    ORDER BY asked_at DESC LIMIT 1 OFFSET ?
"""
_WRITES: Final = """
    SELECT sent_at AS moment FROM operations JOIN approvals USING (approval_id)
    WHERE operations.principal = ? AND sent_at > ? AND operations.state <> 'not_sent' AND parent IS NULL
    ORDER BY sent_at DESC LIMIT 1 OFFSET ?
"""


def count_call(rows: Rows, now: float, *, person: str, most: int) -> None:
    """Counts a call in this minute. Of two servers the clock of one may be a little ahead; the later minute counts.

    Raises:
        RateError: It is one too many, and is not counted.
    """
    calls = rows.execute(
        "INSERT INTO reads (person, minute, calls) VALUES (?, ?, 1) ON CONFLICT (person) DO UPDATE SET"
        " calls = CASE WHEN reads.minute < excluded.minute THEN 1 ELSE reads.calls + 1 END,"
        " minute = CASE WHEN reads.minute < excluded.minute THEN excluded.minute ELSE reads.minute END"
        " RETURNING calls",
        (person, int(now // _MINUTE)),
    ).fetchone()["calls"]
    if calls > most:
        raise RateError("rate_reads", most=most, wait=_MINUTE - now % _MINUTE)


def check_waiting(rows: Rows, now: float, principal: str, most: int) -> None:
    """Whether one more question may wait.

    Raises:
        RefusedError: It may not.
    """
    waiting = rows.execute(
        "SELECT count(*) AS waiting FROM approvals WHERE principal = ? AND state = 'waiting' AND expires_at > ?",
        (principal, now),
    ).fetchone()["waiting"]
    if 0 < most <= waiting:
        raise RefusedError("too_many_waiting", most=most)


def check_question(rows: Rows, now: float, principal: str, most: int) -> None:
    """Whether one more question may be asked.

    Raises:
        RateError: It may not.
    """
    _check(rows, now, principal, most, _QUESTIONS, "rate_questions")


def check_write(rows: Rows, now: float, principal: str, most: int) -> None:
    """Whether one more change may be sent.

    Raises:
        RateError: It may not.
    """
    _check(rows, now, principal, most, _WRITES, "rate_writes")


def refusals(rows: Rows, now: float, principal: str, *, within: float) -> tuple[int, float]:
    """How many questions were declined or dismissed since the last yes, and seconds since the last of them.

    Those that are older than `within` seconds do not count.
    """
    answered = rows.execute(
        "SELECT state, decided_at, coalesce(decided_at, dismissed_at) AS answered_at FROM approvals"
        " WHERE principal = ? AND coalesce(decided_at, dismissed_at) > ? ORDER BY answered_at DESC, rowid DESC",
        (principal, now - within),
    ).fetchall()
    # An approval still counts after it was used, superseded or expired.
    is_yes = (row["decided_at"] is not None and row["state"] != "rejected" for row in answered)
    count = next((position for position, yes in enumerate(is_yes) if yes), len(answered))
    return count, now - answered[0]["answered_at"] if answered else within


def _check(rows: Rows, now: float, principal: str, most: int, statement: str, key: str) -> None:
    if not most:
        return
    # The one that has to be an hour old before the next.
    first = rows.execute(statement, (principal, now - _HOUR, most - 1)).fetchone()
    if first is not None:
        raise RateError(key, most=most, wait=first["moment"] + _HOUR - now)
