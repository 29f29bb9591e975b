"""The command serves over HTTP until a signal ends it."""

import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import anyio
from mcp.client import Client

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from tests.process.processes import DEADLINE, INSTALLED_SERVER, SERVER, measured_environment, private, run


async def tools(url: str) -> list[str]:
    async with Client(url) as client:
        return [tool.name for tool in (await client.list_tools()).tools]


def test_a_server_with_an_emulator_is_ready_serves_and_ends(tmp_path: Path) -> None:
    folder = private(tmp_path / "tmp")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        INSTALLED_SERVER,
        "--emulator",
        "--lang",
        "en",
        "--http",
        "127.0.0.1:0",
        "--admin-listen",
        f"127.0.0.1:{port}",
    ]
    env = measured_environment(tmp_path, TMPDIR=str(folder))
    with subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            said = re.fullmatch(r"pai-dsw-mcp serves MCP at (http://127\.0\.0\.1:\d+/mcp)\n", server.stderr.readline())
            assert said is not None
            assert anyio.run(tools, said[1]) == [tool.name for tool in tools_for(Settings())]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=DEADLINE) as ready:
                assert ready.read() == b"ok\n"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=DEADLINE) as metrics:
                assert b'mcp_server_operation_duration_seconds_count{mcp_method_name="tools/list"' in metrics.read()
            server.send_signal(signal.SIGTERM)
            assert server.wait(DEADLINE) == 0
            assert server.stderr.read() == ""
        finally:
            server.kill()
    assert list(folder.iterdir()) == []


def test_a_server_that_only_reads_needs_no_journal(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [SERVER, "--read-only", "--http", "127.0.0.1:0", "--admin-listen", f"127.0.0.1:{port}"]
    with subprocess.Popen(
        command, env=measured_environment(tmp_path), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as server:
        try:
            assert server.stderr is not None
            assert server.stderr.readline()
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=DEADLINE) as ready:
                assert ready.status == 200
        finally:
            server.terminate()
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = run(tmp_path, "--read-only", "--http", at)
    assert ended.returncode == 1
    assert at in ended.stderr
    assert "EADDRINUSE" in ended.stderr
