"""create_instance: what it checks before anybody is asked, and what it then sends."""

from typing import Any

import pytest

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from pai_emulator.serve import Emulator
from tests.gate.cases import GPU_SPEC, an_instance, image_for, new_notebook
from tests.support.desk import REGION, Desk, Person, text_of, told

pytestmark = pytest.mark.anyio


async def create(desk: Desk, person: Person | None = None, **changed: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person or Person("yes"), "create_instance", **new_notebook(**changed)))


async def refused(desk: Desk, **changed: Any) -> str:
    person = Person("yes")
    answer = await desk.call("modern", person, "create_instance", **new_notebook(**changed))
    assert answer.is_error
    assert person.questions == []
    assert desk.steering.writes() == []
    return text_of(answer)


async def test_every_parameter_is_shown_and_sent(desk: Desk) -> None:
    person = Person("yes")
    made = await create(
        desk,
        person,
        accessibility="PUBLIC",
        vpc_id="vpc-abcd1234",
        v_switch_id="vsw-abcd1234",
        security_group_id="sg-abcd1234",
        datasets=[{"dataset_id": "d-db67c33e4453a26dc8", "mount_path": "/mnt/data", "mount_access": "RO"}],
        labels=[{"key": "team", "value": "vision"}],
    )
    assert made["status"] == "done"
    assert made["instance_status"] == "Creating"
    asked = person.questions[0].message
    for shown in ("vpc-abcd1234", "vsw-abcd1234", "sg-abcd1234", "d-db67c33e4453a26dc8", "/mnt/data", "team=vision"):
        assert shown in asked
    (post,) = desk.steering.writes()
    body = post["parameters"]
    assert body["UserVpc"]["VpcId"] == "vpc-abcd1234"
    assert body["Accessibility"] == "PUBLIC"
    assert body["Datasets"][0]["MountAccess"] == "RO"
    assert {"Key": "team", "Value": "vision"} in body["Labels"]
    assert {"Key": "pai-dsw-mcp-op", "Value": made["change"] and desk_reference(asked)} in body["Labels"]


def desk_reference(asked: str) -> str:
    """The reference at the end of a question."""
    return asked.strip().rpartition(" ")[2]


async def test_the_label_that_marks_the_operation_is_shown_too(desk: Desk) -> None:
    person = Person("yes")
    await create(desk, person)
    asked = person.questions[0].message
    assert f"pai-dsw-mcp-op={desk_reference(asked)}" in asked


async def test_a_default_is_marked_as_nobodys_wish(desk: Desk) -> None:
    person = Person("yes")
    made = await create(desk, person)
    default, label = [each for each in made["change"]["parameters"] if each.get("default")]
    assert default == {"name": "Accessibility", "value": "PRIVATE", "default": True}
    assert label["value"].startswith("pai-dsw-mcp-op=")
    assert "PRIVATE (default)" in person.questions[0].message


async def test_the_price_is_told_per_hour_and_for_a_forgotten_week(desk: Desk) -> None:
    made = await create(desk)
    assert (made["change"]["price_per_hour"], made["change"]["price_per_week"], made["change"]["currency"]) == (
        0.5,
        84.0,
        "CNY",
    )


async def test_an_image_for_gpu_is_refused_on_a_cpu_spec(desk: Desk) -> None:
    assert "is made for GPU" in await refused(desk, image_id=image_for("GPU"))


async def test_an_image_for_cpu_is_refused_on_a_gpu_spec(desk: Desk) -> None:
    assert "is made for CPU" in await refused(desk, ecs_spec=GPU_SPEC)


async def test_an_image_by_its_address_is_judged_by_its_label_in_the_catalogue(desk: Desk) -> None:
    url = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.31.0-pytorch2.8.0-gpu-py311-cu124-ubuntu22.04"
    assert "is made for GPU" in await refused(desk, image_id=None, image_url=url)


@pytest.mark.parametrize(("tag", "mark"), [("1.0-gpu-py311", "gpu"), ("1.0-py311-cu124", "cu124")])
async def test_an_address_outside_the_catalogue_is_judged_by_its_marker_which_is_called_a_guess(
    desk: Desk, tag: str, mark: str
) -> None:
    url = f"registry.cn-hangzhou.aliyuncs.com/team/nlp:{tag}"
    why = await refused(desk, image_id=None, image_url=url)
    assert f"has `{mark}` in its address" in why
    assert "is made for" not in why


async def test_an_image_without_a_chip_label_is_shown_with_what_its_address_says(
    desk: Desk, emulator: Emulator
) -> None:
    image_id, person = image_for("CPU"), Person("no")
    image = emulator.world.region(REGION).images[image_id]
    image["Labels"] = [each for each in image["Labels"] if each["Key"] != "system.chipType"]
    await create(desk, person, image_id=image_id)
    assert "its address says cpu" in person.questions[0].message


async def test_an_address_that_says_nothing_is_warned_of(desk: Desk) -> None:
    person = Person("no")
    await create(desk, person, image_id=None, image_url="harbor.example.com/customers/document:latest")
    asked = person.questions[0].message
    assert "harbor.example.com, outside" in asked
    assert "nobody vouches" in asked
    assert "if it does not exist" in asked


@pytest.mark.parametrize(
    ("address", "is_listed"),
    [
        ("dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.34.0-pytorch2.3.1-cpu-py311-ubuntu22.04", True),
        ("dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1.34.0-pytorch2.3.1-cpu-py311-ubuntu22.04", True),
        ("dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:99-cpu-py311-ubuntu22.04", False),
        ("registry.cn-hangzhou.aliyuncs.com/team/nlp:1.0-cpu-py311", False),
    ],
)
@pytest.mark.parametrize("tool", ["create_instance", "update_instance"])
async def test_an_address_that_the_catalogue_lacks_is_warned_of_on_a_host_of_the_vendor_too(
    desk: Desk, tool: str, address: str, *, is_listed: bool
) -> None:
    person = Person("no")
    asked = new_notebook(image_id=None, image_url=address)
    if tool == "update_instance":
        asked = {"instance_id": an_instance(desk.steering, "Stopped"), "image_url": address}
    told(await desk.call("modern", person, tool, **asked))
    assert ("nobody vouches" in person.questions[0].message) is not is_listed


