"""Whether the audit is as the servers wrote it, and the journal as the audit says."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.database import Rows
from pai_dsw_mcp.journal.postgres_audit import FOUND, START, Audit, Mark
from pai_dsw_mcp.journal.postgres_audit_steps import (
    TABLES,
    Did,
    Known,
    Row,
    brief,
    change_of,
    is_as_sealed,
    is_step,
    learn,
)
from pai_dsw_mcp.journal.postgres_audit_witness import pages


class Verdict(NamedTuple):
    """How many rows there are, and how many the checkpoint vouches for; of a bad one its number, or its approval code.

    `problem` is the key of a text, and None where all is well. `ended` has the rows with which the audit was ended: of
    the time until the next row nothing is known.
    """

    rows: int
    vouched: int
    problem: str | None = None
    row: int | None = None
    approval_code: str | None = None
    ended: tuple[int, ...] = ()


def verify(audit: Audit, rows: Rows) -> Verdict:
    """Reads the whole audit: whether each row is as it was sealed, and tells a step that servers take.

    Then whether the journal is as it says.

    Raises:
        RefusedError: There is no checkpoint.
    """
    if audit.known is None:
        raise RefusedError("audit_checkpoint_missing", path=audit.checkpoint_file)
    head, known, newest_key, replay = START, audit.known, audit.oldest_key, _Replay()
    for row in pages(rows, "audit", "number"):
        if row["number"] != head.number + 1:
            return Verdict(head.number, known.number, "audit_row_missing", head.number + 1)
        before, head = head, Mark(row["number"], row["seal"])
        key = audit.key_of(head, before, row["record"])
        # A key counts no more once a newer one was used.
        if key is None or key > newest_key or (head.number == known.number and head != known):
            return Verdict(before.number, known.number, "audit_row_changed", head.number)
        newest_key = key
        record = json.loads(row["record"])
        if not replay.learn(head.number, record):
            code = record["row"]["reference"]
            return Verdict(before.number, known.number, "audit_step_impossible", head.number, code)
    ended = tuple(replay.ended)
    if head.number < known.number:
        return Verdict(head.number, known.number, "audit_end_missing", head.number + 1, ended=ended)
    code = replay.difference(rows)
    return Verdict(head.number, known.number, code and "audit_journal_differs", None, code, ended)


class _Replay:
    """What the journal must hold, if what the audit says is all that happened."""

    def __init__(self) -> None:
        self.ended: list[int] = []
        self._began: float | None = None
        self._is_whole = False
        """Whether it began with all that was there; those of older versions did not."""
        self._known: dict[str, Known] = {}
        self._before: dict[str, Known] = {}
        """What was known as the audit began, of which each row has to be found again."""
        self._approval_of: dict[str, str] = {}

    def learn(self, number: int, record: Mapping[str, Any]) -> bool:
        """Whether it is a step that servers take."""
        if self._began is None:
            self._began = record["at"]
        match record["did"]:
            case "end":
                self.ended.append(number)
                self._began, self._is_whole, self._known, self._before = None, False, {}, {}
            case "begin":
                self._is_whole, self._known, self._before = True, {}, self._known
            case "change_key":
                pass
            case did:
                return self._learn_change(did, *change_of(record)[1:])
        return True

    def _learn_change(self, did: str, table: str, row: Row) -> bool:
        known = self._known.setdefault(row["approval_id"], {})
        if did == FOUND:
            before = self._before.get(row["approval_id"], {}).pop(table, None)
            is_taken = before is None or is_as_sealed(row, before)
        else:
            parent = self._known.get(self._approval_of.get(row.get("parent") or "", ""), {}).get("approvals")
            is_taken = self._lost is None and is_step(
                cast("Did", did), table, row, known, parent=parent, unknown=not self._is_whole
            )
        learn(did, table, row, known)
        if table == "approvals":
            self._approval_of[row["reference"]] = row["approval_id"]
        return is_taken

    @property
    def _lost(self) -> str | None:
        """The approval code of a row that was not found again."""
        return next((row["reference"] for known in self._before.values() for row in known.values()), None)

    def difference(self, rows: Rows) -> str | None:
        """The approval code of a row that is not as the audit has it; None where there is none.

        Where the audit began with an older version, rows from before that are known as far as they changed since.
        """
        for table, key in TABLES.items():
            for row in pages(rows, table, key):
                expected = self._known.get(row["approval_id"], {}).pop(table, None)
                if not (self._is_older(row) if expected is None else is_as_sealed(brief(row), expected)):
                    return row["reference"]
        left = (row["reference"] for known in self._known.values() for row in known.values())
        return self._lost or next(left, None)

    def _is_older(self, row: Row) -> bool:
        if self._is_whole:
            return False
        return self._began is None or row.get("asked_at", row.get("sent_at")) < self._began
