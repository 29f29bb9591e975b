"""The tables in PostgreSQL: made, and brought to the newest version, by whichever server comes first."""

from typing import Final

from pai_dsw_mcp.journal.database import Rows
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.schema import AUDITED_APPROVAL, MIGRATIONS, NEWEST

SCHEMA: Final = "pai_dsw_mcp"
_WORDS: Final = {
    "seconds": "DOUBLE PRECISION",
    "rowid": "rowid BIGINT GENERATED ALWAYS AS IDENTITY,",
    "strict": "",
    "audited_approval": AUDITED_APPROVAL,
}
_LOCK: Final = 7_208_573_113
"""Of the migrations; any number that no other program uses."""


def migrate(rows: Rows) -> None:
    """Brings the tables to the newest version; one server does, and the others wait for it."""
    if applied(rows) == NEWEST:
        return
    rows.execute(f"BEGIN; SELECT pg_advisory_xact_lock({_LOCK}); SET LOCAL search_path = {SCHEMA}")
    version = applied(rows)
    if version == 0:
        # Where an administrator has made the schema, the server need not be allowed to make one.
        if not rows.execute("SELECT FROM pg_catalog.pg_namespace WHERE nspname = ?", (SCHEMA,)).fetchall():
            rows.execute(f"CREATE SCHEMA {SCHEMA}")
        rows.execute("CREATE TABLE migrations (number INTEGER PRIMARY KEY, applied_at TIMESTAMPTZ DEFAULT now())")
    for number, statements in MIGRATIONS.items():
        if number > version:
            for statement in statements:
                rows.execute(statement.format(**_WORDS))
            rows.execute("INSERT INTO migrations (number) VALUES (?)", (number,))
    rows.execute("COMMIT")


def applied(rows: Rows) -> int:
    """The newest migration that was applied; 0 where there are no tables yet.

    Raises:
        JournalError: It is newer than those that are known here.
    """
    # Asked of the catalogue's tables: `to_regclass` may answer from memory that there is none, after another made it.
    made = "SELECT FROM pg_catalog.pg_tables WHERE schemaname = ? AND tablename = 'migrations'"
    if not rows.execute(made, (SCHEMA,)).fetchall():
        return 0
    found = rows.execute(f"SELECT max(number) AS newest FROM {SCHEMA}.migrations").fetchone()["newest"]  # noqa: S608
    if found > NEWEST:
        raise JournalError("database_newer", version=found, known=NEWEST)
    return found
