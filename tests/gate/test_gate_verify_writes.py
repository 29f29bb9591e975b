"""verify-cloud --with-writes: what it settles, what it may send, and that nothing runs on afterwards."""

import sys
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from pai_dsw_mcp.approval.terminal import Console
from pai_dsw_mcp.commands.verify_cloud import verify_cloud
from pai_dsw_mcp.commands.verify_writes import agreed
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.settings import Settings
from pai_emulator.faults.model import Assume, LostReply
from pai_emulator.serve import Emulator
from tests.approval.person_at_terminal import CLOSED, INTERRUPTED, Person
from tests.gate.verify_terminal import (
    ALTERNATIVES,
    IMAGE_URL,
    MEASURED,
    REGION,
    WRITES,
    Killed,
    Terminal,
    just_what_shows,
    running,
    writes,
    yes,
)
from tests.support.unmeasured import unmeasured

pytestmark = pytest.mark.anyio


async def test_everything_is_settled_and_nothing_runs_on(emulator: Emulator, tmp_path: Path) -> None:
    terminal = Terminal(emulator, tmp_path, yes)
    began = terminal.now()
    found = await terminal.run()
    unseen = {row["assumption"]: row["why"] for row in found["findings"] if not row["agrees"]}
    assert unseen == {"dsw-denial": "no_denial", "memory-without-unit": "no_bare_memory"}
    assert (running(emulator), found["is_stopped"]) == ([], True)
    assert terminal.now() - began < 1800
    assert writes(emulator) == WRITES
    # Each step is told when it begins, and each request of the reading that follows.
    told = [key for key, _ in terminal.told]
    begun = [values for key, values in terminal.told if key.startswith("verify_step_")]
    assert [each["number"] for each in begun] == [1, 2, 3, 4, 5, 6, 7, 9]
    assert {each["steps"] for each in begun} == {9}
    reads = sum(each["times"] for each in found["requests"]) - len(WRITES)
    assert told.count("verify_read") in {reads, reads - 1}
    assert told.index("verify_stopped_emulated") < told.index("verify_read")


@pytest.mark.parametrize(("name", "value"), ALTERNATIVES)
async def test_an_alternative_is_named_and_nothing_else(
    emulator: Emulator, tmp_path: Path, name: str, value: str
) -> None:
    emulator.faults.add(Assume(id=name, value=value))
    if name == "largest-page":
        emulator.world.generate_instances(REGION, 60)
    if name == "dsw-denial":
        emulator.world.policies["admin"] = {"rights": ["pai*"], "denied": ["paidsw:ListSystemLogs"]}
    with nullcontext() if (name, value) in MEASURED else unmeasured():
        found = await Terminal(emulator, tmp_path, just_what_shows(name)).run()
    differing = [(row["assumption"], row["seen"]) for row in found["findings"] if row["agrees"] is False]
    assert differing == [(name, value)]
    assert found["is_stopped"]


@pytest.mark.usefixtures("without_coverage")
@pytest.mark.parametrize("write", range(1, 12))
async def test_killed_at_any_write_and_started_again_nothing_runs_on(
    emulator: Emulator, tmp_path: Path, write: int
) -> None:
    emulator.faults.add(LostReply(operation=WRITES[write - 1], after=WRITES[: write - 1].count(WRITES[write - 1])))
    first = Terminal(emulator, tmp_path, yes, killed_after=write)
    with pytest.raises(Killed):
        await first.run()
    assert writes(emulator)[:write] == WRITES[:write]
    second = Terminal(emulator, tmp_path)
    found = await second.run()
    assert (running(emulator), found["is_stopped"]) == ([], True)


@pytest.mark.parametrize("answers", [("", "n"), ("", ""), (CLOSED,)])
async def test_whoever_does_not_type_the_name_has_nothing_made(
    emulator: Emulator, tmp_path: Path, answers: tuple[str, ...]
) -> None:
    person = Person()
    with person.answering(*answers), pytest.raises(RefusedError):
        await Terminal(emulator, tmp_path, partial(agreed, Console(person.stdin, person.stdout, "en"))).run()
    assert writes(emulator) == []
    assert "at most 0.25 CNY: half an hour at 0.50 CNY per hour" in person.shown


async def test_who_types_the_name_agrees_and_is_told_what_is_left_over(emulator: Emulator, tmp_path: Path) -> None:
    first = Terminal(emulator, tmp_path, killed_after=3)
    with pytest.raises(Killed):
        await first.run()
    person, name = Person(), first.terms[0].instance_name
    agree = partial(agreed, Console(person.stdin, person.stdout, "zh"))
    with person.answering(name, IMAGE_URL):
        await Terminal(emulator, tmp_path, lambda terms: agree(replace(terms, dataset=None))).run()
    assert f"上次运行遗留了 `{name}`（Creating）" in person.shown
    assert ("CreateInstanceSnapshot" in writes(emulator), running(emulator)) == (True, [])


@pytest.mark.parametrize("answer", ["stop", "", CLOSED, INTERRUPTED])
async def test_what_is_left_over_is_stopped_alone_or_named_where_it_is_not(
    emulator: Emulator, tmp_path: Path, answer: str
) -> None:
    first = Terminal(emulator, tmp_path, killed_after=3)
    with pytest.raises(Killed):
        await first.run()
    sent, name, person = writes(emulator), first.terms[0].instance_name, Person()
    agree = partial(agreed, Console(person.stdin, person.stdout, "en"))
    second = Terminal(emulator, tmp_path, lambda terms: agree(replace(terms, is_emulated=False)))
    ends = {"stop": SystemExit, INTERRUPTED: KeyboardInterrupt}
    with person.answering(answer), pytest.raises(ends.get(answer, RefusedError)) as ended:
        await second.run()
    if answer == "stop":
        assert (writes(emulator), running(emulator)) == ([*sent, "StopInstance"], [])
        # What it cost before this pass is not known here.
        assert [key for key, _ in second.told] == ["verify_stopping", "verify_stopped_earlier"]
        assert str(ended.value) == "0"
        return
    assert (writes(emulator), running(emulator)) == (sent, [name])
    assert f"Still Creating: {name}" in (person.shown if answer == INTERRUPTED else str(ended.value))


async def test_an_address_that_nothing_can_be_saved_to_is_asked_for_again(emulator: Emulator, tmp_path: Path) -> None:
    person = Person()
    with person.answering("https://example.com/x", "docker.io/team/x:v1", IMAGE_URL, "n"), pytest.raises(RefusedError):
        await Terminal(emulator, tmp_path, partial(agreed, Console(person.stdin, person.stdout, "en"))).run()
    assert person.shown.count("Where to save the environment") == 3
    assert "`docker.io/team/x:v1` is not such an address" in person.shown
    assert f"saved to {IMAGE_URL}" in person.shown.partition("to begin")[0]
    assert "at most 30 minutes" in person.shown.partition("Where to save")[0]


def command(emulator: Emulator, folder: Path) -> int:
    settings = Settings(verb="verify-cloud", with_writes=True, endpoint=emulator.url, state_dir=folder)
    return verify_cloud(settings, None)


def test_a_script_cannot_have_an_instance_made(
    emulator: Emulator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (command(emulator, tmp_path), capsys.readouterr().out, writes(emulator)) == (2, "", [])


def test_ctrl_c_at_the_question_ends_it(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person()
    monkeypatch.setattr(sys, "stdin", person.stdin)
    monkeypatch.setattr(sys, "stderr", person.stdout)
    with person.answering(INTERRUPTED):
        code = command(emulator, tmp_path)
    assert (code, writes(emulator), "Interrupted" in person.shown) == (130, [], True)
