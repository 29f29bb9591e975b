"""The audit: every question, answer, request and outcome once more, as rows that nobody edits unseen.

Each row is sealed together with the row before it (HMAC), under a key that the database does not have. So whoever can
write to the database can change or remove rows, and not make the seals fit. Only the end could be cut off: so the
newest row that a server knows is also kept in a file of its own, the checkpoint.
"""

import hashlib
import hmac
import json
import logging
import os
import re
import threading
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.database import Found, Rows
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.private_values import private_text

_LOG: Final = logging.getLogger(__name__)
_TABLES: Final = {"approvals": "approval_id", "operations": "operation_id"}
"""What is audited, each with its key."""
_CHANGES: Final = re.compile(rf"(INSERT INTO|UPDATE|DELETE FROM) ({'|'.join(_TABLES)})\b")
_KEY: Final = re.compile(r"[A-Za-z0-9._~+/-]{32,1024}=*")
_MARK: Final = re.compile(r"([0-9]{1,10}) ([0-9a-f]{64}|)\n")
_PAGE: Final = 500
"""Rows that are read at a time."""


class Mark(NamedTuple):
    """A row of the audit: its number and its seal."""

    number: int
    seal: str


_START: Final = Mark(0, "")
"""Before the first row."""


class Verdict(NamedTuple):
    """How many rows there are, and how many the checkpoint vouches for; of a bad one its number, or its approval code.

    `problem` is the key of a text, and None where all is well.
    """

    rows: int
    vouched: int
    problem: str | None = None
    row: int | None = None
    approval_code: str | None = None


