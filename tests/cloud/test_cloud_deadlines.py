"""Replies that trickle, swell or never come, and reads that are tried again."""

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.retry import retry_after
from pai_dsw_mcp.errors import CloudError, ErrorKind
from tests.cloud.loopback import TEST_KEY, Answer, Loopback, Received, dsw, hang, http, raw, reply, reset

pytestmark = pytest.mark.anyio
REGION = "cn-hangzhou"
INSTANCE_ID = "dsw-12345678"
GOOD = dsw({"InstanceId": INSTANCE_ID, "InstanceName": "good", "Status": "Running"})


async def drip(_received: Received, writer: asyncio.StreamWriter) -> None:
    """A byte at a time, each well within any timeout for a single read."""
    for byte in http(200, b'{"Success": true, "Filler": "' + b"x" * 100_000 + b'"}'):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.005)


async def flood(_received: Received, writer: asyncio.StreamWriter) -> None:
    """More than anybody keeps, without saying how much."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    while not writer.is_closing():
        writer.write(chunk)
        await writer.drain()


BOMB = http(200, gzip.compress(b" " * 50_000_000, 1), content_encoding="gzip")


async def bomb(_received: Received, writer: asyncio.StreamWriter) -> None:
    """Small on the wire, large once it is unpacked."""
    writer.write(BOMB)
    await writer.drain()


@pytest.mark.parametrize("answer", [drip, hang])
async def test_a_read_ends_at_its_deadline_however_the_reply_trickles(answer: Answer) -> None:
    async with Loopback(answer) as server, server.cloud(read_timeout=0.3) as cloud:
        async with asyncio.timeout(5):
            with pytest.raises(CloudError) as caught:
                await cloud.get_instance(REGION, INSTANCE_ID)
    assert caught.value.kind is ErrorKind.TIMEOUT
    assert "0.3 seconds" in caught.value.explain()


@pytest.mark.parametrize("answer", [flood, bomb, raw(http(200, b"x" * 10)[:-10].replace(b"10", b"50000000", 1))])
async def test_a_reply_is_not_read_beyond_its_cap(answer: Answer) -> None:
    async with Loopback(answer) as server, server.cloud() as cloud:
        with pytest.raises(CloudError) as caught:
            await cloud.get_instance(REGION, INSTANCE_ID)
    assert caught.value.kind is ErrorKind.REPLY_TOO_LARGE
    assert len(server.received) == 1


async def test_json_that_is_nested_too_deep_is_no_reply() -> None:
    deep = b'{"Success": true, "InstanceId": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    async with Loopback(raw(http(200, deep)), raw(http(400, deep))) as server, server.cloud() as cloud:
        for _ in range(2):
            with pytest.raises(CloudError) as caught:
                await cloud.get_instance(REGION, INSTANCE_ID)
            assert caught.value.kind is ErrorKind.REPLY_INVALID


class Pauses(list[float]):
    """Notes how long would have been waited, and goes on at once."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


async def tried(*answers: Answer, read_timeout: float = 20.0) -> tuple[object, Pauses, list[Received]]:
    pauses = Pauses()
    async with Loopback(*answers) as server:
        options = CloudOptions(endpoint=server.url, test_access_key=TEST_KEY, read_timeout=read_timeout)
        async with Cloud(options, pause=pauses) as cloud:
            try:
                found: object = await cloud.get_instance(REGION, INSTANCE_ID)
            except CloudError as error:
                found = error
        return found, pauses, server.received


THROTTLED = reply({"Code": "Throttling.User", "Message": "slow down"}, 429)
FAILED = reply({"Code": "ServiceUnavailable"}, 503)


@pytest.mark.parametrize("failing", [THROTTLED, FAILED, reset, raw(b""), raw(http(502, b"<html>", connection="close"))])
async def test_a_read_is_tried_again_after_what_passes(failing: Answer) -> None:
    found, pauses, received = await tried(failing, failing, GOOD)
    assert not isinstance(found, CloudError)
    assert len(received) == 3
    assert 0 <= pauses[0] <= 0.3
    assert 0 <= pauses[1] <= 0.6
    nonces = {request.headers["x-acs-signature-nonce"] for request in received}
    assert len(nonces) == 3


@pytest.mark.parametrize("failing", [THROTTLED, FAILED, reset])
async def test_a_read_is_given_up_after_three_tries(failing: Answer) -> None:
    found, pauses, received = await tried(failing)
    assert isinstance(found, CloudError)
    assert found.retryable
    assert len(received) == 3
    assert len(pauses) == 2


@pytest.mark.parametrize(
    "failing",
    [
        reply({"Code": "ValidationError"}, 400),
        reply({"Code": "NoPermissionError"}, 403),
        reply({"Success": True}),
        raw(http(200, b"{")),
    ],
)
async def test_what_stays_wrong_is_not_tried_again(failing: Answer) -> None:
    found, pauses, received = await tried(failing)
    assert isinstance(found, CloudError)
    assert len(received) == 1
    assert not pauses


async def test_the_service_says_how_long_to_wait() -> None:
    _, pauses, _ = await tried(reply({"Code": "Throttling"}, 400, x_acs_retry_after="1500"), FAILED, GOOD)
    assert pauses[0] == 1.5
    _, pauses, _ = await tried(reply({"Code": "Throttling"}, 429, Retry_After="2"), GOOD)
    assert pauses == [2]


async def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    waiting = reply({"Code": "Throttling"}, 429, Retry_After="7")
    found, pauses, received = await tried(waiting, read_timeout=5)
    assert isinstance(found, CloudError)
    assert found.retry_after == 7
    assert not pauses
    assert len(received) == 1


async def test_an_ended_temporary_key_is_renewed_once() -> None:
    ended = reply({"Code": "InvalidSecurityToken.Expired"}, 403)
    found, _, received = await tried(ended, GOOD)
    assert not isinstance(found, CloudError)
    assert len(received) == 2
    found, _, received = await tried(ended)
    assert isinstance(found, CloudError)
    assert found.kind is ErrorKind.CREDENTIALS_EXPIRED
    assert len(received) == 2


def test_retry_after_is_read_in_all_its_forms_and_capped() -> None:
    now = datetime.now(UTC)
    assert retry_after({}) is None
    assert retry_after({"retry-after": "3"}) == 3
    assert retry_after({"retry-after": "3600"}) == 30
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({"retry-after": "-1"}) is None
    assert retry_after({"retry-after": "nan"}) is None
    assert retry_after({"retry-after": format_datetime(now - timedelta(hours=1))}) == 0
    assert retry_after({"retry-after": format_datetime(now + timedelta(hours=1), usegmt=True)}) == 30
    assert retry_after({"x-acs-retry-after": "250", "retry-after": "3"}) == 0.25
    assert retry_after({"x-acs-retry-after": "x", "retry-after": ""}) is None
