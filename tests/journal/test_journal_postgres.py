"""PostgreSQL: what several servers share, and what they do while it is away."""

import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import anyio
import psycopg
import pytest

from pai_dsw_mcp.journal import postgres as module
from pai_dsw_mcp.journal import postgres_migrations
from pai_dsw_mcp.journal.errors import JournalError, NotApprovedError, ScopeBusyError
from pai_dsw_mcp.journal.postgres import Postgres
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.schema import MIGRATIONS, NEWEST, OLDEST
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import KEY, approved, ask, create, first_row
from tests.support.postgres import PASSWORD, Cluster

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)


def together(works: list[Callable[[], str]]) -> Counter[str]:
    """What all of these said, each in a thread of its own, begun at the same moment."""
    barrier, said = Barrier(len(works)), Counter[str]()

    def run(work: Callable[[], str]) -> None:
        barrier.wait()
        said[work()] += 1

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def begun(journal: Journal, approval: Approval, operation_id: str, scope: str) -> str:
    async def begin() -> str:
        try:
            await journal.begin(
                approval_id=approval.approval_id,
                operation_id=operation_id,
                fingerprint="seen-1",
                scope=scope,
                deadline_seconds=30,
                channels=frozenset({"page"}),
            )
        except (NotApprovedError, ScopeBusyError) as refusal:
            return type(refusal).__name__
        return "begun"

    return anyio.run(begin)


def test_servers_that_make_the_tables_at_the_same_moment_share_one_question(postgres: Cluster) -> None:
    journals = [postgres.journal() for _ in range(6)]

    def question(journal: Journal) -> str:
        journal.database.prepare()
        return anyio.run(lambda: ask(journal)).approval_id

    said = together([lambda journal=journal: question(journal) for journal in journals])
    assert list(said.values()) == [6]
    assert postgres.ask("SELECT max(number) FROM pai_dsw_mcp.migrations") == [(NEWEST,)]


async def test_one_yes_used_by_several_servers_gives_one_operation(postgres: Cluster) -> None:
    approval = await approved(postgres.journal())
    journals = [postgres.journal() for _ in range(6)]
    works = [
        lambda n=n, journal=journal: begun(journal, approval, f"op-{n}", f"scope-{n}")
        for n, journal in enumerate(journals)
    ]
    assert await anyio.to_thread.run_sync(together, works) == {"begun": 1, "NotApprovedError": 5}
    assert len(await journals[0].operations()) == 1


async def test_one_target_approved_on_several_servers_gives_one_open_operation(postgres: Cluster) -> None:
    journals = [postgres.journal() for _ in range(6)]
    approvals = [await approved(journal, digest=f"d{n}") for n, journal in enumerate(journals)]
    works = [
        lambda n=n, one=one, journal=journal: begun(journal, one, f"op-{n}", create().scope)
        for n, (one, journal) in enumerate(zip(approvals, journals, strict=True))
    ]
    assert await anyio.to_thread.run_sync(together, works) == {"begun": 1, "ScopeBusyError": 5}
    assert len(await journals[0].operations()) == 1


def of_servers(postgres: Cluster) -> list[int]:
    """The processes of the database that serve a journal."""
    found = postgres.ask("SELECT pid FROM pg_stat_activity WHERE application_name = 'pai-dsw-mcp'")
    return [pid for (pid,) in found]


def end_all(postgres: Cluster) -> None:
    for pid in of_servers(postgres):
        postgres.ask(f"SELECT pg_terminate_backend({pid}, 10000)")


async def test_a_server_that_is_gone_within_a_transaction_leaves_the_yes_unused(postgres: Cluster) -> None:
    lost, journal = postgres.journal(), postgres.journal()
    approval = await approved(journal)
    journal.close()

    def use() -> None:
        with lost.database.transaction("write") as (rows, _):
            rows.execute("UPDATE approvals SET state = 'used' WHERE approval_id = ?", (approval.approval_id,))
            end_all(postgres)

    with pytest.raises(JournalError):
        use()
    assert await journal.get(approval.approval_id) == approval


async def test_without_the_database_everything_fails_and_when_it_is_back_it_is_used_again(postgres: Cluster) -> None:
    journal = postgres.journal()
    approval = await approved(journal)
    postgres.stop()
    try:
        for _ in range(2):
            with pytest.raises(JournalError, match=r"database.*Nothing was sent"):
                await journal.get(approval.approval_id)
    finally:
        postgres.start()
    assert await journal.get(approval.approval_id) == approval
    postgres.stop()
    postgres.start()
    assert (await journal.refuse(approval.approval_id, channel="form")).state == "rejected"


