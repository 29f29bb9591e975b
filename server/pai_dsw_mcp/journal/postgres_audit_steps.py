"""What servers do to the rows that are audited: how one begins, what changes with which step, and what never does.

Whoever writes to the database by another way may set any row. So a server takes no step from a row that is not as it
was sealed last, and who verifies judges each step again.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

Row: TypeAlias = Mapping[str, Any]
Known: TypeAlias = dict[str, Row]
"""What was sealed last of an approval and of its operation, by the name of the table."""
Did: TypeAlias = Literal["insert", "update", "delete"]

TABLES: Final = {"approvals": "approval_id", "operations": "operation_id"}
"""What is audited, each with its key."""
_ANSWER: Final = frozenset({"decided_at", "decided_channel", "decided_by", "feedback", "told_at"})
_OUTCOME: Final = frozenset({"target_id", "code", "request_id", "ended_at"})
_TOLD: Final = frozenset({"told_at"})
_NOTHING: Final = frozenset[str]()
_OUTCOMES: Final = ("done", "partial", "rejected", "unknown", "lost", "not_sent")
_STEPS: Final[dict[str, dict[tuple[str, str], frozenset[str]]]] = {
    "approvals": {
        ("waiting", "waiting"): frozenset({"channel", "dismissed_at"}),
        ("waiting", "approved"): _ANSWER | {"left_out"},
        ("waiting", "rejected"): _ANSWER | {"left_out", "dismissed_at"},
        ("waiting", "superseded"): _NOTHING,
        ("approved", "rejected"): _ANSWER,
        ("approved", "superseded"): _NOTHING,
        ("approved", "used"): _NOTHING,
        ("used", "approved"): _NOTHING,
        ("used", "used"): _TOLD,
        ("rejected", "rejected"): _TOLD,
    },
    "operations": {(state, end): _OUTCOME for state in ("sent", "unknown") for end in _OUTCOMES},
}
"""From which state to which one, and what else may change with that."""


def brief(row: Row) -> Row:
    """With a digest in place of the change, which is most of a row, and which no statement updates."""
    if "change" not in row:
        return dict(row)
    return {**row, "change": hashlib.sha256(row["change"].encode()).hexdigest()}


def change_of(record: Mapping[str, Any]) -> tuple[str, str, Row]:
    """What a row of the audit says was done, to which table, and the row that it was done to."""
    return record["did"], record["table"], brief(record["row"]) if record["did"] == "insert" else record["row"]


def is_as_sealed(row: Row, sealed: Row | None) -> bool:
    """Whether it is what was sealed last; columns that are newer than that do not count."""
    return sealed is not None and sealed.items() <= row.items()


def is_step(did: Did, table: str, row: Row, known: Known, *, parent: Row | None = None, unknown: bool = False) -> bool:
    """Whether servers do this to a row, which is `row` afterwards.

    `parent` is the approval that a follow-up names. `unknown` is the answer where it depends on what is not known.
    """
    before = known.get(table)
    if did == "insert":
        if before is not None:
            return False
        return _begins(row, parent, unknown) if table == "approvals" else _is_sent(row, known.get("approvals"), unknown)
    if before is None:
        return unknown
    if did == "delete":
        return before["state"] == "not_sent" and is_as_sealed(row, before)
    may_change = _STEPS[table].get((before["state"], row["state"]))
    # A row of an older version lacks the change.
    kept = row.keys() & before.keys() - {"state"} - (may_change or set())
    if may_change is None or any(row[name] != before[name] for name in kept):
        return False
    if (before["state"], row["state"]) == ("used", "approved"):
        operation = known.get("operations")
        return unknown if operation is None else operation["state"] == "not_sent"
    # A yes that is used once more would look like this, but for what is told.
    return (before["state"], row["state"]) != ("used", "used") or row["told_at"] is not None


def learn(did: str, table: str, row: Row, known: Known) -> None:
    """Takes note of what was done."""
    if did == "delete":
        known.pop(table, None)
    else:
        known[table] = {**known.get(table, {}), **row}


def _begins(row: Row, parent: Row | None, unknown: bool) -> bool:
    if row["parent"] is None:
        return row["state"] == "waiting" and row["decided_at"] is None and row["decided_channel"] is None
    if row["state"] != "approved" or parent is None:
        return row["state"] == "approved" and unknown
    same = ("principal", "decided_channel", "decided_by")
    return parent["state"] == "used" and all(row.get(name) == parent.get(name) for name in same)


def _is_sent(row: Row, yes: Row | None, unknown: bool) -> bool:
    if yes is None:
        return unknown
    same = ("principal", "reference")
    return (row["state"], yes["state"]) == ("sent", "used") and all(row[name] == yes[name] for name in same)
