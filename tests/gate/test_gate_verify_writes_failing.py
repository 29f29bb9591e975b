"""verify-cloud --with-writes where something goes wrong: it says less, and nothing runs on."""

import asyncio
from pathlib import Path
from typing import Any

import anyio.lowlevel
import pytest

from pai_dsw_mcp.commands.verify_terms import Terms
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from pai_emulator import dsw_instances
from pai_emulator.faults.model import Delay, Reset, ServerError, SoldOut
from pai_emulator.serve import Emulator
from tests.gate.verify_terminal import (
    REGION,
    Killed,
    Terminal,
    in_an_account,
    little,
    no,
    not_seen,
    running,
    saving,
    why,
    writes,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("write", [5, 7])
async def test_the_second_start_goes_on_with_what_the_first_has_left(
    emulator: Emulator, tmp_path: Path, write: int
) -> None:
    first = Terminal(emulator, tmp_path, killed_after=write)
    with pytest.raises(Killed):
        await first.run()
    assert running(emulator) == [first.terms[0].instance_name]
    declining = Terminal(emulator, tmp_path, agree=no)
    with pytest.raises(RefusedError):
        await declining.run()
    assert running(emulator) == [first.terms[0].instance_name]
    second = Terminal(emulator, tmp_path)
    found = await second.run()
    assert second.terms[0].instance_name == first.terms[0].instance_name
    assert [name for name, reason in why(found).items() if reason == "no_new_instance"] == [
        "auto-stop-from",
        "list-lag",
        "stop-from",
    ]
    assert (running(emulator), len(emulator.world.region(REGION).instances)) == ([], 1)


async def test_ctrl_c_stops_what_was_made(emulator: Emulator, tmp_path: Path) -> None:
    def press() -> None:
        task = asyncio.current_task()
        if task is not None and len(writes(emulator)) == 6 and not task.cancelling():
            task.cancel()

    terminal = Terminal(emulator, tmp_path, at_wait=press)
    running_pass = asyncio.create_task(terminal.run())
    with pytest.raises(asyncio.CancelledError):
        await running_pass
    assert (running(emulator), terminal.told[-1][0]) == ([], "verify_stopped_emulated")


@pytest.mark.parametrize(("operation", "earlier"), [("CreateInstance", 1), ("StopInstance", 0)])
async def test_ctrl_c_cuts_off_no_write(emulator: Emulator, tmp_path: Path, operation: str, earlier: int) -> None:
    emulator.faults.add(Delay(operation=operation, after=earlier, seconds=0.5))
    terminal = Terminal(emulator, tmp_path)
    running_pass = asyncio.create_task(terminal.run())
    while writes(emulator).count(operation) <= earlier:
        await anyio.lowlevel.checkpoint()
    running_pass.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running_pass
    journal = Journal(Settings(state_dir=tmp_path).journal_path)
    states = {each.state for each in await journal.operations(limit=100)}
    journal.close()
    # The twin of the same name is refused.
    assert (running(emulator), states) == ([], {"done", "rejected"})
    assert "verify_left" not in [key for key, _ in terminal.told]


async def test_a_second_ctrl_c_cuts_off_the_write_that_the_first_one_waits_for(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.faults.add(Delay(operation="StopInstance", seconds=60))
    terminal = Terminal(emulator, tmp_path)
    running_pass = asyncio.create_task(terminal.run())
    while "StopInstance" not in writes(emulator):
        await anyio.lowlevel.checkpoint()
    for _ in range(2):
        running_pass.cancel()
        await anyio.lowlevel.checkpoint()
    with anyio.fail_after(30), pytest.raises(asyncio.CancelledError):
        await running_pass
    assert [each for each in asyncio.all_tasks() if "_carry_out" in repr(each.get_coro())] == []
    # The emulator had taken it; what became of it is looked at.
    assert (running(emulator), terminal.told[-1][0]) == ([], "verify_stopped_emulated")


async def test_a_second_ctrl_c_gives_up_stopping_and_what_is_left_is_named(emulator: Emulator, tmp_path: Path) -> None:
    def press() -> None:
        task = asyncio.current_task()
        # The second one before anything is known of what runs.
        is_ending = bool(terminal.told) and terminal.told[-1][0] == "verify_step_end"
        if task is not None and len(writes(emulator)) == 6 and task.cancelling() == is_ending:
            task.cancel()

    terminal = Terminal(emulator, tmp_path, in_an_account, at_wait=press)
    running_pass = asyncio.create_task(terminal.run())
    with pytest.raises(asyncio.CancelledError):
        await running_pass
    assert terminal.told[-2] == ("verify_left", {"names": terminal.terms[0].instance_name, "region": REGION})
    assert terminal.told[-1][0] == "verify_left_timer"


async def test_the_first_ctrl_c_does_not_give_up_stopping(emulator: Emulator, tmp_path: Path) -> None:
    def press() -> None:
        task = asyncio.current_task()
        if task is not None and terminal.told[-1:] == [("verify_step_end", {"number": 9, "steps": 9})]:
            task.cancel()

    emulator.faults.add(ServerError(operation="StopInstance", times=2))
    terminal = Terminal(emulator, tmp_path, at_wait=press)
    running_pass = asyncio.create_task(terminal.run())
    with pytest.raises(asyncio.CancelledError):
        await running_pass
    told = [key for key, _ in terminal.told]
    assert told.count("verify_interrupting") == 1
    assert (running(emulator), told[-1]) == ([], "verify_stopped_emulated")


async def test_what_is_at_the_address_is_not_overwritten_and_a_person_is_told(
    emulator: Emulator, tmp_path: Path
) -> None:
    first = Terminal(emulator, tmp_path, saving)
    await first.run()
    second = Terminal(emulator, tmp_path, saving)
    await second.run()
    assert "snapshot_image_taken" in [key for key, _ in second.told]


@pytest.mark.parametrize(
    ("place", "told", "reason"),
    [
        (little, "verify_not_saved", "no_place"),
        (saving, "verify_save_refused", "save_refused"),
    ],
)
async def test_why_nothing_was_saved_is_told_and_reported(
    emulator: Emulator, tmp_path: Path, place: Any, told: str, reason: str
) -> None:
    emulator.world.policies["admin"] = {"rights": ["pai*"], "denied": ["paidsw:CreateInstanceSnapshot"]}
    terminal = Terminal(emulator, tmp_path, place)
    found = await terminal.run()
    assert told in [key for key, _ in terminal.told]
    assert not_seen(found)["snapshot-life-cycle"] == reason


async def test_a_pass_that_takes_too_long_is_given_up_and_stopped(emulator: Emulator, tmp_path: Path) -> None:
    terminal = Terminal(emulator, tmp_path, waits=40.0)
    found = await terminal.run()
    assert "no_time" in why(found).values()
    assert (running(emulator), found["is_stopped"]) == ([], True)


async def test_a_name_that_the_service_gives_twice_leaves_nothing_running(
    emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dsw_instances, "_check_name", print)
    found = await Terminal(emulator, tmp_path).run()
    rows = {row["assumption"]: row for row in found["findings"]}
    assert (rows["taken-name"]["seen"], len(emulator.world.region(REGION).instances)) == ("accepted", 2)
    assert (running(emulator), found["is_stopped"]) == ([], True)


@pytest.mark.parametrize(
    ("denied", "reasons"),
    [
        ("CreatePostPaidInstance", dict.fromkeys(["auto-stop-from", "taken-name", "stop-from"], "refused")),
        ("StartInstance", {"changes-while-running": "refused", "stop-from": ""}),
        ("UpdatePostPaidInstance", {"changes-while-running": "refused", "mounts-while-running": "refused"}),
        ("CreateInstanceShutdownTimer", {"auto-stop-from": "refused", "mounts-while-running": "no_dataset"}),
    ],
)
async def test_what_is_denied_is_not_seen(
    emulator: Emulator, tmp_path: Path, denied: str, reasons: dict[str, str]
) -> None:
    emulator.world.policies["admin"] = {"rights": ["pai*"], "denied": [f"paidsw:{denied}", "paidataset:*"]}
    found = await Terminal(emulator, tmp_path, lambda terms: terms).run()
    assert reasons.items() <= why(found).items()
    assert (running(emulator), found["is_stopped"]) == ([], True)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Reset(operation="CreateInstance"), "no_answer"),
        (ServerError(operation="StopInstance"), "no_answer"),
        (ServerError(operation="StartInstance"), "no_answer"),
        (ServerError(operation="StopInstance", after=1), "refused"),
        (ServerError(operation="UpdateInstance"), "refused"),
        (ServerError(operation="UpdateInstance", after=1), "refused"),
        (ServerError(operation="UpdateInstance", after=2), "refused"),
        (ServerError(operation="GetInstance", after=20, times=9), "no_answer"),
        (ServerError(operation="ListInstances", after=4, times=3), "refused"),
    ],
)
async def test_what_is_not_answered_is_not_seen(emulator: Emulator, tmp_path: Path, fault: Any, reason: str) -> None:
    emulator.faults.add(fault)
    found = await Terminal(emulator, tmp_path, lambda terms: terms).run()
    assert reason in why(found).values()
    assert (running(emulator), found["is_stopped"]) == ([], True)


