"""Where requests go: the official host of a listed region, an emulator on this machine, and nowhere else."""

import asyncio
from typing import get_args

import pytest
from alibabacloud_credentials.utils import auth_util
from alibabacloud_pai_dsw20220101.models import GetInstanceRequest

from pai_dsw_mcp.cloud.calls import RUNTIME, DswCall
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.endpoints import Service, host_of, hosts_of
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.paistudio import GetQuotaReply, QuotaCall, models
from pai_dsw_mcp.cloud.replies import GetInstanceReply
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError, ErrorKind, InputError, RefusedError
from pai_dsw_mcp.model.instance import InstanceFilter
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.writes import START_INSTANCE, STOP_INSTANCE
from tests.cloud.loopback import Loopback, dsw, reply
from tests.support.writes import send

pytestmark = pytest.mark.anyio


HOSTILE_REGIONS = [
    *(f"evil.example{tail}" for tail in ("", "/", "#", "?", ":443", ".", "\\", "%2f", "\t", "\n", "@x")),
    *(f"cn-hangzhou{tail}" for tail in ("/", "#", "?x", ".evil.example", "\t", " ", "\0", "%00", "@evil.example")),
    *("", ".", "..", "cn-hangzhou,cn-beijing", "CN-HANGZHOU", "cn-hangzhou\u200b", "\uff43n-hangzhou", "cn_hangzhou"),
]


@pytest.mark.parametrize("region_id", HOSTILE_REGIONS)
async def test_a_region_that_is_not_listed_reaches_nobody(region_id: str) -> None:
    async with Loopback(dsw({"Instances": [], "TotalCount": 0})) as server, server.cloud() as cloud:
        for call in (
            cloud.list_instances(region_id, InstanceFilter()),
            cloud.list_workspaces(region_id),
            send(Writer(cloud, operation_id="x"), START_INSTANCE, region_id, "dsw-12345678"),
        ):
            with pytest.raises(InputError) as caught:
                await call
            assert caught.value.sentence.key == "region_unknown"
    assert server.connections == 0


async def _misled(cloud: Cloud, host: str) -> DswCall[GetInstanceReply]:
    client = DswCall((await cloud.sdk()).caller, "cn-hangzhou", GetInstanceReply)
    client._endpoint = host  # pyright: ignore[reportPrivateUsage]
    return client


@pytest.mark.parametrize("host", ["pai-dsw.evil.example", "pai-dsw.cn-hangzhou.aliyuncs.com.evil.example", "evil"])
async def test_even_a_client_with_another_endpoint_sends_to_official_hosts_only(host: str) -> None:
    """The second lock: whatever the generated client believes its endpoint to be, the last step compares."""
    async with Loopback(dsw({})) as server, server.cloud() as cloud:
        client = await _misled(cloud, host)
        with pytest.raises(CloudError) as caught:
            await client.get_instance_with_options_async("dsw-12345678", GetInstanceRequest(), {}, RUNTIME)
    assert caught.value.kind is ErrorKind.ENDPOINT_REFUSED
    assert server.connections == 0


async def test_a_product_is_not_asked_at_the_host_of_the_other() -> None:
    async with Loopback(dsw({})) as server, server.cloud() as cloud:
        client = await _misled(cloud, host_of("aiworkspace", "cn-hangzhou", "public"))
        with pytest.raises(CloudError) as caught:
            await client.get_instance_with_options_async("dsw-12345678", GetInstanceRequest(), {}, RUNTIME)
    assert caught.value.kind is ErrorKind.ENDPOINT_REFUSED
    assert server.connections == 0


async def test_a_host_whose_name_only_begins_like_that_of_the_product_is_not_asked() -> None:
    async with Loopback(dsw({})) as server, server.cloud() as cloud:
        call = QuotaCall((await cloud.sdk()).caller, "cn-hangzhou", GetQuotaReply)
        call._endpoint = host_of("pai-dsw", "cn-hangzhou", "public")  # pyright: ignore[reportPrivateUsage]
        with pytest.raises(CloudError) as caught:
            await call.get_quota_with_options_async("quota40001", models.GetQuotaRequest(), {}, RUNTIME)
    assert caught.value.kind is ErrorKind.ENDPOINT_REFUSED
    assert server.connections == 0


def test_hosts_follow_product_region_and_network() -> None:
    assert host_of("pai-dsw", "cn-shanghai", "public") == "pai-dsw.cn-shanghai.aliyuncs.com"
    assert host_of("pai-dsw", "cn-shanghai", "vpc") == "pai-dsw-vpc.cn-shanghai.aliyuncs.com"
    # The SDK's own map gives a tab and a host inside a VPC for these two.
    assert host_of("aiworkspace", "cn-guangzhou", "public") == "aiworkspace.cn-guangzhou.aliyuncs.com"
    assert host_of("aiworkspace", "ap-southeast-5", "public") == "aiworkspace.ap-southeast-5.aliyuncs.com"
    # The SDK's map names an old host of PaiStudio in cn-hangzhou.
    assert host_of("pai", "cn-hangzhou", "vpc") == "pai-vpc.cn-hangzhou.aliyuncs.com"
    hosts = {host for service in get_args(Service) for host in hosts_of(service)}
    assert len(hosts) == len(REGIONS) * 4 * 2


