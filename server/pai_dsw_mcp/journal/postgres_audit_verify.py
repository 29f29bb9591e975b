"""Whether the audit is as the servers wrote it, and the journal as the audit says."""

import hashlib
import json
from collections.abc import Generator, Mapping
from typing import Any, Final, NamedTuple

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.database import Rows
from pai_dsw_mcp.journal.postgres_audit import CHANGE_KEY, END, START, TABLES, Audit, Mark

_PAGE: Final = 500
"""Rows that are read at a time."""


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
    """Reads the whole audit, and whether the journal is as it says.

    Raises:
        RefusedError: There is no checkpoint.
    """
    if audit.known is None:
        raise RefusedError("audit_checkpoint_missing", path=audit.checkpoint_file)
    head, known, newest_key, replay = START, audit.known, audit.oldest_key, _Replay()
    for row in _pages(rows, "audit", "number", -(2**31)):
        if row["number"] != head.number + 1:
            return Verdict(head.number, known.number, "audit_row_missing", head.number + 1)
        before, head = head, Mark(row["number"], row["seal"])
        key = audit.key_of(head, before, row["record"])
        # A key counts no more once a newer one was used.
        if key is None or key > newest_key or (head.number == known.number and head != known):
            return Verdict(before.number, known.number, "audit_row_changed", head.number)
        newest_key = key
        replay.learn(head.number, json.loads(row["record"]))
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
        self._rows: dict[tuple[str, str], dict[str, Any]] = {}

    def learn(self, number: int, record: Mapping[str, Any]) -> None:
        if record["did"] == END["did"]:
            self.ended.append(number)
            self._began = None
            self._rows.clear()
            return
        if self._began is None:
            self._began = record["at"]
        if record["did"] == CHANGE_KEY["did"]:
            return
        key = record["table"], record["row"][TABLES[record["table"]]]
        if record["did"] == "delete":
            self._rows.pop(key, None)
        else:
            self._rows.setdefault(key, {}).update(_brief(record["row"]))

    def difference(self, rows: Rows) -> str | None:
        """The approval code of a row that is not as the audit has it; None where there is none.

        Rows from before the audit began are known as far as they changed since.
        """
        for table, key in TABLES.items():
            for row in _pages(rows, table, key, ""):
                expected = self._rows.pop((table, row[key]), None)
                if not (self._is_older(row) if expected is None else expected.items() <= _brief(row).items()):
                    return row["reference"]
        return next((row["reference"] for row in self._rows.values()), None)

    def _is_older(self, row: Mapping[str, Any]) -> bool:
        return self._began is None or row.get("asked_at", row.get("sent_at")) < self._began


def _brief(row: Mapping[str, Any]) -> dict[str, Any]:
    """With a digest in place of the change, which is long."""
    if "change" not in row:
        return dict(row)
    return {**row, "change": hashlib.sha256(row["change"].encode()).hexdigest()}


def _pages(rows: Rows, table: str, key: str, least: str | int) -> Generator[Mapping[str, Any]]:
    """The rows by their key, a page at a time, so that each answer is short."""
    while True:
        page = rows.execute(
            f"SELECT * FROM {table} WHERE {key} > ? ORDER BY {key} LIMIT {_PAGE}",  # noqa: S608  # names of ours
            (least,),
        ).fetchall()
        yield from page
        if len(page) < _PAGE:
            return
        least = page[-1][key]
