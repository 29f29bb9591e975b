"""The first lines are answered before the server is there; nobody can tell where one ends and the other begins."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gate.cases import new_notebook
from tests.house.answers import LOCALES, METHODS, VARIANTS, Message, legacy, modern, request
from tests.process.conversation import LEGACY, MODERN, Conversation, Era, yes
from tests.process.processes import (
    DEADLINE,
    INSTALLED_SERVER,
    SERVER,
    ServerProcess,
    environment,
    measured_environment,
    private,
)
from tests.support.turns import in_turns

ERAS: tuple[Era, ...] = (LEGACY, MODERN)
INTERNAL_ERROR = -32603
INITIALIZE, INITIALIZED, *_ = legacy(LEGACY)
CALL = request("tools/call", name="list_workspaces", arguments={})


def no_server(home: Path) -> dict[str, str]:
    """Variables under which the server cannot be imported."""
    folder = private(home / "site")
    (folder / "pydantic.py").write_text("raise SystemExit(1)", "utf-8")
    return {"PYTHONPATH": str(folder)}


def opening(era: Era) -> list[Message]:
    """What a client says first: everything that the front answers."""
    lines = modern(era) if era == MODERN else legacy(era)
    of_the_other = "ping" if era == MODERN else "server/discover"
    return [line for line in lines if line["method"] != of_the_other]


def conversation(
    home: Path, *lines: Message | str, arguments: tuple[str, ...] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    """A client that says these lines at once, and then nothing more."""
    return subprocess.run(
        [INSTALLED_SERVER, *arguments],
        env=measured_environment(home, **variables),
        input="".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )


def ids(said: subprocess.CompletedProcess[str]) -> list[str]:
    return [json.loads(reply)["id"] for reply in said.stdout.splitlines()]


@pytest.mark.parametrize(("arguments", "era"), in_turns(VARIANTS, ERAS), ids=str)
def test_the_server_goes_on_where_the_front_ends(tmp_path: Path, arguments: tuple[str, ...], era: Era) -> None:
    lists = [method for method in METHODS if method.endswith("/list")]
    with ServerProcess(arguments, environment(tmp_path, LANG=LOCALES["zh"])) as server:
        client = Conversation(server, era)
        client.open()
        for method in lists:
            client.ask(method, {})
        # The front leaves it to the server to say that a method does not exist.
        assert "error" in client.answered("no/such/method", {})
        for method in lists:
            client.ask(method, {})
        assert server.stop() == 0
    replies = [re.sub(r'"id":\d+', "", line) for line in server.lines]
    assert replies[1 : 1 + len(lists)] == replies[2 + len(lists) :]
    assert server.errors == []


@pytest.mark.parametrize("arguments", VARIANTS, ids=" ".join)
@pytest.mark.parametrize("era", ERAS)
def test_the_first_lines_are_answered_without_the_server(tmp_path: Path, arguments: tuple[str, ...], era: Era) -> None:
    lines = opening(era)
    said = conversation(tmp_path, *lines, arguments=arguments, **no_server(tmp_path))
    assert ids(said) == [line["id"] for line in lines if "id" in line]
    assert said.returncode == 1


def test_the_server_knows_the_client_that_the_front_has_greeted(tmp_path: Path) -> None:
    with ServerProcess(["--emulator"], measured_environment(tmp_path), INSTALLED_SERVER) as server:
        client = Conversation(server, LEGACY, yes)
        client.open()
        assert client.tools()
        assert client.told("create_instance", **new_notebook())["status"] == "done"
        assert len(client.questions) == 1
        assert server.stop() == 0


def test_a_client_may_leave_at_once(tmp_path: Path) -> None:
    said = conversation(tmp_path, INITIALIZE)
    assert (ids(said), said.returncode, said.stderr) == (["initialize"], 0, "")


def test_what_waits_for_a_server_that_does_not_start_gets_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    waiting = [CALL, "{", "[" * 2_000, INITIALIZED, request("ping")]
    said = conversation(tmp_path, INITIALIZE, INITIALIZED, *waiting, XDG_STATE_HOME=str(tmp_path / "file"))
    assert said.returncode == 1
    assert str(tmp_path / "file") in said.stderr
    assert ids(said) == ["initialize", "tools/call", "ping"]
    errors = [json.loads(reply)["error"]["code"] for reply in said.stdout.splitlines()[1:]]
    assert errors == [INTERNAL_ERROR, INTERNAL_ERROR]


def test_a_server_that_does_not_start_ends_although_its_client_says_nothing(tmp_path: Path) -> None:
    with ServerProcess([], environment(tmp_path, **no_server(tmp_path))) as server:
        assert "result" in server.ask("initialize", INITIALIZE["params"])
        assert server.process.wait(DEADLINE) == 1


@pytest.mark.parametrize("arguments", [(), ("--result", "both")], ids=["front", "server"])
def test_a_server_ends_whose_client_does_not_listen_any_more(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    said = subprocess.run(
        [SERVER, *arguments],
        env=measured_environment(tmp_path),
        input=json.dumps(INITIALIZE) + "\n",
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    os.close(writer)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (("--result", "both"), {}),
        (("--read-only", "--emulator"), {}),
        ((), {"PAI_DSW_MCP_LANG": "en"}),
        ((), {"pai-dsw-mcp-read-only": "1"}),
    ],
    ids=str,
)
def test_with_other_settings_the_server_answers_itself(
    tmp_path: Path, arguments: tuple[str, ...], variables: dict[str, str]
) -> None:
    said = conversation(tmp_path, *opening(LEGACY), arguments=arguments, **(no_server(tmp_path) | variables))
    assert said.returncode != 0
    assert said.stdout == ""


def test_nothing_big_is_imported_before_the_front_answers(tmp_path: Path) -> None:
    code = "import sys; import pai_dsw_mcp.__main__; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=True,
    ).stdout.split()
    assert [name for name in loaded if name.startswith("pai_dsw_mcp.")] == [
        f"pai_dsw_mcp.{name}" for name in ("__main__", "answers", "front", "language", "stdin")
    ]
    own = {name.partition(".")[0] for name in loaded} - {"pai_dsw_mcp"}
    assert own <= {*sys.stdlib_module_names, "__main__", "_distutils_hack", "sitecustomize"}
    assert not {"asyncio", "argparse", "logging", "pathlib", "importlib.metadata", "inspect"} & {*loaded}
