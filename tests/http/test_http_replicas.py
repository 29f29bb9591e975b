"""Several servers over one database: any of them answers, and what one of them began another one ends."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.server.request_state import InvalidRequestState
from mcp.shared.exceptions import MCPError
from mcp_types import ElicitResult

from pai_dsw_mcp.commands.audit import audit
from pai_dsw_mcp.commands.place import journal_of
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.http.states import SharedStates
from pai_dsw_mcp.journal import postgres as module
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.postgres import Postgres
from pai_dsw_mcp.journal.postgres_audit import Audit
from pai_dsw_mcp.journal.state_keys import ROTATED_AFTER, SPREAD
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from tests.gate.cases import an_instance, new_notebook, place
from tests.gate.rounds import Conversation, posts
from tests.http.site import ANY_PORT, serving
from tests.http.test_http_serving import admin
from tests.journal.journal_desk import private_file
from tests.support.desk import REGION, Desk, Person, make_desk, text_of, told
from tests.support.postgres import Cluster
from tests.support.steering import Steering

pytestmark = pytest.mark.anyio

YES = ElicitResult(action="accept", content={"decision": "approve"})


@pytest.fixture
def replica(postgres: Cluster, steering: Steering, tmp_path: Path) -> Callable[..., Desk]:
    """Makes one more server over the same database."""

    def make(**settings: Any) -> Desk:
        return make_desk(steering, tmp_path, postgres=postgres, http=address(ANY_PORT), approve="form", **settings)

    return make


async def fresh(desk: Desk) -> Desk:
    """The server with the keys that it reads at its start."""
    assert desk.states is not None
    await desk.states.refresh()
    return desk


async def test_a_form_that_one_server_asked_is_answered_at_another(replica: Callable[..., Desk]) -> None:
    one, other = await fresh(replica()), await fresh(replica())
    arguments = place(an_instance(one.steering, "Stopped"))
    async with one.client("modern", Person()) as there, other.client("modern", Person()) as here:
        asked = Conversation(there, "start_instance", arguments)
        await asked.ask()
        ended = told(await asked.at(here).answer(YES))
    assert ended["status"] == "done"
    assert posts(one) == ["StartInstance"]


async def test_a_form_of_a_server_that_shares_no_key_is_not_taken(replica: Callable[..., Desk]) -> None:
    one, other = await fresh(replica()), replica()
    arguments = place(an_instance(one.steering, "Stopped"))
    async with one.client("modern", Person()) as there, other.client("modern", Person()) as here:
        asked = Conversation(there, "start_instance", arguments)
        await asked.ask()
        with pytest.raises(MCPError, match="requestState"):
            await asked.at(here).answer(YES)
    assert posts(one) == []


async def test_equal_creates_on_three_servers_make_one_instance(replica: Callable[..., Desk]) -> None:
    desks = [await fresh(replica()) for _ in range(3)]
    ended: list[str] = []

    async def create(desk: Desk) -> None:
        ended.append(text_of(await desk.call("modern", Person(), "create_instance", **new_notebook())))

    async with anyio.create_task_group() as tasks:
        for number in range(6):
            tasks.start_soon(create, desks[number % 3])
    assert len(ended) == 6
    assert posts(desks[0]) == ["CreateInstance"]


def let_in(folder: Path, *, is_open: bool) -> None:
    """The journal refuses a folder that others can enter."""
    folder.chmod(0o755 if is_open else 0o700)


async def test_keys_are_read_again_and_again_and_a_journal_that_fails_is_survived(tmp_path: Path) -> None:
    clock = [1_000_000.0]
    path = tmp_path / "journal.sqlite3"

    def server() -> SharedStates:
        return SharedStates(Journal(path, now=lambda: clock[0], elapsed=lambda: 0.0))

    one, other = server(), server()
    await one.refresh()
    await other.refresh()
    before = one.seal(b"asked before")
    clock[0] += ROTATED_AFTER
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        # Its third nap is its last one, and the file is away during the second.
        naps.append(seconds)
        clock[0] += seconds
        let_in(tmp_path, is_open=len(naps) == 2)
        if len(naps) == 3:
            scope.cancel()
            await anyio.lowlevel.checkpoint()

    with anyio.CancelScope() as scope:
        await one.keep_fresh(nap)
    assert naps == [SPREAD / 4] * 3
    await other.refresh()
    assert other.unseal(before) == one.unseal(before) == b"asked before"
    clock[0] += SPREAD
    await other.refresh()
    assert one.unseal(other.seal(b"with the new key")) == b"with the new key"
    with pytest.raises(InvalidRequestState):
        server().unseal(before)


async def test_a_new_key_of_the_audit_seals_and_those_before_it_open(postgres: Cluster, tmp_path: Path) -> None:
    journal = postgres.journal()

    async def server(*keys: str) -> SharedStates:
        file = private_file(tmp_path / "-".join(key[0] for key in keys), "\n".join(keys))
        states = SharedStates(journal, Audit(file, tmp_path / "checkpoint"))
        await states.refresh()
        return states

    old, both, new = await server("k" * 32), await server("n" * 32, "k" * 32), await server("n" * 32)
    assert both.unseal(old.seal(b"before")) == b"before"
    assert new.unseal(both.seal(b"since")) == both.unseal(new.seal(b"since")) == b"since"
    without = SharedStates(journal)
    await without.refresh()
    for one, another in ((without, both), (both, without), (old, new)):
        with pytest.raises(InvalidRequestState):
            another.unseal(one.seal(b"not theirs"))


async def test_without_the_database_nothing_is_sent_reads_go_on_and_it_is_used_again_when_it_is_back(
    replica: Callable[..., Desk],
    postgres: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    desk = await fresh(replica())
    instance_id = an_instance(desk.steering, "Stopped")
    async with serving(desk) as site, site.client("modern", Person()) as client:
        assert (await admin(site, "/readyz")).status == 200
        postgres.stop()
        try:
            assert [(await admin(site, path)).status for path in ("/livez", "/readyz")] == [200, 503]
            assert "The database cannot be used" in caplog.text
            refused = await client.call_tool("start_instance", place(instance_id))
            assert refused.is_error
            assert "database" in text_of(refused)
            assert "Nothing was sent" in text_of(refused)
            assert told(await client.call_tool("list_instances", {"region_id": REGION}))["instances"]
            assert told(await client.call_tool("get_instance", place(instance_id)))["status"] == "Stopped"
        finally:
            postgres.start()
        assert desk.steering.writes() == []
        assert told(await client.call_tool("start_instance", place(instance_id)))["status"] == "done"
        assert (await admin(site, "/readyz")).status == 200


async def test_a_server_that_may_change_nothing_for_the_audit_tells_its_supervisor_and_reads_on(
    replica: Callable[..., Desk], postgres: Cluster
) -> None:
    desk = await fresh(replica())
    instance_id = an_instance(desk.steering, "Stopped")
    async with serving(desk) as site, site.client("modern", Person()) as client:
        postgres.ask("INSERT INTO pai_dsw_mcp.audit VALUES (1, '{}', 'sealed')")
        reply = await admin(site, "/readyz")
        assert (reply.status, reply.body) == (503, "database_audited\n")
        assert (await admin(site, "/livez")).status == 200
        refused = await client.call_tool("start_instance", place(instance_id))
        assert refused.is_error
        assert "--audit-key-file" in text_of(refused)
        assert told(await client.call_tool("get_instance", place(instance_id)))["status"] == "Stopped"
    assert desk.steering.writes() == []


def test_a_server_without_its_database_does_not_start() -> None:
    settings = Settings(http=address(ANY_PORT), database="postgresql:///postgres?host=/nowhere")
    with pytest.raises(JournalError, match="/nowhere"):
        journal_of(settings).database.prepare()


def test_the_audit_lists_what_the_servers_wrote(
    postgres: Cluster, replica: Callable[..., Desk], capsys: pytest.CaptureFixture[str]
) -> None:
    async def started() -> None:
        desk = await fresh(replica())
        arguments = place(an_instance(desk.steering, "Stopped"))
        assert told(await desk.call("modern", Person(), "start_instance", **arguments))["status"] == "done"
        await desk.services.journal.record_attempt(client="a client", reference=None)

    anyio.run(started)
    settings = Settings(verb="audit", database=postgres.url, database_password_file=postgres.password_file, since=0.0)
    assert isinstance(journal_of(settings).database, Postgres)
    assert audit(settings) == 0
    attempted, done = capsys.readouterr().out.splitlines()[1:]
    assert "a client" in attempted
    assert "yes (form)" in done


def test_what_speaks_to_postgres_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pai_dsw_mcp.journal.postgres", None)
    with pytest.raises(RefusedError, match=r"'\.\[postgres\]'"):
        journal_of(Settings(database="postgresql:///dsw"))
