"""SQL for writes and their outcomes, run in the open transaction; `Journal` has each function as a method."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from pydantic import BaseModel

from pai_dsw_mcp.journal import approvals, follow_ups
from pai_dsw_mcp.journal.database import Found, Rows
from pai_dsw_mcp.journal.errors import NotApprovedError, ScopeBusyError
from pai_dsw_mcp.journal.rates import check_write
from pai_dsw_mcp.journal.records import Approval, Channel, Operation, OperationState
from pai_dsw_mcp.journal.schema import MAKES_SPOT
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.instance import SpotSpec

Sent: TypeAlias = tuple[Operation, Change]


def begin(
    rows: Rows,
    now: float,
    *,
    approval_id: str,
    operation_id: str,
    fingerprint: str,
    scope: str,
    deadline_seconds: float,
    channels: frozenset[Channel],
    check: Callable[[Sequence[Sent]], None] | None = None,
    recent_seconds: float = 0.0,
    writes_per_hour: int = 0,
) -> Operation:
    """Consumes the approval and marks the operation as sent, in one transaction that is durable on return.

    `check` sees what every process sent in the last `recent_seconds`, and may raise: then the yes stays unused. No
    other process begins between its look and this record.

    Raises:
        NotApprovedError: No unused, unexpired yes with this fingerprint through one of these channels.
        ScopeBusyError: An operation of the same principal and scope is open; the yes stays unused.
        RateError: This principal has written so often in the last hour; the yes stays unused.
    """
    approval = approvals.get(rows, now, approval_id)
    if approval is None or not approval.is_approved(channels) or approval.change.fingerprint != fingerprint:
        raise NotApprovedError(approval)
    busy = open_operation(rows, now, principal=approval.principal, scope=scope)
    if busy is not None:
        raise ScopeBusyError(busy)
    if approval.parent is None:
        check_write(rows, now, approval.principal, writes_per_hour)
    if check is not None:
        check(recent(rows, now, within=recent_seconds))
    operation = Operation(
        operation_id=operation_id,
        approval_id=approval_id,
        reference=approval.reference,
        principal=approval.principal,
        scope=scope,
        action=approval.change.action,
        region_id=approval.change.region_id,
        target_name=approval.change.target_name,
        target_id=approval.change.target_id,
        state="sent",
        sent_at=now,
        deadline=now + deadline_seconds,
    )
    # An attempt that never left this machine does not count: the same approval may be used for another one.
    rows.execute("DELETE FROM operations WHERE approval_id = ? AND state = 'not_sent'", (approval_id,))
    rows.execute("UPDATE approvals SET state = 'used' WHERE approval_id = ?", (approval_id,))
    fields = operation.model_dump(exclude_none=True)
    rows.execute(
        f"INSERT INTO operations ({', '.join(fields)}) VALUES ({', '.join('?' * len(fields))})",  # noqa: S608  # names of fields
        tuple(fields.values()),
    )
    return operation


def end(
    rows: Rows,
    now: float,
    operation_id: str,
    state: OperationState,
    *,
    target_id: str | None = None,
    code: str | None = None,
    request_id: str | None = None,
) -> bool:
    """Records the outcome of an open operation; False if it had ended before, and then nothing is changed.

    With `not_sent`, its approval may be used again while it is valid. With `done`, the follow-ups that the same yes
    covers are approved; one of them that was `rejected` is approved again.
    """
    ended = rows.execute(
        "UPDATE operations SET state = ?, target_id = coalesce(?, target_id), code = coalesce(?, code),"
        " request_id = coalesce(?, request_id), ended_at = ?"
        " WHERE operation_id = ? AND state IN ('sent', 'unknown')",
        (state, target_id, code, request_id, None if state == "unknown" else now, operation_id),
    )
    if ended.rowcount == 1 and state == "not_sent":
        rows.execute(
            "UPDATE approvals SET state = 'approved' WHERE state = 'used'"
            " AND approval_id = (SELECT approval_id FROM operations WHERE operation_id = ?)",
            (operation_id,),
        )
    if ended.rowcount == 1 and state in {"done", "partial", "rejected"}:
        _follow_up(rows, now, operation_id, state)
    return ended.rowcount == 1


def _follow_up(rows: Rows, now: float, operation_id: str, state: OperationState) -> None:
    row = rows.execute("SELECT * FROM operations WHERE operation_id = ?", (operation_id,)).fetchone()
    approval = approvals.require(rows, now, row["approval_id"])
    if state == "rejected":
        follow_ups.grant_again(rows, approval)
        return
    follow_ups.supersede(rows, now, approval.change, row["scope"])
    if state == "done":
        follow_ups.grant(rows, approval, row["target_id"])


def open_operation(rows: Rows, _now: float, *, principal: str, scope: str) -> Operation | None:
    """The operation of this scope that is sent or unknown."""
    return _fetch_one(
        rows.execute(
            "SELECT * FROM operations WHERE principal = ? AND scope = ? AND state IN ('sent', 'unknown')",
            (principal, scope),
        )
    )


def operation_of(rows: Rows, _now: float, approval_id: str) -> Operation | None:
    """What was sent with this approval."""
    return _fetch_one(rows.execute("SELECT * FROM operations WHERE approval_id = ?", (approval_id,)))


def history(rows: Rows, now: float, *, since: float, limit: int) -> tuple[tuple[Approval, Operation | None], ...]:
    """What was asked after `since`, newest first, each with what was sent for it."""
    asked = approvals.newest(rows, now, since=since, limit=limit)
    return tuple((each, operation_of(rows, now, each.approval_id)) for each in asked)


def recent(rows: Rows, now: float, *, within: float) -> tuple[Sent, ...]:
    """What was sent in the last seconds and may have had an effect, each with its change."""
    found = rows.execute(
        "SELECT operations.*, approvals.change AS change FROM operations JOIN approvals USING (approval_id)"
        " WHERE sent_at > ? AND operations.state IN ('sent', 'unknown', 'done', 'partial')",
        (now - within,),
    )
    return tuple(_sent(dict(row)) for row in found)


def _sent(fields: dict[str, Any]) -> Sent:
    change = Change.model_validate_json(fields.pop("change"))
    return Operation.model_validate(fields), change


class _Spot(BaseModel):
    """The part of a change that tells how it is bought; the rest is not read."""

    spot: SpotSpec | None = None


def spot_changes(rows: Rows, _now: float) -> tuple[tuple[str, SpotSpec | None], ...]:
    """Which instances were made spot, or no longer spot, oldest first."""
    found = rows.execute(
        # SQLite reads the tables of a CROSS JOIN in this order, so that only what the index holds is looked at.
        "SELECT target_id, change FROM approvals CROSS JOIN operations"  # noqa: S608  # with a constant
        " WHERE operations.approval_id = approvals.approval_id AND operations.state = 'done'"
        f" AND action IN ('create_instance', 'update_instance') AND {MAKES_SPOT} ORDER BY sent_at, operations.rowid"
    )
    return tuple((row["target_id"] or "", _Spot.model_validate_json(row["change"]).spot) for row in found)


def changes_of(rows: Rows, _now: float, instance_id: str) -> tuple[Change, ...]:
    """How an instance was created and updated from here, as far as the service took it, oldest first."""
    found = rows.execute(
        "SELECT change FROM operations JOIN approvals USING (approval_id) WHERE target_id = ?"
        " AND operations.state = 'done' AND action IN ('create_instance', 'update_instance')"
        " ORDER BY sent_at, operations.rowid",
        (instance_id,),
    )
    return tuple(Change.model_validate_json(row["change"]) for row in found)


def newest(rows: Rows, _now: float, *, limit: int = 100) -> tuple[Operation, ...]:
    """What was sent, newest first."""
    found = rows.execute("SELECT * FROM operations ORDER BY sent_at DESC, rowid DESC LIMIT ?", (limit,))
    return tuple(Operation.model_validate(dict(row)) for row in found)


def operations_of_name(
    rows: Rows, _now: float, *, action: str, region_id: str, target_name: str, limit: int
) -> tuple[Operation, ...]:
    """Operations of this action on a target of exactly this name, newest first; without those that had no effect."""
    found = rows.execute(
        "SELECT * FROM operations WHERE action = ? AND region_id = ? AND target_name = ?"
        " AND state NOT IN ('rejected', 'not_sent') ORDER BY sent_at DESC, rowid DESC LIMIT ?",
        (action, region_id, target_name, limit),
    )
    return tuple(Operation.model_validate(dict(row)) for row in found)


def renamed_to(rows: Rows, _now: float, *, region_id: str, name: str, limit: int) -> tuple[str, ...]:
    """Which instances got this name, or one that looks like it, among the newest updates of the region."""
    found = rows.execute(
        "SELECT target_id FROM (SELECT approval_id, target_id FROM operations WHERE action = 'update_instance'"
        " AND region_id = ? AND state NOT IN ('rejected', 'not_sent') ORDER BY sent_at DESC LIMIT ?) AS updates"
        " JOIN approvals USING (approval_id) WHERE change LIKE ?",
        (region_id, limit, f'%"name":"InstanceName","value":"{name}"%'),
    )
    return tuple(row["target_id"] for row in found)


def last_sent(rows: Rows, _now: float, *, principal: str, scope: str) -> Operation | None:
    """The newest operation of this scope, without those that certainly had no effect."""
    return _fetch_one(
        rows.execute(
            "SELECT * FROM operations WHERE principal = ? AND scope = ? AND state NOT IN ('rejected', 'not_sent')"
            " ORDER BY sent_at DESC, rowid DESC LIMIT 1",
            (principal, scope),
        )
    )


def _fetch_one(found: Found) -> Operation | None:
    row = found.fetchone()
    return None if row is None else Operation.model_validate(dict(row))
