"""What check_environment says of credentials, their end, and the clock, by what the service answers."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import pytest

from pai_emulator.policy import USER_IDS
from tests.cloud.loopback import Loopback, reply
from tests.cloud.machine import Machine
from tests.tools.diagnosed import lines

pytestmark = pytest.mark.anyio


@pytest.fixture
def machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path_factory.mktemp("home"), monkeypatch)


def refusing(code: str, status: int = 400, **headers: str) -> Any:
    return reply({"Code": code, "Message": "no", "RequestId": "1"}, status, **headers)


CREDENTIALS: list[tuple[str, str]] = [
    ("InvalidAccessKeyId.NotFound", "does not know this access key"),
    ("InvalidAccessKeyId.Inactive", "disabled"),
    ("SignatureDoesNotMatch", "secret"),
    ("InvalidSecurityToken", "does not belong to this key"),
    ("InvalidSecurityToken.Expired", "fetch a new temporary key"),
]


@pytest.mark.parametrize(("code", "to_do"), CREDENTIALS)
async def test_credentials_that_are_refused_get_words_of_their_own_and_nothing_else_is_asked(
    code: str, to_do: str
) -> None:
    async with Loopback(refusing(code)) as server:
        told = await lines(server.cloud())
    assert told["credentials"].startswith("mend: static_ak: GetCallerIdentity was refused")
    assert to_do in told["credentials"]
    assert [other for _, other in CREDENTIALS if other in told["credentials"].partition(" -> ")[2]] == [to_do]
    for name in ("account", "regions", "activation", "workspaces", "actions"):
        assert told[name].startswith("unknown: not asked")
    assert {received.operation for received in server.received} == {"GetCallerIdentity"}
    assert ("mend" in told["expiry"]) == (code == "InvalidSecurityToken.Expired")


async def test_credentials_that_only_the_product_refuses_are_to_be_mended_too() -> None:
    async with Loopback(reply({"AccountId": "1"}), refusing("InvalidAccessKeyId.NotFound", 404)) as server:
        told = await lines(server.cloud())
    assert "does not know this access key" in told["credentials"]
    assert told["account"] == "ok: account ****, - -"


@pytest.mark.parametrize(("endpoint", "key", "to_do"), [(True, "LTAIreal", "--endpoint"), (False, "TESTkey", "cloud")])
async def test_a_key_in_the_wrong_place_is_never_sent(machine: Machine, endpoint: bool, key: str, to_do: str) -> None:
    machine.environment(access_key_id=key, access_key_secret="TESTsecret")
    async with Loopback(reply({})) as server:
        options = {"endpoint": server.url if endpoint else None, "test_access_key": None}
        told = await lines(server.cloud(**options))
    assert server.connections == 0
    assert told["credentials"].startswith("mend: ")
    assert to_do in told["credentials"].partition(" -> ")[2]
    assert told["expiry"].startswith("unknown: not asked")
    assert "http" in told["target"] if endpoint else "the cloud" in told["target"]


def at(seconds: float) -> str:
    """A date of HTTP, so far from now."""
    return format_datetime(datetime.fromtimestamp(datetime.now(UTC).timestamp() + seconds, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, "ok: "), (-90, "ok: 9"), (420, "mend: 4"), (-420, "mend: 4"), (None, "unknown: ")]
)
async def test_a_clock_that_is_off_is_told_before_the_service_refuses(seconds: float | None, state: str) -> None:
    dated = {} if seconds is None else {"date": at(seconds)}
    async with Loopback(reply({"Code": "Forbidden.RAM", "Message": "no"}, 403, **dated)) as server:
        told = await lines(server.cloud())
    assert told["clock"].startswith(state)
    assert ("NTP" in told["clock"]) == (state.startswith("mend"))


@pytest.mark.parametrize(
    ("dated", "found"), [({"date": "Thu, 01 Jan 1970 00:00:00 GMT"}, " s from"), ({}, "not acceptable")]
)
async def test_a_clock_that_the_service_refuses_leaves_the_credentials_unproven(
    dated: dict[str, str], found: str
) -> None:
    async with Loopback(refusing("InvalidTimeStamp.Expired", 400, **dated)) as server:
        told = await lines(server.cloud())
    assert told["clock"].startswith("mend: ")
    assert "NTP" in told["clock"]
    assert found in told["clock"]
    assert told["credentials"].startswith("unknown: static_ak; no reply")
    assert told["account"].startswith("unknown: not asked")


async def test_without_a_network_the_credentials_are_unproven(machine: Machine) -> None:
    async with Loopback(reply({})) as server:
        cloud = server.cloud(read_timeout=0.2)
    told = await lines(cloud)
    assert told["regions"].startswith("mend: not reached: cn-hangzhou (")
    assert told["credentials"].startswith("unknown: ")
    assert told["account"].startswith("unknown: GetCallerIdentity could not reach")


async def test_of_a_temporary_key_the_end_is_told_where_its_source_says_it(machine: Machine) -> None:
    key = {"Code": "Success", "AccessKeyId": "TESTkey", "AccessKeySecret": "TESTsecret", "SecurityToken": "TESTtoken"}
    ending = reply({**key, "Expiration": "2099-01-01T00:00:00Z"})
    async with Loopback(ending) as giver, Loopback(reply({"AccountId": "1"})) as server:
        machine.environment(credentials_uri=giver.url)
        told = await lines(server.cloud(test_access_key=None))
    assert told["expiry"].startswith("ok: until 2099-01-01T00:00Z, ")
    assert told["credentials"] == "ok: default/credential_uri: a temporary key"
    assert "TESTtoken" not in str(told)


async def test_of_a_temporary_key_without_a_date_the_end_is_unknown(machine: Machine) -> None:
    machine.environment(access_key_id="TESTkey", access_key_secret="TESTsecret", security_token="TESTtoken")
    async with Loopback(reply({"AccountId": "1", "UserId": USER_IDS["admin"]})) as server:
        told = await lines(server.cloud(test_access_key=None))
    assert told["expiry"].startswith("unknown: a temporary key")
    assert told["account"] == "ok: account ****, - 20****01"
