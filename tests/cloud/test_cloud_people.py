"""A role that is assumed for each person: when its keys are renewed, what is wrong with them, and what follows."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from pai_dsw_mcp.cloud.options import CloudOptions, Session
from pai_dsw_mcp.cloud.people import CloudOfPeople
from pai_dsw_mcp.errors import CloudError, CredentialsError, ErrorKind
from tests.cloud.loopback import TEST_KEY, Answer, Loopback, reply

pytestmark = pytest.mark.anyio

REGION = "cn-beijing"
ROLE = "acs:ram::1:role/dsw"
NAME = "ada-0123"
NOTHING = reply({"RequestId": "R", "Workspaces": [], "TotalCount": 0})
EXPIRED = reply({"Code": "InvalidSecurityToken.Expired", "Message": "x"}, 403)
HOUR = 3600.0


def keys(number: int, *, ends: float = HOUR, session: str = f"7:{NAME}", **changed: Any) -> Answer:
    """Those of a session, until so many seconds after the epoch."""
    made = {
        "AccessKeyId": f"TESTSTSid{number}",
        "AccessKeySecret": f"secret-of-{number}-secret",
        "SecurityToken": f"token-of-{number}-token",
        "Expiration": f"{datetime.fromtimestamp(ends, UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    return reply({"AssumedRoleUser": {"AssumedRoleId": session, "Arn": "-"}, "Credentials": {**made, **changed}})


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def _no_pause(_: float) -> None:
    pass


def cloud_over(server: Loopback, clock: Clock | None = None, **options: Any) -> CloudOfPeople:
    settings = CloudOptions(endpoint=server.url, test_access_key=TEST_KEY, **options)
    return CloudOfPeople(settings, ROLE, lambda: Session("0123", NAME), pause=_no_pause, now=clock or Clock())


def sent(server: Loopback) -> list[tuple[str, str | None]]:
    """Operations, each with the token that it was sent with."""
    return [(each.operation, each.headers.get("x-acs-security-token")) for each in server.received]


async def failed(cloud: CloudOfPeople) -> CloudError:
    with pytest.raises(CredentialsError) as caught:
        await cloud.list_workspaces(REGION)
    return caught.value


async def test_keys_are_renewed_before_they_end_and_are_those_of_the_session() -> None:
    clock = Clock()
    answers = (keys(1), NOTHING, NOTHING, keys(2, ends=2 * HOUR), NOTHING)
    async with Loopback(*answers) as server, cloud_over(server, clock) as cloud:
        for clock.now in (0.0, HOUR - 301, HOUR - 300):
            await cloud.list_workspaces(REGION)
    asked, first, second = ("AssumeRole", None), "token-of-1-token", "token-of-2-token"
    listed = "ListWorkspaces"
    assert sent(server) == [asked, (listed, first), (listed, first), asked, (listed, second)]
    assert server.received[0].query == {"RoleArn": ROLE, "RoleSessionName": NAME}


async def test_the_host_is_the_token_service_of_the_region_and_network() -> None:
    for network, host in (("public", "sts.cn-beijing.aliyuncs.com"), ("vpc", "sts-vpc.cn-beijing.aliyuncs.com")):
        async with Loopback(keys(1), NOTHING) as server, cloud_over(server, network=network) as cloud:
            await cloud.list_workspaces(REGION)
        assert server.received[0].headers["host"] == host


async def test_calls_at_once_wait_for_one_answer_of_the_token_service() -> None:
    async with Loopback(keys(1), NOTHING) as server, cloud_over(server) as cloud:
        await asyncio.gather(*(cloud.list_workspaces(REGION) for _ in range(5)))
    assert [operation for operation, _ in sent(server)].count("AssumeRole") == 1


async def test_keys_that_the_service_calls_expired_are_renewed_once() -> None:
    async with Loopback(keys(1), EXPIRED, keys(2), NOTHING) as server, cloud_over(server) as cloud:
        await cloud.list_workspaces(REGION)
    assert sent(server)[-1] == ("ListWorkspaces", "token-of-2-token")


async def test_who_it_is_stays_the_same_over_a_renewal_and_tells_when_the_keys_end() -> None:
    async with Loopback(keys(1), NOTHING) as server, cloud_over(server) as cloud:
        before = await cloud.identity()
        await cloud.list_workspaces(REGION)
        after = await cloud.identity()
    assert before == after
    assert (before.kind, before.expires_at, after.expires_at) == ("sts", None, HOUR)


async def test_a_role_made_anew_under_the_same_name_is_another_identity() -> None:
    clock = Clock()
    async with Loopback(keys(1), NOTHING, keys(2, session=f"8:{NAME}")) as server, cloud_over(server, clock) as cloud:
        await cloud.list_workspaces(REGION)
        clock.now = HOUR
        assert (await failed(cloud)).kind is ErrorKind.IDENTITY_CHANGED
    assert sent(server)[-1][0] == "AssumeRole"


@pytest.mark.parametrize(
    "answer",
    [keys(1, session="7:eve"), keys(1, SecurityToken=""), keys(1, Expiration="soon"), reply({"Credentials": None})],
    ids=["another session", "no token", "no end", "no keys"],
)
async def test_an_answer_that_is_not_for_this_session_is_not_used_and_not_told(answer: Answer) -> None:
    async with Loopback(answer) as server, cloud_over(server) as cloud:
        error = await failed(cloud)
    assert error.kind is ErrorKind.REPLY_INVALID
    assert not any(secret in error.explain() for secret in ("secret-of", "token-of", "TESTSTS"))
    assert {operation for operation, _ in sent(server)} == {"AssumeRole"}


async def test_a_token_service_that_fails_is_asked_three_times_and_the_request_is_not_sent() -> None:
    async with Loopback(reply({"Code": "ServiceUnavailable"}, 503)) as server, cloud_over(server) as cloud:
        error = await failed(cloud)
    assert error.kind is ErrorKind.SERVICE_FAILED
    assert error.outcome == "none"
    assert sent(server) == [("AssumeRole", None)] * 3


async def test_no_key_is_in_what_the_service_says() -> None:
    echo = "token-of-1-token and secret-of-1-secret and TESTSTSid1 and TESTloopback and TESTsecret"
    denied = reply({"Code": "NoPermission", "Message": echo}, 403)
    async with Loopback(keys(1), denied) as server, cloud_over(server) as cloud:
        with pytest.raises(CloudError) as caught:
            await cloud.list_workspaces(REGION)
    assert not any(part in caught.value.explain() for part in echo.split(" and "))


async def test_connections_that_were_closed_are_opened_again() -> None:
    async with Loopback(keys(1), NOTHING) as server, cloud_over(server) as cloud:
        await cloud.list_workspaces(REGION)
        before = server.connections
        await (await cloud.sdk()).caller.close()
        await cloud.list_workspaces(REGION)
    assert server.connections > before
