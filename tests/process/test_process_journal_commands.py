"""What a person does at the side of a server: answers in a terminal, reads what was done, starts it by hand."""

import json
import re
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import anyio
import pytest
from rich.cells import cell_len

from pai_dsw_mcp import command_line
from pai_dsw_mcp.__main__ import main
from pai_dsw_mcp.commands.audit import audit
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Origin
from pai_dsw_mcp.settings import Settings
from tests.gate.cases import new_notebook
from tests.journal.journal_desk import ask, create
from tests.process.conversation import MODERN, Conversation, no, yes
from tests.process.processes import SERVER, RunningEmulator, ServerProcess, environment, private, run
from tests.process.terminal import in_a_terminal
from tests.support.programs import INSTALLED
from tests.support.steering import Steering


def test_the_told_command_reaches_the_temporary_journal_of_an_emulator(tmp_path: Path) -> None:
    with ServerProcess(["--approve", "terminal", "--emulator"], environment(tmp_path)) as server:
        client = Conversation(server, MODERN)
        client.open()
        asked = client.told("create_instance", **new_notebook(instance_name="told"))
        command = re.findall(r"`([^`]+)`", asked["message"])[0]
        assert "--state-dir" in command
        code, shown = in_a_terminal(["sh", "-c", command], tmp_path, [("Enter = later:", "yes")], measured=False)
        assert code == 0, shown
        assert client.told("create_instance", **new_notebook(instance_name="told"))["status"] == "done"


def test_the_told_command_names_the_folder_from_anywhere(tmp_path: Path) -> None:
    home, folder = private(tmp_path / "home"), private(tmp_path / "my state")
    arguments = ["--approve", "terminal", "--emulator", "--state-dir", "my state"]
    with ServerProcess(arguments, environment(home), cwd=tmp_path) as server:
        client = Conversation(server, MODERN)
        client.open()
        asked = client.told("create_instance", **new_notebook(instance_name="told"))
    assert f"`pai-dsw-mcp approve --state-dir '{folder}'`" in asked["message"]


def test_the_told_command_speaks_the_language_that_the_server_was_given(tmp_path: Path) -> None:
    arguments = ["--approve", "terminal", "--emulator", "--lang", "zh"]
    with ServerProcess(arguments, environment(tmp_path)) as server:
        client = Conversation(server, MODERN)
        client.open()
        asked = client.told("create_instance", **new_notebook(instance_name="told"))
        command = re.findall(r"`([^`]+)`", asked["message"])[0]
        assert command.endswith("--lang zh")
        code, shown = in_a_terminal(["sh", "-c", command], tmp_path, [("回车 = 稍后：", "是")])
        assert code == 0, shown
        assert "已批准" in shown


@pytest.mark.parametrize(("lang", "word"), [("en", "MCP server"), ("zh", "MCP 服务")])
def test_in_a_terminal_the_server_says_what_it_is_and_how_a_client_starts_it(
    tmp_path: Path, lang: str, word: str
) -> None:
    code, shown = in_a_terminal(
        ["sh", "-c", f"echo begin; exec {SERVER} --emulator --lang {lang}"],
        tmp_path,
        [("begin", "\x04")],
        measured=lang == "en",
    )
    assert code == 0, shown
    assert word in shown
    assert shown.splitlines()[-1].endswith(f" demo --lang {lang}")
    (configured,) = [json.loads(line) for line in shown.splitlines() if line.startswith("{")]
    server = configured["mcpServers"]["pai-dsw"]
    with ServerProcess(server["args"], environment(tmp_path), command=server["command"]) as started:
        assert Conversation(started, MODERN).tools()


def test_the_told_command_finds_this_installation_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "pai-dsw-mcp"
    other.write_text("#!/bin/sh")
    other.chmod(0o700)
    through_python = [sys.executable, "-m", "pai_dsw_mcp"]
    for path, expected in (
        (str(INSTALLED), ["pai-dsw-mcp"]),
        ("/nowhere", through_python),
        (f"{tmp_path}:{INSTALLED}", through_python),
    ):
        monkeypatch.setenv("PATH", path)
        assert command_line.program() == expected


