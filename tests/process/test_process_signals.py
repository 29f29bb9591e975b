"""A signal ends a process at once, and so does whoever spoke with it and goes: no traceback, nothing left behind."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from tests.process.conftest import Start
from tests.process.conversation import LEGACY, Conversation, yes
from tests.process.processes import (
    DEADLINE,
    INSTALLED_SERVER,
    SERVER,
    ServerProcess,
    environment,
    measured_environment,
    private,
    run,
)
from tests.support.steering import Steering


@pytest.mark.parametrize(
    ("number", "world"),
    [(signal.SIGINT, environment), (signal.SIGTERM, measured_environment), (signal.SIGHUP, environment)],
    ids=["Ctrl-C", "SIGTERM", "SIGHUP"],
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


def test_a_write_is_recorded_although_its_client_has_gone(start: Start, steering: Steering, tmp_path: Path) -> None:
    seen = len(steering.requests())
    (notebook, *_) = steering.generate(1)
    steering.instance(notebook, Status="Running")
    steering.faults({"kind": "delay", "operation": "StopInstance", "seconds": 2})
    with start() as server:
        client = Conversation(server, LEGACY, yes)
        client.open()
        client.begin("stop_instance", instance_id=notebook)
        while all(entry["operation"] != "StopInstance" for entry in steering.requests()[seen:]):
            pass
        assert server.process.stdout is not None
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, server.process.stdout.fileno())
        os.close(nothing)
        # Its reply comes to a reader that had begun to wait before; the one after it breaks the pipe.
        client.answered("ping", {})
        server.send({"jsonrpc": "2.0", "id": 0, "method": "ping"})
        assert server.stop() == 0
    assert server.errors == []
    said = run(tmp_path, "audit", "--json", "--state-dir", str(tmp_path / "state"), measured=False)
    assert [entry["outcome"] for entry in json.loads(said.stdout)] == ["done"]


def test_who_starts_a_server_with_nohup_keeps_it_when_the_terminal_is_closed(tmp_path: Path) -> None:
    nohup = ["-c", 'trap "" HUP; exec "$0" --emulator', INSTALLED_SERVER]
    with ServerProcess(nohup, measured_environment(tmp_path), "/bin/sh") as server:
        client = Conversation(server, LEGACY)
        client.open()
        # The first lines are answered before the server is there.
        assert "error" in client.answered("no/such/method", {})
        server.process.send_signal(signal.SIGHUP)
        assert "error" in client.answered("no/such/method", {})
        assert server.stop() == 0


def test_an_emulator_with_a_state_folder_of_its_own_keeps_it(tmp_path: Path) -> None:
    folder, kept = private(tmp_path / "tmp"), private(tmp_path / "kept")
    arguments = ["--emulator", "--state-dir", str(kept)]
    with ServerProcess(arguments, measured_environment(tmp_path, TMPDIR=str(folder))) as server:
        Conversation(server, LEGACY).open()
        assert list(folder.iterdir()) == []
        assert server.stop() == 0
    assert kept.is_dir()


@pytest.mark.parametrize(
    ("number", "send"), [(signal.SIGINT, os.killpg), (signal.SIGTERM, os.kill)], ids=["Ctrl-C", "SIGTERM"]
)
def test_a_signal_ends_the_demo_without_a_traceback(
    tmp_path: Path, number: signal.Signals, send: Callable[[int, int], None]
) -> None:
    folder = private(tmp_path / "tmp")
    controller, terminal = pty.openpty()
    env = measured_environment(tmp_path, TMPDIR=str(folder), COLUMNS="400")
    with subprocess.Popen(
        [SERVER, "demo"], env=env, start_new_session=True, stdin=terminal, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        said = os.read(controller, 4096)
        while b"demo_a10, a GPU image" not in said:
            said += os.read(controller, 4096)
        send(process.pid, number)
        # Linux ends the reading of a terminal that nobody writes to any more with an error, others with nothing.
        with suppress(OSError):
            while chunk := os.read(controller, 4096):
                said += chunk
        assert process.wait(DEADLINE) == 130
    os.close(controller)
    assert b"Traceback" not in said
    assert list(folder.iterdir()) == []


def test_ctrl_c_while_it_is_imported_leaves_no_traceback(tmp_path: Path) -> None:
    # The installed one: that of the tests has imported everything before.
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", INSTALLED_SERVER, "doctor", "--emulator"],
        env=environment(tmp_path),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        while "pydantic_core" not in (line := process.stderr.readline()):
            assert line
        os.killpg(process.pid, signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(DEADLINE) == 130
    # The emulator, which is started before that, says nothing either.
    assert [line for line in said.splitlines() if not line.startswith("import time:")] == []


@pytest.mark.parametrize(
    ("command", "last"), [(["demo"], "demo_a10"), (["verify-cloud", "--emulator"], "")], ids=["demo", "verify-cloud"]
)
def test_nothing_is_said_where_nobody_reads_on(command: list[str], last: str, tmp_path: Path) -> None:
    with subprocess.Popen(
        [SERVER, *command],
        env=measured_environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while last and last not in process.stdout.readline():
            pass
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(DEADLINE) != 0
    assert [line for line in said.splitlines() if not line.startswith("Reading")] == []


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
