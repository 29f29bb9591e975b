"""Whose credentials these are: asked at the pinned host of STS, once, and unknown without harm."""

import pytest

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.identity import CallerIdentity
from pai_emulator.policy import ACCOUNT_ID, USER_IDS
from pai_emulator.serve import Emulator
from tests.cloud.conftest import CloudAs
from tests.cloud.loopback import Loopback, reply

pytestmark = pytest.mark.anyio
REGION = "cn-hangzhou"


async def test_account_and_user_are_asked_for_once(cloud: Cloud, emulator: Emulator) -> None:
    first = await cloud.caller_identity(REGION)
    assert first == CallerIdentity(account_id=ACCOUNT_ID, identity_type="RAMUser", user_id=USER_IDS["admin"])
    assert await cloud.caller_identity("cn-beijing", retry=True) is first
    (entry,) = emulator.journal.entries
    assert (entry.operation, entry.region_id, entry.write) == ("GetCallerIdentity", REGION, False)


async def test_a_server_that_only_reads_may_ask_too(cloud_as: CloudAs) -> None:
    async with cloud_as("viewer", read_only=True) as cloud:
        assert isinstance(await cloud.caller_identity(REGION), CallerIdentity)


@pytest.mark.parametrize(
    ("network", "host"), [("public", "sts.cn-hangzhou.aliyuncs.com"), ("vpc", "sts-vpc.cn-hangzhou.aliyuncs.com")]
)
async def test_the_host_is_the_one_of_the_region_and_network(network: str, host: str) -> None:
    account = reply({"AccountId": "1", "IdentityType": "Account"})
    async with Loopback(account) as server, server.cloud(network=network) as cloud:
        assert await cloud.caller_identity(REGION) == CallerIdentity(account_id="1", identity_type="Account")
    assert server.received[0].headers["host"] == host


async def test_a_failure_is_a_reason_and_is_not_asked_about_again_until_somebody_wants_to(emulator: Emulator) -> None:
    denied = reply({"Code": "Forbidden.RAM", "Message": "no"}, 403)
    async with Loopback(denied, reply({"AccountId": "1"})) as server, server.cloud() as cloud:
        first = await cloud.caller_identity(REGION)
        assert isinstance(first, CloudError)
        assert first.kind is ErrorKind.PERMISSION_DENIED
        assert await cloud.caller_identity(REGION) is first
        assert isinstance(await cloud.caller_identity(REGION, retry=True), CallerIdentity)
    assert len(server.received) == 2
