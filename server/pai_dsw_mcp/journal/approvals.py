"""SQL for questions and answers, run in the open transaction; `Journal` has each function as a method."""

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pai_dsw_mcp.journal import follow_ups
from pai_dsw_mcp.journal.database import Found, Rows
from pai_dsw_mcp.journal.errors import AlreadyDecidedError, JournalError, WrongChannelError
from pai_dsw_mcp.journal.rates import check_question, check_waiting, check_write
from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.journal.reference import new_reference
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.limits import NO_RATES, Rates

VALID_SECONDS: Final = 600.0


def ask(
    rows: Rows,
    now: float,
    *,
    principal: str,
    tool: str,
    arguments_digest: str,
    change: Change,
    channel: Channel,
    channels: frozenset[Channel],
    since: float | None = None,
    client: str | None = None,
    rates: Rates = NO_RATES,
    most_waiting: int = 0,
) -> Approval:
    """Opens an approval at `channel`, valid for 600 seconds, or returns an existing one.

    An open approval of the same call and fingerprint is returned unchanged, whatever its channel. Open ones with
    another fingerprint, or approved through a channel that is not one of `channels`, are superseded.
    If an approval of the same call was used after `since`, it is returned instead of a new question.

    Raises:
        RateError: This principal was asked, or has written, as often as `rates` allow.
        RefusedError: So many questions of theirs wait already.
    """
    key = (principal, tool, arguments_digest)
    open_ones = rows.execute(
        "SELECT * FROM approvals WHERE principal = ? AND tool = ? AND arguments_digest = ?"
        " AND state IN ('waiting', 'approved') AND expires_at > ? ORDER BY asked_at DESC, rowid DESC",
        (*key, now),
    ).fetchall()
    for approval in (_approval(row, now) for row in open_ones):
        is_usable = approval.state == "waiting" or approval.is_approved(channels)
        if is_usable and approval.change.fingerprint == change.fingerprint:
            return approval
    used = rows.execute(
        "SELECT approvals.* FROM approvals JOIN operations USING (approval_id) WHERE approvals.principal = ?"
        " AND tool = ? AND arguments_digest = ? AND approvals.state = 'used' AND sent_at > ?"
        " ORDER BY sent_at DESC LIMIT 1",
        (*key, now if since is None else since),
    ).fetchone()
    if used is not None:
        return _approval(used, now)
    check_question(rows, now, principal, rates.questions_per_hour)
    check_write(rows, now, principal, rates.writes_per_hour)
    for row in open_ones:
        rows.execute("UPDATE approvals SET state = 'superseded' WHERE approval_id = ?", (row["approval_id"],))
    check_waiting(rows, now, principal, most_waiting)
    approval_id = secrets.token_urlsafe(16)
    rows.execute(
        "INSERT INTO approvals (approval_id, reference, principal, tool, arguments_digest, fingerprint, change, state,"
        " channel, asked_at, expires_at, client) VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?)",
        (
            approval_id,
            new_reference(),
            *key,
            change.fingerprint,
            change.model_dump_json(),
            channel,
            now,
            now + VALID_SECONDS,
            client,
        ),
    )
    return require(rows, now, approval_id)


def find(rows: Rows, now: float, *, principal: str, tool: str, arguments_digest: str) -> Approval | None:
    """The newest approval of this call, in any state."""
    return _fetch_one(
        rows.execute(
            "SELECT * FROM approvals WHERE principal = ? AND tool = ? AND arguments_digest = ?"
            " ORDER BY asked_at DESC, rowid DESC LIMIT 1",
            (principal, tool, arguments_digest),
        ),
        now,
    )


def get(rows: Rows, now: float, approval_id: str) -> Approval | None:
    """The approval with this id, in any state."""
    return _fetch_one(rows.execute("SELECT * FROM approvals WHERE approval_id = ?", (approval_id,)), now)


def find_by_reference(rows: Rows, now: float, reference: str) -> Approval | None:
    """The approval that waits at the chat channel under this code; those of other channels are not found."""
    return _fetch_one(
        rows.execute(
            "SELECT * FROM approvals WHERE reference = ? AND channel = 'chat' AND state = 'waiting' AND expires_at > ?",
            (reference, now),
        ),
        now,
    )


def waiting(rows: Rows, now: float) -> tuple[Approval, ...]:
    """The open questions of all processes, oldest first."""
    found = rows.execute(
        "SELECT * FROM approvals WHERE state = 'waiting' AND expires_at > ? ORDER BY asked_at, rowid", (now,)
    )
    return tuple(_approval(row, now) for row in found)


def open_ones(rows: Rows, now: float) -> tuple[Approval, ...]:
    """The open questions, and the yeses that are not used yet."""
    found = rows.execute("SELECT * FROM approvals WHERE state IN ('waiting', 'approved') AND expires_at > ?", (now,))
    return tuple(_approval(row, now) for row in found)


def newest(rows: Rows, now: float, *, since: float, limit: int) -> tuple[Approval, ...]:
    """What was asked after `since`, newest first, in any state."""
    found = rows.execute(
        "SELECT * FROM approvals WHERE asked_at >= ? ORDER BY asked_at DESC, rowid DESC LIMIT ?", (since, limit)
    )
    return tuple(_approval(row, now) for row in found)


def move(rows: Rows, now: float, approval_id: str, channel: Channel) -> Approval:
    """Moves a waiting approval to another channel; one that was decided meanwhile is returned unchanged."""
    rows.execute(
        "UPDATE approvals SET channel = ? WHERE approval_id = ? AND state = 'waiting' AND expires_at > ?",
        (channel, approval_id, now),
    )
    return require(rows, now, approval_id)


