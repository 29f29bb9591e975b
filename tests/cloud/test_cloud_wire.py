"""On the wire, our requests are those of the official client, but for the user agent."""

import re

import pytest
from alibabacloud_pai_dsw20220101.client import Client
from alibabacloud_pai_dsw20220101.models import (
    GetInstanceRequest,
    ListInstancesRequest,
    StopInstanceRequest,
    UpdateInstanceRequest,
)
from alibabacloud_tea_openapi.utils_models import Config

from pai_dsw_mcp.cloud.calls import RUNTIME
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.instance import InstanceChanges, InstanceFilter, Label
from pai_dsw_mcp.model.writes import STOP_INSTANCE, UPDATE_INSTANCE, Request
from tests.cloud.loopback import TEST_KEY, Loopback, Received, dsw
from tests.support.writes import send

pytestmark = pytest.mark.anyio
REGION = "cn-hangzhou"
INSTANCE_ID = "dsw-12345678"


def shape(received: Received) -> tuple[object, ...]:
    """What the signature covers, without what differs from one request to the next."""
    signed = re.search(r"SignedHeaders=([^,]*)", received.headers["authorization"])
    assert signed is not None
    names = signed[1].split(";")
    changing = {"host", "user-agent", "x-acs-date", "x-acs-signature-nonce"}
    steady = {name: received.headers[name] for name in names if name not in changing}
    return received.method, received.path, received.query, names, steady, received.body


def official(server: Loopback) -> Client:
    return Client(
        Config(
            endpoint=server.url.removeprefix("http://"),
            protocol="HTTP",
            region_id=REGION,
            access_key_id=TEST_KEY[0],
            access_key_secret=TEST_KEY[1],
        )
    )


async def both(server: Loopback, cloud: Cloud, name: str) -> None:
    client = official(server)
    match name:
        case "get":
            await client.get_instance_with_options_async(INSTANCE_ID, GetInstanceRequest(), {}, RUNTIME)
            await cloud.get_instance(REGION, INSTANCE_ID)
        case "list":
            request = ListInstancesRequest(
                instance_name="a b+c/d?e=f&g*'\"()!~\u4e2d",
                labels={"k 1": "v/\u4e2d"},
                workspace_id="ALL",
                resource_id="ALL",
                sort_by="GmtModifiedTime",
                order="DESC",
                page_number=1,
                page_size=100,
            )
            await client.list_instances_with_options_async(request, {}, RUNTIME)
            labels = (Label(key="k 1", value="v/\u4e2d"),)
            wanted = InstanceFilter(instance_name="a b+c/d?e=f&g*'\"()!~\u4e2d", labels=labels)
            await cloud.list_instances(REGION, wanted)
        case "stop":
            await client.stop_instance_with_options_async(INSTANCE_ID, StopInstanceRequest(), {}, RUNTIME)
            await send(Writer(cloud, operation_id="x"), STOP_INSTANCE, REGION, INSTANCE_ID)
        case _:
            update = UpdateInstanceRequest(instance_name="\u4e2d", accessibility="PUBLIC")
            await client.update_instance_with_options_async(INSTANCE_ID, update, {}, RUNTIME)
            changes = InstanceChanges(instance_name="\u4e2d", accessibility="PUBLIC")
            await send(Writer(cloud, operation_id="x"), UPDATE_INSTANCE, REGION, INSTANCE_ID, changes)


@pytest.mark.parametrize("name", ["get", "list", "stop", "update"])
async def test_a_request_is_the_one_that_the_official_client_sends(name: str) -> None:
    found: dict[str, object] = {"InstanceId": INSTANCE_ID, "InstanceName": "x", "Status": "Stopped"}
    found |= {"Instances": [], "TotalCount": 0}
    async with Loopback(dsw(found)) as server, server.cloud() as cloud:
        await both(server, cloud, name)
    theirs, ours = server.received
    assert shape(theirs) == shape(ours)
    added = "AlibabaCloud-Agent-Skills/alibabacloud-pai-dsw-manage pai-dsw-mcp/"
    assert ours.headers["user-agent"].startswith(f"{theirs.headers['user-agent']} {added}")
    assert ours.headers["host"] == "pai-dsw.cn-hangzhou.aliyuncs.com"


async def test_headers_go_out_once_each_and_there_are_no_cookies() -> None:
    found = {"InstanceId": INSTANCE_ID, "InstanceName": "x", "Status": "Stopped"}
    async with Loopback(dsw(found)) as server, server.cloud() as cloud:
        await cloud.get_instance(REGION, INSTANCE_ID)
        await cloud.get_instance(REGION, INSTANCE_ID)
    names = [name.lower() for name in server.received[1].names]
    assert sorted(names) == sorted(set(names))
    assert "cookie" not in names
    assert server.connections == 1


@pytest.mark.anyio
async def test_a_request_that_is_no_part_of_the_change_is_not_sent() -> None:
    async with Loopback(dsw({"InstanceId": INSTANCE_ID})) as server, server.cloud() as cloud:
        foreign = (Request(UPDATE_INSTANCE.requests[0], ids={"instance_id": INSTANCE_ID}),)
        with pytest.raises(CloudError) as caught:
            await Writer(cloud, operation_id="x").send(STOP_INSTANCE, REGION, INSTANCE_ID, foreign)
    assert (caught.value.kind, server.received) == (ErrorKind.REFUSED, [])
