"""What turns out to be done after its outcome was unknown: it is told as what was approved, with its automatic stop."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.gate.auto_stops import BOTH, MORNING, NOT_YET, RULES, call, running, sent
from tests.gate.cases import an_instance, new_notebook
from tests.support.desk import Desk, Person, told

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk(now=lambda: MORNING)


async def unknown_create(desk: Desk) -> None:
    """A create with an automatic stop that was approved, and whose instance can be seen only after the call."""
    desk.steering.faults({"kind": "lost_reply", "operation": "CreateInstance"}, {"kind": "list_lag", "seconds": 120})
    assert (await call(desk, "create_instance", **new_notebook(), **BOTH))["status"] == "unknown"
    desk.steering.faults(clear=True)


@pytest.mark.usefixtures("each_database")
async def test_a_create_that_appears_later_gets_its_automatic_stop_then_and_once(desk: Desk) -> None:
    await unknown_create(desk)
    person = Person("no")
    found = await call(desk, "create_instance", person, **new_notebook(), **BOTH)
    assert [(each["tool"], each["status"]) for each in found["follow_ups"]] == [("set_auto_stop", "done")]
    assert (found["status"], sent(desk)[1:]) == ("done", RULES)
    assert found["message"].startswith("Created after all")
    assert "it stops itself" in found["message"]
    again = await call(desk, "create_instance", person, **new_notebook(), **BOTH)
    assert (again["status"], len(sent(desk)), person.questions) == ("nothing_to_do", 3, [])


@pytest.mark.parametrize("other", [{}, {**BOTH, "idle_minutes": 61}, {"idle_minutes": 60}])
async def test_a_create_that_appears_later_gets_no_other_automatic_stop_than_the_approved_one(
    desk: Desk, other: dict[str, Any]
) -> None:
    await unknown_create(desk)
    found = await call(desk, "create_instance", **new_notebook(), **other)
    assert found["message"].startswith("NOT DONE: set_auto_stop")
    assert "a forgotten week costs" in found["message"]
    assert (found["status"], len(sent(desk))) == ("done", 1)
    later = await call(desk, "set_auto_stop", Person("no"), instance_id=found["instance_id"], **BOTH)
    assert (later["status"], sent(desk)[1:]) == ("done", RULES)


async def test_an_automatic_stop_that_was_set_meanwhile_is_not_called_missing(desk: Desk) -> None:
    await unknown_create(desk)
    await call(desk, "create_instance", Person("no"), **new_notebook(instance_name="other_1"))
    (operation,) = await desk.services.journal.operations()
    await call(desk, "set_auto_stop", Person("no"), instance_id=operation.target_id, **BOTH)
    found = await call(desk, "create_instance", **new_notebook())
    assert (found["status"], found["follow_ups"][0]["status"], len(sent(desk))) == ("done", "done", 3)
    assert "NOT DONE" not in found["message"]


async def test_a_create_that_appears_after_its_yes_is_over_gets_no_automatic_stop(
    new_desk: Callable[..., Desk],
) -> None:
    now = MORNING
    desk = new_desk(now=lambda: now)
    await unknown_create(desk)
    now += 1801
    found = await call(desk, "create_instance", Person("no"), **new_notebook(), **BOTH)
    assert found["message"].startswith("NOT DONE: set_auto_stop")
    assert (found["status"], len(sent(desk))) == ("done", 1)


async def test_a_rule_that_is_refused_when_the_instance_appears_is_said_first(desk: Desk) -> None:
    await unknown_create(desk)
    desk.steering.faults(NOT_YET)
    found = await call(desk, "create_instance", Person("no"), **new_notebook(), **BOTH)
    assert found["message"].startswith("NOT DONE: set_auto_stop")
    assert found["follow_ups"][0]["status"] == "refused"


async def test_a_rule_that_is_there_when_the_instance_appears_is_not_set_again(desk: Desk) -> None:
    await unknown_create(desk)
    await call(desk, "create_instance", Person("no"), **new_notebook(instance_name="other_1"))
    (operation,) = await desk.services.journal.operations()
    timer = {"DueTime": "2026-01-05T10:00:00Z", "RemainingTimeInMs": 7_200_000}
    rule = {"CpuPercentThreshold": 10, "MaxIdleTimeInMinutes": 60}
    desk.steering.instance(operation.target_id or "", IdleInstanceCuller=rule, InstanceShutdownTimer=timer)
    found = await call(desk, "create_instance", **new_notebook(), **BOTH)
    assert [each["status"] for each in found["follow_ups"]] == ["nothing_to_do"]
    assert (found["status"], len(sent(desk))) == ("done", 1)


async def test_a_time_that_is_over_when_the_instance_appears_is_said_first(new_desk: Callable[..., Desk]) -> None:
    now = MORNING
    desk = new_desk(now=lambda: now)
    await unknown_create(desk)
    # A minute is left when the call is read, and less when its rules are looked at.
    moments = iter([60.5, *[59.0] * 99])
    desk.services.now = lambda: MORNING + 7200 - next(moments)
    found = await call(desk, "create_instance", **new_notebook(), **BOTH)
    assert found["message"].startswith("NOT DONE: set_auto_stop")
    assert "less than a minute away" in found["message"]


async def test_a_start_that_is_found_done_gets_its_automatic_stop(new_desk: Callable[..., Desk]) -> None:
    now = MORNING
    desk = new_desk(now=lambda: now)
    arguments = {"instance_id": an_instance(desk.steering, "Stopped"), **BOTH}
    told(await desk.call("modern", None, "start_instance", **arguments))
    (asked,) = await desk.services.journal.waiting()
    yes = await desk.services.journal.decide(asked.approval_id, approve=True, channel="page")
    await desk.services.journal.begin(
        approval_id=yes.approval_id,
        operation_id="op-of-a-process-that-is-gone",
        fingerprint=yes.change.fingerprint,
        scope=yes.change.scope,
        deadline_seconds=desk.services.write_deadline,
        channels=desk.services.channels_for(yes.change),
    )
    desk.steering.instance(arguments["instance_id"], Status="Running")
    now += desk.services.write_deadline + 1
    found = await call(desk, "start_instance", Person("no"), **arguments)
    assert found["message"].startswith("Started after all")
    assert (found["status"], found["instance_status"], sent(desk)) == ("done", "Running", RULES)


async def test_a_journal_that_cannot_be_read_hides_no_instance(desk: Desk) -> None:
    instance_id = running(desk)
    path = desk.settings.journal_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("not a database")
    path.chmod(0o600)
    assert (await call(desk, "get_instance", instance_id=instance_id))["auto_stop"] == "none"
