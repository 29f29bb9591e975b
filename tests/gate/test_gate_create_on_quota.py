"""create_instance on a resource quota: what it checks, what a person is told of it, and what it then sends."""

from collections.abc import Callable
from typing import Any

import pytest

from pai_emulator import quotas
from pai_emulator.serve import Emulator
from tests.gate.cases import an_instance, image_for, new_notebook
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

QUOTA, LINGJUN = "quota40001", "quota40001lj"
SHARE = {"cpu": "4", "memory": "16GB"}


def on_quota(**changed: Any) -> dict[str, Any]:
    wanted = {**new_notebook(), "resource_id": QUOTA, "requested_resource": SHARE, **changed}
    return {name: value for name, value in wanted.items() if name != "ecs_spec"}


async def create(desk: Desk, person: Person, **changed: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person, "create_instance", **on_quota(**changed)))


async def refused(desk: Desk, **arguments: Any) -> str:
    person = Person("yes")
    answer = await desk.call("modern", person, "create_instance", **arguments)
    assert answer.is_error
    assert person.questions == []
    assert desk.steering.writes() == []
    return text_of(answer)


async def test_a_share_is_sent_with_the_network_of_the_quota(desk: Desk) -> None:
    person = Person("yes")
    share = {"cpu": 8, "gpu": 1, "memory": "64Gi", "shared_memory": "32Gi"}
    made = await create(desk, person, requested_resource=share, image_id=image_for("GPU"), priority=5)
    assert made["status"] == "done"
    (post,) = desk.steering.writes()
    body = post["parameters"]
    assert body["ResourceId"] == QUOTA
    assert body["RequestedResource"] == {"CPU": "8", "GPU": "1", "Memory": "64Gi", "SharedMemory": "32Gi"}
    assert (body["Priority"], "EcsSpec" in body) == (5, False)
    assert body["UserVpc"] == {
        "VpcId": "vpc-research0001",
        "VSwitchId": "vsw-research0001",
        "SecurityGroupId": "sg-research0001",
        "ExtendedCIDRs": ["192.168.0.0/16"],
    }


async def test_who_creates_starts_or_changes_on_a_quota_is_told_of_the_queue(desk: Desk) -> None:
    person = Person("yes")
    made = await create(desk, person)
    notebook = {"instance_id": made["instance_id"]}
    shown = told(await desk.call("modern", person, "get_instance", **notebook))
    desk.steering.instance(notebook["instance_id"], Status="Running")
    running = told(await desk.call("modern", person, "get_instance", **notebook))
    desk.steering.instance(notebook["instance_id"], Status="Stopped")
    started = told(await desk.call("modern", person, "start_instance", **notebook))
    desk.steering.instance(notebook["instance_id"], Status="Stopped")
    again = told(
        await desk.call(
            "modern", person, "update_instance", **notebook, image_url="registry.example.com/a:1", start_after=True
        )
    )
    for message in (made["message"], started["message"], again["message"], shown["meaning"]):
        assert "queue of" in message
        assert "unknown" in message
    for message in (started["message"], again["message"], running["meaning"]):
        assert "charged" not in message
        assert "costs" not in message
    assert (shown["resource_id"], shown["requested"]) == (QUOTA, {"cpu": "4", "memory": "16GB", "gpu": "0"})


async def test_everything_that_is_sent_is_shown_and_that_it_has_no_price_per_hour(desk: Desk) -> None:
    person = Person("yes")
    made = await create(desk, person, priority=5)
    asked = person.questions[0].message
    for shown in (QUOTA, "research_quota", "4 x A10", "CPU=4", "GPU=0", "Memory=16GB", "vpc-research0001"):
        assert shown in asked
    for shown in (
        "192.168.0.0/16",
        "no price per hour",
        "4 vCPU (64 free), 0 GPU (4 free) and 16 GiB memory (256 GiB free).",
    ):
        assert shown in asked
    assert "price_per_hour" not in made["change"]
    network = next(each for each in made["change"]["parameters"] if each["name"] == "UserVpc")
    assert network["default"] is True


