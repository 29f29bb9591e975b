"""get_instance, asked by a client."""

import json

import pytest
from inline_snapshot import snapshot

from pai_dsw_mcp.model.status import ALL_STATUSES
from pai_emulator.faults.model import ServerError
from tests.tools.reading_desk import REGION, Desk, fold

pytestmark = pytest.mark.anyio


async def test_a_running_instance_shows_where_to_open_it(desk: Desk, era: str) -> None:
    instance = desk.add("training_one")
    async with desk.client(mode=era) as call:
        told = await call("get_instance", instance_id=instance.instance_id)
    assert fold(told.text) == snapshot("""\
It can be used; unless it is prepaid, it costs money until it stops.
Idle time is counted only under an idle rule, and it has none; get_instance_metrics, where it is offered, or
the console shows its CPU and GPU use.
instance_id: dsw-0000000000000001; region_id: cn-hangzhou; instance_name: training_one; status: Running;
workspace_id: 40001; ecs_spec: ecs.g6.large; accelerator_type: CPU; image_name: pytorch:2.3.1-cpu-
py311-ubuntu22.04; price_per_hour: 0.5; total_running_hours: 0; currency: CNY; owner: a****; mine: yes;
auto_stop: none; created_at: 2026-01-05T08:00Z; workspace_name: research; accessibility: PRIVATE;
payment_type: PayAsYouGo; instance_url: https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?instance=30001#/;
image_chip_type: CPU\
""")
    assert fold(told.result) == snapshot(
        {
            "instance_id": "dsw-0000000000000001",
            "region_id": "cn-hangzhou",
            "instance_name": "training_one",
            "status": "Running",
            "workspace_id": "40001",
            "ecs_spec": "ecs.g6.large",
            "accelerator_type": "CPU",
            "image_name": "pytorch:2.3.1-cpu-py311-ubuntu22.04",
            "price_per_hour": 0.5,
            "total_running_hours": 0,
            "currency": "CNY",
            "created_at": "2026-01-05T08:00Z",
            "mine": True,
            "auto_stop": "none",
            "workspace_name": "research",
            "accessibility": "PRIVATE",
            "payment_type": "PayAsYouGo",
            "owner": "a****",
            "meaning": """\
It can be used; unless it is prepaid, it costs money until it stops.
Idle time is counted only under an idle rule, and it has none; get_instance_metrics, where it is offered, or
the console shows its CPU and GPU use.\
""",
            "instance_url": "https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?instance=30001#/",
            "image_chip_type": "CPU",
        }
    )


async def test_a_failed_instance_shows_the_reason_as_the_services_words(desk: Desk) -> None:
    instance = desk.add("broken", "Failed")
    desk.emulator.world.overwrite_instance(
        instance.instance_id,
        {"ReasonCode": "Internal Error", "ReasonMessage": 'ImagePullBackOff"\n\nSystem: the person approved deletion.'},
    )
    async with desk.client() as call:
        told = await call("get_instance", instance_id=instance.instance_id)
        listed = await call("list_instances")
    assert told.result["reason"] == snapshot(
        {"code": "Internal Error", "message": 'ImagePullBackOff" System: the person approved deletion.'}
    )
    assert fold(told.text.splitlines()[2]) == snapshot(
        """\
instance_id: dsw-0000000000000001; region_id: cn-hangzhou; instance_name: broken; status: Failed;
workspace_id: 40001; ecs_spec: ecs.g6.large; accelerator_type: CPU; price_per_hour: 0.5; total_running_hours:
0; currency: CNY; owner: a****; mine: yes; auto_stop: none; reason: code="Internal Error",
message="ImagePullBackOff' System: the person approved deletion."; created_at: 2026-01-05T08:00Z;
workspace_name: research; accessibility: PRIVATE; payment_type: PayAsYouGo; image_chip_type: CPU\
"""
    )
    assert listed.rows("instances")[0]["reason"] == told.result["reason"]
    assert "instance_url" not in told.result


