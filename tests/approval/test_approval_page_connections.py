"""The page's connections: what is no request is answered too, and nobody can hold more than the page may take."""

import re
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import anyio
import pytest
from anyio.abc import SocketStream

from pai_dsw_mcp.approval import page_connections
from pai_dsw_mcp.approval.page_connections import MOST
from tests.approval.page_desk import FORM, Desk, origin

pytestmark = pytest.mark.anyio

HALF = b"GET / HTTP/1.1\r\nHost: "
MALFORMED = (
    b"canary\r\n\r\n",
    b"\x16\x03\x01canary\r\n\r\n",
    b"GET / HTTP/9 canary\r\n\r\n",
    b"GET http://[canary HTTP/1.1\r\n\r\n",
    b"GET /%ff%00\xff HTTP/1.1\r\nHost: canary\r\n\r\n",
    b"GET /" + b"canary" * 2000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nno colon canary\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: " + b"canary" * 2000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: canary\r\n" * 200 + b"\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\ncanary",
)


async def connected(url: str) -> SocketStream:
    return await anyio.connect_tcp("127.0.0.1", urlsplit(url).port or 0)


async def received(stream: SocketStream) -> bytes:
    """Everything until the page closes the connection."""
    parts: list[bytes] = []
    with anyio.fail_after(10):
        try:
            while True:
                parts.append(await stream.receive())
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return b"".join(parts)


@pytest.mark.parametrize("request_sent", MALFORMED, ids=range(len(MALFORMED)))
async def test_what_is_no_request_is_answered_in_our_words_and_never_repeated(
    desk: Desk, caplog: pytest.LogCaptureFixture, request_sent: bytes
) -> None:
    _, url = await desk.ask()
    async with await connected(url) as stream:
        await stream.send(request_sent)
        reply = await received(stream)
    assert re.match(rb"HTTP/1\.[01] 4\d\d ", reply)
    assert b"Content-Security-Policy: default-src 'none'" in reply
    assert b"This request is not understood" in reply
    assert b"canary" not in reply
    assert caplog.records == []


@pytest.mark.parametrize("charset", ["bogus", "utf-16", "rot13", ""])
async def test_the_charset_of_an_answer_does_not_matter(desk: Desk, charset: str) -> None:
    approval, url = await desk.ask()
    status, _ = await desk.answer(
        url, {"Content-Type": f"{FORM}; charset={charset}"}, decision="approve", feedback="好的"
    )
    assert status == 200
    assert (await desk.state(approval)).feedback == "好的"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_a_packed_answer_is_not_unpacked(desk: Desk, encoding: str) -> None:
    approval, url = await desk.ask()
    sent = {"Origin": origin(url), "Content-Type": FORM, "Content-Encoding": encoding}
    async with desk.session.post(url, data=b"x", headers=sent) as response:
        assert response.status == 403
        assert "Content-Security-Policy" in response.headers
    assert (await desk.state(approval)).state == "waiting"


async def test_a_crash_of_our_own_is_logged_and_tells_the_browser_nothing(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, url = await desk.ask()

    async def crash(_: str) -> None:
        raise RuntimeError("secret-canary")

    monkeypatch.setattr(desk.journal, "get", crash)
    status, html, response = await desk.get(url)
    assert status == 500
    assert "canary" not in html
    assert "Content-Security-Policy" in response.headers
    assert "secret-canary" in caplog.text


async def test_of_too_many_connections_the_oldest_makes_room(desk: Desk) -> None:
    _, url = await desk.ask()
    async with AsyncExitStack() as stack:
        idle = [await stack.enter_async_context(await connected(url)) for _ in range(MOST)]
        for each in idle:
            await each.send(HALF)
        assert (await desk.get(url))[0] == 200
        assert await received(idle[0]) == b""
        idle += [await stack.enter_async_context(await connected(url)) for _ in range(3 * MOST)]
        assert (await desk.get(url))[0] == 200
        for each in idle[MOST : 3 * MOST]:
            assert await received(each) == b""


@pytest.mark.parametrize("sent", ["nothing", "half a head", "half a body"])
async def test_a_connection_that_is_too_slow_is_closed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, sent: str
) -> None:
    monkeypatch.setattr(page_connections, "_SECONDS", 0.2)
    approval, url = await desk.ask()
    parts = urlsplit(url)
    head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nOrigin: {origin(url)}\r\nContent-Type: {FORM}\r\n"
    async with await connected(url) as stream:
        if sent != "nothing":
            await stream.send(HALF if sent == "half a head" else f"{head}Content-Length: 100\r\n\r\ntoken=".encode())
        assert await received(stream) == b""
    await desk.page.close()
    assert (await desk.state(approval)).state == "waiting"
    assert caplog.records == []
