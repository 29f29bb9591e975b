"""PostgreSQL: one database for all servers of a team.

Writers lock the row of the clock, so they take turns, and each sees what the ones before it wrote; readers wait for
nobody. The time is the database's. Nothing of this is imported where the journal is a file.
"""

import logging
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.rows import RowMaker
from pydantic import ValidationError

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.database import BUSY_SECONDS, Database, Found, Mode, Rows
from pai_dsw_mcp.journal.errors import DatabaseAwayError, JournalError
from pai_dsw_mcp.journal.postgres_audit import Audit, has_audit
from pai_dsw_mcp.journal.postgres_audit_witness import Witness
from pai_dsw_mcp.journal.postgres_migrations import SCHEMA, applied, migrate
from pai_dsw_mcp.private_values import private_text

Row: TypeAlias = dict[str, Any]
T = TypeVar("T")

ANSWER_SECONDS = BUSY_SECONDS + 1
"""How long an answer is waited for: a little longer than the database itself waits for others."""
READ_SECONDS = 5.0
"""The same where nothing waits for others' changes: what only reads the cloud then goes on without the database."""
RETRY_SECONDS = 1.0
"""After one that failed or gave no answer, in which none is tried: so many calls do not wait one after the other."""
_LOG: Final = logging.getLogger(__name__)
_CONNECTING: Final[dict[str, str | int]] = {
    "application_name": "pai-dsw-mcp",
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
"""Unless the address says otherwise."""
# For one transaction each, because a proxy may give every transaction another connection. A server that was put to
# sleep within a transaction must not stop the others, and no other schema may lend its functions and operators.
_WITHIN: Final = f"""
    SET LOCAL search_path = {SCHEMA};
    SET LOCAL lock_timeout = '{BUSY_SECONDS:.0f}s';
    SET LOCAL idle_in_transaction_session_timeout = '{BUSY_SECONDS:.0f}s';
"""
BEGIN: Final[dict[Mode, str]] = {
    # As SQLite does: a read sees one state of the world.
    "read": f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_WITHIN}",
    # Behind the lock nobody else writes, so every statement sees the same; a stricter level would see the state before
    # the wait, and fail. What was committed must outlive a crash: otherwise a yes could be used twice.
    "write": f"""
        BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {_WITHIN}
        SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
        SELECT FROM clock FOR UPDATE
    """,  # noqa: S608  # no value is in it
    "count": f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {_WITHIN} SET LOCAL synchronous_commit = off",
}