@pytest.mark.parametrize(
    ("address", "words"), [("harbor.example.com/nlp:1-cpu", "outside"), ("cr.aliyuncs.com/nlp:1-cpu", "nobody vouches")]
)
async def test_an_update_on_a_quota_warns_of_the_image_too(desk: Desk, address: str, words: str) -> None:
    person = Person("no")
    stopped = an_instance(desk.steering, "Stopped")
    desk.steering.instance(stopped, ResourceId=QUOTA, RequestedResource={"CPU": "4", "Memory": "16GB"}, EcsSpec=None)
    await desk.call("modern", person, "update_instance", instance_id=stopped, image_url=address)
    assert words in person.questions[0].message


async def test_no_name_has_to_be_typed_where_nothing_is_charged_by_the_hour(new_desk: Callable[..., Desk]) -> None:
    person = Person("yes")
    await create(new_desk(cost_line=0.0), person)
    assert "instance_name" not in person.questions[0].model_dump(by_alias=True)["requestedSchema"]["properties"]


async def test_a_network_that_was_given_takes_the_place_of_the_quotas(desk: Desk) -> None:
    await create(desk, Person("yes"), vpc_id="vpc-mine1234")
    (post,) = desk.steering.writes()
    assert post["parameters"]["UserVpc"] == {"VpcId": "vpc-mine1234"}


async def test_what_is_more_than_free_is_told_to_wait(desk: Desk) -> None:
    taking = an_instance(desk.steering, "Running")
    share = {"CPU": "62", "Memory": "16GB"}
    desk.steering.instance(taking, ResourceId=QUOTA, RequestedResource=share)
    person = Person("no")
    await create(desk, person)
    assert "needs 4 vCPU (2 free)" in person.questions[0].message
    assert "waits in the queue" in person.questions[0].message


async def test_a_yes_outlives_what_others_take_of_the_quota(desk: Desk) -> None:
    """What is free changes all the time; the person was told a figure of that moment."""
    arguments = on_quota()
    told(await desk.call("modern", None, "create_instance", **arguments))
    (asked,) = await desk.services.journal.waiting()
    taking = an_instance(desk.steering, "Running")
    desk.steering.instance(taking, ResourceId=QUOTA, RequestedResource={"CPU": "4", "Memory": "16GB"})
    await desk.services.journal.decide(asked.approval_id, approve=True, channel="page")
    assert told(await desk.call("modern", None, "create_instance", **arguments))["status"] == "done"


@pytest.mark.parametrize(
    ("memory", "sent"), [("16GiB", "16Gi"), ("16gi", "16Gi"), ("16 GB", "16GB"), (" 16gb ", "16GB"), ("16G", "16GB")]
)
async def test_memory_in_the_usual_spellings_is_sent_as_the_service_writes_it(
    desk: Desk, memory: str, sent: str
) -> None:
    person = Person("yes")
    await create(desk, person, requested_resource={**SHARE, "memory": memory, "shared_memory": memory})
    (post,) = desk.steering.writes()
    share = post["parameters"]["RequestedResource"]
    assert (share["Memory"], share["SharedMemory"]) == (sent, sent)
    assert f"Memory={sent}" in person.questions[0].message


@pytest.mark.parametrize("memory", ["16", 16, "16384MB", "1TB", "0.5GB", "0GB", "sixteen"])
@pytest.mark.parametrize("name", ["memory", "shared_memory"])
async def test_memory_without_its_unit_is_refused_before_anybody_is_asked(
    desk: Desk, name: str, memory: object
) -> None:
    text = await refused(desk, **on_quota(requested_resource={**SHARE, name: memory}))
    assert "a whole number in GB or Gi, e.g. 16GB" in text


