"""What the command does with its flags, its environment, its verbs, and the ends it can come to."""

import subprocess
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from pai_dsw_mcp.__main__ import main
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.commands.serve import cloud_options
from pai_dsw_mcp.settings import Settings
from tests.gate.cases import new_notebook
from tests.process.conversation import MODERN, Conversation, text_of, yes
from tests.process.processes import (
    DEADLINE,
    EMULATOR,
    INSTALLED_SERVER,
    RunningEmulator,
    ServerProcess,
    environment,
    private,
    run,
)
from tests.support.steering import Steering


def children(of: int) -> list[int]:
    """The processes whose parent is this one."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listed.splitlines()]
    return [int(pid) for pid, parent in pairs if int(parent) == of]


def is_alive(pid: int) -> bool:
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(listed.strip()) and not listed.strip().startswith("Z")


def wait_for(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true before the deadline."""
    ends = time.monotonic() + DEADLINE
    while not condition() and time.monotonic() < ends:
        pass
    return condition()


def as_flags(settings: dict[str, str]) -> list[str]:
    return [f"--{name}={value}" for name, value in settings.items()]


def as_variables(settings: dict[str, str]) -> dict[str, str]:
    return {f"PAI_DSW_MCP_{name.upper().replace('-', '_')}": value for name, value in settings.items()}


def test_settings_of_a_server_that_writes_take_effect(
    cloud: RunningEmulator, steering: Steering, tmp_path: Path
) -> None:
    state = private(tmp_path / "elsewhere")
    # That a flag and its variable say the same is a test of the settings.
    arguments = as_flags({"endpoint": cloud.url, "state-dir": str(state), "cost-line": "0.01", "read-timeout": "1.5"})
    variables = as_variables({"lang": "zh", "approve": "form", "connect-timeout": "1.5", "network": "vpc"})
    wanted = new_notebook(instance_name="set_both_ways")
    with ServerProcess(arguments, environment(tmp_path, **cloud.keys, **variables)) as server:
        client = Conversation(server, MODERN, yes)
        client.open()
        assert client.told("create_instance", **wanted)["status"] == "done"
        (question,) = client.questions
        assert "instance_name" in question["requestedSchema"]["properties"]
        assert "批准" in str(question["requestedSchema"])

        refused = Conversation(server, MODERN).call("create_instance", **new_notebook(instance_name="no_form"))
        assert "--approve form" in text_of(refused)

        steering.faults({"kind": "delay", "operation": "ListWorkspaces", "seconds": 20, "times": None})
        assert "--read-timeout" in text_of(client.call("list_workspaces"))
    assert [path.name for path in state.iterdir()] == ["journal.sqlite3"]
    assert not (tmp_path / ".local").exists()


def test_a_read_only_server_offers_no_tool_that_changes_anything(cloud: RunningEmulator, tmp_path: Path) -> None:
    variables = as_variables({"endpoint": cloud.url, "read-only": "true"})
    with ServerProcess([], environment(tmp_path, **cloud.keys, **variables)) as server:
        client = Conversation(server, MODERN)
        client.open()
        tools = client.tools()
        assert tools
        assert all(tool["annotations"]["readOnlyHint"] for tool in tools)
        assert client.told("list_workspaces")["workspaces"]


def test_an_embedded_emulator_needs_no_keys_and_leaves_nothing_behind(tmp_path: Path) -> None:
    scratch = private(tmp_path / "scratch")
    arguments = ["--emulator", "--emulator-speed", "100000"]
    with ServerProcess(arguments, environment(tmp_path, TMPDIR=str(scratch)), INSTALLED_SERVER) as server:
        client = Conversation(server, MODERN, yes)
        client.open()
        created = client.told("create_instance", **new_notebook())
        assert wait_for(lambda: client.told("get_instance", instance_id=created["instance_id"])["status"] == "Running")
        (emulator,) = children(server.process.pid)
        assert len(list(scratch.iterdir())) == 1
        assert server.stop() == 0
    assert not is_alive(emulator)
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / ".local").exists()
    assert server.errors == []


def test_an_embedded_emulator_ends_with_a_server_that_is_killed(tmp_path: Path) -> None:
    state = private(tmp_path / "state")
    variables = as_variables({"emulator": "true", "emulator-speed": "100000", "state-dir": str(state)})
    with ServerProcess([], environment(tmp_path, **variables), INSTALLED_SERVER) as server:
        client = Conversation(server, MODERN, yes)
        client.open()
        assert client.told("create_instance", **new_notebook())["status"] == "done"
        (emulator,) = children(server.process.pid)
        server.kill()
        assert wait_for(lambda: not is_alive(emulator))
    assert (state / "journal.sqlite3").exists()