class Postgres(Database):
    """A database at this address, in a schema of its own."""

    def __init__(
        self,
        url: str,
        password_file: Path | None = None,
        *,
        audit: Audit | None = None,
        now: Callable[[], float] | None = None,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        """Opens nothing yet. `now` stands in for the clock of the database, in seconds."""
        super().__init__(elapsed=elapsed)
        self._url = url
        self._password_file = password_file
        self._audit = audit
        self._now = now
        self._connection: Connection | None = None
        self._connect_after = 0.0

    def prepare(self) -> None:
        try:
            with self._turn:
                self._connect()
        except psycopg.Error as error:
            # Whoever starts the server reads what is wrong; libpq names the user there, and no password.
            why = str(error).partition("\n")[0]
        else:
            with self.transaction("write") as (rows, _):
                if isinstance(rows, Witness):
                    rows.begin()
            if self._audit is not None:
                self._audit.check()
            return
        raise JournalError("database_unusable", why=why)

    @contextmanager
    def transaction(self, mode: Mode) -> Generator[tuple[Rows, float]]:
        """As the parent; what it changes is also in the audit, where there is one."""
        if mode != "write" or self._audit is None:
            with super().transaction(mode) as (rows, now):
                if mode == "write":
                    _refuse_where_audited(rows)
                yield rows, now
            return
        with self._audit.turn:
            with super().transaction(mode) as (rows, now):
                witness = Witness(self._audit, rows)
                yield witness, now
                newest = self._audit.append(rows, now, witness.records)
            try:
                self._audit.keep(newest)
            except OSError as error:
                # The change is made. The next one keeps a newer row, if it can.
                _LOG.warning("The checkpoint of the audit cannot be written (%s).", type(error).__name__)

    def check(self) -> None:
        # Read before the transaction begins, which then sees that row.
        known = None if self._audit is None else self._audit.known
        with self.transaction("read") as (rows, _):
            if self._audit is None:
                _refuse_where_audited(rows)
            else:
                self._audit.head(rows, known)

    def is_audited(self) -> bool:
        """Whether an audit has begun, and has not been ended."""
        with self.transaction("read") as (rows, _):
            return has_audit(rows)

    def is_made(self) -> bool:
        return True

    @contextmanager
    def _failures(self) -> Generator[None]:
        try:
            yield
        except psycopg.OperationalError as error:
            failure: JournalError = DatabaseAwayError(type(error).__name__)
        except psycopg.Error as error:
            failure = JournalError("database_failed", reason=type(error).__name__)
        except ValidationError:
            failure = JournalError("database_failed", reason="SCHEMA")
        else:
            return
        raise failure

    def _begin(self, mode: Mode) -> Rows:
        if self._connection is not None:
            try:
                return self._begun(self._connection, mode)
            except psycopg.OperationalError:
                # The database was restarted, or away for a while: of this transaction nothing was done yet.
                if not self._connection.closed:
                    raise
        return self._begun(self._connect(), mode)

    @staticmethod
    def _begun(connection: "Connection", mode: Mode) -> Rows:
        connection.patience = ANSWER_SECONDS if mode == "write" else READ_SECONDS
        rows = _Transaction(connection)
        rows.execute(BEGIN[mode])
        return rows

    def _time(self, rows: Rows) -> tuple[float, float]:
        found = rows.execute(
            "SELECT latest, extract(epoch FROM clock_timestamp())::float8 AS now FROM clock"
        ).fetchone()
        return self._now() if self._now else found["now"], found["latest"]

    def _roll_back(self) -> None:
        if self._connection is None:
            return
        match self._connection.info.transaction_status:
            case TransactionStatus.IDLE:
                pass
            case TransactionStatus.INTRANS | TransactionStatus.INERROR:
                self._connection.execute("ROLLBACK")
            case status:
                # It is gone, or did not answer in time: the database undoes what was not committed.
                self._disconnect()
                if status == TransactionStatus.ACTIVE:
                    self._try_again_later()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def version(self) -> int:
        """The version of the tables, 0 where there are none; nothing is made or changed to find out.

        Raises:
            JournalError: The database cannot be used, or its tables are newer than this version.
        """
        try:
            with closing(self._open()) as connection:
                return applied(_Transaction(connection))
        except psycopg.Error as error:
            why = str(error).partition("\n")[0]
        raise JournalError("database_unusable", why=why)

    def _connect(self) -> "Connection":
        self._disconnect()
        if time.monotonic() < self._connect_after:
            raise psycopg.OperationalError("The database could not be used a moment ago.")
        with ExitStack() as undo:
            undo.callback(self._try_again_later)
            connection = undo.enter_context(closing(self._open()))
            migrate(_Transaction(connection))
            undo.pop_all()
        self._connection = connection
        return connection

    def _open(self) -> "Connection":
        usual = {name: value for name, value in _CONNECTING.items() if name not in conninfo_to_dict(self._url)}
        return Connection.connect(
            make_conninfo(self._url, **usual, **self._password()),
            autocommit=True,
            # Statements that are prepared live in one connection, and a proxy may give each transaction another.
            prepare_threshold=None,
            row_factory=_rows_without_rowid,
        )

    def _password(self) -> dict[str, str]:
        if self._password_file is None:
            return {}
        try:
            return {"password": private_text(self._password_file).strip()}
        except RefusedError as error:
            raise psycopg.OperationalError(str(error)) from None

    def _try_again_later(self) -> None:
        self._connect_after = time.monotonic() + RETRY_SECONDS
        _LOG.warning("The database cannot be used; it is tried again after %g seconds.", RETRY_SECONDS)


class Connection(psycopg.Connection[Row]):
    """Waits for no answer longer than `patience`, in seconds."""

    patience = ANSWER_SECONDS

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        return super().wait(gen, interval, timeout or self.patience)


@dataclass(frozen=True, slots=True)
class _Transaction:
    """Runs the statements of the journal, which are written as SQLite takes them."""

    connection: Connection

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Found:
        return self.connection.execute(statement.replace("?", "%s").encode(), values or None)


def _rows_without_rowid(cursor: psycopg.Cursor[Any]) -> RowMaker[Row]:
    """Rows by the names of their columns; `*` stands for every column but `rowid`, as in SQLite."""
    names = [column.name for column in cursor.description or ()]

    def row(values: Sequence[Any]) -> Row:
        return {name: value for name, value in zip(names, values, strict=True) if name != "rowid"}

    return row


def _refuse_where_audited(rows: Rows) -> None:
    """Refuses the changes of a server without the key, which would be missing from the audit.

    Whoever writes sees what the writers before it wrote, so none is made between two rows of the audit.
    """
    if has_audit(rows):
        raise JournalError("database_audited")
