"""SQL for follow-ups: the changes that a person's yes also covers, once the change that was asked about is done."""

import secrets

from pai_dsw_mcp.journal.database import Rows
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.reference import new_reference
from pai_dsw_mcp.model.change import Change

FOLLOW_UP_SECONDS = 1800.0
"""How long after the yes its follow-ups may be sent."""


def grant(rows: Rows, approval: Approval, target_id: str | None) -> None:
    """Approves each follow-up that the person did not strike out; `target_id` is what was changed or created."""
    for change in approval.change.then:
        if approval.covers(change):
            _insert(rows, approval, change.for_target(target_id or ""), parent=approval.reference)


def grant_again(rows: Rows, approval: Approval) -> None:
    """Approves the same follow-up once more: its request certainly had no effect."""
    if approval.parent is not None:
        _insert(rows, approval, approval.change, parent=approval.parent)


def not_sent(rows: Rows, now: float, *, tool: str, within: float) -> tuple[Change, ...]:
    """The follow-ups of this kind, approved in the last `within` seconds, that nobody has sent; oldest first."""
    found = rows.execute(
        "SELECT change FROM approvals WHERE parent IS NOT NULL AND state = 'approved' AND tool = ? AND asked_at > ?"
        " ORDER BY asked_at, rowid",
        (tool, now - within),
    )
    return tuple(Change.model_validate_json(row["change"]) for row in found)


def _insert(rows: Rows, yes: Approval, change: Change, *, parent: str) -> None:
    decided_at = yes.decided_at or yes.asked_at
    rows.execute(
        "INSERT INTO approvals (approval_id, reference, principal, tool, arguments_digest, fingerprint, change, state,"
        " channel, asked_at, expires_at, decided_at, decided_channel, decided_by, feedback, client,"
        " parent) VALUES (?, ?, ?, ?, ?, ?, ?, 'approved', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            secrets.token_urlsafe(16),
            new_reference(),
            yes.principal,
            change.action,
            change.arguments_digest,
            change.fingerprint,
            change.model_copy(update={"origin": yes.change.origin}).model_dump_json(),
            yes.channel,
            yes.asked_at,
            decided_at + FOLLOW_UP_SECONDS,
            decided_at,
            yes.decided_channel,
            yes.decided_by,
            yes.feedback,
            yes.client,
            parent,
        ),
    )
