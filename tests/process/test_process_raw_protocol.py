"""What goes over the pipe, line by line, in both protocol eras and without the SDK's client."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.gate.cases import CASES, Case, new_notebook
from tests.process.conftest import Start
from tests.process.conversation import LEGACY, MODERN, Answer, Conversation, Era, empty, no, text_of, yes
from tests.process.processes import Message, RunningEmulator, ServerProcess, environment, private
from tests.support.steering import Steering
from tests.support.turns import in_turns

ERAS: tuple[Era, ...] = (LEGACY, MODERN)
EACH_ERA = pytest.mark.parametrize("era", ERAS)
_OF_MEMBERS = {"add_member", "set_member_roles", "remove_member"}
NOT_YES: dict[str, Answer | None] = {"declares no forms": None, "declines": no, "sends an empty form": empty}


class Servers:
    """One process for each era, and in the legacy one, where it is said once, for each set of capabilities."""

    def __init__(self, cloud: RunningEmulator, folder: Path) -> None:
        self._cloud = cloud
        self._folder = folder
        self._running: dict[tuple[Era, bool], ServerProcess] = {}
        self._names = 0

    def client(self, era: Era, answer: Answer | None) -> Conversation:
        key = (era, era == LEGACY and answer is not None)
        begun = key in self._running
        state = private(self._folder / f"state-{era}-{key[1]}")
        journal = state / "journal.sqlite3"
        if journal.exists():
            forget_rejections(journal)
        if not begun:
            env = environment(self._folder, **self._cloud.keys)
            self._running[key] = ServerProcess(
                ["--toolsets", "all", "--endpoint", self._cloud.url, "--state-dir", str(state)], env
            )
        client = Conversation(self._running[key], era, answer)
        if begun and era == LEGACY:
            client.take_over()
        else:
            client.open()
        return client

    def stop(self) -> list[int]:
        """The exit codes."""
        return [each.stop() for each in self._running.values()]

    def arguments(self, case: Case, steering: Steering) -> dict[str, Any]:
        """Those of the case, with a name that no other test has asked for: tests come in any order."""
        if case.tool in _OF_MEMBERS:
            # The members of a workspace are always the same ones.
            steering.reset()
        arguments = case.arguments(steering)
        for name in {"instance_name", "workspace_name"} & set(arguments):
            self._names += 1
            arguments[name] = f"raw_{self._names}"
        if "snapshot_name" in arguments:
            self._names += 1
            arguments |= {"snapshot_name": f"raw-{self._names}", "image_url": f"{arguments['image_url']}-{self._names}"}
        return arguments


def forget_rejections(journal: Path) -> None:
    """As if a day had passed: what other tests declined or left open must not keep this one from asking."""
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute("UPDATE approvals SET state = 'superseded' WHERE state = 'waiting'")
        connection.execute("UPDATE approvals SET decided_at = decided_at - 86400, dismissed_at = dismissed_at - 86400")


@pytest.fixture(scope="module")
def servers(cloud: RunningEmulator, tmp_path_factory: pytest.TempPathFactory) -> Generator[Servers]:
    running = Servers(cloud, tmp_path_factory.mktemp("raw"))
    yield running
    assert set(running.stop()) <= {0}


@pytest.mark.parametrize(("case", "who", "era"), in_turns(CASES, list(NOT_YES), ERAS), ids=str)
def test_without_a_yes_no_write_is_sent(servers: Servers, steering: Steering, era: Era, case: Case, who: str) -> None:
    arguments = servers.arguments(case, steering)
    before = len(steering.writes())
    told = servers.client(era, NOT_YES[who]).told(case.tool, **arguments)
    assert told["status"] == ("declined" if who == "declines" else "approval_needed")
    assert ("approve_url" in told) == (told["status"] == "approval_needed")
    assert len(steering.writes()) == before


@pytest.mark.parametrize(("case", "era"), in_turns(CASES, ERAS), ids=str)
def test_a_yes_sends_one_write_and_a_repeated_call_no_more(
    servers: Servers, steering: Steering, era: Era, case: Case
) -> None:
    arguments = servers.arguments(case, steering)
    before = len(steering.writes())
    client = servers.client(era, yes)

    told = client.told(case.tool, **arguments)
    assert told["status"] == "done"
    assert [entry["operation"] for entry in steering.writes()[before:]] == [case.operation]

    again = client.told(case.tool, **arguments)
    # A batch has no id of its own.
    assert (again["status"], again.get("instance_id")) == ("nothing_to_do", told.get("instance_id"))
    assert len(steering.writes()) == before + 1
    assert len(client.questions) == 1


def no_in_cut_words(_: Message) -> Message:
    return {"action": "accept", "content": {"decision": "reject", "feedback": "not now \ud83d"}}


@EACH_ERA
def test_a_no_counts_whose_words_end_in_half_a_character(servers: Servers, steering: Steering, era: Era) -> None:
    """As JavaScript writes an emoji that was cut in two."""
    before = len(steering.writes())
    told = servers.client(era, no_in_cut_words).told(
        "create_instance", **new_notebook(instance_name="half_a_character")
    )
    assert (told["status"], told["feedback"]) == ("declined", "not now \ufffd")
    assert len(steering.writes()) == before


@EACH_ERA
def test_an_unknown_argument_is_refused_before_anything_is_asked(
    servers: Servers, steering: Steering, era: Era
) -> None:
    before = len(steering.requests())
    client = servers.client(era, yes)
    for tool, arguments in (("list_workspaces", {}), ("create_instance", new_notebook())):
        result = client.call(tool, **arguments, confirm=True)
        assert result["isError"]
        assert "`confirm`: this argument does not exist" in text_of(result)
    assert client.questions == []
    assert len(steering.requests()) == before


def test_both_eras_list_the_same_tools(servers: Servers) -> None:
    assert servers.client(LEGACY, None).tools() == servers.client(MODERN, None).tools()


MALFORMED = (
    "",
    "{",
    "[]",
    "null",
    "17",
    '"text"',
    '{"jsonrpc": "2.0"}',
    '{"jsonrpc": "1.0", "id": 1, "method": "ping"}',
    '{"jsonrpc": "2.0", "method": 7}',
    '{"jsonrpc": "2.0", "method": "no/such/notification", "params": {}}',
    '{"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": []}}',
    '{"jsonrpc": "2.0", "id": 4711, "result": {}}',
    "\x00\x07",
    "[" * 50_000,
    '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ' + "[" * 5_000,
)


@EACH_ERA
def test_malformed_lines_are_survived(servers: Servers, era: Era) -> None:
    client = servers.client(era, None)
    for line in MALFORMED:
        client.server.send(line)
    assert client.told("list_workspaces")["workspaces"]


@EACH_ERA
def test_malformed_requests_are_answered_with_errors(servers: Servers, era: Era) -> None:
    client = servers.client(era, None)
    malformed: tuple[tuple[str, Message], ...] = (
        ("tools/call", {"name": "list_workspaces", "arguments": []}),
        ("tools/call", {"name": 7}),
        ("tools/call", {}),
        ("no/such/method", {}),
    )
    for method, params in malformed:
        assert "error" in client.answered(method, params), (method, params)
    unknown = client.answered("tools/call", {"name": "delete_instance", "arguments": {}})
    assert "error" in unknown or unknown["result"]["isError"]


@EACH_ERA
def test_stdout_carries_json_rpc_alone_and_stderr_json_lines_without_secrets(
    start: Start, cloud: RunningEmulator, steering: Steering, era: Era
) -> None:
    server = start(DEBUG="sdk")
    client = Conversation(server, era, yes)
    client.open()
    steering.faults({"kind": "damaged_reply", "damage": "truncated", "operation": "ListWorkspaces"})
    assert client.call("list_workspaces")["isError"]
    assert client.told("create_instance", **new_notebook(instance_name=f"quiet_{era[:4]}"))["status"] == "done"
    # Makes the SDK log a warning, so that there is a line to look at.
    server.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": {}}})
    server.send({"jsonrpc": "2.0", "method": "notifications/progress", "params": {}})
    assert client.told("list_workspaces")["workspaces"]
    assert server.stop() == 0

    messages: list[Message] = [json.loads(line) for line in server.lines]
    assert all(message["jsonrpc"] == "2.0" for message in messages)
    logged: list[Message] = [json.loads(line) for line in server.errors]
    assert logged
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in logged)
    written = "".join(server.lines + server.errors)
    for secret in cloud.keys.values():
        assert secret not in written
    assert "Signature=" not in written
