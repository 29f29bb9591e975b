"""Which fields of a reply are read, and how odd ones are."""

import json

import pytest
from pydantic_core import to_json

from pai_dsw_mcp.cloud.replies import GetInstanceReply
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.catalogue import DatasetFilter, ImageFilter
from pai_dsw_mcp.model.instance import InstanceFilter, Label, UserVpc
from tests.cloud.loopback import Answer, Loopback, dsw, reply

pytestmark = pytest.mark.anyio
REGION = "cn-hangzhou"


def row(number: int, **other: object) -> dict[str, object]:
    return {"InstanceId": f"dsw-{number:08}", "InstanceName": f"name_{number}", "Status": "Stopped", **other}


SECRET_FIELDS = {
    "ImageAuth": "CANARY1",
    "EnvironmentVariables": {"DB_PASSWORD": "CANARY2"},
    "CredentialConfig": {"Configs": [{"Roles": [{"UserInfo": {"SecurityToken": "CANARY3"}}]}]},
    "ServiceConfig": {"JupyterServerPassword": "CANARY4", "CodeServerPassword": "CANARY5"},
    "UserCommand": {"OnStart": {"Content": "CANARY6"}},
    "ProxyPath": "CANARY7",
    "InstanceUrl": "https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?token=CANARY8",
    "JupyterlabUrl": "https://evil.example/CANARY9",
    "TerminalUrl": "http://dsw-gateway-cn-hangzhou.aliyun.com/CANARY10",
    "WebIDEUrl": "https://u:CANARY11@dsw-gateway-cn-hangzhou.aliyun.com/",
    "SomethingNew": {"Deep": ["CANARY12"]},
    "Token": "CANARY13",
    "UserVpc": {"VpcId": "vpc-1", "ForwardInfos": [{"SSHPublicKey": "CANARY14"}], "Ip": "CANARY15"},
    "Datasets": [{"DatasetId": "d-1", "Options": "CANARY16", "Uri": "oss://CANARY17"}],
}


async def test_only_listed_fields_are_read_and_of_the_environment_only_names() -> None:
    full = row(1, **SECRET_FIELDS)
    answers: list[Answer] = [dsw({"Instances": [full], "TotalCount": 1}), dsw(full)]
    async with Loopback(*answers) as server, server.cloud() as cloud:
        (listed,) = await cloud.list_instances(REGION, InstanceFilter())
        read = await cloud.get_instance(REGION, "dsw-00000001")
    assert listed == read
    assert "CANARY" not in to_json(read).decode()
    assert read.environment_variable_names == ("DB_PASSWORD",)
    assert {read.instance_url, read.jupyterlab_url, read.web_ide_url, read.terminal_url} == {None}


def test_what_is_not_listed_is_not_even_kept_for_a_moment() -> None:
    body = json.dumps(row(1, Success=True, **SECRET_FIELDS))
    read = GetInstanceReply.model_validate_json(body, context={"region_id": REGION})
    assert "CANARY" not in repr(read) + repr(vars(read))


async def test_addresses_are_read_of_one_instance_and_not_of_thousands() -> None:
    address = "https://dsw-cn-hangzhou.data.aliyun.com/notebook.htm?instance=1"
    addresses = dict.fromkeys(("InstanceUrl", "JupyterlabUrl", "WebIDEUrl", "TerminalUrl"), address)
    full = row(1, **addresses)
    answers: list[Answer] = [dsw({"Instances": [full], "TotalCount": 1}), dsw(full)]
    async with Loopback(*answers) as server, server.cloud() as cloud:
        (listed,) = await cloud.list_instances(REGION, InstanceFilter())
        read = await cloud.get_instance(REGION, "dsw-00000001")
    assert {listed.instance_url, listed.jupyterlab_url, listed.web_ide_url, listed.terminal_url} == {None}
    assert {read.instance_url, read.jupyterlab_url, read.web_ide_url, read.terminal_url} == {address}


