"""Runs the statements of a transaction, and keeps what the audit says of them.

A row is taken on only from where it was sealed last: what somebody else made of it meanwhile is refused, and nothing is
sent for it. So is what the database made of a statement, by a trigger for one.
"""

import json
import logging
import re
from collections.abc import Generator, Iterator, Sequence
from typing import Any, Final, cast

from pai_dsw_mcp.journal.database import Found, Rows
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.postgres_audit import BEGIN, FOUND, Audit, Mark
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
from pai_dsw_mcp.journal.schema import AUDIT_BOUNDS, AUDITED_APPROVAL

_LOG: Final = logging.getLogger(__name__)
_AFTER_ALL: Final = 2**31 - 1
"""No row of an audit has a greater number."""
_PAGE: Final = 500
"""Rows that are read at a time."""
_CHANGES: Final = re.compile(rf"(INSERT|UPDATE|DELETE) (?:INTO |FROM )?({'|'.join(TABLES)})\b")
_READ: Final = "SELECT * FROM approvals WHERE approval_id = ?"
"""How a transaction reads what it decides on."""
_BY_REFERENCE: Final = "SELECT * FROM approvals WHERE reference = ?"
_ASSIGNED: Final = re.compile(r"(\w+) = (\?|'\w+'|coalesce\(\?, \w+\))")
_SEALED: Final = f"""
    SELECT audit.number, audit.record, audit.seal, before.seal AS seal_before
    FROM audit LEFT JOIN audit AS before ON before.number = audit.number - 1
    WHERE {AUDITED_APPROVAL.replace("record", "audit.record")} = ? AND audit.number > ? ORDER BY audit.number
"""  # noqa: S608  # constants


class Witness:
    """Runs statements, and keeps what they changed in the tables that are audited."""

    def __init__(self, audit: Audit, rows: Rows) -> None:
        self._audit = audit
        self._rows = rows
        self._began: int | None = None
        self._known: dict[str, Known] = {}
        self._unsealed: set[str] = set()
        """Approvals of which a row of the audit does not fit its seal."""
        self.records: list[dict[str, Any]] = []

    def begin(self) -> None:
        """Puts what is there already at the beginning of the audit, unless that was done."""
        if self._began is not None:
            return
        bound = self._rows.execute(
            f"SELECT number, record FROM audit WHERE {AUDIT_BOUNDS} ORDER BY number DESC LIMIT 1"  # noqa: S608
        ).fetchone()
        if bound is not None and json.loads(bound["record"])["did"] == BEGIN["did"]:
            self._began = bound["number"]
            return
        self._began = _AFTER_ALL
        self.records.append(BEGIN)
        for table, key in TABLES.items():
            for row in pages(self._rows, table, key):
                self._keep(FOUND, table, brief(row))

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Found:
        """Runs one statement.

        Raises:
            JournalError: A row is not as it was sealed last, or the database wrote something else than it was told.
        """
        if statement == _READ:
            self._check(_READ, values)
        change = _CHANGES.match(statement)
        if change is None:
            return self._rows.execute(statement, values)
        self.begin()
        found = self._rows.execute(f"{statement} RETURNING *", values)
        did, table = cast("Did", change[1].lower()), change[2]
        meant = dict(_meant(statement, values))
        for row in found:
            if not self._is_step(did, table, brief(row), brief(meant)):
                raise self._edited(row)
            self._keep(did, table, row if did == "insert" else brief(row))
        return found

    def _is_step(self, did: Did, table: str, row: Row, meant: Row) -> bool:
        """Whether the row has become what the statement says, from how it was sealed last."""
        parent = None
        if did == "insert" and row.get("parent") is not None:
            parent = self._check(_BY_REFERENCE, (row["parent"],))
        known = self._known_of(row["approval_id"])
        # An older key may be gone from the file. That must stop neither a no nor the record of an outcome.
        is_vouched = row["state"] != "used" or row["approval_id"] not in self._unsealed
        is_meant = is_as_sealed(row, {**known.get(table, {}), **meant})
        return is_vouched and is_meant and is_step(did, table, row, known, parent=parent)

    def _check(self, statement: str, values: Sequence[Any]) -> Row | None:
        """The row that this finds, which nobody else changes until the end.

        Raises:
            JournalError: It is not as it was sealed last.
        """
        self.begin()
        row = self._rows.execute(f"{statement} FOR UPDATE", values).fetchone()
        if row is not None and not is_as_sealed(brief(row), self._known_of(row["approval_id"]).get("approvals")):
            raise self._edited(row)
        return row

    def _edited(self, row: Row) -> JournalError:
        # Where it is the audit itself that was edited, that is told.
        self._audit.head(self._rows, self._audit.known)
        _LOG.error("What the database has at approval code %s is not what a server wrote there.", row["reference"])
        return JournalError("audit_edited", reference=row["reference"])

    def _known_of(self, approval_id: str) -> Known:
        if approval_id not in self._known:
            known = self._known[approval_id] = {}
            for row in self._rows.execute(_SEALED, (approval_id, self._began)):
                before = Mark(row["number"] - 1, row["seal_before"] or "")
                if self._audit.key_of(Mark(row["number"], row["seal"]), before, row["record"]) is None:
                    self._unsealed.add(approval_id)
                learn(*change_of(json.loads(row["record"])), known)
        return self._known[approval_id]

    def _keep(self, did: str, table: str, row: Row) -> None:
        record = {"did": did, "table": table, "row": dict(row)}
        self.records.append(record)
        learn(*change_of(record), self._known.setdefault(row["approval_id"], {}))


def pages(rows: Rows, table: str, key: str) -> Generator[Row]:
    """All rows by their key, a page at a time, so that each answer is short."""
    where, least = "", ()
    while True:
        page = rows.execute(
            f"SELECT * FROM {table} {where} ORDER BY {key} LIMIT {_PAGE}",  # noqa: S608  # names of ours
            least,
        ).fetchall()
        yield from page
        if len(page) < _PAGE:
            return
        where, least = f"WHERE {key} > ?", (page[-1][key],)


def _meant(statement: str, values: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """What a statement sets, by the names of the columns; the others stay as they are."""
    given = iter(values)
    if statement.startswith("INSERT"):
        names, _, written = statement.partition("(")[2].removesuffix(")").partition(") VALUES (")
        assigned = zip(names.split(", "), written.split(", "), strict=True)
    else:
        assigned = _ASSIGNED.findall(statement.partition(" SET ")[2].partition(" WHERE ")[0])
    for name, value in assigned:
        meant = next(given) if "?" in value else value.strip("'")
        # A column keeps its value where its `coalesce` gets none.
        if meant is not None or value == "?":
            yield name, meant
