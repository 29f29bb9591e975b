"""The question about a share of a quota counts what was asked, approved or sent here and does not show there yet."""

from typing import Any

import pytest

from pai_dsw_mcp.model.quota import Amount
from tests.gate.cases import an_instance, image_for, new_notebook
from tests.support.desk import Desk, Person, told

pytestmark = pytest.mark.anyio

QUOTA = "quota40001"
TAKES = "40 vCPU, 0 GPU and 16 GiB memory of quota40001"
WAITS = "may have to wait"
SAYS = "may not be counted yet"


def share_of_quota(name: str, cpu: str = "40", **changed: Any) -> dict[str, Any]:
    """The arguments of a create on the quota, which has 64 cores and 256 GiB."""
    share = {"resource_id": QUOTA, "requested_resource": {"cpu": cpu, "memory": "16GB"}}
    wanted = {**new_notebook(instance_name=name), **share, **changed}
    return {key: value for key, value in wanted.items() if key != "ecs_spec"}


async def create(desk: Desk, person: Person | None, name: str, **changed: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person, "create_instance", **share_of_quota(name, **changed)))


async def question(desk: Desk, name: str = "second", **changed: Any) -> str:
    person = Person("no")
    await create(desk, person, name, **changed)
    return person.questions[0].message


def stopped_on_quota(desk: Desk) -> str:
    stopped = an_instance(desk.steering, "Stopped")
    share = {"CPU": "40", "Memory": "16GB"}
    desk.steering.instance(stopped, ResourceId=QUOTA, RequestedResource=share, EcsSpec=None)
    return stopped


async def test_what_was_sent_counts_until_it_shows(desk: Desk) -> None:
    made = await create(desk, Person("yes"), "first")
    asked = await question(desk)
    assert "needs 40 vCPU (64 free), 0 GPU (4 free) and 16 GiB memory (256 GiB free); 40 vCPU, 0 GPU" in asked
    assert SAYS in asked
    assert WAITS in asked
    for status in ("Running", "Failed"):
        desk.steering.instance(made["instance_id"], Status=status)
        assert SAYS not in await question(desk, f"after_{status}")


@pytest.mark.parametrize(("approve", "counts"), [(None, True), (True, True), (False, False)])
async def test_what_waits_for_an_answer_or_was_approved_counts_and_what_was_refused_does_not(
    desk: Desk, *, approve: bool | None, counts: bool
) -> None:
    await create(desk, None, "first")
    if approve is not None:
        (asked,) = await desk.services.journal.waiting()
        await desk.services.journal.decide(asked.approval_id, approve=approve, channel="page")
    assert ("; 40 vCPU" in await question(desk)) is counts


async def test_several_are_told_in_one_sentence_with_their_sum(desk: Desk) -> None:
    share = {"cpu": "8", "gpu": "1", "memory": "64GB"}
    for name in ("first", "other"):
        await create(desk, Person("yes"), name, requested_resource=share, image_id=image_for("GPU"))
    asked = await question(desk, cpu="4")
    assert "; 16 vCPU, 2 GPU and 128 GiB memory" in asked
    assert asked.count(SAYS) == 1
    assert WAITS not in asked


async def test_what_is_asked_for_does_not_count_itself(desk: Desk) -> None:
    await create(desk, None, "first")
    assert SAYS not in await question(desk, "first", cpu="39")


@pytest.mark.parametrize("elsewhere", [{"resource_id": "quota40001lj"}, {"instance_name": "spec"}])
async def test_other_quotas_and_specs_do_not_count(desk: Desk, elsewhere: dict[str, Any]) -> None:
    first = new_notebook(**elsewhere) if "instance_name" in elsewhere else share_of_quota("lingjun", **elsewhere)
    assert told(await desk.call("modern", Person("yes"), "create_instance", **first))["status"] == "done"
    assert SAYS not in await question(desk)


async def test_a_start_counts_and_is_told_of_others(desk: Desk) -> None:
    await create(desk, Person("yes"), "first")
    person = Person("yes")
    await desk.call("modern", person, "start_instance", instance_id=stopped_on_quota(desk))
    assert "; 40 vCPU" in person.questions[0].message
    assert "; 80 vCPU" in await question(desk)


async def test_a_start_of_unknown_outcome_counts_while_the_instance_still_stands(desk: Desk) -> None:
    stopped = stopped_on_quota(desk)
    desk.steering.faults({"kind": "reset", "operation": "StartInstance"})
    answer = told(await desk.call("modern", Person("yes"), "start_instance", instance_id=stopped))
    assert answer["status"] == "unknown"
    assert "; 40 vCPU" in await question(desk)


async def test_the_share_of_a_start_is_what_the_instance_has(desk: Desk) -> None:
    await desk.call("modern", None, "start_instance", instance_id=stopped_on_quota(desk))
    (asked,) = await desk.services.journal.waiting()
    assert asked.change.load is not None
    assert asked.change.load.share == Amount(cpu=40, gpu=0, memory=16)


async def test_lists_of_quotas_tell_what_is_under_way(desk: Desk) -> None:
    async def read() -> list[str]:
        listed = told(await desk.call("modern", None, "list_quotas"))["note"]
        shown = told(await desk.call("modern", None, "get_quota", quota_id=QUOTA))["meaning"]
        return [listed, shown]

    assert not any(TAKES in each for each in await read())
    made = await create(desk, Person("yes"), "first")
    assert all(TAKES in each for each in await read())
    of_another = told(await desk.call("modern", None, "get_quota", quota_id="quota40001lj"))["meaning"]
    assert TAKES not in of_another
    desk.steering.instance(made["instance_id"], Status="Running")
    assert not any(TAKES in each for each in await read())


async def test_a_quota_is_told_where_what_is_under_way_cannot_be_read(desk: Desk) -> None:
    await create(desk, Person("yes"), "first")
    desk.steering.faults({"kind": "server_error", "operation": "GetInstance", "times": None})
    listed = told(await desk.call("modern", None, "list_quotas"))
    assert listed["total"] == 2
    assert "how much that is could not be read" in listed["note"]


@pytest.mark.parametrize(("taken", "waits"), [("4", "may have to wait"), ("62", "It waits")])
async def test_who_was_told_yes_is_told_that_it_waits_only_where_there_was_no_room(
    desk: Desk, taken: str, waits: str
) -> None:
    taking = an_instance(desk.steering, "Running")
    share = {"CPU": taken, "Memory": "16GB"}
    desk.steering.instance(taking, ResourceId=QUOTA, RequestedResource=share)
    made = await create(desk, Person("yes"), "first")
    assert waits in made["message"]
    started = told(await desk.call("modern", Person("yes"), "start_instance", instance_id=stopped_on_quota(desk)))
    assert waits in started["message"]