async def test_an_empty_text_counts_as_none() -> None:
    empty = row(1, Driver="", WorkspaceName="", ImageId="", ReasonCode="", UserVpc={"VpcId": "vpc-1", "VSwitchId": ""})
    async with Loopback(dsw(empty)) as server, server.cloud() as cloud:
        instance = await cloud.get_instance(REGION, "dsw-00000001")
    assert {instance.driver, instance.workspace_name, instance.image_id, instance.reason_code} == {None}
    assert instance.user_vpc == UserVpc(vpc_id="vpc-1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"Driver": 7},
        {"Labels": {}},
        {"Labels": [{"Key": 7}]},
        {"UserVpc": "vpc-1"},
        {"UserVpc": {"VpcId": 7}},
        {"Datasets": [7]},
        {"CloudDisks": "100Gi"},
        {"CloudDisks": [{"SubType": "rootfs", "Capacity": 100}]},
        {"IdleInstanceCuller": {"IdleTimeInMinutes": "30"}},
        {"RequestedResource": {"CPU": 32}},
        {"AcceleratorType": 7},
        {"Status": None},
        {"InstanceUrl": 7},
    ],
    ids=str,
)
async def test_a_field_of_another_type_is_an_error(wrong: dict[str, object]) -> None:
    async with Loopback(dsw(row(1, **wrong))) as server, server.cloud() as cloud:
        with pytest.raises(CloudError) as caught:
            await cloud.get_instance(REGION, "dsw-00000001")
    assert caught.value.kind is ErrorKind.REPLY_INVALID


@pytest.mark.parametrize("variables", ["x", 7, ["x"]])
async def test_variables_that_are_no_object_are_an_error(variables: object) -> None:
    async with Loopback(dsw(row(1, EnvironmentVariables=variables))) as server, server.cloud() as cloud:
        with pytest.raises(CloudError):
            await cloud.get_instance(REGION, "dsw-00000001")


async def test_what_this_version_does_not_know_is_unknown_and_not_an_error() -> None:
    odd = row(
        1,
        EnvironmentVariables=None,
        AcceleratorType="NPU",
        Accessibility="TEAM",
        UserVpc={},
        Datasets=[{"Uri": "oss://x", "MountAccess": "WO"}],
    )
    async with Loopback(dsw({**odd, "Status": "Hibernating"})) as server, server.cloud() as cloud:
        instance = await cloud.get_instance(REGION, "dsw-00000001")
    assert instance.status == "Unknown"
    assert (instance.accelerator_type, instance.accessibility, instance.user_vpc) == (None, None, None)
    assert [(mount.uri, mount.mount_access) for mount in instance.datasets] == [("oss://x", None)]


async def test_timers_and_requested_resources_are_read() -> None:
    full = row(
        1,
        IdleInstanceCuller={"IdleTimeInMinutes": 30},
        InstanceShutdownTimer={"DueTime": "2021-01-12T14:36:01Z"},
        RequestedResource={"CPU": "32", "Memory": "32", "GPU": "4", "GPUType": "v100"},
    )
    async with Loopback(dsw(full)) as server, server.cloud() as cloud:
        instance = await cloud.get_instance(REGION, "dsw-00000001")
    assert (instance.idle_minutes, instance.auto_stop_due_at) == (30, "2021-01-12T14:36:01Z")
    assert (instance.requested_cpu, instance.requested_gpu_type) == ("32", "v100")


async def test_options_of_a_dataset_that_make_no_sense_are_left_out() -> None:
    rows = [
        {"DatasetId": f"d-{number}", "Name": "x", "Options": options}
        for number, options in enumerate(['{"mountPath": "/mnt/x"}', "{", "", None, '{"mountPath": 7}', "[]"])
    ]
    async with Loopback(reply({"Datasets": rows, "TotalCount": len(rows)})) as server, server.cloud() as cloud:
        datasets = await cloud.list_datasets(REGION, DatasetFilter(workspace_id="40001"))
    assert [dataset.default_mount_path for dataset in datasets] == ["/mnt/x", None, None, None, None, None]


async def test_labels_of_an_image_filter_are_joined_as_the_api_wants_them() -> None:
    wanted = ImageFilter(name="x", labels=(Label(key="a", value="1"), Label(key="b", value="2")))
    async with Loopback(reply({"Images": [], "TotalCount": 0})) as server, server.cloud() as cloud:
        assert await cloud.list_images(REGION, wanted) == ()
    assert server.received[0].query["Labels"] == "a=1,b=2"