def test_without_a_folder_of_its_own_the_journal_lies_under_the_home(cloud: RunningEmulator, tmp_path: Path) -> None:
    with ServerProcess(["--endpoint", cloud.url], environment(tmp_path, **cloud.keys)) as server:
        client = Conversation(server, MODERN)
        client.open()
        assert client.told("create_instance", **new_notebook(instance_name="at_home"))["status"] == "approval_needed"
    folder = tmp_path / ".local" / "state" / "pai-dsw-mcp"
    assert (folder / "journal.sqlite3").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-verb"],
        ["--approve", "always"],
        ["--read-timeout", "soon"],
        ["--read-timeout", "601"],
        ["--connect-timeout", "0"],
        ["--cost-line", "inf"],
        ["--emulator-speed", "nan"],
        ["--emulator", "--endpoint", "http://127.0.0.1:1"],
        ["approve", "--emulator"],
        ["audit", "--emulator"],
        ["audit", "--since", "yesterday"],
        ["audit", "--since", "0d"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_says_why_on_stderr(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "pai-dsw-mcp: error: " in said.err


def test_the_process_of_a_wrong_use_ends_with_2(tmp_path: Path) -> None:
    ended = run(tmp_path, "--no-such-flag")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "pai-dsw-mcp: error: " in ended.stderr


def test_help_ends_with_0_and_names_every_flag_with_its_variable(tmp_path: Path) -> None:
    ended = run(tmp_path, "--help", COLUMNS="200")
    assert (ended.returncode, ended.stderr) == (0, "")
    for flag in ("approve", "read-only", "lang", "state-dir", "endpoint", "emulator", "emulator-speed", "network"):
        assert f"--{flag}" in ended.stdout
        assert f"PAI_DSW_MCP_{flag.upper().replace('-', '_')}" in ended.stdout


def test_an_endpoint_off_this_machine_is_wrong_use(tmp_path: Path) -> None:
    ended = run(tmp_path, "--endpoint", "http://127.0.0.1.example.com:80")
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert line.startswith("pai-dsw-mcp: The endpoint is not the address of an emulator on this machine")


def test_real_keys_are_never_sent_to_an_emulator(cloud: RunningEmulator, steering: Steering, tmp_path: Path) -> None:
    keys = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5tRealLookingKeyId", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s3cr3tcanary"}
    before = len(steering.requests())
    with ServerProcess(["--endpoint", cloud.url], environment(tmp_path, **keys)) as server:
        client = Conversation(server, MODERN)
        client.open()
        refused = client.call("list_workspaces")
        assert refused["isError"]
        assert "start with TEST" in text_of(refused)
    assert len(steering.requests()) == before
    written = "".join(server.lines + server.errors)
    assert not any(key in written for key in keys.values())


def test_without_credentials_the_server_starts_and_tells_how_to_set_them_up(tmp_path: Path) -> None:
    with ServerProcess([], environment(tmp_path)) as server:
        client = Conversation(server, MODERN)
        client.open()
        assert client.tools()
        for tool, arguments in (("list_workspaces", {}), ("create_instance", new_notebook())):
            told = client.call(tool, **arguments)
            assert told["isError"]
            for way in ("`aliyun configure`", "ALIBABA_CLOUD_ACCESS_KEY_ID", "--emulator"):
                assert way in text_of(told)
        assert server.stop() == 0


def test_what_is_decided_about_the_cloud_reaches_the_cloud_layer() -> None:
    settings = Settings(read_only=True, connect_timeout=1, read_timeout=2, network="vpc")
    url = "http://127.0.0.1:1"
    assert cloud_options(settings, url, None) == CloudOptions(
        endpoint=url, read_only=True, connect_timeout=1, read_timeout=2, network="vpc"
    )


def test_a_journal_that_cannot_be_read_ends_with_1_and_one_sentence(tmp_path: Path) -> None:
    state = private(tmp_path / "state")
    (state / "journal.sqlite3").write_text("this is no database")
    ended = run(tmp_path, "audit", "--state-dir", str(state))
    assert (ended.returncode, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    assert str(state) in line


def test_a_folder_that_cannot_be_written_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a_file").touch()
    ended = run(tmp_path, "--state-dir", str(tmp_path / "a_file" / "below"), measured=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    (line,) = ended.stderr.splitlines()
    assert str(tmp_path / "a_file" / "below") in line
    assert line.endswith("Give a folder of yours with --state-dir.")


def test_a_server_that_only_reads_needs_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a_file").touch()
    ended = run(tmp_path, "--read-only", "--state-dir", str(tmp_path / "a_file" / "below"))
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    ended = run(tmp_path, "--version")
    assert (ended.returncode, ended.stdout) == (0, f"pai-dsw-mcp {version('pai-dsw-mcp')}\n")


def test_approving_needs_a_terminal(tmp_path: Path) -> None:
    ended = run(tmp_path, "approve", "--state-dir", str(private(tmp_path / "state")))
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "terminal" in ended.stderr


def test_the_emulator_refuses_to_leave_loopback(tmp_path: Path) -> None:
    ended = run(tmp_path, "--host", "0.0.0.0", command=EMULATOR)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "not a loopback address" in ended.stderr
