"""The tables, and how they came about: numbered migrations, for SQLite and PostgreSQL alike.

`{seconds}` stands for the type of a time, `{rowid}` for the column that SQLite has of its own accord (the order in
which rows came), `{strict}` for the option that makes SQLite check types, and `{audited_approval}` for the approval
that a row of the audit is about.
"""

from typing import Final

MAKES_SPOT: Final = """(change LIKE '%"name":"SpotSpec"%' OR change LIKE '%"name":"DisassociateSpot"%')"""
"""An index serves a query only where both say it in the same words."""

AUDIT_BOUNDS: Final = """(record LIKE '%"did": "begin"%' OR record LIKE '%"did": "end"%')"""
"""The rows with which an audit began or ended; within a text that a row holds, these quotes are escaped."""
AUDITED_APPROVAL: Final = """substring(record from '"approval_id": "([^"]+)"')"""
"""The approval that a row of the audit is about, in PostgreSQL."""

MIGRATIONS: Final[dict[int, tuple[str, ...]]] = {
    5: (
        """
        CREATE TABLE approvals (
            {rowid}
            approval_id TEXT PRIMARY KEY,
            reference TEXT NOT NULL UNIQUE,
            principal TEXT NOT NULL,
            tool TEXT NOT NULL,
            arguments_digest TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            change TEXT NOT NULL,
            state TEXT NOT NULL,
            channel TEXT NOT NULL,
            asked_at {seconds} NOT NULL,
            expires_at {seconds} NOT NULL,
            decided_at {seconds},
            decided_channel TEXT,
            feedback TEXT,
            told_at {seconds},
            dismissed_at {seconds},
            client TEXT,
            left_out TEXT NOT NULL DEFAULT '[]',
            parent TEXT
        ) {strict}
        """,
        "CREATE INDEX approvals_by_key ON approvals (principal, tool, arguments_digest, asked_at)",
        """
        CREATE TABLE operations (
            {rowid}
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
            sent_at {seconds} NOT NULL,
            deadline {seconds} NOT NULL,
            ended_at {seconds},
            code TEXT,
            request_id TEXT
        ) {strict}
        """,
        "CREATE UNIQUE INDEX one_open_operation ON operations (principal, scope) WHERE state IN ('sent', 'unknown')",
        "CREATE TABLE attempts ({rowid} made_at {seconds} NOT NULL, client TEXT, reference TEXT) {strict}",
        "CREATE TABLE clock (latest {seconds} NOT NULL) {strict}",
        "INSERT INTO clock VALUES (0)",
    ),
    6: ("CREATE TABLE state_keys (secret TEXT PRIMARY KEY, made_at {seconds} NOT NULL) {strict}",),
    7: (f"CREATE INDEX spot_changes ON approvals (approval_id) WHERE {MAKES_SPOT}",),
    8: ("CREATE TABLE audit (number INTEGER PRIMARY KEY, record TEXT NOT NULL, seal TEXT NOT NULL) {strict}",),
    9: ("CREATE TABLE reads (person TEXT PRIMARY KEY, minute INTEGER NOT NULL, calls INTEGER NOT NULL) {strict}",),
    10: ("ALTER TABLE approvals ADD COLUMN decided_by TEXT",),
    11: (
        f"CREATE INDEX audit_bounds ON audit (number) WHERE {AUDIT_BOUNDS}",
        "CREATE INDEX audit_by_approval ON audit (({audited_approval}), number)",
    ),
}
"""The statements that lead to each version from the one before. A released one is never changed."""

OLDEST: Final = min(MIGRATIONS)
NEWEST: Final = max(MIGRATIONS)
