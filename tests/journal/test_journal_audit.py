"""The audit in PostgreSQL: what somebody changes who can write to the database is found."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.postgres_audit import Audit
from pai_dsw_mcp.journal.postgres_audit_verify import Verdict
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change
from tests.journal.journal_desk import approved, ask, begun, first_row, private_file, with_follow_up
from tests.support.postgres import Cluster

pytestmark = pytest.mark.anyio

SWAP = "; ".join(f"UPDATE {{0}} SET number = {new} WHERE number = {old}" for old, new in ((3, -1), (4, 3), (-1, 4)))
"""Two rows in the order of the other."""


async def sent(
    journal: Journal, *, digest: str = "d1", change: Change | None = None, operation_id: str = "op-1"
) -> None:
    """A question, a yes, a request, and its outcome."""
    await begun(journal, await approved(journal, digest=digest, change=change), operation_id)
    await journal.end(operation_id, "done", target_id="dsw-1", request_id="R-1")


async def test_every_question_answer_request_and_outcome_is_in_the_audit_as_in_the_journal(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], postgres: Cluster
) -> None:
    journal = new_server()
    await sent(journal, change=with_follow_up())
    refused = await ask(journal, digest="d2", channel="form")
    await journal.dismiss(refused.approval_id)
    await journal.move(refused.approval_id, "page")
    await journal.refuse(refused.approval_id, channel="page", feedback="not today")
    await journal.tell(refused.approval_id)
    again = await approved(journal, digest="d3")
    for _ in range(2):
        await begun(journal, again, "op-3")
        await journal.end("op-3", "not_sent")
    records = [json.loads(text) for (text,) in postgres.ask("SELECT record FROM pai_dsw_mcp.audit ORDER BY number")]
    assert records[0]["did"] == "begin"
    said = [(each["did"], each["table"], each["row"]["state"]) for each in records[1:]]
    assert said[:7] == [
        ("insert", "approvals", "waiting"),
        ("update", "approvals", "approved"),
        ("update", "approvals", "used"),
        ("insert", "operations", "sent"),
        ("update", "operations", "done"),
        ("insert", "approvals", "approved"),
        ("insert", "approvals", "waiting"),
    ]
    assert ("update", "approvals", "rejected") in said
    assert ("delete", "operations", "not_sent") in said
    assert records[1]["row"]["change"] == with_follow_up().model_dump_json()
    assert verdict() == Verdict(len(records), len(records))


async def test_a_transaction_that_fails_leaves_nothing_in_the_audit(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict]
) -> None:
    journal = new_server()
    approval = await ask(journal)

    def fail() -> None:
        with journal.database.transaction("write") as (rows, _):
            rows.execute("UPDATE approvals SET state = 'approved' WHERE approval_id = ?", (approval.approval_id,))
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011  # it has no text
        fail()
    assert verdict() == Verdict(2, 2)


@pytest.mark.parametrize(
    ("manipulation", "problem", "row"),
    [
        ("UPDATE {0} SET record = replace(record, 'rejected', 'approved') WHERE number = 3", "audit_row_changed", 3),
        ("UPDATE {0} SET seal = repeat('0', 64) WHERE number = 5", "audit_row_changed", 5),
        ("DELETE FROM {0} WHERE number = 3", "audit_row_missing", 3),
        ("DELETE FROM {0} WHERE number = 1", "audit_row_missing", 1),
        (SWAP, "audit_row_changed", 3),
        ("INSERT INTO {0} SELECT 8, record, seal FROM {0} WHERE number = 7", "audit_row_changed", 8),
        ("INSERT INTO {0} SELECT 0, record, seal FROM {0} WHERE number = 7", "audit_row_missing", 1),
        ("INSERT INTO {0} SELECT -(2^31), record, seal FROM {0} WHERE number = 7", "audit_row_missing", 1),
        ("DELETE FROM {0} WHERE number > 5", "audit_end_missing", 6),
        ("DELETE FROM {0}", "audit_end_missing", 1),
        ("UPDATE pai_dsw_mcp.approvals SET feedback = 'yes' WHERE state = 'rejected'", "audit_journal_differs", None),
        ("UPDATE pai_dsw_mcp.approvals SET change = replace(change, 'a10', 'h100')", "audit_journal_differs", None),
        ("UPDATE pai_dsw_mcp.operations SET request_id = 'R-2'", "audit_journal_differs", None),
        ("DELETE FROM pai_dsw_mcp.operations", "audit_journal_differs", None),
        (
            "UPDATE pai_dsw_mcp.operations SET operation_id = 'op-2'",
            "audit_journal_differs",
            None,
        ),
    ],
)
async def test_what_was_manipulated_is_found_and_the_first_bad_row_named(
    new_server: Callable[..., Journal],
    verdict: Callable[..., Verdict],
    postgres: Cluster,
    manipulation: str,
    problem: str,
    row: int | None,
) -> None:
    journal = new_server()
    refused = await ask(journal, digest="d0")
    await journal.decide(refused.approval_id, approve=False, channel="page")
    await begun(journal, await approved(journal), "op-1")
    assert verdict() == Verdict(7, 7)
    postgres.ask(manipulation.format("pai_dsw_mcp.audit"))
    found = verdict()
    assert (found.problem, found.row) == (problem, row)
    assert (found.approval_code is None) == (row is not None)


async def test_a_cut_end_that_others_wrote_over_is_found_and_who_knows_the_end_writes_no_more(
    new_server: Callable[..., Journal],
    verdict: Callable[..., Verdict],
    postgres: Cluster,
    caplog: pytest.LogCaptureFixture,
) -> None:
    one, two = new_server("one"), new_server("two")
    two.database.prepare()
    await sent(one)
    postgres.ask("CREATE TABLE pai_dsw_mcp.kept AS SELECT * FROM pai_dsw_mcp.audit")
    postgres.ask("DELETE FROM pai_dsw_mcp.audit WHERE number > 3")
    await ask(two, digest="d2")
    await ask(two, digest="d3")
    assert verdict("two").rows == 5
    assert (verdict("one").problem, verdict("one").row) == ("audit_end_missing", 6)
    with pytest.raises(JournalError, match="Row 6"):
        await one.check()
    with pytest.raises(JournalError, match="Row 6"):
        await ask(one, digest="d4")
    await two.check()
    assert caplog.text.count("audit was changed at row 6") == 1
    # The checkpoint outlives the server.
    with pytest.raises(JournalError, match="Row 6"):
        new_server("one").database.prepare()
    await ask(two, digest="d5")
    assert (verdict("one").problem, verdict("one").row) == ("audit_row_changed", 6)
    await ask(two, digest="d6")
    # A row that was once sealed for this place, and followed another one.
    postgres.ask("SET search_path = pai_dsw_mcp; DELETE FROM audit WHERE number = 6")
    postgres.ask("SET search_path = pai_dsw_mcp; INSERT INTO audit SELECT * FROM kept WHERE number = 6")
    assert (verdict("two").problem, verdict("two").row) == ("audit_row_changed", 6)


async def test_a_row_that_was_made_without_the_key_is_not_continued(
    new_server: Callable[..., Journal], postgres: Cluster
) -> None:
    journal = new_server()
    approval = await ask(journal)
    with pytest.raises(JournalError, match="Row 2"):
        new_server("two", key="x" * 32).database.prepare()
    postgres.ask("INSERT INTO pai_dsw_mcp.audit SELECT 3, record, repeat('é', 8) FROM pai_dsw_mcp.audit LIMIT 1")
    with pytest.raises(JournalError, match="Row 3"):
        await journal.decide(approval.approval_id, approve=True, channel="page")
    assert await journal.get(approval.approval_id) == approval


async def test_what_was_there_as_the_audit_began_is_in_it_and_nothing_that_comes_later_is_older(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], postgres: Cluster
) -> None:
    before = postgres.journal()
    old = await ask(before)
    await begun(before, await approved(before, digest="d2"), "op-1")
    journal = new_server()
    journal.database.prepare()
    assert verdict() == Verdict(4, 4)
    await journal.decide(old.approval_id, approve=False, channel="page")
    await journal.end("op-1", "done")
    assert verdict() == Verdict(6, 6)
    postgres.ask(first_row("unseen", "pai_dsw_mcp."))
    assert (verdict().problem, verdict().approval_code) == ("audit_journal_differs", "K7Q2-9MTX")


async def test_a_long_audit_is_read_in_parts(
    new_server: Callable[..., Journal], verdict: Callable[..., Verdict], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pai_dsw_mcp.journal.postgres_audit_witness._PAGE", 2)
    journal = new_server()
    for number in range(4):
        await ask(journal, digest=f"d{number}")
    assert verdict() == Verdict(5, 5)


async def test_a_checkpoint_that_cannot_be_written_stops_a_start_and_no_change(
    new_server: Callable[..., Journal], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "checkpoint of one.new"
    folder.mkdir()
    journal = new_server()
    assert (await ask(journal)).state == "waiting"
    assert "checkpoint" in caplog.text
    with pytest.raises(RefusedError, match="IsADirectoryError"):
        journal.database.prepare()


def test_a_weak_key_and_what_is_no_checkpoint_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="openssl"):
        Audit(private_file(tmp_path / "weak", "secret"), tmp_path / "checkpoint")
    with pytest.raises(RefusedError, match="not the checkpoint"):
        Audit(private_file(tmp_path / "key", "k" * 32), private_file(tmp_path / "checkpoint", "7 canary\n"))


async def test_the_command_says_what_it_found_and_its_code_too(
    new_server: Callable[..., Journal],
    postgres: Cluster,
    tmp_path: Path,
    command: Callable[..., tuple[int, str]],
) -> None:
    await sent(new_server())
    assert "6 rows" in command()[1]
    code, said = command(json=True)
    assert json.loads(said) == {
        "intact": True,
        "rows": 6,
        "vouched": 6,
        "problem": None,
        "row": None,
        "approval_code": None,
        "ended": [],
    }
    assert code == 0
    postgres.ask("DELETE FROM pai_dsw_mcp.audit WHERE number = 3")
    code, said = command()
    assert code == 1
    assert "row 3" in said
    assert "3" in command(lang="zh")[1]
    assert json.loads(command(json=True)[1])["problem"] == "row_missing"
    for options in ({"audit_checkpoint_file": tmp_path / "none"}, {"audit_key_file": None}, {"database": None}):
        with pytest.raises(RefusedError):
            command(**options)
