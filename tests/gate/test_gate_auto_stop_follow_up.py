"""The automatic stop that a create or a start asks for: under the same yes, sent once, and never silently missing."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.gate.auto_stops import BOTH, MORNING, NOT_YET, RULE, RULES, call, running, sent
from tests.gate.cases import an_instance, new_notebook
from tests.support.desk import Desk, Person, told

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk(now=lambda: MORNING)


async def test_a_create_sets_the_automatic_stop_under_the_same_yes(desk: Desk) -> None:
    person = Person("yes")
    created = await call(desk, "create_instance", person, **new_notebook(), **BOTH)
    assert (created["status"], len(person.questions)) == ("done", 1)
    assert [(each["tool"], each["status"]) for each in created["follow_ups"]] == [("set_auto_stop", "done")]
    assert sent(desk)[1:] == RULES
    assert "2026-01-05T18:00 in UTC+08:00" in person.questions[0].message
    states = [(each.action, each.state) for each in await desk.services.journal.operations()]
    assert states == [("set_auto_stop", "done"), ("create_instance", "done")]
    again = await call(desk, "create_instance", person, **new_notebook(), **BOTH)
    assert (again["status"], len(person.questions), len(sent(desk))) == ("nothing_to_do", 1, 3)
    assert "set_auto_stop" not in again["message"]


async def test_a_start_replaces_the_automatic_stop_under_the_same_yes(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    await call(desk, "set_auto_stop", instance_id=instance_id, idle_minutes=30)
    person = Person("yes")
    await call(desk, "start_instance", person, instance_id=instance_id, **BOTH)
    assert [name for name, _ in sent(desk)[1:]] == [
        "StartInstance",
        "DeleteIdleInstanceCuller",
        *(name for name, _ in RULES),
    ]
    assert "30 -> 60" in person.questions[0].message
    assert "2026-01-05T10:00:00Z" in person.questions[0].message


async def test_an_automatic_stop_that_is_there_already_is_no_part_of_a_start(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, IdleInstanceCuller=RULE)
    started = await call(desk, "start_instance", instance_id=instance_id, idle_minutes=60)
    assert (started["status"], "follow_ups" in started) == ("done", False)
    over = await call(desk, "start_instance", instance_id=instance_id, idle_minutes=30)
    assert over["status"] == "nothing_to_do"
    assert "call set_auto_stop" in over["message"]


@pytest.mark.usefixtures("each_database")
@pytest.mark.parametrize("tool", ["create_instance", "start_instance"])
async def test_what_was_approved_and_refused_is_said_first_and_needs_no_second_yes(desk: Desk, tool: str) -> None:
    desk.steering.faults(NOT_YET)
    person = Person("yes")
    arguments = new_notebook() if tool == "create_instance" else {"instance_id": an_instance(desk.steering, "Stopped")}
    ended = await call(desk, tool, person, **arguments, **BOTH)
    assert ended["message"].startswith("NOT DONE: set_auto_stop")
    assert "until it stops itself" in person.questions[0].message
    assert "until it stops itself" not in ended["message"]
    assert "a forgotten week costs" in ended["message"]
    instance_id = ended["instance_id"]
    shown = await call(desk, "get_instance", instance_id=instance_id)
    assert shown["meaning"].startswith("NOT SET")
    assert (
        "NOT SET: MaxIdleTimeInMinutes 60, CpuPercentThreshold 10, DueTime 2026-01-05T10:00:00Z" in shown["auto_stop"]
    )
    for overview in ("list_instances", "get_costs"):
        listed = await call(desk, overview)
        assert instance_id in listed["note"].partition("set_auto_stop")[0]
    assert "NOT SET" in listed["instances"][0]["auto_stop"]
    waited = await call(desk, "wait_for_instance", instance_id=instance_id, until="Running", seconds=1)
    assert "NOT SET" in waited["note"]

    desk.steering.faults(clear=True)
    later = await call(desk, "set_auto_stop", person, instance_id=instance_id, **BOTH)
    assert (later["status"], len(person.questions)) == ("done", 1)
    assert sent(desk)[-2:] == RULES
    assert "NOT SET" not in str(await call(desk, "get_instance", instance_id=instance_id))
    assert "NOT SET" not in str(await call(desk, "list_instances"))


@pytest.mark.parametrize("changed", [{"idle_minutes": 61}, {"stop_at": "2026-01-05T18:01+08:00"}, {"cpu_percent": 11}])
async def test_another_value_than_the_approved_one_is_asked_for(desk: Desk, changed: dict[str, Any]) -> None:
    desk.steering.faults(NOT_YET)
    created = await call(desk, "create_instance", **new_notebook(), **BOTH)
    desk.steering.faults(clear=True)
    person = Person("no")
    arguments = {"instance_id": created["instance_id"], **BOTH, **changed}
    ended = await call(desk, "set_auto_stop", person, **arguments)
    assert (ended["status"], len(person.questions), len(sent(desk))) == ("declined", 1, 2)


async def _another_timer(desk: Desk, instance_id: str) -> None:
    await call(desk, "set_auto_stop", instance_id=instance_id, idle_minutes=600)
    await call(desk, "clear_auto_stop", instance_id=instance_id)


async def _a_no_in_a_form(desk: Desk, instance_id: str) -> None:
    told(await desk.call("legacy", Person("no"), "set_auto_stop", instance_id=instance_id, idle_minutes=600))


async def _a_no_on_the_page(desk: Desk, instance_id: str) -> None:
    told(await desk.call("modern", None, "set_auto_stop", instance_id=instance_id, idle_minutes=600))
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=False, channel="page")


async def _a_stop_and_a_start(desk: Desk, instance_id: str) -> None:
    await call(desk, "stop_instance", instance_id=instance_id)
    desk.steering.advance(300)
    await call(desk, "start_instance", instance_id=instance_id)
    desk.steering.advance(300)


@pytest.mark.usefixtures("each_database")
@pytest.mark.parametrize("decided", [_another_timer, _a_no_in_a_form, _a_no_on_the_page, _a_stop_and_a_start])
async def test_what_was_decided_since_ends_the_yes_of_the_create(
    desk: Desk, decided: Callable[[Desk, str], Awaitable[None]]
) -> None:
    desk.steering.faults(NOT_YET)
    created = await call(desk, "create_instance", **new_notebook(), idle_minutes=60)
    desk.steering.faults(clear=True)
    desk.steering.advance(300)
    instance_id = created["instance_id"]
    assert "NOT SET" in str(await call(desk, "get_instance", instance_id=instance_id))
    await decided(desk, instance_id)
    assert "NOT SET" not in str(await call(desk, "get_instance", instance_id=instance_id))
    before, person = len(sent(desk)), Person("cancel")
    await call(desk, "set_auto_stop", person, instance_id=instance_id, idle_minutes=60)
    assert (len(person.questions), len(sent(desk))) == (1, before)


async def test_what_was_decided_of_something_else_leaves_the_yes_of_the_create(desk: Desk) -> None:
    desk.steering.faults(NOT_YET)
    created = await call(desk, "create_instance", **new_notebook(), idle_minutes=60)
    desk.steering.faults(clear=True)
    await call(desk, "update_labels", instance_id=created["instance_id"], labels=[{"key": "team", "value": "vision"}])
    await call(desk, "stop_instance", instance_id=running(desk))
    person = Person("no")
    ended = await call(desk, "set_auto_stop", person, instance_id=created["instance_id"], idle_minutes=60)
    assert (ended["status"], person.questions) == ("done", [])


async def test_after_half_an_hour_the_yes_of_the_create_is_over(new_desk: Callable[..., Desk]) -> None:
    now = MORNING
    desk = new_desk(now=lambda: now)
    desk.steering.faults(NOT_YET)
    created = await call(desk, "create_instance", **new_notebook(), idle_minutes=60)
    desk.steering.faults(clear=True)
    now += 1801
    assert "NOT SET" in str(await call(desk, "get_instance", instance_id=created["instance_id"]))
    person = Person("no")
    ended = await call(desk, "set_auto_stop", person, instance_id=created["instance_id"], idle_minutes=60)
    assert (ended["status"], len(person.questions)) == ("declined", 1)
    now += 86_400
    assert "NOT SET" not in str(await call(desk, "get_instance", instance_id=created["instance_id"]))


async def test_what_was_set_in_another_way_is_not_called_missing(desk: Desk) -> None:
    desk.steering.faults(NOT_YET)
    created = await call(desk, "create_instance", **new_notebook(), idle_minutes=60)
    desk.steering.instance(created["instance_id"], IdleInstanceCuller=RULE)
    assert "NOT SET" not in str(await call(desk, "get_instance", instance_id=created["instance_id"]))


async def test_a_create_whose_reply_is_lost_sets_the_automatic_stop(desk: Desk) -> None:
    desk.steering.faults({"kind": "lost_reply", "operation": "CreateInstance"})
    ended = await call(desk, "create_instance", **new_notebook(), **BOTH)
    assert (ended["status"], sent(desk)[1:]) == ("done", RULES)
