"""`pai-dsw-mcp audit`: every question to a person, the answer, what was sent for it, and what became of it."""

import json
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypeAlias

import anyio
from rich.cells import cell_len

from pai_dsw_mcp.approval.describe import describe, visible
from pai_dsw_mcp.commands.place import journal_of
from pai_dsw_mcp.commands.postgres_audit import verify
from pai_dsw_mcp.commands.wrap import wrapped
from pai_dsw_mcp.gate.caller import person_in
from pai_dsw_mcp.journal.clock import local_time
from pai_dsw_mcp.journal.records import Approval, Attempt, Operation
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language

Entry: TypeAlias = tuple[Approval, Operation | None]

_MOST: Final = 100
"""How many are shown where no time is given."""
_NO_LIMIT: Final = sys.maxsize
_COLUMNS: Final = (
    *("asked", "action", "instance", "region", "price", "client", "person"),
    *("answer", "outcome", "code", "request_id", "feedback"),
)
_NARROWEST: Final = 20
"""Columns of a cell in a terminal."""
_DIGEST_CAP: Final = 8
"""Of a person's digest, in the table."""


def audit(settings: Settings) -> int:
    """Prints the newest entries first, or whether they can be trusted; returns the exit code."""
    if settings.verify or settings.end:
        return verify(settings)
    journal = journal_of(settings)
    # One more than is shown tells whether something is left out.
    limit = _MOST + 1 if settings.since is None else _NO_LIMIT
    try:
        found = anyio.run(partial(_read, journal, since=settings.since or 0.0, limit=limit))
    finally:
        journal.close()
    is_cut = settings.since is None and len(found) > _MOST
    entries = found[:_MOST] if is_cut else found
    if settings.json:
        records = [_attempted(each) if isinstance(each, Attempt) else _record(*each) for each in entries]
        written = json.dumps(records, ensure_ascii=False, indent=2)
    elif entries:
        rows = [
            _attempt(each, settings.lang) if isinstance(each, Attempt) else _row(*each, settings.lang)
            for each in entries
        ]
        # Without a sign-in nobody has a name.
        shown = [name for name in _COLUMNS if name != "person" or any(row[name] != "-" for row in rows)]
        header = _header(settings.lang)
        written = _laid_out([[row[name] for name in shown] for row in (header, *rows)])
    else:
        written = say("audit_empty", settings.lang)
    sys.stdout.write(written + "\n")
    if is_cut:
        sys.stderr.write(say("audit_cut", settings.lang, count=len(entries)) + "\n")
    return 0


async def _read(journal: Journal, *, since: float, limit: int) -> list[Entry | Attempt]:
    """The newest first."""
    asked = await journal.history(since=since, limit=limit)
    attempts = await journal.attempts(since=since, limit=limit)

    def moment(entry: Entry | Attempt) -> float:
        return entry.made_at if isinstance(entry, Attempt) else entry[0].asked_at

    return sorted((*asked, *attempts), key=moment, reverse=True)


def _record(approval: Approval, operation: Operation | None) -> dict[str, Any]:
    """One entry for programs; what is not known is null."""
    change = approval.change
    return {
        "asked_at": local_time(approval.asked_at),
        "action": change.action,
        "region_id": change.region_id,
        "workspace_id": change.workspace_id,
        "instance_name": change.target_name,
        "instance_id": (operation.target_id if operation else None) or change.target_id,
        "price_per_hour": change.price.hourly if change.price else None,
        "currency": change.price.currency if change.price else None,
        "client": approval.client,
        "asked_by": person_in(approval.principal),
        "asked_by_name": _name(approval),
        "approval_code": approval.reference,
        "approval": "closed" if approval.is_only_closed else approval.state,
        "answered_by": approval.decided_channel,
        "decided_by": approval.decided_by,
        "answered_at": local_time(approval.decided_at) if approval.decided_at else None,
        "feedback": approval.feedback,
        "sent_at": local_time(operation.sent_at) if operation else None,
        "outcome": operation.state if operation else None,
        "code": operation.code if operation else None,
        "request_id": operation.request_id if operation else None,
    }


