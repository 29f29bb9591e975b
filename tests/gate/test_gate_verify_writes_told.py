"""What verify-cloud --with-writes tells a person while it goes on, and what its report advises."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pai_dsw_mcp.approval.terminal import Console
from pai_dsw_mcp.commands.verify_terms import Terms
from pai_dsw_mcp.commands.verify_writes import agreed
from pai_dsw_mcp.errors import RefusedError
from pai_emulator.faults.model import Assume, ServerError
from pai_emulator.serve import Emulator
from tests.approval.person_at_terminal import Person
from tests.gate.verify_terminal import REGION, Killed, Terminal, in_an_account, little, not_seen, running, why, writes

pytestmark = pytest.mark.anyio


def outcomes(terminal: Terminal, key: str) -> list[str]:
    return [values["outcome"] for told, values in terminal.told if told == key]


async def test_a_stop_that_fails_is_told_at_once_and_once(emulator: Emulator, tmp_path: Path) -> None:
    emulator.faults.add(ServerError(operation="StopInstance", times=3))
    terminal = Terminal(emulator, tmp_path)
    found = await terminal.run()
    assert outcomes(terminal, "verify_not_stopped") == ["500 InternalError"]
    keys = [key for key, _ in terminal.told]
    assert keys.index("verify_step_stop") < keys.index("verify_not_stopped") < keys.index("verify_step_end")
    assert (running(emulator), found["is_stopped"]) == ([], True)


async def test_the_stop_that_should_be_refused_is_not_told(emulator: Emulator, tmp_path: Path) -> None:
    terminal = Terminal(emulator, tmp_path)
    await terminal.run()
    told = {key for key, _ in terminal.told}
    assert told.isdisjoint({"verify_not_stopped", "verify_not_looked", "verify_no_timer", "verify_timer"})


async def test_that_it_cannot_be_seen_what_runs_is_told(emulator: Emulator, tmp_path: Path) -> None:
    def fail() -> None:
        if terminal.told and terminal.told[-1][0] == "verify_step_end" and not emulator.faults.to_json():
            emulator.faults.add(ServerError(operation="ListInstances", times=6))

    terminal = Terminal(emulator, tmp_path, at_wait=fail)
    await terminal.run()
    assert outcomes(terminal, "verify_not_looked") == ["500 InternalError"]
    assert running(emulator) == []


async def test_a_stop_that_this_program_refuses_is_told_with_its_reason(emulator: Emulator, tmp_path: Path) -> None:
    statuses = iter(["Running", "Saving", "Running", "Saving", "Running"])

    def move_on() -> None:
        """Between the list and the stop, twice."""
        is_ending = "verify_step_end" in [key for key, _ in terminal.told]
        if is_ending and (status := next(statuses, "")):
            (instance_id,) = emulator.world.region(REGION).instances
            emulator.world.overwrite_instance(instance_id, {"Status": status})

    terminal = Terminal(emulator, tmp_path, at_wait=move_on)
    found = await terminal.run()
    assert [key for key, _ in terminal.told].count("stop_while_saving") == 1
    assert found["is_stopped"]


async def test_a_timer_that_was_not_taken_is_told_and_that_it_was_taken_later(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.faults.add(Assume(id="auto-stop-from", value="running"))
    terminal = Terminal(emulator, tmp_path)
    await terminal.run()
    keys = [key for key, _ in terminal.told if key.startswith(("verify_made", "verify_no_timer", "verify_timer"))]
    assert keys == ["verify_made_emulated", "verify_no_timer", "verify_timer"]
    assert [each.partition(" ")[0] for each in outcomes(terminal, "verify_no_timer")] == ["400"]


@pytest.mark.parametrize(("write", "begun", "left_out"), [(3, [2, 3, 4, 5, 9], [1, 6, 7, 8]), (7, [2, 5, 8, 9], [1])])
async def test_steps_in_which_nothing_is_done_are_told_as_left_out(
    emulator: Emulator, tmp_path: Path, write: int, begun: list[int], left_out: list[int]
) -> None:
    first = Terminal(emulator, tmp_path, killed_after=write)
    with pytest.raises(Killed):
        await first.run()
    second = Terminal(emulator, tmp_path)
    await second.run()
    numbers = {"verify_left_out": list[int](), "verify_step": list[int]()}
    for key, values in second.told:
        for kind, found in numbers.items():
            if key.startswith(kind):
                found.append(values["number"])
    assert numbers["verify_step"] == begun
    assert set(left_out) <= set(numbers["verify_left_out"])
    assert sorted(numbers["verify_step"] + numbers["verify_left_out"]) == list(range(1, 10))


async def test_the_next_start_tells_what_is_at_rest(emulator: Emulator, tmp_path: Path) -> None:
    first, person = Terminal(emulator, tmp_path), Person()
    await first.run()
    console = Console(person.stdin, person.stdout, "en")
    second = Terminal(emulator, tmp_path, lambda terms: agreed(console, terms))
    with person.answering("", ""), pytest.raises(RefusedError):
        await second.run()
    assert f"From an earlier pass: `{first.terms[0].instance_name}` is Stopped." in person.shown
    assert "Delete it in the console" not in person.shown


@pytest.mark.parametrize("is_emulated", [True, False])
async def test_that_nothing_costs_money_is_said_of_an_emulator_alone(
    emulator: Emulator, tmp_path: Path, is_emulated: bool
) -> None:
    person = Person()
    console = Console(person.stdin, person.stdout, "en")
    terminal = Terminal(emulator, tmp_path, lambda terms: agreed(console, replace(terms, is_emulated=is_emulated)))
    with person.answering("", ""), pytest.raises(RefusedError):
        await terminal.run()
    assert ("nothing costs money" in person.shown) == is_emulated
    for words in ("in your account", "delete it in the console", "stands in the journal", "cost       at most"):
        assert (words in person.shown) == (not is_emulated)
    assert terminal.terms[0].is_emulated


@pytest.mark.parametrize(("agree", "ending"), [(little, "_emulated"), (in_an_account, "")])
async def test_a_console_and_what_it_cost_are_told_where_there_is_an_account(
    emulator: Emulator, tmp_path: Path, agree: Callable[[Terms], Terms], ending: str
) -> None:
    terminal = Terminal(emulator, tmp_path, agree)
    await terminal.run()
    told = [key for key, _ in terminal.told if key.startswith(("verify_made", "verify_stopped"))]
    assert told == [f"verify_made{ending}", f"verify_stopped{ending}"]


async def test_the_report_of_a_pass_that_ended_early_says_so(emulator: Emulator, tmp_path: Path) -> None:
    emulator.faults.add(ServerError(operation="StartInstance", times=9))
    found = await Terminal(emulator, tmp_path).run()
    assert not_seen(found)["status-after-start"] == "not_reached"
    assert "no_restart" not in not_seen(found).values()


async def test_a_bound_of_the_cost_is_not_rounded_down(emulator: Emulator, tmp_path: Path) -> None:
    terminal = Terminal(emulator, tmp_path)
    await terminal.run()
    terms = terminal.terms[0]
    assert [terms.costs(seconds) for seconds in (0, 1, 72, 73, 1800)] == [
        "0.00 CNY",
        "0.01 CNY",
        "0.01 CNY",
        "0.02 CNY",
        "0.25 CNY",
    ]
    assert "CreateInstance" in writes(emulator)


@pytest.mark.parametrize(
    ("agree", "told"), [(in_an_account, ["verify_left", "verify_left_timer"]), (little, ["verify_left_emulated"])]
)
async def test_what_cannot_be_stopped_is_named(
    emulator: Emulator, tmp_path: Path, agree: Callable[[Terms], Terms], told: list[str]
) -> None:
    emulator.world.policies["admin"] = {"rights": ["pai*"], "denied": ["paidsw:StopInstance"]}
    terminal = Terminal(emulator, tmp_path, agree, waits=30.0)
    found = await terminal.run()
    assert why(found)["stop-from"] == "refused"
    left = {key: values for key, values in terminal.told if key.startswith("verify_left")}
    assert (found["is_stopped"], [key for key in left if "_left_out" not in key]) == (False, told)
    assert left[told[0]]["names"] == terminal.terms[0].instance_name
    # The service's own timer is what is left then.
    emulator.clock.advance(1800)
    assert running(emulator) == []
