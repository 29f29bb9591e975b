"""What the journal needs of a database: one transaction at a time, with a timestamp that never runs backwards.

`sqlite.py` and `postgres.py` are the two there are. Statements are written once, with `?` for a value.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Literal, Protocol

from pai_dsw_mcp.journal.clock import Clock

BUSY_SECONDS = 10.0
"""How long a transaction waits for those of other processes; each takes milliseconds."""

Mode = Literal["read", "write", "count"]
"""`count` writes rows of its own kind, which may be lost in a crash: where the database can, it waits for no writer."""


class Found(Protocol):
    """What a statement gave: its rows, whose values are found by the name of the column."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def fetchone(self) -> Any:
        """The next row."""
        ...

    def fetchall(self) -> list[Any]:
        """The remaining rows."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Rows(Protocol):
    """An open transaction."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Found:
        """Runs one statement."""
        ...


class Database(ABC):
    """One connection, opened at first use and shared by the worker threads of one process."""

    def __init__(self, *, elapsed: Callable[[], float]) -> None:
        self._clock = Clock(elapsed)
        # A cancelled caller leaves its worker thread running; the next one must not enter the same transaction.
        self._turn = threading.Lock()

    @contextmanager
    def transaction(self, mode: Mode) -> Generator[tuple[Rows, float]]:
        """One transaction and its timestamp; an exception inside rolls it back.

        Whoever writes has waited for all other writers, and sees what they wrote.

        Raises:
            JournalError: It is not a journal, is newer than this version, is busy, or cannot be used.
        """
        with self._turn, self._failures():
            try:
                rows = self._begin(mode)
                now = self._clock.read(*self._time(rows))
                yield rows, now
                if mode == "write":
                    rows.execute("UPDATE clock SET latest = ?", (now,))
                rows.execute("COMMIT")
            finally:
                self._roll_back()

    def close(self) -> None:
        """Closes the connection; the next transaction opens it again."""
        with self._turn:
            self._disconnect()

    @abstractmethod
    def prepare(self) -> None:
        """Tells at the start of a server what would fail with the first change.

        Raises:
            JournalError: It cannot be used.
        """

    def check(self) -> None:
        """Tells a supervisor whether a change could be recorded now.

        Raises:
            JournalError: It could not.
        """
        with self.transaction("read"):
            pass

    @abstractmethod
    def is_made(self) -> bool:
        """Whether there is something to read; nothing is made to find out."""

    @abstractmethod
    def _failures(self) -> AbstractContextManager[None]:
        """Turns the failures of the library below into a JournalError."""

    @abstractmethod
    def _begin(self, mode: Mode) -> Rows:
        """Opens the connection where there is none, and begins the transaction."""

    @abstractmethod
    def _time(self, rows: Rows) -> tuple[float, float]:
        """The time, and the latest one of which any process has written."""

    @abstractmethod
    def _roll_back(self) -> None:
        """Undoes the transaction if one is open."""

    @abstractmethod
    def _disconnect(self) -> None:
        """Closes the connection if there is one."""