def test_audit_lists_questions_answers_and_outcomes_in_the_language_that_is_asked_for(
    cloud: RunningEmulator, steering: Steering, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = ["--state-dir", str(private(tmp_path / "state"))]

    def audited(*arguments: str) -> str:
        assert main(["audit", *state, *arguments]) == 0
        return capsys.readouterr().out

    nothing = run(tmp_path, "audit", *state)
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (0, "Nobody was asked about a change.\n", "")

    with ServerProcess(["--endpoint", cloud.url, *state], environment(tmp_path, **cloud.keys)) as server:
        client = Conversation(server, MODERN, yes)
        client.open()
        created = client.told("create_instance", **new_notebook(instance_name="audited"))
        steering.faults({"kind": "throttle", "operation": "StopInstance", "status": 400})
        stopped = client.call("stop_instance", instance_id=created["instance_id"])
        assert stopped["isError"]
        refusing = Conversation(server, MODERN, no)
        assert refusing.told("create_instance", **new_notebook(instance_name="refused"))["status"] == "declined"
        elsewhere = Conversation(server, MODERN)
        elsewhere.told("create_instance", **new_notebook(instance_name="waiting"))

    header, *rows = run(tmp_path, "audit", *state).stdout.splitlines()
    assert re.fullmatch(r"Asked \([+-]\d{4}\)  .*  Approval code  .*", header)
    waiting, declined, refused, done = (re.split(r"  +", row) for row in rows)
    assert waiting[1:8] == ["Create instance", "waiting", "cn-hangzhou", "0.50 CNY", "raw 1", "waiting", "not sent"]
    assert declined[2:8] == ["refused", "cn-hangzhou", "0.50 CNY", "raw 1", "no (form)", "not sent"]
    assert refused[1:3] == ["Stop instance", f"audited · {created['instance_id']}"]
    assert done[1:3] == ["Create instance", f"audited · {created['instance_id']}"]
    assert refused[4:8] == ["-", "raw 1", "yes (form)", "refused (Throttling.User)"]
    assert done[6:8] == ["yes (form)", "done"]
    assert done[8] == created["reference"]
    sent = [entry["request_id"] for entry in steering.writes()[-2:]]
    assert [done[9], refused[9]] == sent

    chinese = audited("--lang", "zh")
    for word in ("审批编号", "创建实例", "批准（表单）", "拒绝（表单）", "等待答复", "已完成", "被拒绝"):
        assert word in chinese

    for since, count in (("1h", 4), ("2d", 4), ("2999-01-01", 0)):
        entries = json.loads(audited("--json", "--since", since))
        assert len(entries) == count
    entry = json.loads(audited("--json"))[-1]
    assert (entry["approval"], entry["outcome"], entry["request_id"]) == ("used", "done", sent[0])
    assert (entry["price_per_hour"], entry["client"], entry["answered_by"]) == (0.5, "raw 1", "form")


def test_audit_names_who_answered_where_they_signed_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(verb="audit", state_dir=private(tmp_path / "state"))
    journal = Journal(settings.journal_path)

    async def decide() -> None:
        asked = await ask(journal, channel="second_person")
        await journal.decide(asked.approval_id, approve=True, channel="second_person", by="Eve \u202e Li")

    anyio.run(decide)
    journal.close()
    shown: dict[str, str] = {}
    for name, chosen in (("en", {"lang": "en"}), ("zh", {"lang": "zh"}), ("json", {"json": True})):
        assert audit(replace(settings, **chosen)) == 0
        shown[name] = capsys.readouterr().out
    assert "yes (another person: Eve \\u{202e} Li)" in shown["en"]
    assert "批准（另一人：Eve \\u{202e} Li）" in shown["zh"]
    assert json.loads(shown["json"])[0]["decided_by"] == "Eve \u202e Li"


def test_audit_tells_who_asked_only_where_people_sign_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(verb="audit", state_dir=private(tmp_path / "state"))
    journal = Journal(settings.journal_path)
    digest = "0123456789abcdef" * 2

    def shown(*principals: str, person: str | None = None, **chosen: bool) -> str:
        change = create().model_copy(update={"origin": Origin(credentials="env", person=person)})
        for principal in principals:
            anyio.run(partial(ask, journal, principal=principal, change=change))
        assert audit(replace(settings, **chosen)) == 0
        return capsys.readouterr().out

    assert "Asked by" not in shown("key-1")
    header, row, _ = shown(f"key-1/{digest}").splitlines()
    assert row[header.index("Asked by") :].split()[0] == "01234567"
    assert "Ada \\u{202e} Li · 89abcdef" in shown("key-1/89abcdef", person="Ada \u202e Li")
    assert [(each["asked_by"], each["asked_by_name"]) for each in json.loads(shown(json=True))] == [
        ("89abcdef", "Ada \u202e Li"),
        (digest, None),
        (None, None),
    ]
    journal.close()


def test_in_a_terminal_audit_is_never_wider_than_it(tmp_path: Path) -> None:
    settings = Settings(verb="audit", state_dir=private(tmp_path / "state"))
    journal = Journal(settings.journal_path)

    async def refuse() -> None:
        asked = await ask(journal, principal="key-1/" + "0123456789abcdef" * 2)
        await journal.decide(asked.approval_id, approve=False, channel="page", feedback="expensive " * 20)

    anyio.run(refuse)
    journal.close()
    code, shown = in_a_terminal([SERVER, "audit", "--state-dir", str(settings.state_dir), "--lang", "zh"], tmp_path)
    assert code == 0
    lines = shown.splitlines()
    assert max(map(cell_len, lines)) <= 140
    assert [line.split()[-1] for line in lines if line.startswith(("询问者", "答复"))] == ["01234567", "拒绝（页面）"]
    assert shown.count("expensive") == 20
    piped = run(tmp_path, "audit", "--state-dir", str(settings.state_dir), measured=False)
    assert len(piped.stdout.splitlines()) == 2


def test_audit_shows_the_newest_hundred_and_says_how_to_see_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(verb="audit", state_dir=private(tmp_path / "state"))
    journal = Journal(settings.journal_path)

    async def ask_often() -> None:
        for number in range(101):
            await ask(journal, digest=f"d{number}")

    anyio.run(ask_often)
    journal.close()
    assert audit(settings) == 0
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 101
    assert "--since" in shown.err
    assert audit(Settings(verb="audit", state_dir=settings.state_dir, since=0.0)) == 0
    everything = capsys.readouterr()
    assert (len(everything.out.splitlines()), everything.err) == (102, "")
