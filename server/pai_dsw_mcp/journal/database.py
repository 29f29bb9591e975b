"""The SQLite file: its place, its permissions, and one transaction at a time.

Write-ahead log with full synchronisation: what a method returned is durable, also after a power cut.
"""

import os
import secrets
import sqlite3
import stat
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, Literal

from pydantic import ValidationError

from pai_dsw_mcp.journal.clock import Clock
from pai_dsw_mcp.journal.errors import JournalError

SCHEMA_VERSION: Final = 5
BUSY_SECONDS: Final = 10.0
"""How long a transaction waits for those of other processes; each takes milliseconds."""

SCHEMA: Final = (
    """
    CREATE TABLE approvals (
        approval_id TEXT PRIMARY KEY,
        reference TEXT NOT NULL UNIQUE,
        principal TEXT NOT NULL,
        tool TEXT NOT NULL,
        arguments_digest TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        change TEXT NOT NULL,
        state TEXT NOT NULL,
        channel TEXT NOT NULL,
        asked_at REAL NOT NULL,
        expires_at REAL NOT NULL,
        decided_at REAL,
        decided_channel TEXT,
        feedback TEXT,
        told_at REAL,
        dismissed_at REAL,
        client TEXT,
        left_out TEXT NOT NULL DEFAULT '[]',
        parent TEXT
    ) STRICT
    """,
    "CREATE INDEX approvals_by_key ON approvals (principal, tool, arguments_digest, asked_at)",
    """
    CREATE TABLE operations (
        operation_id TEXT PRIMARY KEY,
        approval_id TEXT NOT NULL UNIQUE REFERENCES approvals,
        reference TEXT NOT NULL,
        principal TEXT NOT NULL,
        scope TEXT NOT NULL,
        action TEXT NOT NULL,
        region_id TEXT NOT NULL,
        target_name TEXT NOT NULL,
        target_id TEXT,
        state TEXT NOT NULL,
        sent_at REAL NOT NULL,
        deadline REAL NOT NULL,
        ended_at REAL,
        code TEXT,
        request_id TEXT
    ) STRICT
    """,
    "CREATE UNIQUE INDEX one_open_operation ON operations (principal, scope) WHERE state IN ('sent', 'unknown')",
    "CREATE TABLE attempts (made_at REAL NOT NULL, client TEXT, reference TEXT) STRICT",
    "CREATE TABLE clock (latest REAL NOT NULL) STRICT",
    "INSERT INTO clock VALUES (0)",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)

Mode = Literal["read", "write"]


class Database:
    """One connection to the file, opened at first use and shared by the worker threads of one process."""

    def __init__(self, path: Path, *, now: Callable[[], float], elapsed: Callable[[], float]) -> None:
        self.path = path
        self._clock = Clock(now, elapsed)
        self._connection: sqlite3.Connection | None = None
        # A cancelled caller leaves its worker thread running; the next one must not enter the same transaction.
        self._turn = threading.Lock()

    @contextmanager
    def transaction(self, mode: Mode) -> Generator[tuple[sqlite3.Connection, float]]:
        """One transaction and its timestamp; an exception inside rolls it back.

        Raises:
            JournalError: The file is not a journal, is newer than this version, is busy, or cannot be written.
        """
        with self._turn, self._failures():
            connection = self._open()
            # A write takes its lock at the start, so what it reads is still true when it commits.
            connection.execute("BEGIN IMMEDIATE" if mode == "write" else "BEGIN")
            try:
                now = self._clock.read(connection.execute("SELECT latest FROM clock").fetchone()["latest"])
                yield connection, now
                if mode == "write":
                    connection.execute("UPDATE clock SET latest = ?", (now,))
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def prepare(self) -> None:
        """Makes the folder, so that one that cannot be used is told at the start and not with the first change.

        Raises:
            JournalError: The folder cannot be made or written, or is not the user's own.
        """
        with self._failures():
            _own_directory(self.path.parent)
            TemporaryFile(dir=self.path.parent).close()

    def close(self) -> None:
        """Closes the file; the next transaction opens it again."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _failures(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            reason = getattr(error, "sqlite_errorname", type(error).__name__)
        except OSError as error:
            reason = type(error).__name__
        except ValidationError:
            reason = "SCHEMA"
        else:
            return
        raise JournalError("journal_failed", path=self.path, reason=reason)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            _own_directory(self.path.parent)
            if not os.path.lexists(self.path):
                make(self.path)
            _own_files(self.path)
            with ExitStack() as undo:
                connection = undo.enter_context(closing(_connect(self.path)))
                version = connection.execute("PRAGMA user_version").fetchone()[0]
                if version != SCHEMA_VERSION:
                    key = "journal_newer" if version > SCHEMA_VERSION else "journal_foreign"
                    raise JournalError(key, path=self.path, version=version, known=SCHEMA_VERSION)
                undo.pop_all()
            self._connection = connection
        return self._connection


def _own_directory(directory: Path) -> None:
    """Makes the folder, or refuses one that another user owns or can enter.

    Windows has neither owners nor modes in these terms; there the folder inherits the access list of the profile.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = directory.stat()
    if not _is_own(found):
        raise JournalError("journal_not_yours", path=directory)
    if os.name == "posix" and found.st_mode & 0o077:
        raise JournalError("journal_open_to_others", path=directory)


def _own_files(path: Path) -> None:
    """Denies others access to the journal and SQLite's files beside it; refuses links and files of another user.

    There is no time-of-check/time-of-use race: others cannot write to the folder. Opening the journal here instead,
    without following links, would drop SQLite's own advisory locks on it when it is closed again.
    """
    for each in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))):
        # SQLite of another process removes the files beside the journal when it closes.
        with suppress(FileNotFoundError):
            found = each.lstat()
            if not stat.S_ISREG(found.st_mode) or not _is_own(found):
                raise JournalError("journal_not_yours", path=each)
            each.chmod(0o600)


def _is_own(found: os.stat_result) -> bool:
    return os.name != "posix" or found.st_uid == os.geteuid()


def make(path: Path) -> None:
    """Makes the file under a temporary name and links it into place, so that it appears complete or not at all.

    Several processes may race here: the first link wins. Switching an existing file to the write-ahead log
    would fail with SQLITE_BUSY in such a race, whatever the timeout.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_connect(draft)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            for statement in SCHEMA:
                connection.execute(statement)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection
