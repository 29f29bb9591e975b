"""The credential chain: asked once for all, in a thread, pinned to one identity, and refused where it is not safe."""

import asyncio
import json
from typing import Any

import pytest
from alibabacloud_credentials.provider import URLCredentialsProvider
from alibabacloud_credentials.utils import auth_util

from pai_dsw_mcp.cloud import credentials
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.writes import STOP_INSTANCE
from tests.cloud.loopback import Loopback, Received, dsw, hang, http, raw, reply
from tests.cloud.machine import Machine, ak_profile
from tests.support.writes import send

pytestmark = pytest.mark.anyio
REGION = "cn-hangzhou"
INSTANCE_ID = "dsw-12345678"
GOOD = dsw({"InstanceId": INSTANCE_ID, "InstanceName": "x", "Status": "Stopped"})
TEMPORARY = {
    "Code": "Success",
    "AccessKeyId": "TESTtemporary",
    "AccessKeySecret": "TESTsecret",
    "SecurityToken": "TESTtoken",
    "Expiration": "2099-01-01T00:00:00Z",
}


async def failing(cloud: Cloud) -> CloudError:
    with pytest.raises(CloudError) as caught:
        await cloud.get_instance(REGION, INSTANCE_ID)
    assert caught.value.outcome == "none"
    return caught.value


async def test_keys_of_the_environment_sign_and_temporary_ones_send_their_token(machine: Machine) -> None:
    machine.environment(access_key_id="TESTenv", access_key_secret="TESTsecret", security_token="TESTtoken")
    async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
        await cloud.get_instance(REGION, INSTANCE_ID)
        identity = await cloud.identity()
    headers = server.received[0].headers
    assert headers["x-acs-security-token"] == "TESTtoken"
    assert headers["x-acs-accesskey-id"] == "TESTenv"
    assert headers["x-acs-credentials-provider"] == identity.provider == "default/env"
    assert identity.kind == "sts"
    signed = headers["authorization"].split("SignedHeaders=")[1]
    assert "x-acs-security-token" in signed


async def test_a_machine_without_credentials_says_so(machine: Machine) -> None:
    async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
        error = await failing(cloud)
        with pytest.raises(CloudError):
            await cloud.identity()
    assert error.kind is ErrorKind.CREDENTIALS_MISSING
    assert server.connections == 0


async def test_credentials_that_are_set_up_and_fail_are_not_called_missing(machine: Machine) -> None:
    machine.ini("[default\naccess_key_secret = CANARY\n")
    async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
        error = await failing(cloud)
    assert error.kind is ErrorKind.CREDENTIALS_INVALID
    assert "CANARY" not in error.explain() + repr(vars(error))


@pytest.mark.parametrize("empty", ["AccessKeyId", "AccessKeySecret"])
async def test_an_empty_half_of_a_key_is_no_key(empty: str, machine: Machine) -> None:
    async with Loopback(reply({**TEMPORARY, empty: ""})) as giver, Loopback(GOOD) as server:
        machine.environment(credentials_uri=giver.url)
        async with server.cloud(test_access_key=None) as cloud:
            error = await failing(cloud)
    assert error.sentence.key == "credentials_unusable"
    assert server.connections == 0