class Witness:
    """Runs statements, and keeps what they changed in the tables that are audited."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.records: list[dict[str, Any]] = []

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Found:
        """Runs one statement."""
        change = _CHANGES.match(statement)
        if change is None:
            return self._rows.execute(statement, values)
        found = self._rows.execute(f"{statement} RETURNING *", values)
        for row in found:
            fields = dict(row)
            if change[1] == "UPDATE":
                # It is most of a row, and no statement updates it.
                fields.pop("change", None)
            self.records.append({"did": change[1].split(" ")[0].lower(), "table": change[2], "row": fields})
        return found


class Audit:
    """The audit of one server: the key, and its checkpoint."""

    def __init__(self, key_file: Path, checkpoint_file: Path) -> None:
        """Reads both files; a checkpoint that is not there yet is made with the first transaction.

        Raises:
            RefusedError: A file cannot be used.
        """
        key = private_text(key_file).strip()
        if not _KEY.fullmatch(key):
            raise RefusedError("audit_key_weak", path=key_file)
        self._key = key.encode()
        self._file = checkpoint_file
        self._known = _read_mark(checkpoint_file)
        self.turn = threading.Lock()
        """Held from before a transaction until its checkpoint is kept."""

    def append(self, rows: Rows, now: float, records: Sequence[Mapping[str, Any]]) -> Mark:
        """Appends what a transaction changed, and returns the newest row; nobody else writes meanwhile.

        Raises:
            JournalError: The newest row, or the one that this server knows, is not what it was.
        """
        newest = rows.execute("SELECT number, record, seal FROM audit ORDER BY number DESC LIMIT 2").fetchall()
        before, head = [_START, _START, *(Mark(row["number"], row["seal"]) for row in reversed(newest))][-2:]
        if newest and not self._continues(before, head, newest[0]["record"]):
            raise _broken(head)
        if self._known is not None and not _has(rows, self._known):
            raise _broken(self._known)
        for record in records:
            text = json.dumps({"at": now, **record}, ensure_ascii=False)
            head = self._next(head, text)
            rows.execute("INSERT INTO audit (number, record, seal) VALUES (?, ?, ?)", (head.number, text, head.seal))
        return head

    def check(self) -> None:
        """Tells at the start of a server whether its checkpoint can be written.

        Raises:
            RefusedError: It cannot.
        """
        try:
            self.keep(self._known or _START)
        except OSError as error:
            reason = type(error).__name__
        else:
            return
        raise RefusedError("audit_checkpoint_failed", path=self._file, reason=reason)

    def keep(self, newest: Mark) -> None:
        """Keeps the newest row that this server knows, after it was committed.

        Raises:
            OSError: The file cannot be written.
        """
        draft = self._file.with_name(f"{self._file.name}.new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{newest.number} {newest.seal}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)
        self._known = newest

    def verify(self, rows: Rows) -> Verdict:
        """Reads the whole audit, and whether the journal is as it says.

        Raises:
            RefusedError: There is no checkpoint.
        """
        if self._known is None:
            raise RefusedError("audit_checkpoint_missing", path=self._file)
        head, known, replay = _START, self._known, _Replay()
        for row in _pages(rows, "audit", "number", -(2**31)):
            if row["number"] != head.number + 1:
                return Verdict(head.number, known.number, "audit_row_missing", head.number + 1)
            if not self._continues(head, Mark(row["number"], row["seal"]), row["record"]):
                return Verdict(head.number, known.number, "audit_row_changed", row["number"])
            head = Mark(row["number"], row["seal"])
            if head.number == known.number and head.seal != known.seal:
                return Verdict(head.number, known.number, "audit_row_changed", head.number)
            replay.learn(json.loads(row["record"]))
        if head.number < known.number:
            return Verdict(head.number, known.number, "audit_end_missing", head.number + 1)
        code = replay.difference(rows)
        return Verdict(head.number, known.number, None if code is None else "audit_journal_differs", None, code)

    def _next(self, before: Mark, record: str) -> Mark:
        number = before.number + 1
        sealed = json.dumps([before.seal, number, record]).encode()
        return Mark(number, hmac.digest(self._key, sealed, "sha256").hex())

    def _continues(self, before: Mark, row: Mark, record: str) -> bool:
        expected = self._next(before, record)
        return expected.number == row.number and hmac.compare_digest(expected.seal.encode(), row.seal.encode())


class _Replay:
    """What the journal must hold, if what the audit says is all that happened."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._rows: dict[tuple[str, str], dict[str, Any]] = {}

    def learn(self, record: Mapping[str, Any]) -> None:
        if self._began is None:
            self._began = record["at"]
        key = record["table"], record["row"][_TABLES[record["table"]]]
        if record["did"] == "delete":
            self._rows.pop(key, None)
        else:
            self._rows.setdefault(key, {}).update(_brief(record["row"]))

    def difference(self, rows: Rows) -> str | None:
        """The approval code of a row that is not as the audit has it; None where there is none.

        Rows from before the audit began are known as far as they changed since.
        """
        for table, key in _TABLES.items():
            for row in _pages(rows, table, key, ""):
                expected = self._rows.pop((table, row[key]), None)
                if not (self._is_older(row) if expected is None else expected.items() <= _brief(row).items()):
                    return row["reference"]
        return next((row["reference"] for row in self._rows.values()), None)

    def _is_older(self, row: Mapping[str, Any]) -> bool:
        return self._began is None or row.get("asked_at", row.get("sent_at")) < self._began


def _broken(mark: Mark) -> JournalError:
    _LOG.error("The audit was changed at row %d: this server writes nothing more.", mark.number)
    return JournalError("audit_broken", row=mark.number)


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


def _has(rows: Rows, mark: Mark) -> bool:
    """Whether this row is there."""
    if mark == _START:
        return True
    row = rows.execute("SELECT seal FROM audit WHERE number = ?", (mark.number,)).fetchone()
    return row is not None and row["seal"] == mark.seal


def _read_mark(path: Path) -> Mark | None:
    if not path.exists():
        return None
    found = _MARK.fullmatch(private_text(path))
    if found is None:
        raise RefusedError("audit_checkpoint_invalid", path=path)
    return Mark(int(found[1]), found[2])
