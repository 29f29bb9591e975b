"""The audit: every question, answer, request and outcome once more, as rows that nobody edits unseen.

Each row is sealed together with the row before it (HMAC), under a key that the database does not have. So whoever can
write to the database can change or remove rows, and not make the seals fit. Only the end could be cut off: so the
newest row that a server knows is also kept in a file of its own, the checkpoint.

A new key is put above the older ones: a server that has both seals with the new one, after which the older one counts
no more. Whoever has the key can end the audit with a row that says so; the next row begins it anew, with what the
journal holds by then.
"""

import hmac
import json
import logging
import os
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.database import Rows
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.private_values import private_text

_LOG: Final = logging.getLogger(__name__)
_KEY: Final = re.compile(r"[A-Za-z0-9._~+/-]{32,1024}=*")
_MARK: Final = re.compile(r"([0-9]{1,10}) ([0-9a-f]{64}|)\n")
CHANGE_KEY: Final = {"did": "change_key"}
"""The first row under a newer key, so that from the start of a server with it the older one does not count."""
_DERIVED: Final = "pai-dsw-mcp: derived from a key of the audit: "
"""So that it is never a seal: what is sealed begins with a bracket."""
BEGIN: Final = {"did": "begin"}
"""The rows after this one have what the journal held by then; nothing that is not among them is older."""
FOUND: Final = "found"
"""What such a row says of one that was there."""
END: Final = {"did": "end"}
"""What changes after this row is not audited, until there is another one."""
_AT_ONCE: Final = 3 * 200
"""Values of rows that one statement appends."""
_ENDS: Final = re.compile(r'\{"at": [0-9.e+]+, "did": "end"\}')


class Mark(NamedTuple):
    """A row of the audit: its number and its seal."""

    number: int
    seal: str


START: Final = Mark(0, "")
"""Before the first row."""


class Audit:
    """The audit of one server: the key, and its checkpoint."""

    def __init__(self, key_file: Path, checkpoint_file: Path) -> None:
        """Reads both files; a checkpoint that is not there yet is made with the first transaction.

        Raises:
            RefusedError: A file cannot be used.
        """
        keys = private_text(key_file).split()
        if not keys or not all(map(_KEY.fullmatch, keys)):
            raise RefusedError("audit_key_weak", path=key_file)
        self._keys = [key.encode() for key in keys]
        self.oldest_key = len(keys) - 1
        self.checkpoint_file = checkpoint_file
        self.known = _read_mark(checkpoint_file)
        """The newest row that this server knows."""
        self._told: Mark | None = None
        """The row of which the log says that it was changed. Probes find it every few seconds."""
        self.turn = threading.Lock()
        """Held from before a transaction until its checkpoint is kept."""

    def head(self, rows: Rows, known: Mark | None) -> tuple[Mark, int]:
        """The newest row, and which of the keys sealed it.

        Raises:
            JournalError: It, or the one that this server knows, is not what it was.
        """
        newest = rows.execute("SELECT number, record, seal FROM audit ORDER BY number DESC LIMIT 2").fetchall()
        before, head = [START, START, *(Mark(row["number"], row["seal"]) for row in reversed(newest))][-2:]
        key = self.key_of(head, before, newest[0]["record"]) if newest else 0
        if key is None:
            raise self._broken(head)
        if known is not None and not _has(rows, known):
            raise self._broken(known)
        self._told = None
        return head, key

    def _broken(self, mark: Mark) -> JournalError:
        if mark != self._told:
            self._told = mark
            _LOG.error("The audit was changed at row %d: this server writes nothing more.", mark.number)
        return JournalError("audit_broken", row=mark.number)

    def append(self, rows: Rows, now: float, records: Sequence[Mapping[str, Any]]) -> Mark:
        """Appends what a transaction changed, and returns the newest row; nobody else writes meanwhile.

        Raises:
            JournalError: The newest row, or the one that this server knows, is not what it was.
        """
        head, key = self.head(rows, self.known)
        values: list[Any] = []
        for record in (*([CHANGE_KEY] if key > 0 else []), *records):
            text = json.dumps({"at": now, **record}, ensure_ascii=False)
            head = _next(self._keys[0], head, text)
            values += (head.number, text, head.seal)
        for part in (values[at : at + _AT_ONCE] for at in range(0, len(values), _AT_ONCE)):
            each = ", ".join(["(?, ?, ?)"] * (len(part) // 3))
            rows.execute(f"INSERT INTO audit (number, record, seal) VALUES {each}", part)  # noqa: S608  # no value is in it
        return head

    def derived(self, text: str) -> tuple[str, ...]:
        """What nobody makes of this text who lacks the keys; that of the newest key comes first."""
        return tuple(hmac.digest(key, f"{_DERIVED}{text}".encode(), "sha256").hex() for key in self._keys)

    def check(self) -> None:
        """Tells at the start of a server whether its checkpoint can be written.

        Raises:
            RefusedError: It cannot.
        """
        try:
            self.keep(self.known or START)
        except OSError as error:
            reason = type(error).__name__
        else:
            return
        raise RefusedError("audit_checkpoint_failed", path=self.checkpoint_file, reason=reason)

    def keep(self, newest: Mark) -> None:
        """Keeps the newest row that this server knows, after it was committed.

        Raises:
            OSError: The file cannot be written.
        """
        draft = self.checkpoint_file.with_name(f"{self.checkpoint_file.name}.new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{newest.number} {newest.seal}\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.checkpoint_file)
        self.known = newest

    def key_of(self, row: Mark, before: Mark, record: str) -> int | None:
        """Which of the keys sealed this row after the one before it, 0 for the newest; None where none did."""
        for number, key in enumerate(self._keys):
            expected = _next(key, before, record)
            if expected.number == row.number and hmac.compare_digest(expected.seal.encode(), row.seal.encode()):
                return number
        return None


def has_audit(rows: Rows) -> bool:
    """Whether there is one that goes on, as far as somebody without its key can tell."""
    newest = rows.execute("SELECT record FROM audit ORDER BY number DESC LIMIT 1").fetchone()
    return newest is not None and not _ENDS.fullmatch(newest["record"])


def _next(key: bytes, before: Mark, record: str) -> Mark:
    number = before.number + 1
    sealed = json.dumps([before.seal, number, record]).encode()
    return Mark(number, hmac.digest(key, sealed, "sha256").hex())


def _has(rows: Rows, mark: Mark) -> bool:
    """Whether this row is there."""
    if mark == START:
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