async def test_an_instance_that_fails_ends_the_pass(emulator: Emulator, tmp_path: Path) -> None:
    def fail() -> None:
        if writes(emulator)[-1:] == ["StartInstance"]:
            (instance_id,) = emulator.world.region(REGION).instances
            emulator.world.overwrite_instance(instance_id, {"Status": "Failed"})

    found = await Terminal(emulator, tmp_path, at_wait=fail).run()
    assert why(found)["changes-while-running"] == "failed"
    assert (running(emulator), found["is_stopped"]) == ([], True)


async def test_nothing_is_sent_that_costs_more_than_was_shown(emulator: Emulator, tmp_path: Path) -> None:
    def dearer(terms: Terms) -> Terms:
        emulator.world.region(REGION).ecs_specs[terms.spec.instance_type]["Price"] = 40.0
        return terms

    with pytest.raises(RefusedError):
        await Terminal(emulator, tmp_path, dearer).run()
    assert writes(emulator) == []


async def test_the_limits_of_the_operator_hold(emulator: Emulator, tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        await Terminal(emulator, tmp_path, settings={"max_running": 0}).run()
    assert writes(emulator) == []
    found = await Terminal(emulator, tmp_path, settings={"max_running": 1}).run()
    assert (why(found)["taken-name"], running(emulator)) == ("refused", [])


async def test_a_status_that_moves_on_between_two_looks_delays_nothing(emulator: Emulator, tmp_path: Path) -> None:
    found = await Terminal(emulator, tmp_path, drifts=4.0).run()
    assert (running(emulator), why(found)["stop-from"]) == ([], "")


async def test_without_a_workspace_or_a_spec_nobody_is_asked(emulator: Emulator, tmp_path: Path) -> None:
    terminal = Terminal(emulator, tmp_path)
    with pytest.raises(RefusedError):
        await terminal.run(workspaces=("99999",))
    specs = emulator.world.region(REGION).ecs_specs
    cheapest, *others = sorted((each for each in specs.values() if not each["GPU"]), key=lambda each: each["Price"])
    for each in others:
        each["IsAvailable"] = False
    found = await Terminal(emulator, tmp_path).run(workspaces=("40002",))
    assert why(found)["changes-while-running"] == "no_other_spec"
    cheapest["IsAvailable"] = False
    with pytest.raises(RefusedError):
        await terminal.run()
    assert terminal.terms == []


async def test_a_refusal_of_ours_on_the_way_ends_the_pass(emulator: Emulator, tmp_path: Path) -> None:
    def sell_out() -> None:
        if writes(emulator)[-1:] == ["StopInstance"]:
            emulator.faults.add(SoldOut(ecs_spec="ecs.c6.large"))

    found = await Terminal(emulator, tmp_path, at_wait=sell_out).run()
    assert why(found)["changes-while-running"] == "refused"
    assert (running(emulator), found["is_stopped"]) == ([], True)


async def test_what_runs_is_looked_for_again_where_no_answer_came(emulator: Emulator, tmp_path: Path) -> None:
    def fail_once() -> None:
        if terminal.told and terminal.told[-1][0] == "verify_step_end" and not emulator.faults.to_json():
            emulator.faults.add(ServerError(operation="ListInstances", times=6))

    terminal = Terminal(emulator, tmp_path, at_wait=fail_once)
    found = await terminal.run()
    assert (running(emulator), found["is_stopped"], emulator.faults.to_json()[0]["seen"] > 6) == ([], True, True)