def _attempted(attempt: Attempt) -> dict[str, Any]:
    """An attempt for programs, under the names of the other entries."""
    return {
        "asked_at": local_time(attempt.made_at),
        "action": "answer_card",
        "client": attempt.client,
        "approval_code": attempt.reference,
        "approval": "refused",
        "outcome": None,
    }


def _header(language: Language) -> dict[str, str]:
    zone = datetime.now(UTC).astimezone().strftime("%z")
    return {name: say(f"audit_{name}", language, zone=zone) for name in _COLUMNS}


def _row(approval: Approval, operation: Operation | None, language: Language) -> dict[str, str]:
    change = approval.change
    cost = describe(None, change, language).cost
    return {
        "asked": local_time(approval.asked_at)[:19].replace("T", " "),
        "action": say(f"action_{change.action}", language),
        "instance": _target(change, operation),
        "region": change.region_id,
        "price": f"{cost.amount(cost.hourly)} {cost.currency}" if cost else "-",
        "client": approval.client or "-",
        "person": _person(approval),
        "answer": _answer(approval, language),
        "outcome": _outcome(operation, language),
        "code": approval.reference,
        "request_id": (operation.request_id if operation else None) or "-",
        "feedback": approval.feedback or "-",
    }


def _name(approval: Approval) -> str | None:
    """What who asked is called; it is kept only where another person has to approve."""
    return approval.change.origin.person if approval.change.origin else None


def _person(approval: Approval) -> str:
    """The beginning of the digest that stands for who asked, and their name where that is known."""
    digest = (person_in(approval.principal) or "-")[:_DIGEST_CAP]
    name = _name(approval)
    return f"{visible(name)} · {digest}" if name else digest


def _target(change: Change, operation: Operation | None) -> str:
    """The name, and the id where there is one. That of a member only repeats name and workspace."""
    identifier = (operation.target_id if operation else None) or change.target_id
    shown = visible(change.target_name)
    return f"{shown} · {identifier}" if identifier and change.spec.target != "member" else shown


def _attempt(attempt: Attempt, language: Language) -> dict[str, str]:
    return dict.fromkeys(_COLUMNS, "-") | {
        "asked": local_time(attempt.made_at)[:19].replace("T", " "),
        "action": say("audit_attempt", language),
        "client": attempt.client or "-",
        "answer": say("audit_attempt_refused", language),
        "outcome": say("audit_not_requested", language),
        "code": attempt.reference or "-",
    }


def _answer(approval: Approval, language: Language) -> str:
    if approval.is_only_closed:
        return say("audit_closed", language)
    if approval.decided_channel is None:
        return say(f"audit_{approval.state}", language)
    channel = say(f"audit_{approval.decided_channel}", language)
    if approval.decided_by:
        channel = say("audit_by", language, channel=channel, name=visible(approval.decided_by))
    return say("audit_rejected" if approval.state == "rejected" else "audit_approved", language, channel=channel)


def _outcome(operation: Operation | None, language: Language) -> str:
    if operation is None:
        return say("audit_not_requested", language)
    key = "audit_refused" if operation.state == "rejected" else f"audit_{operation.state}"
    return say(key, language, code=operation.code or "-")


def _laid_out(rows: Sequence[Sequence[str]]) -> str:
    """A table; in a terminal that is narrower than it, a block of lines for each row."""
    table = _table(rows)
    width = shutil.get_terminal_size().columns
    if not sys.stdout.isatty() or max(map(cell_len, table.splitlines())) <= width:
        return table
    header, *entries = rows
    return "\n\n".join(_block(header, entry, width) for entry in entries)


def _block(header: Sequence[str], row: Sequence[str], width: int) -> str:
    names = max(map(cell_len, header)) + 2
    lines: list[str] = []
    for name, cell in zip(header, row, strict=True):
        first, *more = wrapped(cell, max(width - names, _NARROWEST))
        lines += [_padded(name, names) + first, *(" " * names + line for line in more)]
    return "\n".join(lines)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Aligned columns; Chinese characters take two cells."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - cell_len(cell))
