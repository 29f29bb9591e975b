"""A slow or silent client costs a bounded amount of time and memory, and keeps nobody else out."""

import asyncio
import select
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack

import anyio
import pytest
from anyio import to_thread
from anyio.lowlevel import checkpoint

from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.http import connections
from pai_dsw_mcp.http.connections import BoundedConnection
from tests.http.site import ANY_PORT, Site, serving
from tests.http.test_http_refusals import PING
from tests.support.desk import Desk

LIST_INSTANCES = (
    '{"jsonrpc":"2.0","id":1,"method":"tools/call",'
    '"params":{"name":"list_instances","arguments":{"region_id":"cn-hangzhou"}}}'
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def site(new_desk: Callable[..., Desk]) -> AsyncGenerator[Site]:
    async with serving(new_desk(http=address(ANY_PORT))) as running:
        yield running


async def closed(site: Site, sent: bytes, *, drip: bytes = b"") -> bytes:
    """What a client is answered until its connection ends, who sends this and then one more piece again and again."""
    reader, writer = await asyncio.open_connection(site.at.host, site.at.port)
    received = b""
    writer.write(sent)
    with anyio.fail_after(20):
        while True:
            try:
                with anyio.move_on_after(0.05):
                    piece = await reader.read(1000)
                    received += piece
                    if not piece:
                        break
                writer.write(drip)
            except ConnectionError:
                break
    writer.close()
    return received


@pytest.mark.parametrize(
    ("sent", "drip"),
    [
        (b"", b""),
        (b"POST /mcp HTTP/1.1\r\n", b"X: y\r\n"),
        (b"POST /mcp HTTP/1.1\r\nHost: {at}\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n", b" "),
    ],
    ids=["silent", "slow headers", "slow body"],
)
async def test_who_does_not_finish_asking_is_cut_off(
    site: Site, monkeypatch: pytest.MonkeyPatch, sent: bytes, drip: bytes
) -> None:
    monkeypatch.setattr(BoundedConnection, "asking_seconds", 0.3)
    assert await closed(site, sent.replace(b"{at}", str(site.at).encode()), drip=drip) == b""


async def test_a_connection_that_is_not_used_again_is_closed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedConnection, "asking_seconds", 0.3)
    head = f"POST /mcp HTTP/1.1\r\nHost: {site.at}\r\nContent-Type: application/json\r\nAccept: */*\r\n"
    reply = await closed(site, f"{head}Content-Length: {len(PING)}\r\n\r\n{PING}".encode())
    assert b" 200 OK" in reply


async def test_an_answer_that_is_not_taken_in_time_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BoundedConnection, "answering_seconds", 0.3)
    site.desk.steering.faults({"kind": "delay", "operation": "ListInstances", "seconds": 5})
    with anyio.fail_after(4):
        assert '"result"' not in (await site.post(LIST_INSTANCES)).body


async def test_where_every_connection_is_busy_one_more_is_told_so(
    new_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST", 1)
    desk = new_desk(http=address(ANY_PORT))
    desk.steering.faults({"kind": "delay", "operation": "ListInstances", "seconds": 2})
    async with serving(desk) as site, anyio.create_task_group() as tasks:
        tasks.start_soon(site.post, LIST_INSTANCES)
        while not await to_thread.run_sync(desk.steering.requests):
            await checkpoint()
        assert (await site.post(PING)).status == 503


async def test_many_silent_clients_keep_nobody_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 3)
    silent = [await asyncio.open_connection(site.at.host, site.at.port) for _ in range(20)]
    assert (await site.post(PING)).status == 200
    gone = 0
    for reader, writer in silent:
        with anyio.move_on_after(0.2):
            gone += await reader.read(1) == b""
        writer.close()
    assert gone >= 16


@pytest.mark.parametrize("listener", ["public", "admin"])
async def test_hundreds_of_silent_clients_at_once_keep_nobody_out(site: Site, listener: str) -> None:
    at, path = (site.at, "/unknown") if listener == "public" else (site.admin, "/livez")
    request = f"GET {path} HTTP/1.1\r\nHost: {at}\r\n"
    expected = 404 if listener == "public" else 200
    reader, writer = await asyncio.open_connection(at.host, at.port)
    writer.write(f"{request}\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    with ExitStack() as stack:
        # Without an `await`: the server finds all of them in one turn of the loop.
        first = stack.enter_context(socket.create_connection((at.host, at.port), 5))
        first.sendall(f"{request}\r\n".encode())
        silent = [stack.enter_context(socket.create_connection((at.host, at.port))) for _ in range(450)]
        assert (await site.raw(f"{request}Connection: close\r\n\r\n", to=at)).status == expected
        assert f" {expected} ".encode() in first.recv(100)
        # A connection that was used before was not closed for one that never was.
        writer.write(f"{request}Connection: close\r\n\r\n".encode())
        assert f" {expected} ".encode() in await reader.read()
        closed = len(select.select(silent, [], [], 0)[0])
    writer.close()
    assert 450 - connections.MOST <= closed <= 450 - connections.MOST + 3
