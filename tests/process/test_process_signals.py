"""Ctrl-C and SIGTERM end a server at once, without a traceback and without anything left behind."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from tests.process.conversation import LEGACY, Conversation
from tests.process.processes import (
    DEADLINE,
    INSTALLED_SERVER,
    ServerProcess,
    environment,
    measured_environment,
    private,
)


@pytest.mark.parametrize(
    ("number", "world"),
    [(signal.SIGINT, environment), (signal.SIGTERM, measured_environment)],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_a_signal_ends_the_server_its_emulator_and_its_folder(
    tmp_path: Path, number: signal.Signals, world: Callable[..., dict[str, str]]
) -> None:
    folder = private(tmp_path / "tmp")
    with ServerProcess(["--emulator"], world(tmp_path, TMPDIR=str(folder)), INSTALLED_SERVER) as server:
        client = Conversation(server, LEGACY)
        client.open()
        # The first lines are answered before the server is there.
        assert "error" in client.answered("no/such/method", {})
        assert [each.name.startswith("pai-dsw-mcp-") for each in folder.iterdir()] == [True]
        server.process.send_signal(number)
        assert server.process.wait(DEADLINE) == 0
        server.kill()
    assert server.errors == []
    assert list(folder.iterdir()) == []


def test_an_emulator_with_a_state_folder_of_its_own_keeps_it(tmp_path: Path) -> None:
    folder, kept = private(tmp_path / "tmp"), private(tmp_path / "kept")
    arguments = ["--emulator", "--state-dir", str(kept)]
    with ServerProcess(arguments, measured_environment(tmp_path, TMPDIR=str(folder))) as server:
        Conversation(server, LEGACY).open()
        assert list(folder.iterdir()) == []
        assert server.stop() == 0
    assert kept.is_dir()


def test_the_module_is_the_command(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "pai_dsw_mcp", "audit", "--lang", "en"],
        env=measured_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=True,
    )
    assert said.stdout == "Nobody was asked about a change.\n"


def test_an_emulator_that_never_started_can_be_stopped() -> None:
    emulator = EmbeddedEmulator()
    emulator.stop()
    emulator.stop()
