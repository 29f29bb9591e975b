"""Where credentials are fetched from: official hosts, the address that was named for it, and nowhere else."""

import asyncio
import re
from typing import Any

import pytest
from alibabacloud_credentials.provider import RamRoleArnCredentialsProvider, StaticAKCredentialsProvider
from Tea.exceptions import RetryError

from pai_dsw_mcp.errors import CloudError, ErrorKind
from tests.cloud.loopback import Loopback, dsw, reply
from tests.cloud.machine import Machine, ak_profile

pytestmark = pytest.mark.anyio


def _role(**members: str) -> dict[str, Any]:
    return {**ak_profile("work", "TESTwork"), "mode": "RamRoleArn", "ram_role_arn": "acs:x", **members}


@pytest.mark.parametrize(
    "region_id", ["x@127.0.0.1:{port}/", "evil.example/", "cn-hangzhou.evil.example#", "cn-hangzhou "]
)
@pytest.mark.parametrize("way", ["RamRoleArn", "ChainableRamRoleArn", "OIDC", "environment", "environment OIDC"])
async def test_no_region_of_the_token_service_leads_credentials_elsewhere(
    way: str, region_id: str, machine: Machine
) -> None:
    async with Loopback(reply({})) as thief, Loopback(dsw({})) as server:
        region_id = region_id.format(port=thief.url.rsplit(":", 1)[1])
        token = machine.home / "jwt"
        token.write_text("CANARY")
        if way == "RamRoleArn":
            machine.profiles(_role(sts_region=region_id), current="work")
        elif way == "ChainableRamRoleArn":
            chained = _role(name="role", mode=way, source_profile="key", sts_region=region_id)
            machine.profiles(ak_profile("key", "TESTkey"), chained, current="role")
        elif way == "OIDC":
            oidc = _role(mode="OIDC", oidc_provider_arn="acs:y", oidc_token_file=str(token), sts_region=region_id)
            machine.profiles(oidc, current="work")
        else:
            machine.environment(sts_region=region_id)
            if way == "environment":
                machine.profiles(_role(), current="work")
            else:
                machine.oidc(token)
        async with server.cloud(test_access_key=None) as cloud:
            with pytest.raises(CloudError) as caught:
                await cloud.get_instance("cn-hangzhou", "dsw-12345678")
    assert caught.value.kind is ErrorKind.CREDENTIALS_INVALID
    assert re.search("sts_region|STS_REGION", caught.value.explain())
    assert thief.connections == server.connections == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/login",
        "https://signin-cn-shanghai.alibabacloudsso.com@127.0.0.1:{port}/login",
        "https://signin-x@127.0.0.1:{port}/.alibabacloudsso.com/",
    ],
)
async def test_no_address_of_a_sign_in_leads_its_token_elsewhere(url: str, machine: Machine) -> None:
    async with Loopback(reply({})) as thief, Loopback(dsw({})) as server:
        url = url.format(port=thief.url.rsplit(":", 1)[1])
        sso = {"cloud_sso_sign_in_url": url, "cloud_sso_account_id": "1", "cloud_sso_access_config": "x"}
        expiry: dict[str, Any] = {"access_token": "CANARY", "cloud_sso_access_token_expire": 4_000_000_000}
        machine.profiles({"name": "work", "mode": "CloudSSO", **sso, **expiry}, current="work")
        async with server.cloud(test_access_key=None) as cloud:
            with pytest.raises(CloudError) as caught:
                await cloud.get_instance("cn-hangzhou", "dsw-12345678")
    assert "cloud_sso_sign_in_url" in caught.value.explain()
    assert thief.connections == 0


async def test_even_a_provider_with_another_host_sends_nothing_there(machine: Machine) -> None:
    """The second lock: whatever address a vendor's provider makes up, its last step compares."""
    async with Loopback(reply({})) as thief:
        host = f"x@127.0.0.1:{thief.url.rsplit(':', 1)[1]}/"
        source = StaticAKCredentialsProvider(access_key_id="LTAIcanary", access_key_secret="CANARY")
        provider = RamRoleArnCredentialsProvider(credentials_provider=source, role_arn="acs:x", sts_endpoint=host)
        with pytest.raises(RetryError, match="not fetched"):
            await asyncio.to_thread(provider.get_credentials)
    assert thief.connections == 0


async def test_the_address_of_credentials_that_was_named_may_not_send_on_to_another(machine: Machine) -> None:
    async with (
        Loopback(reply({})) as other,
        Loopback(reply({}, 302, location=f"{other.url}/key")) as named,
        Loopback(dsw({})) as server,
    ):
        machine.environment(credentials_uri=f"{named.url}/key")
        async with server.cloud(test_access_key=None) as cloud:
            with pytest.raises(CloudError):
                await cloud.get_instance("cn-hangzhou", "dsw-12345678")
    assert (len(named.received), other.connections) == (1, 0)


@pytest.mark.parametrize(
    ("profile", "asked"),
    [
        (_role(), b"sts.aliyuncs.com:443"),
        (_role(sts_region="cn-beijing"), b"sts.cn-beijing.aliyuncs.com:443"),
        ({**_role(sts_region="cn-beijing"), "enable_vpc": True}, b"sts-vpc.cn-beijing.aliyuncs.com:443"),
        ({"name": "work", "mode": "OAuth", "oauth_access_token": "x"}, b"oauth.aliyun.com:443"),
        (
            {"name": "work", "mode": "OAuth", "oauth_access_token": "x", "oauth_site_type": "INTL"},
            b"oauth.alibabacloud.com:443",
        ),
        (
            {
                "name": "work",
                "mode": "CloudSSO",
                "access_token": "x",
                "cloud_sso_access_token_expire": 4_000_000_000,
                "cloud_sso_sign_in_url": "https://signin-cn-shanghai.alibabacloudsso.com/start/login",
                "cloud_sso_account_id": "1",
                "cloud_sso_access_config": "x",
            },
            b"signin-cn-shanghai.alibabacloudsso.com:443",
        ),
    ],
    ids=["central", "region", "vpc", "OAuth", "OAuth INTL", "CloudSSO"],
)
async def test_credentials_are_asked_for_at_the_official_hosts(
    profile: dict[str, Any], asked: bytes, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Loopback(reply({}, 403)) as proxy, Loopback(dsw({})) as server:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        machine.profiles(profile, current="work")
        async with server.cloud(test_access_key=None) as cloud:
            with pytest.raises(CloudError) as caught:
                await cloud.get_instance("cn-hangzhou", "dsw-12345678")
    assert caught.value.sentence.key == "credentials_unusable"
    assert {(received.method, received.target.encode()) for received in proxy.received} == {("CONNECT", asked)}