async def test_an_image_that_dsw_cannot_run_is_refused(desk: Desk) -> None:
    training_only = "image-397781c00e74ab6c27"
    assert "not labelled for DSW" in await refused(desk, image_id=training_only, ecs_spec=GPU_SPEC)


@pytest.mark.parametrize(
    "changed",
    [{"image_id": None}, {"image_url": "registry.cn-hangzhou.aliyuncs.com/team/nlp:1.0"}],
    ids=["neither", "both"],
)
async def test_exactly_one_way_to_name_the_image_is_taken(desk: Desk, changed: dict[str, Any]) -> None:
    assert "image_id or image_url" in await refused(desk, **changed)


async def test_a_switch_without_its_vpc_is_refused(desk: Desk) -> None:
    assert "go with vpc_id" in await refused(desk, v_switch_id="vsw-abcd1234")


async def test_a_spec_that_the_region_does_not_have_is_refused(desk: Desk) -> None:
    assert "neither as CPU nor as GPU" in await refused(desk, ecs_spec="ecs.g99.large")


async def test_a_sold_out_spec_is_refused_with_the_nearest_that_can_be_had(desk: Desk) -> None:
    text = await refused(desk, ecs_spec="ecs.gn5-c28g1.7xlarge", image_id=image_for("GPU"))
    assert "not available for pay-as-you-go" in text
    assert "Nearest available: ecs.gn7i-c32g1.8xlarge in cn-hangzhou" in text
    assert "13.3 CNY per hour" in text


async def test_a_spec_without_spot_stock_can_be_had_for_pay_as_you_go(desk: Desk) -> None:
    assert (await create(desk, ecs_spec="ecs.hfc6.10xlarge"))["status"] == "done"


async def test_a_missing_workspace_is_told(desk: Desk) -> None:
    assert "GetWorkspace" in await refused(desk, workspace_id="99999")


async def test_a_read_only_dataset_is_not_mounted_read_write(desk: Desk) -> None:
    dataset = {"dataset_id": "d-fa6f1f427fec1283d2", "mount_path": "/mnt/data", "mount_access": "RW"}
    assert "read-only" in await refused(desk, datasets=[dataset])


async def test_a_dataset_that_can_be_written_is_warned_of(desk: Desk) -> None:
    person = Person("no")
    dataset = {"dataset_id": "d-db67c33e4453a26dc8", "mount_path": "/mnt/data", "mount_access": "RW"}
    await create(desk, person, datasets=[dataset])
    assert "training_corpus" in person.questions[0].message


async def test_a_storage_address_can_be_mounted(desk: Desk) -> None:
    dataset = {
        "uri": "oss://bucket.oss-cn-hangzhou-internal.aliyuncs.com/data/",
        "mount_path": "/d",
        "mount_access": "RO",
    }
    assert (await create(desk, datasets=[dataset]))["status"] == "done"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"instance_name": "has space"}, "instance_name"),
        ({"instance_name": "a" * 28}, "instance_name"),
        ({"instance_name": "名"}, "instance_name"),
        ({"workspace_id": "../1"}, "workspace_id"),
        ({"ecs_spec": "ecs.g6.large/../x"}, "ecs_spec"),
        ({"image_id": "image-../.."}, "image_id"),
        ({"image_url": "http://user:secret@host/x:1", "image_id": None}, "image_url"),
        ({"accessibility": "EVERYBODY"}, "accessibility"),
        ({"vpc_id": "vpc"}, "vpc_id"),
        ({"datasets": [{"mount_path": "/d", "mount_access": "RO"}]}, "datasets"),
        ({"datasets": [{"dataset_id": "d-abcd", "mount_path": "d", "mount_access": "RO"}]}, "datasets"),
        ({"labels": [{"key": "acs:secret"}]}, "labels"),
        ({"labels": [{"key": "pai-dsw-mcp-op", "value": "x"}]}, "labels"),
        ({"labels": [{"key": "x", "value": "http://evil"}]}, "labels"),
        ({"confirm": True}, "confirm"),
        ({"region_id": "evil.com/"}, "region_id"),
        ({"region_id": None}, "region_id"),
    ],
    ids=str,
)
async def test_bad_input_is_named_and_nothing_is_asked_or_sent(desk: Desk, changed: dict[str, Any], named: str) -> None:
    text = await refused(desk, **changed)
    assert f"`{named}" in text
    assert "secret" not in text
    assert desk.steering.requests() == []


@pytest.mark.parametrize(
    "changed",
    [
        {f"argument_{number}": number for number in range(10_000)},
        {"labels": [{"key": "team", **{f"field_{number}": number for number in range(10_000)}}]},
        {"labels": [{"key": "team", "x" * 10_000: 1}]},
    ],
    ids=["unknown arguments", "unknown fields", "a long name"],
)
async def test_bad_input_of_any_size_gets_a_short_answer(desk: Desk, changed: dict[str, Any]) -> None:
    assert len(await refused(desk, **changed)) < 2_000


def test_region_workspace_and_name_have_no_default() -> None:
    (tool,) = [each for each in tools_for(Settings(toolsets=("all",))) if each.name == "create_instance"]
    assert set(tool.parameters["required"]) == {"region_id", "workspace_id", "instance_name"}
