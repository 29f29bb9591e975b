"""Answers that came without the secret of a card: they decide nothing and are kept for the audit."""

from pai_dsw_mcp.journal.database import Rows
from pai_dsw_mcp.journal.records import Attempt


def record(rows: Rows, now: float, *, client: str | None, reference: str | None) -> None:
    """Notes an attempt."""
    rows.execute("INSERT INTO attempts (made_at, client, reference) VALUES (?, ?, ?)", (now, client, reference))


def newest(rows: Rows, now: float, *, since: float, limit: int) -> tuple[Attempt, ...]:  # noqa: ARG001
    """What was attempted after `since`, newest first."""
    found = rows.execute(
        "SELECT * FROM attempts WHERE made_at >= ? ORDER BY made_at DESC, rowid DESC LIMIT ?", (since, limit)
    )
    return tuple(Attempt.model_validate(dict(row)) for row in found)
