"""What servers of an earlier version made of an edited journal is found, and what they made of a whole one is not."""

from collections.abc import Callable

import pytest

from pai_dsw_mcp.journal.database import Database
from pai_dsw_mcp.journal.postgres_audit import Audit
from pai_dsw_mcp.journal.postgres_audit_steps import is_step
from pai_dsw_mcp.journal.postgres_audit_verify import Verdict
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import approved, ask, begun, first_row, with_follow_up
from tests.support.postgres import Cluster

pytestmark = pytest.mark.anyio

ROW = "pai_dsw_mcp.approvals"
YES = "state = 'approved', decided_at = asked_at + 1, decided_channel = 'page'"


@pytest.fixture
def older(postgres: Cluster, new_audit: Callable[..., Audit]) -> Callable[[str], None]:
    """Runs a statement as a server of the version before: it takes a row as it stands, and seals what it made of it."""

    def run(statement: str) -> None:
        audit = new_audit()
        words = statement.split()
        did, table = words[0].lower(), words[1] if words[0] == "UPDATE" else words[2]
        with Database.transaction(postgres.journal().database, "write") as (rows, now):
            found = [dict(row) for row in rows.execute(f"{statement} RETURNING *")]
            if did == "update":
                found = [{name: value for name, value in row.items() if name != "change"} for row in found]
            audit.keep(audit.append(rows, now, [{"did": did, "table": table, "row": row} for row in found]))

    return run


@pytest.mark.parametrize(
    ("done", "edit", "sealed"),
    [
        ("no", "state = 'approved'", "state = 'used'"),
        ("none", YES, "state = 'used'"),
        ("yes", "principal = 'acs:ram::1:user/eve'", "state = 'used'"),
        ("none", "asked_at = 1", YES),
        ("none", "parent = 'K7Q2-9MTX'", YES),
        ("yes", "left_out = '[\"dsw-1\"]'", "state = 'used'"),
        ("no", "state = 'waiting', decided_at = NULL", "state = 'superseded'"),
        ("used", "state = 'approved'", "state = 'used'"),
        ("used", "feedback = 'yes'", "state = 'approved'"),
    ],
)
async def test_what_an_older_server_made_of_an_edited_row_is_found(
    new_server: Callable[..., Journal],
    verdict: Callable[..., Verdict],
    postgres: Cluster,
    older: Callable[[str], None],
    done: str,
    edit: str,
    sealed: str,
) -> None:
    journal = new_server()
    asked = await ask(journal)
    if done != "none":
        await journal.decide(asked.approval_id, approve=done != "no", channel="page")
    if done == "used":
        await begun(journal, asked, "op-1")
    before = verdict()
    assert before.problem is None
    postgres.ask(f"UPDATE {ROW} SET {edit}")
    older(f"UPDATE approvals SET {sealed}")
    found = Verdict(before.rows, before.rows + 1, "audit_step_impossible", before.rows + 1, asked.reference)
    assert verdict() == found


async def test_what_an_older_server_sealed_at_its_birth_or_end_is_judged_too(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], postgres: Cluster, older: Callable[[str], None]
) -> None:
    journal = new_server()
    yes = await approved(journal)
    await begun(journal, yes, "op-1")
    await journal.end("op-1", "done")
    older("UPDATE operations SET state = 'lost'")
    assert (verdict().problem, verdict().row) == ("audit_step_impossible", 7)


FOLLOW_UP = """
    INSERT INTO approvals (approval_id, reference, principal, tool, arguments_digest, fingerprint, change, state,
    channel, asked_at, expires_at, decided_at, decided_channel, parent, decided_by)
    SELECT 'made', 'MADE-MADE', principal, tool, arguments_digest, fingerprint, change, 'approved', channel, asked_at,
    expires_at, decided_at, decided_channel, {parent}, {by} FROM approvals
"""


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM operations",
        first_row("forged").replace("'waiting'", "'approved'"),
        FOLLOW_UP.format(parent="NULL", by="NULL"),
        FOLLOW_UP.format(parent="'ABCD-EFGH'", by="NULL"),
        FOLLOW_UP.format(parent="reference", by="'lin'"),
    ],
)
async def test_no_server_makes_such_a_row(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], older: Callable[[str], None], statement: str
) -> None:
    journal = new_server()
    await begun(journal, await approved(journal), "op-1")
    older(statement)
    assert (verdict().problem, verdict().row) == ("audit_step_impossible", 6)


async def test_an_audit_of_an_older_version_verifies_as_it_did_and_is_made_whole_by_the_next_server(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], postgres: Cluster, older: Callable[[str], None]
) -> None:
    keyless = postgres.journal()
    waiting, yes = await ask(keyless), await approved(keyless, digest="d2", change=with_follow_up())
    await begun(keyless, yes, "op-1")
    older("UPDATE operations SET state = 'not_sent'")
    older("UPDATE approvals SET state = 'approved' WHERE state = 'used'")
    older("DELETE FROM operations")
    older("UPDATE approvals SET state = 'used' WHERE state = 'approved'")
    older(first_row("later").replace("1, 1e10", "8e9, 1e10"))
    older(f"UPDATE approvals SET {YES} WHERE approval_id = 'later'")
    older(FOLLOW_UP.format(parent="reference", by="NULL") + " WHERE state = 'used'")
    assert verdict() == Verdict(7, 7)
    postgres.ask(first_row("unseen", "pai_dsw_mcp.").replace("K7Q2", "UN5E"))
    assert verdict() == Verdict(7, 7)
    journal = new_server()
    await journal.decide(waiting.approval_id, approve=False, channel="page")
    assert verdict() == Verdict(14, 14)


async def test_servers_of_two_versions_go_on_from_each_other(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], older: Callable[[str], None]
) -> None:
    journal = new_server()
    asked = await ask(journal)
    older(f"UPDATE approvals SET {YES}")
    await begun(journal, asked, "op-1")
    older("UPDATE operations SET state = 'unknown'")
    assert await journal.end("op-1", "done")
    assert verdict() == Verdict(7, 7)


@pytest.mark.parametrize(
    ("edit", "row"), [(f"UPDATE {ROW} SET feedback = 'yes'", 3), (f"DELETE FROM {ROW} WHERE approval_id = 'a'", None)]
)
async def test_what_was_edited_in_an_audit_of_an_older_version_is_found_after_the_next_server_too(
    new_server: Callable[..., Journal],
    verdict: Callable[..., Verdict],
    postgres: Cluster,
    older: Callable[[str], None],
    edit: str,
    row: int | None,
) -> None:
    await postgres.journal().time()
    older(first_row("a"))
    postgres.ask(edit)
    journal = new_server()
    journal.database.prepare()
    problem = "audit_journal_differs" if row is None else "audit_step_impossible"
    assert (verdict().problem, verdict().row, verdict().approval_code) == (problem, row, "K7Q2-9MTX")
    await ask(journal)
    assert verdict().problem == "audit_step_impossible"


def test_a_row_begins_once_and_a_request_only_where_there_may_be_a_yes() -> None:
    row = {"approval_id": "a", "operation_id": "o", "state": "sent", "principal": "p", "reference": "r"}
    assert not is_step("insert", "operations", row, {"operations": row})
    assert [is_step("insert", "operations", row, {}, unknown=unknown) for unknown in (True, False)] == [True, False]
