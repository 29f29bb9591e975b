"""wait_for_instance, asked by a client, on a clock that only moves when somebody sleeps."""

import anyio
import anyio.lowlevel
import pytest
from inline_snapshot import snapshot

from pai_dsw_mcp.model import wait
from pai_emulator.faults.model import Reset
from tests.tools.reading_desk import Desk, Progress, Told, fold

pytestmark = pytest.mark.anyio


async def test_waiting_ends_with_the_address_once_the_instance_runs(desk: Desk, era: str) -> None:
    instance = desk.add("training_one")
    desk.lead(instance, (0, "Starting"), (25, "Running"))
    progress: Progress = []
    async with desk.client(mode=era) as call:
        told = await call("wait_for_instance", progress, instance_id=instance.instance_id, until="Running")
    assert fold(told.text) == snapshot("""\
dsw-0000000000000001 is Running. It can be used; unless it is prepaid, it costs money until it stops.
done: yes; status: Running; instance_url: https://dsw-cn-
hangzhou.data.aliyun.com/notebook.htm?instance=30001#/\
""")
    assert fold(told.result) == snapshot(
        {
            "done": True,
            "status": "Running",
            "note": (
                "dsw-0000000000000001 is Running. It can be used; unless it is prepaid, it costs money until it stops."
            ),
            "instance_url": "https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?instance=30001#/",
        }
    )
    assert desk.requests("GetInstance") == 4
    assert progress == [(seconds, 50, f"{instance.instance_id} is Starting") for seconds in (5, 10, 15, 20, 25, 30)]


async def test_a_call_ends_in_time_and_the_next_one_goes_on(desk: Desk) -> None:
    instance = desk.add("training_one")
    desk.lead(instance, (0, "EnvPreparing"), (70, "Running"))
    async with desk.client() as call:
        first = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
        assert sum(desk.slept) == 50
        second = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
    assert fold(first.result) == snapshot(
        {
            "done": False,
            "status": "EnvPreparing",
            "note": """\
Not Running yet. Call again in 1 s, or at once: this tool keeps the pace itself. Its environment is being set
up; wait_for_instance tells when it runs.\
""",
            "check_again_in_seconds": 1,
        }
    )
    assert second.result["done"]
    assert sum(desk.slept) == 75


async def test_calls_in_a_hurry_do_not_quicken_the_pace(desk: Desk) -> None:
    instance = desk.add("training_one", "Queuing")
    async with desk.client() as call:
        for _ in range(30):
            told = await call("wait_for_instance", instance_id=instance.instance_id, until="Running", seconds=1)
            assert told.result["check_again_in_seconds"] >= 1
    assert desk.requests("GetInstance") == 3


async def test_calls_at_the_same_time_share_one_pace(desk: Desk) -> None:
    instance = desk.add("training_one", "Queuing")
    async with desk.client() as call, anyio.create_task_group() as tasks:

        async def wait() -> None:
            await call("wait_for_instance", instance_id=instance.instance_id, until="Running", seconds=9)

        for _ in range(4):
            tasks.start_soon(wait)
    assert desk.requests("GetInstance") == 1 + sum(desk.slept) // 10


async def test_calls_at_the_same_time_end_together(desk: Desk) -> None:
    instance = desk.add("training_one")
    desk.lead(instance, (0, "Starting"), (25, "Running"))
    done: list[bool] = []
    async with desk.client() as call, anyio.create_task_group() as tasks:

        async def wait() -> None:
            told = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
            done.append(told.result["done"])

        for _ in range(4):
            tasks.start_soon(wait)
    assert done == [True] * 4
    # One looks for all, and a call that begins when the others have ended looks once more; each alone would make 16.
    assert desk.requests("GetInstance") < 8


async def test_the_pace_slows_down_and_waiting_ends_after_sixty_looks(desk: Desk) -> None:
    instance = desk.add("training_one", "Queuing")
    began = desk.now()
    calls: list[Told] = []
    async with desk.client() as call:
        while not calls or "check_again_in_seconds" in calls[-1].result:
            calls.append(await call("wait_for_instance", instance_id=instance.instance_id, until="Running"))
        looks = desk.requests("GetInstance")
        again = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
        assert desk.requests("GetInstance") == looks
    assert looks == 60
    assert 1200 < desk.now() - began < 1800
    assert calls[-1].result == again.result
    assert fold(again.result) == (
        snapshot(
            {
                "done": False,
                "status": "Queuing",
                "note": """\
Waiting ended: Queuing has not changed over 60 looks in 25 minutes. Tell the person; get_instance shows the
state at any time. Waiting in the queue for compute, for an unknown time; it can end as Failed.\
""",
            }
        )
    )


async def test_waiting_ends_after_half_an_hour_however_seldom_one_looks(desk: Desk) -> None:
    instance = desk.add("training_one", "Queuing")
    async with desk.client() as call:
        for _ in range(2):
            await call("wait_for_instance", instance_id=instance.instance_id, until="Running", seconds=1)
            desk.emulator.clock.advance(899)
        told = await call("wait_for_instance", instance_id=instance.instance_id, until="Running", seconds=1)
    assert desk.requests("GetInstance") == 2
    assert fold(told.result["note"]) == snapshot(
        """\
Waiting ended: Queuing has not changed over 2 looks in 30 minutes. Tell the person; get_instance shows the
state at any time. Waiting in the queue for compute, for an unknown time; it can end as Failed.\
"""
    )