async def test_the_real_host_is_named_and_signed_while_an_emulator_is_connected_to() -> None:
    async with Loopback(dsw({"Instances": [], "TotalCount": 0})) as server, server.cloud(network="vpc") as cloud:
        await cloud.list_instances("eu-central-1", InstanceFilter())
    (received,) = server.received
    assert received.headers["host"] == "pai-dsw-vpc.eu-central-1.aliyuncs.com"
    assert "SignedHeaders=accept;host;user-agent" in received.headers["authorization"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://evil.example:80",
        "https://127.0.0.1:8080",
        "http://127.0.0.1",
        "http://user@127.0.0.1:80",
        "http://127.0.0.1:80/path",
        "http://127.0.0.1:80?x=1",
        "http://127.0.0.1:99999",
        "http://192.168.0.1:80",
        "http://0.0.0.0:80",
        "http://127.0.0.1.evil.example:80",
        "127.0.0.1:80",
        "",
    ],
)
def test_an_endpoint_is_an_address_of_this_machine_or_refused(endpoint: str) -> None:
    with pytest.raises(RefusedError) as caught:
        CloudOptions(endpoint=endpoint)
    assert caught.value.kind is ErrorKind.ENDPOINT_REFUSED


def test_loopback_addresses_are_accepted() -> None:
    assert CloudOptions(endpoint="http://127.0.0.1:8080/").endpoint
    assert CloudOptions(endpoint="http://[::1]:8080").endpoint


async def test_a_key_that_is_not_for_tests_is_never_shown_to_an_emulator() -> None:
    async with Loopback(dsw({})) as server, server.cloud(test_access_key=("LTAIreal", "secret")) as cloud:
        with pytest.raises(CloudError) as caught:
            await cloud.get_instance("cn-hangzhou", "dsw-12345678")
    assert caught.value.kind is ErrorKind.ENDPOINT_REFUSED
    assert "TEST" in caught.value.explain()
    assert server.connections == 0


def test_a_test_key_is_not_taken_without_an_emulator() -> None:
    with pytest.raises(RefusedError):
        CloudOptions(test_access_key=("TESTkey", "secret"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("write", [False, True])
async def test_redirects_are_not_followed(status: int, *, write: bool) -> None:
    async with Loopback(dsw({"InstanceId": "dsw-evil1234"})) as evil:
        async with (
            Loopback(reply({}, status, location=f"{evil.url}/api/v2/instances")) as server,
            server.cloud() as cloud,
        ):
            writing = send(Writer(cloud, operation_id="x"), STOP_INSTANCE, "cn-hangzhou", "dsw-12345678")
            reading = cloud.get_instance("cn-hangzhou", "dsw-12345678")
            call, other = (writing, reading) if write else (reading, writing)
            other.close()
            with pytest.raises(CloudError) as caught:
                await call
        assert evil.connections == 0
    assert len(server.received) == 1
    assert caught.value.kind is ErrorKind.REDIRECTED
    assert caught.value.outcome == ("unknown" if write else "none")


@pytest.mark.parametrize("status", [300, 302, 308, 399])
async def test_a_redirect_that_carries_a_valid_reply_is_no_success(status: int) -> None:
    forged = {"InstanceId": "dsw-12345678", "InstanceName": "x", "Status": "Stopped", "Success": True}
    async with Loopback(reply(forged, status)) as server, server.cloud() as cloud:
        with pytest.raises(CloudError) as caught:
            await cloud.get_instance("cn-hangzhou", "dsw-12345678")
        with pytest.raises(CloudError) as written:
            await send(Writer(cloud, operation_id="x"), STOP_INSTANCE, "cn-hangzhou", "dsw-12345678")
    assert caught.value.kind is written.value.kind is ErrorKind.REDIRECTED
    assert written.value.outcome == "unknown"


@pytest.mark.parametrize(("answer", "sent"), [(b"200 OK", b"\x16\x03\x01"), (b"403 Forbidden", b"")])
async def test_the_cloud_itself_is_asked_over_tls_through_the_proxy_of_the_machine(
    answer: bytes, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 " + answer + b"\r\n\r\n")
        seen.append(await reader.read(3))
        writer.close()
        if len(seen) == 4:
            done.set()

    done = asyncio.Event()
    listening = await asyncio.start_server(proxy, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    monkeypatch.setattr(auth_util, "environment_access_key_id", "LTAIsomebody")
    monkeypatch.setattr(auth_util, "environment_access_key_secret", "secret")
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("no_proxy", ".cn-beijing.aliyuncs.com")
    async with Cloud(CloudOptions(connect_timeout=1)) as cloud:
        if sent:
            cloud.warm()
        for _ in range(2):
            with pytest.raises(CloudError) as caught:
                await send(Writer(cloud, operation_id="x"), START_INSTANCE, "cn-hangzhou", "dsw-12345678")
            assert (caught.value.kind, caught.value.outcome) == (ErrorKind.UNREACHABLE, "none")
        transport = (await cloud.sdk()).caller.transport
        assert transport._proxy_for("pai-dsw.cn-beijing.aliyuncs.com") is None  # pyright: ignore[reportPrivateUsage]
        await done.wait()
    listening.close()
    assert seen[0].startswith(b"CONNECT pai-dsw.cn-hangzhou.aliyuncs.com:443 ")
    assert [seen[1], seen[3]] == [sent, sent]
    assert b"LTAIsomebody" not in b"".join(seen)
