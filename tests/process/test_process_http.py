"""The command serves over HTTP until a signal ends it."""

import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path
from typing import Final

import anyio
from mcp.client import Client

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from tests.process.processes import DEADLINE, INSTALLED_SERVER, SERVER, measured_environment, private, run
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


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = run(tmp_path, "--read-only", "--http", at)
    assert ended.returncode == 1
    assert at in ended.stderr
    assert "EADDRINUSE" in ended.stderr