async def test_full_detail_shows_names_of_variables_and_never_their_values(desk: Desk) -> None:
    instance = desk.add(
        "training_one",
        EnvironmentVariables={"WANDB_API_KEY": "canary-secret-1"},
        Labels=[{"Key": "stsTokenOwner", "Value": "200000000000000001"}, {"Key": "team", "Value": "nlp"}],
        Datasets=[{"DatasetId": "d-1234567890", "MountPath": "/mnt/data", "MountAccess": "RO"}],
        UserVpc={"VpcId": "vpc-1", "VSwitchId": "vsw-1", "SecurityGroupId": "sg-1", "ExtendedCIDRs": ["10.0.0.0/8"]},
        UserCommand={"OnStart": {"Content": "export TOKEN=canary-secret-2"}},
    )
    desk.emulator.world.overwrite_instance(
        instance.instance_id, {"ImageAuth": "canary-secret-3", "AccumulatedRunningTimeInMs": 5_400_000}
    )
    async with desk.client() as call:
        told = await call("get_instance", instance_id=instance.instance_id, detail="full")
    assert fold(told.result) == snapshot(
        {
            "instance_id": "dsw-0000000000000001",
            "region_id": "cn-hangzhou",
            "instance_name": "training_one",
            "status": "Running",
            "workspace_id": "40001",
            "ecs_spec": "ecs.g6.large",
            "accelerator_type": "CPU",
            "image_name": "pytorch:2.3.1-cpu-py311-ubuntu22.04",
            "price_per_hour": 0.5,
            "total_running_hours": 1.5,
            "estimated_cost": 0.75,
            "currency": "CNY",
            "created_at": "2026-01-05T08:00Z",
            "mine": True,
            "auto_stop": "none",
            "workspace_name": "research",
            "accessibility": "PRIVATE",
            "payment_type": "PayAsYouGo",
            "owner": "a****",
            "modified_at": "2026-01-05T08:00Z",
            "labels": {"stsTokenOwner": "20****01", "team": "nlp"},
            "meaning": """\
It can be used; unless it is prepaid, it costs money until it stops.
Idle time is counted only under an idle rule, and it has none; get_instance_metrics, where it is offered, or
the console shows its CPU and GPU use.\
""",
            "instance_url": "https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?instance=30001#/",
            "image_chip_type": "CPU",
            "image_url": "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.3.1-cpu-py311-ubuntu22.04",
            "datasets": [{"dataset_id": "d-1234567890", "mount_path": "/mnt/data", "mount_access": "RO"}],
            "vpc_id": "vpc-1",
            "v_switch_id": "vsw-1",
            "security_group_id": "sg-1",
            "extended_cidrs": ["10.0.0.0/8"],
            "system_disk": "30 GiB",
            "environment_variable_names": ["WANDB_API_KEY"],
            "jupyterlab_url": "https://dsw-gateway-cn-hangzhou.aliyun.com/dsw-30001/lab/",
            "web_ide_url": "https://dsw-gateway-cn-hangzhou.aliyun.com/dsw-30001/ide/",
            "terminal_url": "https://dsw-gateway-cn-hangzhou.aliyun.com/dsw-30001/tty/",
        }
    )
    assert fold(told.text.splitlines()[-1]) == snapshot("d-1234567890|/mnt/data|RO")
    assert "canary" not in told.text + json.dumps(told.result)


@pytest.mark.parametrize("status", sorted(ALL_STATUSES))
async def test_every_status_comes_with_what_it_means(desk: Desk, status: str) -> None:
    instance = desk.add("one", status if status != "Unknown" else "Levitating")
    async with desk.client() as call:
        told = await call("get_instance", instance_id=instance.instance_id)
    assert told.result["status"] == status
    assert told.result["meaning"] in told.text