async def test_a_database_that_cannot_be_reached_is_not_tried_by_each_of_many_calls(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 3600.0)
    tries: list[object] = []
    connect = psycopg.Connection.connect

    def count(*args: object, **options: object) -> object:
        tries.append(args)
        return connect("host=/nowhere")

    monkeypatch.setattr(module.Connection, "connect", count)
    journal = postgres.journal()
    for _ in range(20):
        with pytest.raises(JournalError):
            await journal.time()
    assert len(tries) == 1


async def test_a_server_that_sleeps_within_a_transaction_stops_no_reader_and_a_writer_not_for_ever(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper, journal = postgres.journal(), postgres.journal()
    approval = await ask(journal)
    hasty = {mode: text.replace("'10s'", "'50ms'") for mode, text in module.BEGIN.items()}

    with sleeper.database.transaction("write"):
        monkeypatch.setattr(module, "BEGIN", hasty)
        assert await journal.get(approval.approval_id) == approval
        with pytest.raises(JournalError, match="LockNotAvailable"):
            await journal.decide(approval.approval_id, approve=True, channel="page")
    assert (await journal.decide(approval.approval_id, approve=True, channel="page")).state == "approved"


async def test_a_transaction_that_sleeps_is_ended_by_the_database(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BEGIN", {"write": module.BEGIN["write"].replace("'10s'", "'20ms'")})
    journal = postgres.journal()
    journal.database.prepare()

    def sleep() -> None:
        with journal.database.transaction("write") as (rows, _):
            while of_servers(postgres):
                pass
            rows.execute("SELECT 1")

    with pytest.raises(JournalError, match="IdleInTransaction"):
        sleep()


async def test_the_time_is_that_of_the_database(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1.0)
    journal = postgres.journal()
    ((before,),) = postgres.ask("SELECT extract(epoch FROM clock_timestamp())::float8")
    now = await journal.time()
    assert before <= now <= before + 60


async def test_what_was_written_is_durable_whatever_the_usual_setting_is(postgres: Cluster) -> None:
    postgres.ask("ALTER ROLE postgres SET synchronous_commit = off")
    try:
        with postgres.journal().database.transaction("write") as (rows, _):
            assert rows.execute("SHOW synchronous_commit").fetchone() == {"synchronous_commit": "on"}
    finally:
        postgres.ask("ALTER ROLE postgres RESET synchronous_commit")


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(postgres: Cluster) -> None:
    journal = postgres.journal()
    await ask(journal)
    journal.close()
    postgres.ask(f"INSERT INTO pai_dsw_mcp.migrations (number) VALUES ({NEWEST + 1})")
    with pytest.raises(JournalError, match="newer version"):
        await journal.waiting()
    with pytest.raises(JournalError, match="newer version"):
        journal.database.prepare()


async def test_tables_of_an_earlier_version_are_brought_to_this_one(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_migrations, "MIGRATIONS", {OLDEST: MIGRATIONS[OLDEST]})
    monkeypatch.setattr(postgres_migrations, "NEWEST", OLDEST)
    journal = postgres.journal()
    await journal.time()
    journal.close()
    postgres.ask(first_row("a1", "pai_dsw_mcp."))
    monkeypatch.undo()
    decided = await journal.decide("a1", approve=True, channel="page", by="eve")
    assert (decided.decided_by, len(await journal.state_keys())) == ("eve", 1)


async def test_a_schema_that_an_administrator_made_is_used(postgres: Cluster) -> None:
    postgres.ask("CREATE SCHEMA pai_dsw_mcp")
    assert (await ask(postgres.journal())).state == "waiting"


async def test_a_row_that_makes_no_sense_is_an_error(postgres: Cluster) -> None:
    journal = postgres.journal()
    await ask(journal)
    postgres.ask('UPDATE pai_dsw_mcp.approvals SET change = \'{"action": "drop"}\'')
    with pytest.raises(JournalError, match="SCHEMA"):
        await journal.find(**KEY)


def test_what_is_wrong_is_told_at_the_start_and_no_password(
    postgres: Cluster, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = tmp_path / "password"
    wrong.write_text(f"not-{PASSWORD}")
    wrong.chmod(0o600)
    for url, told in (
        (postgres.url, "password authentication failed"),
        (f"{postgres.url}&nonsense=1", "nonsense"),
        ("postgresql:///postgres?host=/nowhere", "/nowhere"),
    ):
        with caplog.at_level("DEBUG"), pytest.raises(JournalError, match=re.escape(told)) as refusal:
            Postgres(url, wrong).prepare()
        assert PASSWORD not in f"{refusal.value}{caplog.text}"
    wrong.chmod(0o644)
    with pytest.raises(JournalError, match="chmod 600"):
        Postgres(postgres.url, wrong).prepare()


def test_libpq_finds_the_password_as_everywhere(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    database = Postgres(postgres.url)
    database.prepare()
    assert database.is_made()
    database.close()
