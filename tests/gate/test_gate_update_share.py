"""update_instance on a resource quota: another share, what is checked before anybody is asked, and what is sent."""

from typing import Any

import pytest

from tests.gate.cases import an_instance, image_for, new_notebook
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

SHARE = {"CPU": "4", "GPU": "0", "Memory": "16GB"}
LARGER = {"cpu": "8", "memory": "32GB"}


def on_quota(desk: Desk, status: str = "Stopped", **share: str) -> str:
    instance_id = an_instance(desk.steering, status)
    changed = {"ResourceId": "quota40001", "RequestedResource": {**SHARE, **share}, "ImageId": image_for("CPU")}
    desk.steering.instance(instance_id, EcsSpec=None, ImageUrl=None, **changed)
    return instance_id


async def update(desk: Desk, person: Person, instance_id: str, **wanted: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person, "update_instance", instance_id=instance_id, **wanted))


async def refused(desk: Desk, instance_id: str, **wanted: Any) -> str:
    person = Person("yes")
    answer = await desk.call("modern", person, "update_instance", instance_id=instance_id, **wanted)
    assert answer.is_error
    assert (person.questions, desk.steering.writes()) == ([], [])
    return text_of(answer)


async def test_another_share_is_shown_beside_the_one_it_has_and_sent_whole(desk: Desk) -> None:
    new = {name: value for name, value in new_notebook().items() if name != "ecs_spec"}
    share = {"cpu": "4", "memory": "16GB"}
    quota = {"resource_id": "quota40001", "requested_resource": share}
    made = told(await desk.call("modern", Person("yes"), "create_instance", **new, **quota))
    instance_id, person = made["instance_id"], Person("yes")
    desk.steering.instance(instance_id, Status="Stopped")
    ended = await update(desk, person, instance_id, requested_resource={**LARGER, "shared_memory": "8GB"})
    assert ended["status"] == "done"
    sent = desk.steering.writes()[-1]["parameters"]
    assert sent["RequestedResource"] == {"CPU": "8", "GPU": "0", "Memory": "32GB", "SharedMemory": "8GB"}
    (question,) = person.questions
    for shown in ("CPU=4", "Memory=16GB", "CPU=8", "Memory=32GB", "research_quota"):
        assert shown in question.message
    again = await update(desk, person, instance_id, requested_resource={**LARGER, "shared_memory": "8Gi"})
    assert (again["status"], len(person.questions)) == ("nothing_to_do", 1)


async def test_a_start_with_another_share_tells_what_that_one_needs(desk: Desk) -> None:
    person = Person("no")
    await update(desk, person, on_quota(desk), requested_resource=LARGER, start_after=True)
    assert "It needs 8 vCPU (64 free), 0 GPU (4 free) and 32 GiB memory" in person.questions[0].message


async def test_memory_that_has_no_unit_is_another_share(desk: Desk) -> None:
    person = Person("no")
    await update(desk, person, on_quota(desk, Memory="16"), requested_resource={"cpu": "4", "memory": "16GB"})
    assert "Memory=16GB" in person.questions[0].message


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"requested_resource": {"cpu": "8", "memory": "9999GB"}}, "it could never start"),
        ({"requested_resource": {**LARGER, "gpu": "1"}}, "Choose an image for GPU"),
        ({"requested_resource": {"cpu": "8", "memory": "32"}}, "has its unit"),
    ],
    ids=["too large", "other chip", "no unit"],
)
async def test_a_share_that_cannot_work_is_refused_before_anybody_is_asked(
    desk: Desk, wanted: dict[str, Any], words: str
) -> None:
    assert words in await refused(desk, on_quota(desk), **wanted)


async def test_a_share_needs_an_instance_on_a_quota_that_has_stopped(desk: Desk) -> None:
    assert "no share to change" in await refused(desk, an_instance(desk.steering, "Stopped"), requested_resource=LARGER)
    assert "needs a stopped instance" in await refused(desk, on_quota(desk, "Running"), requested_resource=LARGER)
