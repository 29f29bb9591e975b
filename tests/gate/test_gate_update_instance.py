"""update_instance: compares first, sends only what differs, and says when a stop is needed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.gate.cases import GPU_SPEC, an_instance, image_for
from tests.gate.rounds import approve
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio


async def update(desk: Desk, person: Person | None, **arguments: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person, "update_instance", **arguments))


async def refused(desk: Desk, **arguments: Any) -> str:
    person = Person("yes")
    answer = await desk.call("modern", person, "update_instance", **arguments)
    assert answer.is_error
    assert person.questions == []
    assert desk.steering.writes() == []
    return text_of(answer)


def sent(desk: Desk) -> dict[str, Any]:
    """What the one update carried in its body."""
    (write,) = desk.steering.writes()
    assert write["operation"] == "UpdateInstance"
    return {name: value for name, value in write["parameters"].items() if name != "InstanceId"}


async def test_only_what_differs_is_sent(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, InstanceName="train_1")
    await update(
        desk,
        Person("yes"),
        instance_id=instance_id,
        instance_name="train_1",
        accessibility="PRIVATE",
        ecs_spec="ecs.g6.xlarge",
    )
    assert sent(desk) == {"EcsSpec": "ecs.g6.xlarge"}


async def test_equal_values_are_not_sent(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    ended = await update(desk, Person("no"), instance_id=instance_id, ecs_spec="ecs.g6.large")
    assert ended["status"] == "nothing_to_do"
    assert "start_instance" not in ended["message"]
    assert desk.steering.writes() == []


async def test_equal_values_with_a_start_point_to_start_instance(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    ended = await update(desk, Person("no"), instance_id=instance_id, ecs_spec="ecs.g6.large", start_after=True)
    assert ended["status"] == "nothing_to_do"
    assert "start_instance" in ended["message"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ecs_spec": "ecs.g6.xlarge"}, "EcsSpec"),
        ({"image_id": image_for("CPU")}, "ImageId"),
        ({"vpc_id": "vpc-abcd1234"}, "UserVpc"),
    ],
    ids=["spec", "image", "network"],
)
async def test_what_needs_a_stop_says_so_on_a_running_instance(desk: Desk, changed: dict[str, Any], field: str) -> None:
    text = await refused(desk, instance_id=an_instance(desk.steering, "Running"), **changed)
    assert field in text
    assert "stop_instance first" in text
    assert "start_after=true" in text


async def test_a_stopped_instance_is_started_after_the_update_if_that_is_asked_for(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    person = Person("yes")
    await update(desk, person, instance_id=instance_id, ecs_spec="ecs.g6.xlarge", start_after=True)
    assert sent(desk) == {"EcsSpec": "ecs.g6.xlarge", "StartInstance": True}
    assert "charged" in person.questions[0].message


async def test_a_running_instance_wants_its_name_typed_back_and_a_stopped_one_a_click(desk: Desk) -> None:
    running, stopped = Person("yes"), Person("yes")
    await update(desk, running, instance_id=an_instance(desk.steering, "Running"), accessibility="PUBLIC")
    await update(desk, stopped, instance_id=an_instance(desk.steering, "Stopped"), accessibility="PUBLIC")
    typed = [
        "instance_name" in each.questions[0].model_dump(by_alias=True)["requestedSchema"]["properties"]
        for each in (running, stopped)
    ]
    assert typed == [True, False]


@pytest.mark.parametrize("status", ["Creating", "Stopping", "Updating", "Saving", "Deleting"])
async def test_an_instance_between_two_states_is_left_alone(desk: Desk, status: str) -> None:
    text = await refused(desk, instance_id=an_instance(desk.steering, status), accessibility="PUBLIC")
    assert f"is {status}, between two states" in text


async def test_a_new_spec_tells_both_prices(desk: Desk) -> None:
    person = Person("no")
    await update(desk, person, instance_id=an_instance(desk.steering, "Stopped"), ecs_spec="ecs.g6.2xlarge")
    asked = person.questions[0].message
    assert "0.50" in asked
    assert "2.00 CNY" in asked
    assert "ecs.g6.large -> ecs.g6.2xlarge" in asked


async def test_a_spec_that_does_not_fit_the_image_is_refused(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, ImageId=image_for("CPU"))
    assert "is made for CPU" in await refused(desk, instance_id=instance_id, ecs_spec=GPU_SPEC)


async def test_an_image_that_does_not_fit_the_spec_is_refused(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    assert "is made for GPU" in await refused(desk, instance_id=instance_id, image_id=image_for("GPU"))


async def test_a_sold_out_spec_is_refused_with_the_nearest_that_can_be_had(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    text = await refused(desk, instance_id=instance_id, ecs_spec="ecs.gn5-c28g1.7xlarge")
    assert "not available for pay-as-you-go" in text
    assert "Nearest available: ecs.gn7i-c32g1.8xlarge in cn-hangzhou" in text
    assert "13.3 CNY per hour" in text


async def test_a_name_that_another_instance_has_is_refused(desk: Desk) -> None:
    first, second = desk.steering.generate(2)
    desk.steering.instance(first, InstanceName="train_1")
    text = await refused(desk, instance_id=second, instance_name="train_1")
    assert first in text


async def test_a_free_name_is_taken(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    await update(desk, Person("yes"), instance_id=instance_id, instance_name="train_1")
    assert sent(desk) == {"InstanceName": "train_1"}


@pytest.mark.parametrize(
    ("lang", "wanted", "title"),
    [("en", "type the present name: ", "present name"), ("zh", "输入当前名称：", "当前名称")],
)
async def test_a_rename_of_what_runs_wants_the_present_name(
    new_desk: Callable[..., Desk], lang: str, wanted: str, title: str
) -> None:
    desk, person = new_desk(lang=lang), Person("no")
    instance_id = an_instance(desk.steering, "Running")
    present = desk.steering.instance(instance_id)["InstanceName"]
    await update(desk, person, instance_id=instance_id, instance_name="train_1")
    (asked,) = person.questions
    assert f"{wanted}{present}" in asked.message
    assert title in asked.model_dump(by_alias=True)["requestedSchema"]["properties"]["instance_name"]["title"]


async def test_datasets_replace_the_whole_list_and_say_so(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    mount = {"dataset_id": "d-db67c33e4453a26dc8", "mount_path": "/mnt/data", "mount_access": "RW"}
    person = Person("yes")
    await update(desk, person, instance_id=instance_id, datasets=[mount])
    (dataset,) = sent(desk)["Datasets"]
    assert (dataset["DatasetId"], dataset["MountAccess"]) == ("d-db67c33e4453a26dc8", "RW")
    assert "training_corpus" in person.questions[0].message
    desk.steering.advance(60)
    again = await update(desk, Person("no"), instance_id=instance_id, datasets=[mount])
    assert again["status"] == "nothing_to_do"


async def test_an_order_that_means_nothing_is_no_change(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    mounts = [
        {"dataset_id": "d-db67c33e4453a26dc8", "mount_path": path, "mount_access": "RO"} for path in ("/a", "/b", "/c")
    ]
    await update(desk, Person("yes"), instance_id=instance_id, datasets=mounts)
    desk.steering.advance(60)
    again = await update(desk, Person("no"), instance_id=instance_id, datasets=[mounts[1], mounts[2], mounts[0]])
    assert again["status"] == "nothing_to_do"


async def test_a_yes_holds_although_the_service_lists_what_it_knows_in_another_order(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    labels = [{"Key": key, "Value": "x"} for key in ("a", "b")]
    mounts = [{"DatasetId": "d-db67c33e4453a26dc8", "MountPath": path, "MountAccess": "RO"} for path in ("/a", "/b")]
    cidrs = ["10.0.0.0/24", "10.0.1.0/24"]
    vpc = {"VpcId": "vpc-abcd1234", "VSwitchId": "vsw-abcd1234", "SecurityGroupId": "sg-abcd1234"}
    changes: tuple[dict[str, Any], ...] = ({"accessibility": "PUBLIC"}, {"remove_all_datasets": True})
    for change in changes:
        wanted = {"instance_id": instance_id, **change}
        desk.steering.instance(
            instance_id,
            Accessibility="PRIVATE",
            Labels=labels,
            Datasets=mounts,
            UserVpc={**vpc, "ExtendedCIDRs": cidrs},
        )
        assert (await update(desk, None, **wanted))["status"] == "approval_needed"
        await approve(desk)
        desk.steering.instance(
            instance_id, Labels=labels[::-1], Datasets=mounts[::-1], UserVpc={**vpc, "ExtendedCIDRs": cidrs[::-1]}
        )
        assert (await update(desk, None, **wanted))["status"] == "done"
        desk.steering.advance(60)


async def test_taking_all_datasets_away_is_sent_as_such(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    mount = {"DatasetId": "d-db67c33e4453a26dc8", "MountPath": "/mnt/data", "MountAccess": "RO"}
    desk.steering.instance(instance_id, Datasets=[mount])
    person = Person("yes")
    nothing = await desk.call("modern", person, "update_instance", instance_id=instance_id, datasets=[])
    assert "remove_all_datasets" in text_of(nothing)
    await update(desk, person, instance_id=instance_id, datasets=[], remove_all_datasets=True)
    assert sent(desk)["DisassociateDatasets"] is True
    assert "Remove all dataset mounts" in person.questions[0].message


async def test_mounts_to_have_and_the_removal_of_all_are_refused_together(desk: Desk) -> None:
    mount = {"dataset_id": "d-db67c33e4453a26dc8", "mount_path": "/mnt/data", "mount_access": "RO"}
    text = await refused(
        desk, instance_id=an_instance(desk.steering, "Stopped"), datasets=[mount], remove_all_datasets=True
    )
    assert "one of them" in text


async def test_an_empty_list_of_datasets_beside_another_change_leaves_the_mounts_alone(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    mount = {"DatasetId": "d-db67c33e4453a26dc8", "MountPath": "/mnt/data", "MountAccess": "RO"}
    desk.steering.instance(instance_id, Datasets=[mount])
    await update(desk, Person("yes"), instance_id=instance_id, datasets=[], accessibility="PUBLIC")
    assert sent(desk) == {"Accessibility": "PUBLIC"}


async def test_a_network_of_a_stopped_instance_is_changed(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    await update(desk, Person("yes"), instance_id=instance_id, vpc_id="vpc-abcd1234", security_group_id="sg-abcd1234")
    assert sent(desk)["UserVpc"]["SecurityGroupId"] == "sg-abcd1234"
    desk.steering.advance(60)
    again = await update(
        desk, Person("no"), instance_id=instance_id, vpc_id="vpc-abcd1234", security_group_id="sg-abcd1234"
    )
    assert again["status"] == "nothing_to_do"


async def test_an_update_never_touches_what_was_not_named(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    before = desk.steering.instance(instance_id, Labels=[{"Key": "a", "Value": "b"}], Priority=5)
    await update(desk, Person("yes"), instance_id=instance_id, accessibility="PUBLIC")
    desk.steering.advance(60)
    after = desk.steering.instance(instance_id)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {"Accessibility", "GmtModifiedTime"}


async def test_an_update_that_names_nothing_is_refused(desk: Desk) -> None:
    assert "at least one value" in await refused(desk, instance_id=an_instance(desk.steering, "Stopped"))


async def test_two_ways_to_name_the_image_are_refused(desk: Desk) -> None:
    both = {"image_id": image_for("CPU"), "image_url": "registry.cn-hangzhou.aliyuncs.com/team/nlp:1.0"}
    assert "not both" in await refused(desk, instance_id=an_instance(desk.steering, "Stopped"), **both)


async def test_an_unknown_instance_is_told(desk: Desk) -> None:
    assert "GetInstance" in await refused(desk, instance_id="dsw-0000000000000000", accessibility="PUBLIC")


async def test_an_image_by_address_is_what_the_change_of_an_image_replaces(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    before = desk.steering.instance(instance_id)["ImageUrl"]
    person = Person("yes")
    await update(desk, person, instance_id=instance_id, image_id=image_for("CPU"))
    assert f"Image: {before} -> {image_for('CPU')}" in person.questions[0].message


async def test_a_price_that_stays_is_told_once(desk: Desk) -> None:
    changed = await update(
        desk, Person("yes"), instance_id=an_instance(desk.steering, "Running"), accessibility="PUBLIC"
    )
    assert " The price stays 0.50 CNY per hour." in changed["message"]
    assert "Price: The" not in changed["message"]
