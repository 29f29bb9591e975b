"""update_instance on a resource quota: another share, what is checked before anybody is asked, and what is sent."""

from dataclasses import replace
from typing import Any

import pytest

from pai_dsw_mcp.model.instance import Instance, Share
from pai_dsw_mcp.model.status import InstanceStatus
from pai_dsw_mcp.tools._quota_wish import share_found
from pai_emulator.policy import USER_IDS
from tests.gate.cases import an_instance, image_for, new_notebook
from tests.support.desk import REGION, Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

SHARE = {"CPU": "4", "GPU": "0", "Memory": "16GB"}
LARGER = {"cpu": "8", "memory": "32GB"}


def on_quota(desk: Desk, status: str = "Stopped", **share: str) -> str:
    instance_id = an_instance(desk.steering, status)
    changed = {"ResourceId": "quota40001", "RequestedResource": {**SHARE, **share}, "ImageId": image_for("CPU")}
    desk.steering.instance(instance_id, EcsSpec=None, ImageUrl=None, **changed)
    return instance_id


async def made_on_quota(desk: Desk) -> str:
    new = {name: value for name, value in new_notebook().items() if name != "ecs_spec"}
    quota = {"resource_id": "quota40001", "requested_resource": {"cpu": "4", "memory": "16GB"}}
    made = told(await desk.call("modern", Person("yes"), "create_instance", **new, **quota))
    desk.steering.instance(made["instance_id"], Status="Stopped")
    return made["instance_id"]


async def update(desk: Desk, person: Person, instance_id: str, **wanted: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person, "update_instance", instance_id=instance_id, **wanted))


async def refused(desk: Desk, instance_id: str, **wanted: Any) -> str:
    person = Person("yes")
    answer = await desk.call("modern", person, "update_instance", instance_id=instance_id, **wanted)
    assert answer.is_error
    assert (person.questions, desk.steering.writes()) == ([], [])
    return text_of(answer)


async def test_another_share_is_shown_beside_the_one_it_has_and_sent_whole(desk: Desk) -> None:
    instance_id, person = await made_on_quota(desk), Person("yes")
    ended = await update(desk, person, instance_id, requested_resource={**LARGER, "shared_memory": "8GB"})
    assert ended["status"] == "done"
    assert "it has CPU=8, GPU=0, Memory=32GB, SharedMemory=8GB of its quota" in ended["message"]
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


async def test_a_share_that_the_service_dropped_is_told_as_not_done(desk: Desk) -> None:
    desk.steering.faults({"kind": "drops_updates"})
    dropped = {"requested_resource": LARGER, "user_id": USER_IDS["developer"]}
    ended = await update(desk, Person("yes"), await made_on_quota(desk), **dropped)
    assert ended["status"] == "partly_done"
    for said in ("NOT the owner that was approved", "it shows CPU=4, GPU=0, Memory=16GB", "or not yet"):
        assert said in ended["message"]


@pytest.mark.parametrize(
    ("status", "memory", "is_so", "words"),
    [
        ("Stopped", "16GB", False, "although the service said yes; it has CPU=4, GPU=0, Memory=16GB"),
        ("Updating", "16GB", False, "while its status is Updating"),
        ("Updating", "32Gi", True, "it has CPU=4, GPU=0, Memory=32Gi"),
    ],
)
def test_a_share_is_as_approved_once_the_instance_shows_it(
    status: InstanceStatus, memory: str, is_so: bool, words: str
) -> None:
    instance = Instance(region_id=REGION, instance_id="dsw-1", instance_name="train_1", status=status)
    shown = replace(instance, requested_cpu="4", requested_gpu="0", requested_memory=memory)
    found = share_found(Share(cpu="4", gpu="0", memory="32GB"), shown)
    assert found.is_so is is_so
    assert words in found.told


async def test_memory_that_has_no_unit_is_another_share(desk: Desk) -> None:
    person = Person("no")
    await update(desk, person, on_quota(desk, Memory="16"), requested_resource={"cpu": "4", "memory": "16GB"})
    assert "Memory=16GB" in person.questions[0].message


@pytest.mark.parametrize("status", ["Stopped", "Failed"])
async def test_memory_without_a_unit_is_told_wherever_it_would_be_started_again(desk: Desk, status: str) -> None:
    person, instance_id = Person("no"), on_quota(desk, status, Memory="16")
    await desk.call("modern", person, "start_instance", instance_id=instance_id)
    await update(desk, person, instance_id, accessibility="PUBLIC", start_after=True)
    mended = {"requested_resource": {"cpu": "4", "memory": "16GB"}, "start_after": True}
    await update(desk, person, instance_id, **mended)
    started, updated, right = (question.message for question in person.questions)
    for asked in (started, updated):
        assert "Its share has 16 as memory, without a unit" in asked
        assert "16 GiB" not in asked
    assert "16 GiB memory (256 GiB free)" in right
    assert "without a unit" not in right
    shown = text_of(await desk.call("modern", None, "get_instance", instance_id=instance_id))
    assert ("memory 16GB if that is meant, and start_after" in shown) is (status == "Failed")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"requested_resource": {"cpu": "8", "memory": "9999GB"}}, "it could never start"),
        ({"requested_resource": {**LARGER, "gpu": "1"}}, "Choose an image for GPU"),
        ({"requested_resource": {"cpu": "8", "memory": "32"}}, "in GB or Gi"),
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
