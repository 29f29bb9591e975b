"""The journal: the state that all server processes of one user, or of one team, share.

One transaction consumes an approval and marks its write as sent, before the first byte leaves (at-most-once).
"""

import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from anyio import to_thread

from pai_dsw_mcp.journal import approvals, attempts, follow_ups, operations, rates, state_keys
from pai_dsw_mcp.journal.database import Database, Mode, Rows
from pai_dsw_mcp.journal.sqlite import SqliteFile

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[Rows, float, P], T]
Method = Callable[Concatenate["Journal", P], Coroutine[Any, Any, T]]


def _transaction(mode: Mode, work: Work[P, T]) -> Method[P, T]:
    """A method that does this work in one transaction, in a worker thread."""

    async def method(journal: "Journal", *args: P.args, **kwargs: P.kwargs) -> T:
        def transact() -> T:
            with journal.database.transaction(mode) as (rows, now):
                return work(rows, now, *args, **kwargs)

        return await to_thread.run_sync(transact)

    return method


def _read(work: Work[P, T]) -> Method[P, T]:
    return _transaction("read", work)


def _write(work: Work[P, T]) -> Method[P, T]:
    return _transaction("write", work)


def _time(_rows: Rows, now: float) -> float:
    """Seconds since the epoch on the journal's own clock, which never runs backwards."""
    return now


class Journal:
    """Approvals and operations in one database; every method is one transaction in a worker thread.

    Safe for several processes. Every method raises JournalError where the database cannot be used.
    """

    def __init__(
        self,
        place: Path | Database,
        *,
        now: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        """Opens nothing yet. `now` and `elapsed` give seconds to a SQLite file at this path."""
        self.database = SqliteFile(place, now=now, elapsed=elapsed) if isinstance(place, Path) else place

    ask = _write(approvals.ask)
    find = _read(approvals.find)
    get = _read(approvals.get)
    find_by_reference = _read(approvals.find_by_reference)
    tell = _write(approvals.tell)
    dismiss = _write(approvals.dismiss)
    close_form = _write(approvals.close)
    waiting = _read(approvals.waiting)
    open_approvals = _read(approvals.open_ones)
    move = _write(approvals.move)
    decide = _write(approvals.decide)
    refuse = _write(approvals.refuse)
    refuse_in_form = _write(approvals.refuse_in_form)

    begin = _write(operations.begin)
    end = _write(operations.end)
    open_operation = _read(operations.open_operation)
    operation_of = _read(operations.operation_of)
    operations_of_name = _read(operations.operations_of_name)
    renamed_to = _read(operations.renamed_to)
    recent = _read(operations.recent)
    changes_of = _read(operations.changes_of)
    spot_changes = _read(operations.spot_changes)
    last_sent = _read(operations.last_sent)
    history = _read(operations.history)
    operations = _read(operations.newest)

    record_attempt = _write(attempts.record)
    attempts = _read(attempts.newest)

    follow_ups_not_sent = _read(follow_ups.not_sent)

    count_call = _transaction("count", rates.count_call)
    refusals = _read(rates.refusals)

    state_keys = _write(state_keys.usable)

    time = _read(_time)

    async def check(self) -> None:
        """Tells a supervisor whether a change could be recorded now."""
        await to_thread.run_sync(self.database.check)

    def close(self) -> None:
        """Closes the database; a later call opens it again."""
        self.database.close()
