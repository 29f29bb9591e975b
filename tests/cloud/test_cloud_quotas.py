"""The reads of resource quotas, against the emulator and against replies that it does not give."""

from typing import Any

import pytest

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.quotas import get_quota, list_queue, list_quotas
from pai_dsw_mcp.errors import CloudError, ErrorKind, InputError
from pai_dsw_mcp.model.instance import UserVpc
from pai_dsw_mcp.model.quota import Amount
from pai_emulator.serve import Emulator
from tests.cloud.conftest import CloudAs
from tests.cloud.loopback import Loopback, reply

pytestmark = pytest.mark.anyio
REGION, QUOTA, LINGJUN = "cn-hangzhou", "quota40001", "quota40001lj"


async def test_quotas_of_every_type_are_listed(cloud: Cloud, emulator: Emulator) -> None:
    quotas = await list_quotas(cloud, REGION)
    assert [(each.quota_id, each.resource_type) for each in quotas] == [(QUOTA, "ECS"), (LINGJUN, "Lingjun")]
    assert {entry.parameters["ResourceType"] for entry in emulator.journal.entries} == {"ECS", "Lingjun", "ACS"}
    assert [each.quota_id for each in await list_quotas(cloud, REGION, "40002")] == [LINGJUN]


async def test_a_quota_comes_with_what_is_free_and_its_network(cloud: Cloud) -> None:
    quota = await get_quota(cloud, REGION, LINGJUN)
    assert quota.total == Amount(cpu=3168, gpu=144, memory=32400)
    assert quota.free == Amount(cpu=268, gpu=11, memory=2400)
    assert quota.user_vpc == UserVpc(
        vpc_id="vpc-training0001",
        v_switch_id="vsw-training0001",
        security_group_id="sg-training0001",
        extended_cidrs=("192.168.0.0/16",),
    )
    assert (quota.workspace_ids, quota.takes_dsw) == (("40001", "40002"), True)


async def test_what_the_system_keeps_is_not_free(cloud: Cloud) -> None:
    quota = await get_quota(cloud, REGION, QUOTA)
    assert (quota.actual.cpu, quota.free.cpu) == (66, 64)


async def test_the_queue_is_read_whole(cloud: Cloud, emulator: Emulator) -> None:
    region = emulator.world.region(REGION)
    assert await list_queue(cloud, REGION, QUOTA) == ()
    for name in ("first", "second"):
        settings: dict[str, Any] = {"InstanceName": name, "WorkspaceId": "40001", "ResourceId": QUOTA, "Priority": 3}
        share = {"RequestedResource": {"CPU": "1", "Memory": "1Gi"}, "ImageUrl": "registry.example.com/mine:v1"}
        instance = emulator.world.add_instance(region, settings | share, emulator.user("admin").user_id)
        instance.set_out(("Queuing", "Failed"), emulator.clock.now(), emulator.world.seeded.fraction)
    queue = await list_queue(cloud, REGION, QUOTA)
    assert [(each.workload_type, each.position, each.priority) for each in queue] == [("dsw", 1, 3), ("dsw", 2, 3)]
    assert queue[0].resource == Amount(cpu=1, gpu=0, memory=1)


async def test_who_may_not_see_a_quota_is_told_that_there_is_none(cloud_as: CloudAs, emulator: Emulator) -> None:
    emulator.world.region(REGION).quotas[LINGJUN]["WorkspaceIds"] = ["40002"]
    async with cloud_as("viewer") as cloud:
        with pytest.raises(CloudError) as caught:
            await get_quota(cloud, REGION, LINGJUN)
    assert caught.value.kind is ErrorKind.NOT_FOUND


@pytest.mark.parametrize("quota_id", ["..", "quota1/../x", "dsw-12345678", "quota", ""])
async def test_what_is_no_id_of_a_quota_is_not_sent(cloud: Cloud, emulator: Emulator, quota_id: str) -> None:
    for call in (get_quota(cloud, REGION, quota_id), list_queue(cloud, REGION, quota_id)):
        with pytest.raises(InputError):
            await call
    assert emulator.journal.entries == []


def quota(**fields: Any) -> dict[str, Any]:
    return {"QuotaId": QUOTA, "QuotaName": "research", **fields}


async def read(body: dict[str, Any]) -> Any:
    async with Loopback(reply(body)) as server, server.cloud() as cloud:
        return await get_quota(cloud, REGION, QUOTA)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ({"CPU": "1500m", "Memory": "1Ti", "GPU": "0.5"}, Amount(cpu=1.5, memory=1024, gpu=0.5)),
        ({"CPU": "4", "Memory": "2048Mi", "GPU": "1"}, Amount(cpu=4, memory=2, gpu=1)),
        ({"CPU": "4", "Memory": "16GB"}, Amount(cpu=4, memory=16)),
        # In bytes, or in GiB: nobody says.
        ({"CPU": "4", "Memory": "2048"}, Amount(cpu=4)),
        ({"CPU": "", "Memory": "many", "GPU": 1}, Amount()),
        ({}, Amount()),
    ],
)
async def test_an_amount_is_read_by_its_unit_or_not_at_all(written: dict[str, Any], amount: Amount) -> None:
    assert (await read(quota(QuotaDetails={"ActualMinQuota": written}))).total == amount


async def test_a_quota_that_says_little_is_read(cloud: Cloud) -> None:
    read_quota = await read(quota(Workspaces=None, SubQuotas=None, QuotaConfig={"UserVpc": {"VpcId": ""}}))
    assert (read_quota.user_vpc, read_quota.workspace_ids, read_quota.free) == (None, (), Amount())
    assert read_quota.takes_dsw


@pytest.mark.parametrize(
    "body",
    [
        {"QuotaId": "quota9", "QuotaName": "another"},
        {"QuotaName": "without an id"},
        quota(Workspaces="40001"),
        quota(Workspaces=["40001", {"WorkspaceName": "without an id"}]),
    ],
)
async def test_a_damaged_reply_is_an_error(body: dict[str, Any]) -> None:
    with pytest.raises(CloudError) as caught:
        await read(body)
    assert caught.value.kind is ErrorKind.REPLY_INVALID
