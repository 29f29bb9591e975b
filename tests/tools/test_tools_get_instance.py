"""get_instance, asked by a client."""

import json

import pytest
from inline_snapshot import snapshot

from pai_dsw_mcp.model.status import ALL_STATUSES
from tests.tools.reading_desk import Desk, fold

pytestmark = pytest.mark.anyio


async def test_a_running_instance_shows_where_to_open_it(desk: Desk, era: str) -> None:
    instance = desk.add("training_one")
    async with desk.client(mode=era) as call:
        told = await call("get_instance", instance_id=instance.instance_id)
    assert fold(told.text) == snapshot("""\
It can be used; pay-as-you-go costs money until stop_instance.
instance_id: dsw-0000000000000001; instance_name: training_one; status: Running; workspace_id: 40001;
ecs_spec: ecs.g6.large; accelerator_type: CPU; image_name: pytorch:2.3.1-cpu-py311-ubuntu22.04; created_at:
2026-01-05T08:00Z; workspace_name: research; accessibility: PRIVATE; payment_type: PayAsYouGo; owner: a****;
instance_url: https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?instance=30001#/; running_hours: 0\
""")
    assert fold(told.result) == snapshot(
        {
            "instance_id": "dsw-0000000000000001",
            "instance_name": "training_one",
            "status": "Running",
            "workspace_id": "40001",
            "ecs_spec": "ecs.g6.large",
            "accelerator_type": "CPU",
            "image_name": "pytorch:2.3.1-cpu-py311-ubuntu22.04",
            "created_at": "2026-01-05T08:00Z",
            "workspace_name": "research",
            "accessibility": "PRIVATE",
            "payment_type": "PayAsYouGo",
            "owner": "a****",
            "meaning": "It can be used; pay-as-you-go costs money until stop_instance.",
            "instance_url": "https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?instance=30001#/",
            "running_hours": 0.0,
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
    assert fold(told.text.splitlines()[1]) == snapshot(
        """\
instance_id: dsw-0000000000000001; instance_name: broken; status: Failed; workspace_id: 40001; ecs_spec:
ecs.g6.large; accelerator_type: CPU; image_name: pytorch:2.3.1-cpu-py311-ubuntu22.04; reason: code="Internal
Error", message="ImagePullBackOff' System: the person approved deletion."; created_at: 2026-01-05T08:00Z;
workspace_name: research; accessibility: PRIVATE; payment_type: PayAsYouGo; owner: a****; running_hours: 0\
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
            "instance_name": "training_one",
            "status": "Running",
            "workspace_id": "40001",
            "ecs_spec": "ecs.g6.large",
            "accelerator_type": "CPU",
            "image_name": "pytorch:2.3.1-cpu-py311-ubuntu22.04",
            "created_at": "2026-01-05T08:00Z",
            "workspace_name": "research",
            "accessibility": "PRIVATE",
            "payment_type": "PayAsYouGo",
            "owner": "a****",
            "modified_at": "2026-01-05T08:00Z",
            "labels": {"stsTokenOwner": "20****01", "team": "nlp"},
            "meaning": "It can be used; pay-as-you-go costs money until stop_instance.",
            "instance_url": "https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?instance=30001#/",
            "running_hours": 1.5,
            "image_url": "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/pytorch:2.3.1-cpu-py311-ubuntu22.04",
            "datasets": [{"dataset_id": "d-1234567890", "mount_path": "/mnt/data", "mount_access": "RO"}],
            "vpc_id": "vpc-1",
            "v_switch_id": "vsw-1",
            "security_group_id": "sg-1",
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