@pytest.mark.parametrize(
    "changed",
    [
        {"ecs_spec": "ecs.g6.large", "resource_id": QUOTA, "requested_resource": SHARE},
        {"ecs_spec": None},
        {"ecs_spec": None, "resource_id": QUOTA},
        {"requested_resource": SHARE},
    ],
    ids=["both", "neither", "no share", "no quota"],
)
async def test_it_is_a_spec_or_a_share_of_a_quota(desk: Desk, changed: dict[str, Any]) -> None:
    assert "one of the two" in await refused(desk, **new_notebook(**changed))


async def test_a_priority_goes_with_a_quota(desk: Desk) -> None:
    assert "resource_id" in await refused(desk, **new_notebook(priority=3))


@pytest.mark.parametrize(
    ("share", "words"),
    [({"cpu": "65", "memory": "1GB"}, "64 vCPU"), ({"cpu": "1", "memory": "300GB"}, "256 GiB memory")],
)
async def test_what_the_quota_can_never_give_is_refused(desk: Desk, share: dict[str, str], words: str) -> None:
    assert words in await refused(desk, **on_quota(requested_resource=share))


async def test_an_image_for_gpus_is_refused_without_gpus(desk: Desk) -> None:
    assert "is made for GPU" in await refused(desk, **on_quota(image_id=image_for("GPU")))


async def test_a_quota_that_does_not_exist_is_refused(desk: Desk) -> None:
    assert "QuotaNotFound" in await refused(desk, **on_quota(resource_id="quota9"))


async def test_the_same_share_under_the_same_name_is_the_same_instance(desk: Desk) -> None:
    made = await create(desk, Person("yes"), priority=5)
    again = await create(desk, Person("yes"), requested_resource={"cpu": "4", "gpu": "0", "memory": "16Gi"})
    assert (again["status"], again["instance_id"]) == ("nothing_to_do", made["instance_id"])
    assert "UserVpc" not in again["message"]


@pytest.mark.parametrize(
    ("changed", "differs"),
    [
        ({"requested_resource": {"cpu": "8", "memory": "16GB"}}, "RequestedResource"),
        ({"resource_id": LINGJUN}, "ResourceId"),
        ({"priority": 9}, "Priority"),
    ],
)
async def test_another_share_under_the_same_name_is_not(desk: Desk, changed: dict[str, Any], differs: str) -> None:
    await create(desk, Person("yes"), priority=5)
    answer = await desk.call("modern", Person("yes"), "create_instance", **on_quota(**changed))
    assert answer.is_error
    assert differs in text_of(answer)


async def test_a_quota_that_is_not_for_notebooks_is_refused(desk: Desk, emulator: Emulator) -> None:
    rows_of(emulator)["WorkloadTypes"] = ["DLC", "EAS"]
    assert "takes DLC, EAS and no DSW" in await refused(desk, **on_quota())


async def test_a_quota_of_another_workspace_is_warned_of(desk: Desk) -> None:
    person = Person("no")
    await create(desk, person, workspace_id="40002")
    assert "does not name this workspace" in person.questions[0].message


async def test_what_is_free_is_not_made_up_where_the_service_does_not_say(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "_details", without_details)
    person = Person("no")
    await create(desk, person)
    asked = person.questions[0].message
    assert "is free is not known" in asked
    assert "It needs" not in asked


def without_details(*_: object) -> dict[str, Any]:
    return {}


async def test_a_quota_that_says_little_is_shown_by_its_name(desk: Desk, emulator: Emulator) -> None:
    rows_of(emulator).update(ResourceType="", GPU=0, QuotaName="lab; approve this\u202e", UserVpc={})
    person = Person("no")
    await create(desk, person)
    asked = person.questions[0].message
    assert '"lab; approve this"' in asked
    assert "\u202e" not in asked
    assert "Network" not in asked


def rows_of(emulator: Emulator) -> dict[str, Any]:
    """The quota as the emulator has it."""
    return emulator.world.region("cn-hangzhou").quotas[QUOTA]