async def test_a_changed_status_is_a_new_beginning(desk: Desk) -> None:
    instance = desk.add("training_one")
    desk.lead(instance, (0, "Queuing"), (1400, "ResourceAllocating"), (2400, "Running"))
    async with desk.client() as call:
        told = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
        while "check_again_in_seconds" in told.result:
            told = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
    assert told.result["done"]


async def test_a_wait_that_nobody_went_on_with_is_forgotten(desk: Desk) -> None:
    instance = desk.add("training_one", "Queuing")
    async with desk.client() as call:
        await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
        desk.emulator.clock.advance(2000)
        told = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
    assert "check_again_in_seconds" in told.result


async def test_another_target_is_a_wait_of_its_own(desk: Desk) -> None:
    instance = desk.add("training_one", "Updating")
    async with desk.client() as call:
        await call("wait_for_instance", instance_id=instance.instance_id, until="Running", seconds=1)
        await call("wait_for_instance", instance_id=instance.instance_id, until="Stopped", seconds=1)
    assert desk.requests("GetInstance") == 2


async def test_only_so_many_waits_are_remembered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "_MOST_WAITS", 1)
    one, two = desk.add("one", "Queuing"), desk.add("two", "Queuing")
    async with desk.client() as call:
        for instance in (one, two, one):
            await call("wait_for_instance", instance_id=instance.instance_id, until="Running", seconds=1)
    assert desk.requests("GetInstance") == 3


@pytest.mark.parametrize(
    ("status", "until"),
    [
        ("Stopped", "Running"),
        ("Failed", "Running"),
        ("Stopping", "Running"),
        ("Arrearge", "Running"),
        ("Deleting", "Running"),
        ("Running", "Stopped"),
        ("Starting", "Stopped"),
        ("Failed", "Stopped"),
    ],
)
async def test_waiting_in_vain_ends_at_once_and_says_why(desk: Desk, status: str, until: str) -> None:
    instance = desk.add("training_one", status)
    async with desk.client() as call:
        told = await call("wait_for_instance", instance_id=instance.instance_id, until=until)
    assert (told.result["done"], told.result["status"], desk.slept) == (False, status, [])
    assert told.result["note"].startswith(f"Waiting ended: from {status} it does not become {until} by itself.")
    assert "check_again_in_seconds" not in told.result


@pytest.mark.parametrize("status", ["Stopped", "Arrearge"])
async def test_stopped_is_stopped_for_whatever_reason(desk: Desk, status: str) -> None:
    instance = desk.add("training_one", status)
    async with desk.client() as call:
        told = await call("wait_for_instance", instance_id=instance.instance_id, until="Stopped")
    assert told.result["done"]
    assert "instance_url" not in told.result


async def test_an_instance_that_fails_while_one_waits_comes_with_its_reason(desk: Desk) -> None:
    instance = desk.add("training_one", "Starting")
    desk.emulator.world.overwrite_instance(instance.instance_id, {"ReasonCode": "Internal Error"})
    desk.lead(instance, (0, "EnvPreparing"), (15, "Failed"))
    async with desk.client() as call:
        told = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
    assert told.result["reason"] == {"code": "Internal Error"}
    assert 'reason: code="Internal Error"' in told.text


async def test_a_look_that_fails_is_an_error_and_the_next_call_keeps_the_pace(desk: Desk) -> None:
    instance = desk.add("training_one", "Queuing")
    desk.emulator.faults.add(Reset(operation="GetInstance", times=3))
    async with desk.client() as call:
        failed = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
        asked = desk.requests("GetInstance")
        told = await call("wait_for_instance", instance_id=instance.instance_id, until="Running", seconds=1)
    assert failed.is_error
    assert "may succeed later" in failed.text
    assert fold(told.result) == snapshot(
        {
            "done": False,
            "status": "Unknown",
            "note": """\
Not Running yet. Call again in 9 s, or at once: this tool keeps the pace itself. Its status could not be read
so far.\
""",
            "check_again_in_seconds": 9,
        }
    )
    assert desk.requests("GetInstance") == asked


async def test_a_clock_that_is_set_back_neither_freezes_a_wait_nor_prolongs_a_call(desk: Desk) -> None:
    instance = desk.add("training_one")
    desk.lead(instance, (0, "Starting"), (60, "Running"))
    async with desk.client() as call:

        async def set_clock_back() -> None:
            while sum(desk.slept) < 20:
                await anyio.lowlevel.checkpoint()
            desk.set_back = 7200

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(set_clock_back)
            first = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
            assert first.result["check_again_in_seconds"] <= 30
        assert sum(desk.slept) == 50
        second = await call("wait_for_instance", instance_id=instance.instance_id, until="Running")
    assert second.result["done"]
    assert sum(desk.slept) <= 70


@pytest.mark.parametrize("seconds", [0, 51])
async def test_one_call_waits_at_most_fifty_seconds(desk: Desk, seconds: int) -> None:
    instance = desk.add("training_one")
    async with desk.client() as call:
        told = await call("wait_for_instance", instance_id=instance.instance_id, until="Running", seconds=seconds)
    assert told.is_error
    assert "`seconds`" in told.text
