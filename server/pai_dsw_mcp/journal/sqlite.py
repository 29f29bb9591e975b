"""The SQLite file: its place, its permissions, and its transactions.

Write-ahead log with full synchronisation: what a method returned is durable, also after a power cut.
"""

import os
import secrets
import sqlite3
import stat
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from pydantic import ValidationError

from pai_dsw_mcp.journal.database import BUSY_SECONDS, Database, Mode, Rows
from pai_dsw_mcp.journal.errors import JournalFileError
from pai_dsw_mcp.journal.schema import MIGRATIONS, NEWEST, OLDEST

# No journal in a file has an audit.
_WORDS: Final = {"seconds": "REAL", "rowid": "", "strict": "STRICT", "audited_approval": "number"}
_BEGIN: Final[dict[Mode, str]] = {
    "read": "BEGIN",
    # A write takes its lock at the start, so what it reads is still true when it commits.
    "write": "BEGIN IMMEDIATE",
    "count": "BEGIN IMMEDIATE",
}


class SqliteFile(Database):
    """A file on this machine, for all processes of one user."""

    def __init__(self, path: Path, *, now: Callable[[], float], elapsed: Callable[[], float]) -> None:
        """Opens nothing yet: the file is made at first use. `now` and `elapsed` give seconds."""
        super().__init__(elapsed=elapsed)
        self.path = path
        self._now = now
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int] | None = None

    def prepare(self) -> None:
        with self._failures():
            _own_directory(self.path.parent)
            TemporaryFile(dir=self.path.parent).close()

    def is_made(self) -> bool:
        return self.path.exists()

    @contextmanager
    def _failures(self) -> Generator[None]:
        key = "journal_failed"
        try:
            yield
        except sqlite3.Error as error:
            reason = getattr(error, "sqlite_errorname", type(error).__name__)
        except OSError as error:
            key, reason = "journal_folder", type(error).__name__
        except ValidationError:
            reason = "SCHEMA"
        else:
            return
        raise JournalFileError(key, path=self.path, reason=reason)

    def _begin(self, mode: Mode) -> Rows:
        connection = self._open()
        connection.execute(_BEGIN[mode])
        return connection

    def _time(self, rows: Rows) -> tuple[float, float]:
        return self._now(), rows.execute("SELECT latest FROM clock").fetchone()["latest"]

    def _roll_back(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            _own_directory(self.path.parent)
            if not os.path.lexists(self.path):
                make(self.path)
            _own_files(self.path)
            with ExitStack() as undo:
                connection = undo.enter_context(closing(_connect(self.path)))
                version = _version(connection)
                if not OLDEST <= version <= NEWEST:
                    key = "journal_newer" if version > NEWEST else "journal_foreign"
                    raise JournalFileError(key, path=self.path, version=version, known=NEWEST)
                if version < NEWEST:
                    _migrate(connection)
                undo.pop_all()
            self._connection, self._opened = connection, _identity(self.path)
        elif _identity(self.path) != self._opened:
            # SQLite would go on with a file that no other process sees.
            raise JournalFileError("journal_replaced", path=self.path)
        return self._connection


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file it is; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _own_directory(directory: Path) -> None:
    """Makes the folder, or refuses one that another user owns or can enter.

    Windows has neither owners nor modes in these terms; there the folder inherits the access list of the profile.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = directory.stat()
    if not _is_own(found):
        raise JournalFileError("journal_not_yours", path=directory)
    if os.name == "posix" and found.st_mode & 0o077:
        raise JournalFileError("journal_open_to_others", path=directory)


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
                raise JournalFileError("journal_not_yours", path=each)
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
            _migrate(connection)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _migrate(connection: sqlite3.Connection) -> None:
    """Brings the tables to the newest version, in one transaction; another process may have done it meanwhile."""
    connection.execute(_BEGIN["write"])
    with connection:
        version = _version(connection)
        for number, statements in MIGRATIONS.items():
            if number > version:
                for statement in statements:
                    connection.execute(statement.format(**_WORDS))
                connection.execute(f"PRAGMA user_version = {number}")


def _version(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection
