"""`pai-dsw-mcp audit --verify`: whether what is in the database is what the servers wrote there; `--end` ends it."""

import json
import sys
from typing import cast

from pai_dsw_mcp.commands.place import audit_of, journal_of
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.postgres_audit import END, Audit
from pai_dsw_mcp.journal.postgres_audit_verify import Verdict
from pai_dsw_mcp.journal.postgres_audit_verify import verify as verdict_of
from pai_dsw_mcp.journal.postgres_audit_witness import Witness
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language


def verify(settings: Settings) -> int:
    """Prints the verdict; returns 0 where all is as it was written, and 1 where something was manipulated.

    What was manipulated is not ended: an end would look like a part of what the servers wrote.

    Raises:
        JournalError: The database cannot be used.
        RefusedError: Nothing can be proved with these settings.
    """
    if settings.database is None:
        raise RefusedError("audit_of_a_file")
    if audit_of(settings) is None:
        raise RefusedError("audit_files_missing")
    journal = journal_of(settings)
    try:
        verdict = _verdict(settings, journal)
        is_over = verdict.ended[-1:] == (verdict.rows,)
        if settings.end and verdict.problem is None and not is_over:
            with journal.database.transaction("write") as (rows, _):
                cast("Witness", rows).records.append(END)
            verdict = _verdict(settings, journal)
    finally:
        journal.close()
    after = say("audit_ended_now", settings.lang) if settings.end and verdict.problem is None else ""
    sys.stdout.write((_json(verdict) if settings.json else _sentence(verdict, settings.lang) + after) + "\n")
    return 0 if verdict.problem is None else 1


def _verdict(settings: Settings, journal: Journal) -> Verdict:
    audit = cast("Audit", audit_of(settings))
    with journal.database.transaction("read") as (rows, _):
        return verdict_of(audit, rows)


def _json(verdict: Verdict) -> str:
    problem = verdict.problem and verdict.problem.removeprefix("audit_")
    return json.dumps({"intact": problem is None, **verdict._asdict(), "problem": problem}, indent=2)


def _sentence(verdict: Verdict, language: Language) -> str:
    if verdict.problem is None:
        intact = say("audit_intact", language, rows=verdict.rows, vouched=verdict.vouched)
        ends = ", ".join(map(str, verdict.ended))
        return intact + (say("audit_ended", language, rows=ends) if ends else "")
    found = say(verdict.problem, language, row=verdict.row, approval_code=verdict.approval_code)
    return say("audit_manipulated", language, found=found)
