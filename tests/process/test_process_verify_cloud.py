"""`pai-dsw-mcp verify-cloud`, as a person runs it: what it prints, and with which exit code it ends."""

import json
import os
import pty
import re
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import anyio
import pytest

from pai_dsw_mcp.commands.verify_cloud import interrupting_once
from pai_dsw_mcp.journal.store import Journal
from tests.process.processes import (
    DEADLINE,
    INSTALLED_SERVER,
    SERVER,
    RunningEmulator,
    measured_environment,
    private,
    run,
)
from tests.process.terminal import in_a_terminal
from tests.skill.pages import ROOT, Page, spans_of


def test_a_report_of_an_emulator_agrees(cloud: RunningEmulator, tmp_path: Path) -> None:
    ended = run(tmp_path, "verify-cloud", "--endpoint", cloud.url, measured=True, **cloud.keys)
    assert ended.returncode == 0
    first, *steps = ended.stderr.splitlines()
    assert ("Nothing is changed" in first, {each.partition(":")[0] for each in steps}) == (True, {"Reading"})
    assert "| `unknown-instance`: DSW: no such instance, rule or snapshot | `404 InternalError` |" in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_another_alternative_ends_with_1(cloud: RunningEmulator, tmp_path: Path) -> None:
    cloud.steering.faults({"kind": "assume", "id": "system-logs", "value": "there"})
    arguments = ["--endpoint", cloud.url, "--regions", "cn-beijing", "--json", "--lang", "zh"]
    ended = run(tmp_path, "verify-cloud", *arguments, measured=True, **cloud.keys)
    report = json.loads(ended.stdout)
    assert [row["assumption"] for row in report["findings"] if row["agrees"] is False] == ["system-logs"]
    assert ended.returncode == 1


@pytest.mark.parametrize("page", ["verify-cloud.md", "verify-cloud.zh-CN.md"])
def test_the_page_names_every_key_of_a_report(page: str, cloud: RunningEmulator, tmp_path: Path) -> None:
    ended = run(tmp_path, "verify-cloud", "--endpoint", cloud.url, "--json", measured=True, **cloud.keys)
    report = json.loads(ended.stdout)
    rows = {f".findings[].{key}" for row in report["findings"] for key in row}
    lists = {f".{key}[]" for key, value in report.items() if isinstance(value, list)}
    single = {f".{key}" for key, value in report.items() if not isinstance(value, list)}
    told = {span for row in Page(ROOT / "docs" / page).tables[1][1:] for span in spans_of(row[0])}
    assert told == single | lists | rows


def test_an_emulator_of_its_own_can_be_verified_in_chinese(tmp_path: Path) -> None:
    ended = run(tmp_path, "verify-cloud", "--emulator", "--lang", "zh", measured=True)
    assert (ended.returncode, "无需提交" in ended.stdout) == (0, True)
    assert ended.stdout.startswith("服务的实际行为（模拟器）")


def test_without_credentials_it_says_so_and_sends_nothing(tmp_path: Path) -> None:
    # The installed one: that of the tests has imported everything before, and the vendor's modules read then.
    ended = run(tmp_path, "verify-cloud", command=INSTALLED_SERVER)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Nothing is changed" in ended.stderr
    assert "No Alibaba Cloud credentials were found on this machine. Run `aliyun configure`" in ended.stderr
    assert all(each in ended.stderr for each in ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "--emulator"))


def test_a_person_types_the_name_and_sees_that_nothing_runs_on(tmp_path: Path) -> None:
    command = [SERVER, "verify-cloud", "--with-writes", "--emulator", "--emulator-speed", "300"]
    answers = [("do not save):", ""), ("do nothing):", re.compile(r"Type (verify_[0-9a-f]{8}) to begin"))]
    code, shown = in_a_terminal(command, tmp_path, answers)
    assert (code, "at most 0.25 CNY: half an hour at 0.50 CNY per hour" in shown) == (0, True)
    assert "at most 6 seconds: after 4 seconds nothing new is begun, after 5 seconds it is only read" in shown
    assert "Nothing runs." in shown
    assert "It cost" not in shown
    assert "| CreateInstance | 400 ValidationError | 1 |" in shown
    assert list(tmp_path.rglob("*.sqlite3")) == []


