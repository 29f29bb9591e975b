"""start_instance and stop_instance: the state is checked first, and nothing is sent when there is nothing to do."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.gate.cases import an_instance, image_for, place
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

QUOTA_SHARE = {"EcsSpec": None, "ResourceId": "quota40001", "RequestedResource": {"CPU": "4", "Memory": "16GB"}}


async def call(desk: Desk, tool: str, instance_id: str, person: Person | None = None) -> dict[str, Any]:
    return told(await desk.call("modern", person or Person("yes"), tool, instance_id=instance_id))


@pytest.mark.parametrize(
    ("tool", "status"),
    [("stop_instance", "Saving"), ("start_instance", "Stopping"), ("update_instance", "Updating")],
)
async def test_a_status_that_passes_is_waited_for_and_not_called_hopeless(desk: Desk, tool: str, status: str) -> None:
    instance_id = an_instance(desk.steering, status)
    more = {"accessibility": "PUBLIC"} if tool == "update_instance" else {}
    answer = await desk.call("modern", Person("yes"), tool, instance_id=instance_id, **more)
    assert answer.is_error
    assert "wait_for_instance" in text_of(answer)
    assert "The same call may succeed once the status is another." in text_of(answer)
    assert "will not help" not in text_of(answer)


@pytest.mark.parametrize("status", ["Running", "Creating", "Queuing", "Starting", "EnvPreparing", "Recovering"])
async def test_what_runs_or_is_starting_is_not_started(desk: Desk, status: str) -> None:
    ended = await call(desk, "start_instance", an_instance(desk.steering, status))
    assert (ended["status"], ended["instance_status"]) == ("nothing_to_do", status)
    assert desk.steering.writes() == []


@pytest.mark.parametrize("status", ["Stopped", "Stopping", "Failed", "Arrearge", "ArrearStopping"])
async def test_what_has_stopped_or_is_stopping_is_not_stopped(desk: Desk, status: str) -> None:
    ended = await call(desk, "stop_instance", an_instance(desk.steering, status))
    assert (ended["status"], ended["instance_status"]) == ("nothing_to_do", status)
    assert desk.steering.writes() == []


@pytest.mark.parametrize("status", ["Stopped", "Failed"])
async def test_a_stopped_or_failed_instance_is_started(desk: Desk, status: str) -> None:
    instance_id = an_instance(desk.steering, status)
    ended = await call(desk, "start_instance", instance_id)
    assert (ended["status"], ended["instance_id"]) == ("done", instance_id)


@pytest.mark.parametrize("status", ["Stopping", "Updating", "Saving", "Deleting"])
async def test_an_instance_cannot_be_started_in_between(desk: Desk, status: str) -> None:
    instance_id = an_instance(desk.steering, status)
    answer = await desk.call("modern", Person("yes"), "start_instance", instance_id=instance_id)
    assert answer.is_error
    assert f"is {status}; only a Stopped or Failed instance" in text_of(answer)
    assert desk.steering.writes() == []


@pytest.mark.parametrize("status", ["Saving", "Deleting", "Updating"])
async def test_an_instance_cannot_be_stopped_in_between(desk: Desk, status: str) -> None:
    instance_id = an_instance(desk.steering, status)
    answer = await desk.call("modern", Person("yes"), "stop_instance", instance_id=instance_id)
    assert answer.is_error
    assert f"is {status}{':' if status == 'Saving' else ';'}" in text_of(answer)
    assert "it cannot be stopped" in text_of(answer)


@pytest.mark.parametrize("status", ["Running", "SaveFailed", "Creating", "Queuing"])
async def test_what_holds_compute_can_be_stopped(desk: Desk, status: str) -> None:
    instance_id = an_instance(desk.steering, status)
    assert (await call(desk, "stop_instance", instance_id))["status"] == "done"


async def test_who_stops_what_waits_in_a_queue_is_told_that_it_leaves_the_queue(desk: Desk) -> None:
    instance_id, other_id = (an_instance(desk.steering, "Queuing") for _ in range(2))
    for each in (instance_id, other_id):
        desk.steering.instance(each, EcsSpec=None, ResourceId="quota40001")
    person = Person("yes")
    ended = await call(desk, "stop_instance", instance_id, person)
    assert ended["status"] == "done"
    assert "gives up its place" in ended["message"]
    assert "costs" not in ended["message"]
    running_id = an_instance(desk.steering, "Running")
    several = [place(each) for each in (other_id, running_id)]
    await desk.call("modern", person, "stop_instances", instances=several)
    alone, together = (each.message for each in person.questions)
    assert alone.count("gives up its place") == together.count("gives up its place") == 1
    assert "work that is not saved is lost" not in alone
    running_name = desk.steering.instance(running_id)["InstanceName"]
    assert f"Everything that runs in {running_name} ends" in together


@pytest.mark.parametrize("status", ["Stopped", "Failed"])
@pytest.mark.parametrize(
    ("image", "compute", "words"),
    [
        ({"ImageId": image_for("GPU")}, {}, "Its image is made for GPU, and it is a CPU instance"),
        ({"ImageUrl": "registry.example.com/team/nlp:1-cu121"}, {}, "says cu121, so the image is probably for GPU"),
        ({"ImageId": image_for("GPU")}, QUOTA_SHARE, "Its image is made for GPU, and it is a CPU instance"),
        ({"ImageId": image_for("CPU")}, {}, None),
        ({"ImageUrl": "registry.example.com/team/nlp:1"}, {}, None),
    ],
)
async def test_an_image_for_the_other_chip_is_told_wherever_it_would_be_started_again(
    desk: Desk, status: str, image: dict[str, Any], compute: dict[str, Any], words: str | None
) -> None:
    instance_id, person = an_instance(desk.steering, status), Person("no")
    desk.steering.instance(instance_id, **{"ImageId": None, "ImageUrl": None, **image, **compute})
    await call(desk, "start_instance", instance_id, person)
    updated = {"accessibility": "PUBLIC", "start_after": True}
    await desk.call("modern", person, "update_instance", instance_id=instance_id, **updated)
    for question in person.questions:
        assert (words in question.message) if words else ("fail to start" not in question.message)
    causes = told(await desk.call("modern", None, "diagnose_instance", instance_id=instance_id)).get("causes", [])
    assert any("it is a CPU instance" in each["cause"] for each in causes) is bool(words and status == "Failed")
    assert len(person.questions) == 2


async def test_starting_tells_the_price(desk: Desk) -> None:
    person = Person("no")
    await call(desk, "start_instance", an_instance(desk.steering, "Stopped"), person)
    assert "0.50 CNY per hour" in person.questions[0].message


async def test_an_instance_without_a_spec_of_its_own_is_started_on_its_quota(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, EcsSpec=None, ResourceId="quota-1", PaymentType="Subscription")
    person = Person("no")
    await call(desk, "start_instance", instance_id, person)
    assert "per hour" not in person.questions[0].message


async def test_a_start_on_a_quota_tells_what_it_takes_and_wants_no_name(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(cost_line=0.0)
    instance_id = an_instance(desk.steering, "Stopped")
    share = {"CPU": "4", "Memory": "16GB"}
    desk.steering.instance(instance_id, EcsSpec=None, ResourceId="quota40001", RequestedResource=share)
    person = Person("yes")
    await call(desk, "start_instance", instance_id, person)
    (question,) = person.questions
    for shown in ("quota40001", "research_quota", "no price per hour", "4 vCPU (64 free), 0 GPU (4 free) and 16 GiB"):
        assert shown in question.message
    assert "instance_name" not in question.model_dump(by_alias=True)["requestedSchema"]["properties"]


async def test_a_quota_that_cannot_be_read_keeps_nobody_from_starting(desk: Desk) -> None:
    desk.steering.faults({"kind": "reset", "operation": "GetQuota", "times": None})
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, EcsSpec=None, ResourceId="quota40001", RequestedResource={"CPU": "4"})
    person = Person("yes")
    await call(desk, "start_instance", instance_id, person)
    (question,) = person.questions
    assert "quota40001" in question.message
    assert "instance_name" in question.model_dump(by_alias=True)["requestedSchema"]["properties"]


async def test_stopping_always_wants_the_name_and_tells_what_is_lost(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(cost_line=1_000_000.0)
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.advance(7200)
    person = Person("no")
    await call(desk, "stop_instance", instance_id, person)
    (question,) = person.questions
    schema = question.model_dump(by_alias=True)["requestedSchema"]
    assert "instance_name" in schema["properties"]
    # A rejection needs no name.
    assert schema["required"] == ["decision"]
    assert "not saved is lost" in question.message
    assert "2 hours" in question.message


async def test_a_status_that_nobody_has_heard_of_is_left_alone(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.instance(instance_id, Status="Hibernating")
    for tool in ("start_instance", "stop_instance"):
        answer = await desk.call("modern", Person("yes"), tool, instance_id=instance_id)
        assert answer.is_error
    assert desk.steering.writes() == []


@pytest.mark.parametrize(
    ("tool", "before", "until"), [("start_instance", "Stopped", "Running"), ("stop_instance", "Running", "Stopped")]
)
async def test_a_status_that_comes_late_is_waited_for_and_not_for_ever(
    new_desk: Callable[..., Desk], tool: str, before: str, until: str
) -> None:
    clock = [1_000_000.0]
    desk = new_desk(now=lambda: clock[0])
    instance_id = an_instance(desk.steering, before)
    await call(desk, tool, instance_id)
    desk.steering.instance(instance_id, Status=before)
    place: dict[str, Any] = {"instance_id": instance_id, "until": until, "seconds": 1}
    early = told(await desk.call("modern", None, "wait_for_instance", **place))
    assert early["check_again_in_seconds"] > 0
    clock[0] += 61
    late = told(await desk.call("modern", None, "wait_for_instance", **place))
    assert (late["done"], "check_again_in_seconds" in late) == (False, False)
    desk.services.journal.close()
    desk.settings.journal_path.write_text("This is no journal, and long enough to be seen as none." * 100)
    broken = told(await desk.call("modern", None, "wait_for_instance", **place))
    assert "check_again_in_seconds" not in broken