async def test_one_resolution_serves_all_who_wait_and_the_loop_stays_free(machine: Machine) -> None:
    release = asyncio.Event()

    async def slow(received: Received, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        await reply(TEMPORARY)(received, writer)

    async with Loopback(slow) as giver, Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
        machine.environment(credentials_uri=f"{giver.url}/key")
        async with asyncio.timeout(4):
            callers = [asyncio.ensure_future(cloud.get_instance(REGION, INSTANCE_ID)) for _ in range(20)]
            await giver.arrival.wait()
            callers[0].cancel()
            # The event is only set if the loop that serves the slow reply is not itself waiting for it.
            asyncio.get_running_loop().call_later(0.05, release.set)
            found = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert [getattr(instance, "instance_id", instance) for instance in found[1:]] == [INSTANCE_ID] * 19
    assert len(giver.received) == 1
    assert server.received[0].headers["x-acs-security-token"] == "TESTtoken"


async def test_a_chain_that_hangs_does_not_outlast_the_deadline_and_nothing_was_sent(machine: Machine) -> None:
    release = asyncio.Event()

    async def slow(received: Received, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        await reply({})(received, writer)

    async with Loopback(slow) as giver, Loopback(GOOD) as server:
        machine.environment(credentials_uri=f"{giver.url}/key")
        async with server.cloud(test_access_key=None, read_timeout=0.2) as cloud:
            error = await failing(cloud)
            release.set()
    assert error.kind is ErrorKind.TIMEOUT
    assert server.connections == 0


async def test_keys_are_asked_for_again_after_a_while_and_stay_the_same_identity(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "_FRESH_SECONDS", 0.0)
    renewed = {**TEMPORARY, "AccessKeyId": "TESTrenewed"}
    async with Loopback(reply(TEMPORARY), reply(renewed)) as giver, Loopback(GOOD) as server:
        machine.environment(credentials_uri=f"{giver.url}/key")
        async with server.cloud(test_access_key=None) as cloud:
            first = await cloud.identity()
            (await cloud.sdk()).caller.credentials.renew()
            second = await cloud.identity()
            await cloud.get_instance(REGION, INSTANCE_ID)
    assert first == second
    assert server.received[0].headers["x-acs-accesskey-id"] == "TESTrenewed"


async def test_a_profile_that_is_switched_while_we_run_is_refused(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials, "_FRESH_SECONDS", 0.0)
    machine.profiles(ak_profile("mine", "TESTmine"), ak_profile("yours", "TESTyours"), current="mine")
    async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
        await cloud.get_instance(REGION, INSTANCE_ID)
        machine.profiles(ak_profile("mine", "TESTmine"), ak_profile("yours", "TESTyours"), current="yours")
        error = await failing(cloud)
        assert error.kind is ErrorKind.IDENTITY_CHANGED
        assert (await failing(cloud)).kind is ErrorKind.IDENTITY_CHANGED
        machine.profiles(ak_profile("mine", "TESTmine"), current="mine")
        await cloud.get_instance(REGION, INSTANCE_ID)
    assert len(server.received) == 2


async def test_a_key_that_changes_hands_behind_the_same_source_is_refused(machine: Machine) -> None:
    machine.environment(access_key_id="TESTmine", access_key_secret="TESTsecret")
    async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
        mine = await cloud.identity()
        machine.environment(access_key_id="TESTyours")
        (await cloud.sdk()).caller.credentials.renew()
        error = await failing(cloud)
    assert mine.kind == "access_key"
    assert error.kind is ErrorKind.IDENTITY_CHANGED


async def test_who_a_failure_of_any_class_hits_is_told(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    class UnheardOfError(BaseException):
        pass

    def fail(_provider: URLCredentialsProvider) -> None:
        raise UnheardOfError

    monkeypatch.setattr(URLCredentialsProvider, "get_credentials", fail)
    machine.environment(credentials_uri="http://127.0.0.1:1/")
    async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud, asyncio.timeout(4):
        for _ in range(2):
            found = await asyncio.gather(*(failing(cloud) for _ in range(3)))
            assert {error.sentence.key for error in found} == {"credentials_unusable"}


async def test_nobody_waits_for_credentials_without_a_deadline(machine: Machine) -> None:
    async with Loopback(hang) as giver, Loopback(GOOD) as server:
        machine.environment(credentials_uri=f"{giver.url}/key")
        options: dict[str, Any] = {"test_access_key": None, "read_timeout": 0.2, "write_timeout": 0.2}
        async with server.cloud(**options) as cloud, asyncio.timeout(4):
            for call in (
                cloud.identity(),
                send(Writer(cloud, operation_id="x"), STOP_INSTANCE, REGION, INSTANCE_ID),
            ):
                with pytest.raises(CloudError) as caught:
                    await call
                assert (caught.value.kind, caught.value.outcome) == (ErrorKind.TIMEOUT, "none")
    assert server.connections == 0


async def test_a_source_that_fails_is_not_replaced_by_the_next(machine: Machine) -> None:
    machine.oidc(machine.home / "no-such-file")
    machine.profiles(ak_profile("default", "TESTother"))
    async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
        assert (await failing(cloud)).sentence.key == "credentials_unusable"
    assert server.connections == 0


async def test_the_metadata_service_is_the_source_where_it_is_switched_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.environment(ecs_metadata_disabled="false")
    asked = json.dumps(TEMPORARY).encode()
    monkeypatch.setattr(auth_util, "environment_ecs_metadata", "role")
    async with (
        Loopback(raw(http(200, b"token")), raw(http(200, asked))) as proxy,
        Loopback(GOOD) as server,
        server.cloud(test_access_key=None) as cloud,
    ):
        await cloud.sdk()
        # Set after the SDKs were loaded, which removes it.
        monkeypatch.setenv("http_proxy", proxy.url)
        identity = await cloud.identity()
    assert identity.provider == "default/ecs_ram_role"
    assert {received.headers["host"] for received in proxy.received} == {"100.100.100.200"}


async def test_an_external_profile_does_not_matter_where_it_is_not_used(machine: Machine) -> None:
    machine.profiles({"name": "default", "mode": "External", "process_command": "false"})
    machine.environment(cli_profile_disabled="true")
    async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
        assert (await failing(cloud)).kind is ErrorKind.CREDENTIALS_MISSING
        machine.environment(access_key_id="TESTenv", access_key_secret="TESTsecret", cli_profile_disabled="false")
        await cloud.get_instance(REGION, INSTANCE_ID)


@pytest.mark.parametrize("missing", ["access_key_id", "access_key_secret"])
async def test_half_a_key_pair_is_not_completed_from_the_environment(missing: str, machine: Machine) -> None:
    machine.profiles({**ak_profile("half", "TESThalf"), missing: ""}, current="half")
    machine.environment(**{missing: "TESTother"})
    async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
        error = await failing(cloud)
    assert error.sentence.key == "credentials_incomplete"
    assert server.connections == 0


async def test_a_temporary_key_of_a_profile_is_known_by_the_profile(machine: Machine) -> None:
    def sts(token: str) -> dict[str, Any]:
        return {**ak_profile("work", f"TEST{token}"), "mode": "StsToken", "sts_token": token}

    identities: list[str] = []
    for token in ("monday", "tuesday"):
        machine.profiles(sts(token), current="work")
        async with Loopback(GOOD) as server, server.cloud(test_access_key=None) as cloud:
            identities.append((await cloud.identity()).principal)
    assert identities[0] == identities[1]


async def test_secrets_that_the_service_echoes_are_blotted_out() -> None:
    echo = reply({"Code": "ValidationError", "Message": "you sent TESTloopback, TESTsecret; sorry"}, 400)
    async with Loopback(echo) as server, server.cloud() as cloud:
        error = await failing(cloud)
    assert "you sent ***, ***; sorry" in error.explain()


async def test_a_cloud_that_was_closed_says_so_and_does_not_hang() -> None:
    async with Loopback(GOOD) as server:
        cloud = server.cloud()
        async with cloud:
            await cloud.sdk()
        with pytest.raises(RuntimeError, match="shutdown"):
            await cloud.identity()
        with pytest.raises(RuntimeError, match="shutdown"):
            await cloud.identity()
