"""Ways in which two instances could get one name: each of them leads nowhere."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from pai_emulator.serve import Emulator
from tests.gate.cases import an_instance, new_notebook
from tests.gate.rounds import approve, posts
from tests.support.desk import REGION, Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

START = 1_000_000.0


LOST = {"kind": "lost_reply", "operation": "CreateInstance"}


async def test_somebody_elses_instance_of_the_name_does_not_end_the_search_for_ours(
    new_desk: Callable[..., Desk],
) -> None:
    clock = [START]
    desk = new_desk(now=lambda: clock[0])
    foreign = an_instance(desk.steering, "Stopped")
    desk.steering.faults(LOST, {"kind": "list_lag", "seconds": 120})
    desk.steering.advance(130)
    assert told(await desk.call("modern", Person(), "create_instance", **new_notebook()))["status"] == "unknown"
    desk.steering.instance(foreign, InstanceName="train_1")
    told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    desk.steering.instance(foreign, InstanceName="somebody_elses")
    again = told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    assert again["status"] == "unknown"
    assert posts(desk) == ["CreateInstance"]


@pytest.mark.usefixtures("each_database")
async def test_a_name_that_a_rename_took_is_taken_before_lists_show_it(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    desk.steering.faults({"kind": "list_lag", "seconds": 120})
    made = told(await desk.call("modern", Person(), "create_instance", **new_notebook(instance_name="first_name")))
    desk.steering.instance(made["instance_id"], Status="Running")
    change = {"instance_id": made["instance_id"], "instance_name": "train_1"}
    assert told(await desk.call("modern", Person(), "update_instance", **change))["status"] == "done"
    answer = await desk.call("modern", Person(), "create_instance", **new_notebook())
    assert made["instance_id"] in text_of(answer)
    assert [entry["operation"] for entry in desk.steering.writes()] == ["CreateInstance", "UpdateInstance"]


async def test_the_risk_of_a_second_instance_is_named_although_the_call_before_failed(
    new_desk: Callable[..., Desk],
) -> None:
    clock = [START]
    desk = new_desk(now=lambda: clock[0])
    desk.steering.faults({"kind": "reset", "operation": "CreateInstance"})
    assert told(await desk.call("modern", Person(), "create_instance", **new_notebook()))["status"] == "unknown"
    clock[0] += desk.services.settle + 1
    desk.steering.faults({"kind": "damaged_reply", "operation": "GetWorkspace", "damage": "truncated"})
    assert (await desk.call("modern", Person(), "create_instance", **new_notebook())).is_error
    person = Person("no")
    told(await desk.call("modern", person, "create_instance", **new_notebook()))
    assert "second instance" in person.questions[0].message


async def test_the_risk_of_a_second_instance_is_not_named_where_there_is_none(new_desk: Callable[..., Desk]) -> None:
    clock = [START]
    desk = new_desk(now=lambda: clock[0])
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    desk.steering.faults({"kind": "reset", "operation": "StartInstance"})
    assert told(await desk.call("modern", Person(), "start_instance", **arguments))["status"] == "unknown"
    clock[0] += desk.services.settle + 1
    person = Person("yes")
    assert told(await desk.call("modern", person, "start_instance", **arguments))["status"] == "done"
    assert "second instance" not in person.questions[0].message


async def test_a_new_instance_is_known_before_the_list_knows_it(desk: Desk) -> None:
    desk.steering.faults({"kind": "list_lag", "seconds": 120})
    desk.steering.advance(130)
    first = told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    again = told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    assert (again["status"], again["instance_id"]) == ("nothing_to_do", first["instance_id"])
    assert posts(desk) == ["CreateInstance"]


async def test_a_name_of_an_instance_that_is_gone_is_free_again(desk: Desk) -> None:
    first = told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    desk.steering.instance(first["instance_id"], InstanceName="renamed")
    again = told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    assert again["status"] == "done"


SLOW_LISTS = {"kind": "delay", "operation": "ListInstances", "seconds": 0.5, "times": None}


async def test_a_new_and_a_renamed_instance_never_get_one_name_at_once(desk: Desk) -> None:
    other = an_instance(desk.steering, "Stopped")
    new, renamed = new_notebook(), {"instance_id": other, "instance_name": "train_1"}
    for tool, arguments in (("create_instance", new), ("update_instance", renamed)):
        told(await desk.call("modern", None, tool, **arguments))
        await approve(desk)
    desk.steering.faults(SLOW_LISTS)
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: desk.call("modern", None, "create_instance", **new))
        group.start_soon(lambda: desk.call("modern", None, "update_instance", **renamed))
    assert len(posts(desk)) == 1


async def test_a_look_that_cannot_ask_for_a_fresh_instance_concludes_nothing(desk: Desk) -> None:
    told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    desk.steering.faults(
        {"kind": "list_lag", "seconds": 120}, {"kind": "damaged_reply", "operation": "GetInstance", "damage": "null"}
    )
    person = Person("yes")
    assert (await desk.call("modern", person, "create_instance", **new_notebook())).is_error
    assert person.questions == []


async def test_a_clock_that_jumps_does_not_hide_the_risk_of_a_second_instance(new_desk: Callable[..., Desk]) -> None:
    clock = [START]
    desk = new_desk(now=lambda: clock[0])
    desk.steering.faults({"kind": "reset", "operation": "CreateInstance"})
    assert told(await desk.call("modern", Person(), "create_instance", **new_notebook()))["status"] == "unknown"
    clock[0] += 48 * 3600
    person = Person("no")
    assert told(await desk.call("modern", person, "create_instance", **new_notebook()))["status"] == "declined"
    assert "second instance" in person.questions[0].message


async def test_a_clock_that_jumps_does_not_hide_an_instance_that_the_list_does_not_know_yet(
    new_desk: Callable[..., Desk],
) -> None:
    clock = [START]
    desk = new_desk(now=lambda: clock[0])
    desk.steering.faults({"kind": "list_lag", "seconds": 120})
    desk.steering.advance(130)
    first = told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    clock[0] += 11 * 60
    again = told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    assert (again["status"], again["instance_id"]) == ("nothing_to_do", first["instance_id"])
    assert posts(desk) == ["CreateInstance"]


@pytest.mark.parametrize("world", [[], [{"kind": "private_only"}]], ids=["a list holds all", "PRIVATE only"])
@pytest.mark.parametrize("accessibility", ["PRIVATE", "PUBLIC"])
async def test_a_name_is_found_whatever_a_list_without_a_visibility_holds(
    desk: Desk, world: list[dict[str, Any]], accessibility: str
) -> None:
    other = an_instance(desk.steering, "Stopped")
    desk.steering.instance(other, InstanceName="train_1", Accessibility=accessibility)
    desk.steering.faults(*world)
    person = Person("yes")
    answer = await desk.call("modern", person, "create_instance", **new_notebook(workspace_id="40002"))
    assert answer.is_error
    assert other in text_of(answer)
    assert person.questions == []


async def test_the_name_of_an_instance_that_was_deleted_is_free_again(desk: Desk, emulator: Emulator) -> None:
    first = told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    del emulator.world.region(REGION).instances[first["instance_id"]]
    emulator.world.region(REGION).touch()
    again = told(await desk.call("modern", Person(), "create_instance", **new_notebook()))
    assert again["status"] == "done"
