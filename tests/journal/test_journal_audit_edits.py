"""The journal edited in the database: no server goes on from there."""

from collections.abc import Callable

import psycopg
import pytest

from pai_dsw_mcp.journal import approvals
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.postgres_audit_verify import Verdict
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import OLD_KEY, approved, ask, begun, first_row, with_follow_up
from tests.support.postgres import Cluster

pytestmark = pytest.mark.anyio

ROW = "pai_dsw_mcp.approvals"
YES = "state = 'approved', decided_at = asked_at + 1, decided_channel = 'page'"
DELETE_LIMITS = "ALTER TABLE pai_dsw_mcp.operations DROP CONSTRAINT operations_approval_id_key"


@pytest.mark.parametrize(
    ("answer", "edit"),
    [
        ("no", "state = 'approved'"),
        (None, YES),
        (None, f"{YES}, decided_by = 'lin', channel = 'second_person'"),
        ("yes", "decided_channel = 'second_person', decided_by = 'lin'"),
        ("yes", "principal = 'acs:ram::1:user/eve'"),
        ("yes", "expires_at = 9e9"),
        ("yes", "change = replace(change, '9.53', '0.01')"),
        ("yes", "left_out = '[\"dsw-1\"]'"),
    ],
)
async def test_nothing_is_sent_for_an_edited_row(
    new_server: Callable[..., Journal],
    verdict: Callable[..., Verdict],
    postgres: Cluster,
    answer: str | None,
    edit: str,
) -> None:
    journal = new_server()
    asked = await ask(journal)
    if answer is not None:
        await journal.decide(asked.approval_id, approve=answer == "yes", channel="page")
    postgres.ask(f"UPDATE {ROW} SET {edit}")
    with pytest.raises(JournalError, match=asked.reference):
        await begun(journal, asked, "op-1")
    assert await journal.operations() == ()
    assert (verdict().problem, verdict().approval_code) == ("audit_journal_differs", asked.reference)


async def test_a_question_that_was_edited_takes_no_answer(
    new_server: Callable[..., Journal], postgres: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    journal = new_server()
    asked = await ask(journal)
    postgres.ask(f"UPDATE {ROW} SET change = replace(change, '9.53', '0.01')")
    for answer in (True, False):
        with pytest.raises(JournalError, match="audit --verify"):
            await journal.decide(asked.approval_id, approve=answer, channel="page")
    assert f"approval code {asked.reference}" in caplog.text


async def test_a_yes_that_was_put_back_is_not_used_again(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], postgres: Cluster
) -> None:
    journal = new_server()
    yes = await approved(journal)
    await begun(journal, yes, "op-1")
    await journal.end("op-1", "done")
    postgres.ask(f"{DELETE_LIMITS}; UPDATE {ROW} SET state = 'approved'")
    with pytest.raises(JournalError, match=yes.reference):
        await begun(journal, yes, "op-2")
    postgres.ask("DELETE FROM pai_dsw_mcp.operations")
    with pytest.raises(JournalError, match=yes.reference):
        await begun(journal, yes, "op-1")
    assert verdict().approval_code == yes.reference


async def test_an_outcome_that_was_edited_is_not_gone_on_from_and_a_follow_up_that_was_slipped_in_is_not_approved(
    new_server: Callable[..., Journal], postgres: Cluster
) -> None:
    journal = new_server()
    yes = await approved(journal, change=with_follow_up())
    await begun(journal, yes, "op-1")
    postgres.ask(f'UPDATE {ROW} SET change = replace(change, \'"target_id":"dsw-1"\', \'"target_id":"dsw-2"\')')
    with pytest.raises(JournalError, match=yes.reference):
        await journal.end("op-1", "done")
    postgres.ask(f'UPDATE {ROW} SET change = replace(change, \'"target_id":"dsw-2"\', \'"target_id":"dsw-1"\')')
    assert await journal.end("op-1", "done")
    postgres.ask("UPDATE pai_dsw_mcp.operations SET state = 'sent', ended_at = NULL")
    with pytest.raises(JournalError, match=yes.reference):
        await journal.end("op-1", "not_sent")


async def test_a_row_that_a_server_decides_on_is_edited_by_nobody_meanwhile(
    new_server: Callable[..., Journal], postgres: Cluster
) -> None:
    journal = new_server()
    asked = await ask(journal)
    with journal.database.transaction("write") as (rows, now):
        approvals.get(rows, now, asked.approval_id)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            postgres.ask(f"SET lock_timeout = '20ms'; UPDATE {ROW} SET {YES}")


TRIGGER = """
    CREATE OR REPLACE FUNCTION public.edit() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF {when} THEN {then}; END IF; RETURN NEW; END $$;
    CREATE TRIGGER edit BEFORE INSERT OR UPDATE ON pai_dsw_mcp.approvals FOR EACH ROW EXECUTE FUNCTION public.edit()
"""


@pytest.mark.parametrize(
    ("when", "then"),
    [
        ("NEW.state = 'rejected'", "NEW.state := 'approved'"),
        ("NEW.state = 'rejected'", "NEW.decided_by := 'lin'"),
        ("NEW.dismissed_at > 0", "NEW.state := 'approved'; NEW.decided_channel := 'page'"),
    ],
)
async def test_what_a_trigger_makes_of_an_answer_is_refused(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], postgres: Cluster, when: str, then: str
) -> None:
    journal = new_server()
    asked = await ask(journal)
    postgres.ask(TRIGGER.format(when=when, then=then))
    with pytest.raises(JournalError, match=asked.reference):
        await (journal.dismiss if "dismissed" in when else journal.close_form)(asked.approval_id)
    assert verdict().rows == 2


@pytest.mark.parametrize(
    "then", ["NEW.change := replace(NEW.change, '9.53', '0.01')", "NEW.principal := 'p'", "NEW.state := 'approved'"]
)
async def test_what_a_trigger_makes_of_a_question_is_refused(
    new_server: Callable[..., Journal], postgres: Cluster, then: str
) -> None:
    journal = new_server()
    journal.database.prepare()
    postgres.ask(TRIGGER.format(when="NEW.state = 'waiting'", then=then))
    with pytest.raises(JournalError, match="audit --verify"):
        await ask(journal)


@pytest.mark.parametrize("approval_id", ["forged", ""])
async def test_a_forged_row_that_says_it_is_older_than_the_audit_is_found_and_not_used(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], postgres: Cluster, approval_id: str
) -> None:
    journal = new_server()
    refused = await ask(journal)
    await journal.decide(refused.approval_id, approve=False, channel="page")
    postgres.ask(f"{first_row(approval_id, 'pai_dsw_mcp.')}; UPDATE {ROW} SET {YES} WHERE asked_at = 1")
    assert (verdict().problem, verdict().approval_code) == ("audit_journal_differs", "K7Q2-9MTX")
    forged = (await journal.history(since=0, limit=2))[-1][0]
    with pytest.raises(JournalError, match="K7Q2-9MTX"):
        await begun(journal, forged, "op-1")


async def test_a_yes_whose_seals_nobody_can_check_is_not_used_and_can_be_taken_back(
    new_server: Callable[..., Journal], postgres: Cluster
) -> None:
    journal = new_server()
    yes, again = await approved(journal), await approved(journal, digest="d2")
    both = new_server("two", key=f"{'n' * 32}\n{OLD_KEY}")
    await begun(both, yes, "op-1")
    new = new_server("three", key="n" * 32)
    assert await new.end("op-1", "done")
    with pytest.raises(JournalError, match=again.reference):
        await begun(new, again, "op-2")
    assert (await new.refuse(again.approval_id, channel="page")).state == "rejected"