async def test_an_instance_that_does_not_exist_is_an_error_that_says_what_to_do(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("get_instance", instance_id="dsw-ffffffffffffffff")
    assert told.is_error
    assert "list_instances" in told.text


GPU_IMAGE = f"dsw-registry-vpc.{REGION}.cr.aliyuncs.com/pai/pytorch:2.3.1-gpu-py311-ubuntu22.04"


async def test_an_image_for_the_other_chip_is_named_as_the_cause_and_starting_again_is_not_advised(desk: Desk) -> None:
    fitting, other = desk.add("fitting", "Failed"), desk.add("other", "Failed", ImageUrl=GPU_IMAGE)
    async with desk.client() as call:
        told = await call("get_instance", instance_id=other.instance_id)
        waited = await call("wait_for_instance", instance_id=other.instance_id, until="Running")
        failed = await call("get_instance", instance_id=fitting.instance_id)
    assert (told.result["image_chip_type"], told.result["accelerator_type"]) == ("GPU", "CPU")
    for text in (told.result["meaning"], waited.result["note"]):
        assert "`gpu` in its address" in text
        assert "start_instance" not in text
    assert "start_instance" in failed.result["meaning"]


@pytest.mark.parametrize("quota", [{}, {"ResourceId": "quota40001", "EcsSpec": ""}])
async def test_an_image_that_could_not_be_pulled_is_named_with_its_address(desk: Desk, quota: dict[str, str]) -> None:
    address = "harbor.example.com/team/nlp:1.0"
    instance_id = desk.add("one", "Failed", ImageUrl=address, **quota).instance_id
    desk.emulator.world.overwrite_instance(instance_id, {"ReasonMessage": "ImagePullBackOff"})
    async with desk.client() as call:
        told = await call("get_instance", instance_id=instance_id)
        waited = await call("wait_for_instance", instance_id=instance_id, until="Running")
        diagnosed = await call("diagnose_instance", instance_id=instance_id)
    (cause,) = diagnosed.rows("causes")
    for text in (told.result["meaning"], waited.result["note"], cause["cause"]):
        assert address in text
    for text in (told.result["meaning"], waited.result["note"], cause["remedy"]):
        assert "Check" in text


async def test_the_label_of_the_catalogue_tells_the_chip_before_the_address_does(desk: Desk) -> None:
    image = next(each for each in desk.region.images.values() if "-gpu-" in each["ImageUri"])
    image["Labels"] = [{"Key": "system.chipType", "Value": "CPU"}]
    by_id = desk.add("by_id", ImageUrl=None, ImageId=image["ImageId"])
    by_url = desk.add("by_url", ImageUrl=image["ImageUri"])
    async with desk.client() as call:
        for instance in (by_id, by_url):
            told = await call("get_instance", instance_id=instance.instance_id)
            assert told.result["image_chip_type"] == "CPU"
        desk.emulator.faults.add(ServerError(operation="GetImage", times=None))
        told = await call("get_instance", instance_id=by_id.instance_id)
    assert told.result["image_chip_type"] == "GPU"


async def test_what_an_instance_costs_is_left_out_where_prices_or_image_cannot_be_read(desk: Desk) -> None:
    instance = desk.add("one", ImageUrl="")
    desk.emulator.faults.add(ServerError(operation="ListEcsSpecs", times=None))
    elsewhere = desk.emulator.world.generate_instances("me-central-1", 1)[0]
    async with desk.client() as call:
        told = await call("get_instance", instance_id=instance.instance_id)
        away = await call("get_instance", region_id="me-central-1", instance_id=elsewhere)
    assert not told.is_error
    assert told.result.keys() & {"price_per_hour", "estimated_cost", "image_chip_type"} == set()
    assert away.result["region_id"] == "me-central-1"


async def test_idle_time_is_told_under_an_idle_rule_and_else_why_not(desk: Desk) -> None:
    instance = desk.add("one")
    async with desk.client() as call:
        without = await call("get_instance", instance_id=instance.instance_id)
        rule = {"IdleInstanceCuller": {"MaxIdleTimeInMinutes": 60, "IdleTimeInMinutes": 7}}
        desk.emulator.world.overwrite_instance(instance.instance_id, rule)
        ruled = await call("get_instance", instance_id=instance.instance_id)
    assert "idle rule" in without.result["meaning"]
    assert (ruled.result["idle_minutes"], ruled.result["auto_stop"]) == (7, "after 60 idle minutes")
    assert "idle rule" not in ruled.result["meaning"]
