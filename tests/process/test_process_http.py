"""The command serves over HTTP until a signal ends it."""

import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

import anyio
import pytest
from mcp.client import Client
from starlette.responses import Response

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.gate.caller import person_of
from pai_dsw_mcp.http.cookies import Cookies, Session
from pai_dsw_mcp.http.states import SharedStates
from pai_dsw_mcp.journal.postgres_audit import Audit
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from tests.journal.journal_desk import private_file
from tests.process.processes import DEADLINE, INSTALLED_SERVER, SERVER, environment, measured_environment, private, run
from tests.support.postgres import Cluster

AT_ANY_PORTS: Final = ("--http", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
SERVES: Final = r"pai-dsw-mcp serves MCP at (http://127\.0\.0\.1:[1-9]\d*/mcp)\n"
ANSWERS_A_SUPERVISOR: Final = r"/livez, /readyz and /metrics are at (http://127\.0\.0\.1:[1-9]\d*)\n"


async def tools(url: str) -> list[str]:
    async with Client(url) as client:
        return [tool.name for tool in (await client.list_tools()).tools]


def told(server: subprocess.Popen[str], pattern: str) -> str:
    """The address in the next line that the server writes."""
    assert server.stderr is not None
    line = server.stderr.readline()
    said = re.fullmatch(pattern, line)
    assert said is not None, line
    return said[1]


def test_a_server_with_an_emulator_is_ready_serves_and_ends(tmp_path: Path) -> None:
    folder = private(tmp_path / "tmp")
    command = [INSTALLED_SERVER, "--emulator", "--lang", "en", *AT_ANY_PORTS]
    env = measured_environment(tmp_path, TMPDIR=str(folder))
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            url, admin = told(server, SERVES), told(server, ANSWERS_A_SUPERVISOR)
            assert anyio.run(tools, url) == [tool.name for tool in tools_for(Settings())]
            with urllib.request.urlopen(f"{admin}/readyz", timeout=DEADLINE) as ready:
                assert ready.read() == b"ok\n"
            with urllib.request.urlopen(f"{admin}/metrics", timeout=DEADLINE) as metrics:
                assert b'mcp_server_operation_duration_seconds_count{mcp_method_name="tools/list"' in metrics.read()
            server.send_signal(signal.SIGTERM)
            assert server.wait(DEADLINE) == 0
            assert server.stderr is not None
            assert server.stderr.read() == ""
        finally:
            server.kill()
    assert list(folder.iterdir()) == []


def test_a_server_that_only_reads_needs_no_journal(tmp_path: Path) -> None:
    command = [SERVER, "--read-only", "--lang", "en", *AT_ANY_PORTS]
    env = measured_environment(tmp_path)
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            told(server, SERVES)
            with urllib.request.urlopen(f"{told(server, ANSWERS_A_SUPERVISOR)}/readyz", timeout=DEADLINE) as ready:
                assert ready.status == 200
        finally:
            server.terminate()
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_cannot_use_its_database_does_not_say_that_it_serves(postgres: Cluster, tmp_path: Path) -> None:
    postgres.journal().database.prepare()
    # Found only after the tables have been looked at.
    postgres.ask("DROP TABLE pai_dsw_mcp.state_keys")
    where = ["--database", postgres.url, "--database-password-file", str(postgres.password_file)]
    ended = run(tmp_path, "--lang", "en", *AT_ANY_PORTS, *where)
    assert ended.returncode == 1
    assert "UndefinedTable" in ended.stderr
    assert "127.0.0.1" not in ended.stderr


def forged_session(journal: Journal, audit: Audit | None) -> str:
    """The cookie of somebody who signed in, made by who can read the database and what is given besides."""
    states = SharedStates(journal, audit)
    anyio.run(states.refresh)
    reply = Response()
    approver = Session(person=person_of("http://127.0.0.1:1/realm", "lin"), name="lin", is_approver=True, secret="x")
    Cookies(lambda: states.keys, is_https=False).write(reply, approver)
    return reply.headers["set-cookie"].split(";")[0]


def test_no_session_of_the_page_can_be_made_from_the_database_where_the_servers_share_an_audit_key(
    postgres: Cluster, tmp_path: Path
) -> None:
    key, checkpoint = private_file(tmp_path / "key", "k" * 32), tmp_path / "checkpoint"
    journal = ["--database", postgres.url, "--database-password-file", str(postgres.password_file)]
    sealed = ["--audit-key-file", str(key), "--audit-checkpoint-file", str(checkpoint)]
    page = ["--oidc-issuer", "http://127.0.0.1:1/realm", "--oidc-audience", "a", "--oidc-client-id", "page"]
    command = [SERVER, "--emulator", "--lang", "en", "--http", "127.0.0.1:0", *journal, *sealed, *page]
    env = environment(tmp_path)
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            at = told(server, SERVES).removesuffix("/mcp")

            def shown(audit: Audit | None) -> int:
                cookie = forged_session(postgres.journal(audit=Audit(key, checkpoint)), audit)
                asked = urllib.request.Request(f"{at}/approve/{'A' * 22}", headers={"Cookie": cookie})
                with pytest.raises(urllib.error.HTTPError) as failed:
                    urllib.request.urlopen(asked, timeout=DEADLINE)
                with failed.value:
                    return failed.value.code

            # Who is signed in is told that there is no such change, and others are sent to the provider, which is away.
            assert (shown(None), shown(Audit(key, checkpoint))) == (503, 404)
        finally:
            server.kill()


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = run(tmp_path, "--read-only", "--http", at)
    assert ended.returncode == 1
    assert at in ended.stderr
    assert "EADDRINUSE" in ended.stderr
