"""`pai-dsw-mcp audit`: what was sent to the cloud, on whose yes, and what became of it."""

import sys
from datetime import UTC, datetime
from functools import partial
from typing import Final

import anyio

from pai_dsw_mcp.journal.records import Approval, Operation
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language

_MOST: Final = 100


def audit(settings: Settings) -> int:
    """Prints the newest operations, one line each; returns the exit code."""
    journal = Journal(settings.journal_path)
    try:
        rows = anyio.run(partial(_rows, journal))
    finally:
        journal.close()
    lines = [_line(operation, approval, settings.lang) for operation, approval in rows]
    sys.stdout.write("\n".join(lines or [say("audit_empty", settings.lang)]) + "\n")
    return 0


async def _rows(journal: Journal) -> list[tuple[Operation, Approval | None]]:
    operations = await journal.operations(limit=_MOST)
    return [(each, await journal.get(each.approval_id)) for each in operations]


def _line(operation: Operation, approval: Approval | None, language: Language) -> str:
    sent = datetime.fromtimestamp(operation.sent_at, UTC).isoformat(timespec="seconds")
    channel = approval.decided_channel if approval else None
    return say(
        "audit_line",
        language,
        sent=sent,
        action=operation.action,
        instance=operation.target_id or operation.target_name,
        region=operation.region_id,
        state=operation.state,
        channel=channel or "-",
        reference=operation.reference,
        request_id=operation.request_id or "-",
    )