def decide(
    rows: Rows,
    now: float,
    approval_id: str,
    *,
    approve: bool,
    channel: Channel,
    feedback: str | None = None,
    left_out: Sequence[str] = (),
    by: str | None = None,
) -> Approval:
    """Records the answer, once, by whom, and which follow-ups the person struck out.

    Raises:
        AlreadyDecidedError: It was answered before, or has expired.
        WrongChannelError: It waits at another channel, and this one may not answer for it.
    """
    decided = rows.execute(
        "UPDATE approvals SET state = ?, decided_at = ?, decided_channel = ?, decided_by = ?, feedback = ?,"
        " told_at = ?, left_out = ? WHERE approval_id = ? AND state = 'waiting' AND expires_at > ?"
        # A question in a form or over HTTP can be answered only there; all others also in the terminal, one of the page
        # also on its card.
        " AND (channel = ? OR (channel NOT IN ('form', 'http_page', 'second_person') AND ? = 'terminal')"
        " OR (channel = 'page' AND ? = 'card'))",
        (
            "approved" if approve else "rejected",
            *(now, channel, by, feedback, None if approve else _told_at(now, channel), json.dumps(left_out)),
            *(approval_id, now, channel, channel, channel),
        ),
    )
    approval = require(rows, now, approval_id)
    if decided.rowcount == 0:
        raise WrongChannelError(approval) if approval.state == "waiting" else AlreadyDecidedError(approval)
    if not approve:
        follow_ups.supersede_where_rejected(rows, now, approval.change)
    return approval


def refuse(
    rows: Rows, now: float, approval_id: str, *, channel: Channel, feedback: str | None = None, by: str | None = None
) -> Approval:
    """Records a rejection, whatever the channel; it also revokes an approval that is not used yet.

    Raises:
        AlreadyDecidedError: It was used, superseded or rejected before, or has expired.
    """
    refused = _refuse(rows, now, approval_id, channel, feedback, by)
    follow_ups.supersede_where_rejected(rows, now, refused.change)
    return refused


def _refuse(
    rows: Rows, now: float, approval_id: str, channel: Channel, feedback: str | None, by: str | None
) -> Approval:
    refused = rows.execute(
        "UPDATE approvals SET state = 'rejected', decided_at = ?, decided_channel = ?, decided_by = ?, feedback = ?,"
        " told_at = ? WHERE approval_id = ? AND state IN ('waiting', 'approved') AND expires_at > ?",
        (now, channel, by, feedback, _told_at(now, channel), approval_id, now),
    )
    approval = require(rows, now, approval_id)
    if refused.rowcount == 0:
        raise AlreadyDecidedError(approval)
    return approval


def refuse_in_form(
    rows: Rows, now: float, *, principal: str, scope: str, feedback: str | None = None, by: str | None = None
) -> tuple[Approval, ...]:
    """Records the no of a form about this target; it also revokes approvals that are not used yet."""
    asked = rows.execute(
        "SELECT * FROM approvals WHERE principal = ? AND channel = 'form' AND state IN ('waiting', 'approved')"
        " AND expires_at > ? ORDER BY asked_at DESC, rowid DESC",
        (principal, now),
    ).fetchall()
    about = [each for each in (_approval(row, now) for row in asked) if each.change.scope == scope]
    refused = tuple(_refuse(rows, now, each.approval_id, "form", feedback, by) for each in about)
    for each in refused:
        follow_ups.supersede_where_rejected(rows, now, each.change)
    return refused


def tell(rows: Rows, now: float, approval_id: str) -> bool:
    """Notes that a caller is told of this rejection, or what became of this yes; whether it is the first to be told."""
    told = rows.execute(
        "UPDATE approvals SET told_at = ? WHERE approval_id = ? AND state IN ('rejected', 'used') AND told_at IS NULL",
        (now, approval_id),
    )
    return told.rowcount == 1


def dismiss(rows: Rows, now: float, approval_id: str) -> None:
    """Notes that a person closed the form of a question that still waits; another channel may take over."""
    rows.execute(
        "UPDATE approvals SET dismissed_at = ? WHERE approval_id = ? AND state = 'waiting' AND dismissed_at IS NULL",
        (now, approval_id),
    )


def close(rows: Rows, now: float, approval_id: str) -> None:
    """Ends a question whose form a person closed, where no other channel may take over.

    Nobody is asked again at once, as after a no; that it was none shows in that nobody decided.
    """
    rows.execute(
        "UPDATE approvals SET state = 'rejected', dismissed_at = ?, told_at = ? WHERE approval_id = ?"
        " AND state = 'waiting'",
        (now, now, approval_id),
    )


def _told_at(now: float, channel: Channel) -> float | None:
    # The answer to a form is the answer of the call that asked; other channels answer while no call runs.
    return now if channel == "form" else None


def require(rows: Rows, now: float, approval_id: str) -> Approval:
    """The approval with this id.

    Raises:
        JournalError: There is none.
    """
    approval = get(rows, now, approval_id)
    if approval is None:
        raise JournalError("approval_unknown")
    return approval


def _fetch_one(found: Found, now: float) -> Approval | None:
    row = found.fetchone()
    return None if row is None else _approval(row, now)


def _approval(row: Mapping[str, Any], now: float) -> Approval:
    # A newer version that shares the journal may have added columns.
    fields = {name: row[name] for name in Approval.model_fields}
    fields["change"] = Change.model_validate_json(fields["change"])
    fields["left_out"] = json.loads(fields["left_out"])
    if fields["state"] in {"waiting", "approved"} and fields["expires_at"] <= now:
        fields["state"] = "expired"
    return Approval.model_validate(fields)