def test_what_runs_is_stopped_where_the_terminal_is_closed(tmp_path: Path) -> None:
    state = private(tmp_path / "state")
    with began(tmp_path, "--state-dir", str(state)) as (process, controller):
        os.close(controller)
        # The kernel sends one to everything that runs there, and the shell another.
        os.killpg(process.pid, signal.SIGHUP)
        os.killpg(process.pid, signal.SIGHUP)
        assert process.wait(DEADLINE) != 0
    journal = Journal(state / "journal.sqlite3")
    newest, *others = anyio.run(lambda: journal.operations(limit=100))
    journal.close()
    assert (newest.action, newest.state) == ("stop_instance", "done")
    assert {each.action for each in others} >= {"create_instance", "set_auto_stop"}


def test_several_signals_at_once_interrupt_once() -> None:
    received: list[int] = []
    ends = {signal.SIGHUP, signal.SIGTERM}
    handler = interrupting_once()
    before = {each: signal.signal(each, handler) for each in ends}
    before[signal.SIGINT] = signal.signal(signal.SIGINT, lambda number, _: received.append(number))
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)
        for each in ends:
            signal.raise_signal(each)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)
    finally:
        for each, handled in before.items():
            signal.signal(each, handled)
    assert received == [signal.SIGINT]


def test_ctrl_c_stops_what_runs_and_says_so(tmp_path: Path) -> None:
    with began(tmp_path) as (process, controller):
        os.killpg(process.pid, signal.SIGINT)
        shown = shown_until(controller, "Interrupted. Nothing runs.")
        assert process.wait(DEADLINE) == 130
        os.close(controller)
    assert "It cost" not in shown


@pytest.mark.parametrize(
    ("is_ours", "says"), [(True, "The emulator ends with this program"), (False, "start this again with --with-writes")]
)
def test_a_second_ctrl_c_says_what_may_run_on(cloud: RunningEmulator, tmp_path: Path, is_ours: bool, says: str) -> None:
    # Where the clock goes at the usual speed, nothing is stopped before the second one.
    where = ["--emulator-speed", "1"] if is_ours else ["--endpoint", cloud.url]
    with began(tmp_path, *where, **({} if is_ours else cloud.keys)) as (process, controller):
        os.killpg(process.pid, signal.SIGINT)
        shown_until(controller, "[9/9]")
        os.killpg(process.pid, signal.SIGINT)
        shown_until(controller, says)
        assert process.wait(DEADLINE) == 130
        os.close(controller)


@contextmanager
def began(home: Path, *arguments: str, **variables: str) -> Generator[tuple[subprocess.Popen[bytes], int]]:
    """The command once it has made its instance, and the other end of its terminal."""
    emulator = [] if "--endpoint" in arguments else ["--emulator"]
    speed = [] if {"--endpoint", "--emulator-speed"} & set(arguments) else ["--emulator-speed", "300"]
    command = [SERVER, "verify-cloud", "--with-writes", *emulator, *speed, *arguments]
    controller, terminal = pty.openpty()
    env = measured_environment(home, **variables)
    with subprocess.Popen(
        command, env=env, start_new_session=True, stdin=terminal, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        shown_until(controller, "do not save):")
        os.write(controller, b"\n")
        name = re.findall(r"Type (\w+) to", shown_until(controller, "do nothing):"))[0]
        os.write(controller, f"{name}\n".encode())
        shown_until(controller, "was made")
        yield process, controller


def shown_until(controller: int, words: str) -> str:
    """What the terminal shows up to these words."""
    shown = b""
    while words.encode() not in shown:
        try:
            shown += os.read(controller, 4096)
        except OSError as error:
            # The process has ended.
            raise AssertionError(f"{words!r} never came: {shown.decode()!r}") from error
    return shown.decode()
