"""SQL for follow-ups: the changes that a person's yes also covers, once the change that was asked about is done."""

import secrets

from pai_dsw_mcp.journal.database import Rows
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.reference import new_reference
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.writes import CLEAR_AUTO_STOP, SET_AUTO_STOP, START_INSTANCE, STOP_INSTANCE

FOLLOW_UP_SECONDS = 1800.0
"""How long after the yes its follow-ups may be sent."""
TOLD_SECONDS = 86_400.0
"""How long what was approved and not sent is told of."""
_LATER = frozenset(each.action for each in (CLEAR_AUTO_STOP, SET_AUTO_STOP, START_INSTANCE, STOP_INSTANCE))
"""What ends a yes from before it: the instance runs, or stops itself, as was decided since."""


def grant(rows: Rows, approval: Approval, target_id: str | None) -> None:
    """Approves each follow-up that the person did not strike out; `target_id` is what was changed or created."""
    for change in approval.change.then:
        if approval.covers(change):
            _insert(rows, approval, change.for_target(target_id or ""), parent=approval.reference)


def grant_again(rows: Rows, approval: Approval) -> None:
    """Approves the same follow-up once more: its request certainly had no effect."""
    if approval.parent is not None:
        _insert(rows, approval, approval.change, parent=approval.parent)


def not_sent(rows: Rows, now: float, *, tool: str) -> tuple[Change, ...]:
    """The follow-ups of this kind, approved in the last day, that nobody has sent; oldest first."""
    found = rows.execute(
        "SELECT change FROM approvals WHERE parent IS NOT NULL AND state = 'approved' AND tool = ? AND asked_at > ?"
        " ORDER BY asked_at, rowid",
        (tool, now - TOLD_SECONDS),
    )
    return tuple(Change.model_validate_json(row["change"]) for row in found)


def supersede(rows: Rows, now: float, decided: Change, scope: str) -> None:
    """Ends the yeses to follow-ups of this target, where what was decided since is about how it runs or stops.

    Those that have expired as well: what was not sent is told for a day.
    """
    if decided.action not in _LATER:
        return
    found = rows.execute(
        "SELECT approval_id, change FROM approvals WHERE parent IS NOT NULL AND state = 'approved' AND asked_at > ?",
        (now - TOLD_SECONDS,),
    ).fetchall()
    for row in found:
        if Change.model_validate_json(row["change"]).scope == scope:
            rows.execute("UPDATE approvals SET state = 'superseded' WHERE approval_id = ?", (row["approval_id"],))


def supersede_where_rejected(rows: Rows, now: float, rejected: Change) -> None:
    """The same for a no, which says how the instance shall not stop itself."""
    if rejected.action == SET_AUTO_STOP.action:
        supersede(rows, now, rejected, rejected.scope)


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
