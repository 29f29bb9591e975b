"""Who may write where there is an audit: servers with its key, with a newer one, or without, and after its end."""

from collections.abc import Callable

import pytest

from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.postgres_audit import Audit
from pai_dsw_mcp.journal.postgres_audit_verify import Verdict
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import OLD_KEY, ask, private_file
from tests.support.postgres import Cluster

pytestmark = pytest.mark.anyio

NEW_KEY = "n" * 32
BOTH = f"{NEW_KEY}\n{OLD_KEY}\n"


async def test_a_server_without_the_key_changes_nothing_once_there_is_an_audit(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], postgres: Cluster
) -> None:
    keyless = postgres.journal()
    asked = await ask(keyless)
    await keyless.check()
    await ask(new_server(), digest="d2")
    with pytest.raises(JournalError, match="--audit-key-file"):
        await keyless.decide(asked.approval_id, approve=True, channel="page")
    with pytest.raises(JournalError, match="--audit-key-file"):
        await keyless.check()
    with pytest.raises(JournalError, match="--audit-key-file"):
        postgres.journal().database.prepare()
    assert await keyless.get(asked.approval_id) == asked
    assert verdict() == Verdict(3, 3)


async def test_a_new_key_above_the_old_one_counts_from_the_start_of_the_first_server_that_has_both(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], postgres: Cluster
) -> None:
    one, two = new_server("one"), new_server("two", key=BOTH)
    asked = await ask(one)
    two.database.prepare()
    assert verdict("two", key=BOTH) == Verdict(3, 3)
    with pytest.raises(JournalError, match="same newest key"):
        await one.decide(asked.approval_id, approve=True, channel="page")
    await two.decide(asked.approval_id, approve=False, channel="page")
    # A server needs the older key no more; who verifies needs it for the older rows.
    await ask(new_server("three", key=NEW_KEY), digest="d2")
    assert verdict("two", key=BOTH) == Verdict(5, 4)
    assert verdict("two", key=NEW_KEY).row == 1
    assert verdict("two").row == 3
    postgres.ask("UPDATE pai_dsw_mcp.audit SET record = replace(record, 'change_key', 'end') WHERE number = 3")
    assert verdict("two", key=BOTH).row == 3


async def test_whoever_has_the_old_key_alone_adds_nothing_after_the_new_one(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict]
) -> None:
    await ask(new_server("one"))
    await ask(new_server("two", key=BOTH), digest="d2")
    # As if it knew the new key well enough to go on after it.
    await ask(new_server("forger", key=f"{OLD_KEY}\n{NEW_KEY}"), digest="d3")
    assert (verdict("two", key=BOTH).problem, verdict("two", key=BOTH).row) == ("audit_row_changed", 5)


async def test_an_audit_that_was_ended_asks_no_server_for_its_key_and_the_next_one_with_it_begins_anew(
    new_server: Callable[..., Journal],
    verdict: Callable[..., Verdict],
    postgres: Cluster,
    command: Callable[..., tuple[int, str]],
) -> None:
    journal, keyless = new_server(), postgres.journal()
    asked = await ask(journal)
    for _ in range(2):
        code, said = command(end=True)
        assert code == 0
        assert "ended at these rows: 3." in said
        assert "is ended now" in said
    assert verdict() == Verdict(3, 3, ended=(3,))
    await keyless.check()
    keyless.database.prepare()
    await keyless.decide(asked.approval_id, approve=False, channel="page")
    unseen = await ask(keyless, digest="d2")
    assert verdict().problem is None
    assert "结束：3。" in command(lang="zh")[1]
    journal = new_server()
    await journal.decide(unseen.approval_id, approve=False, channel="page")
    assert verdict() == Verdict(7, 7, ended=(3,))
    with pytest.raises(JournalError, match="audit --end"):
        await ask(keyless, digest="d3")
    postgres.ask("UPDATE pai_dsw_mcp.approvals SET feedback = 'yes' WHERE arguments_digest = 'd2'")
    assert verdict().approval_code == unseen.reference


async def test_an_audit_that_was_manipulated_is_not_ended_and_an_end_without_the_key_is_found(
    new_server: Callable[..., Journal],
    verdict: Callable[..., Verdict],
    postgres: Cluster,
    command: Callable[..., tuple[int, str]],
) -> None:
    journal = new_server()
    await ask(journal)
    postgres.ask("UPDATE pai_dsw_mcp.approvals SET feedback = 'yes'")
    assert command(end=True)[0] == 1
    assert verdict().rows == 2
    ended = '{"at": 1.0, "did": "end"}'
    postgres.ask(f"INSERT INTO pai_dsw_mcp.audit SELECT 3, '{ended}', seal FROM pai_dsw_mcp.audit LIMIT 1")
    await postgres.journal().check()
    assert (verdict().problem, verdict().row) == ("audit_row_changed", 3)
    with pytest.raises(JournalError, match="Row 3"):
        await journal.check()


async def test_a_checkpoint_from_before_the_first_row_is_taken(
    new_audit: Callable[..., Audit], verdict: Callable[..., Verdict], postgres: Cluster
) -> None:
    audit = new_audit()
    private_file(audit.checkpoint_file, "0 \n")
    await ask(postgres.journal(audit=new_audit()))
    assert verdict() == Verdict(2, 2)
