"""A server over HTTP in this process, as clients and attackers reach it."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

import anyio
from httpx2 import AsyncClient
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from pai_dsw_mcp.flag_values import Address, address
from pai_dsw_mcp.http.application import application
from pai_dsw_mcp.http.cookies import SharedKeys
from pai_dsw_mcp.http.listening import listen, serve_until_ended
from tests.support.desk import Desk, Era, Person

ANY_PORT = "127.0.0.1:0"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, as it was on the wire."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Site:
    """A running server."""

    desk: Desk
    at: Address
    admin: Address

    @property
    def url(self) -> str:
        return f"http://{self.at}/mcp"

    @asynccontextmanager
    async def client(self, era: Era, person: Person | None = None, token: str | None = None) -> AsyncGenerator[Client]:
        """The SDK's client of one protocol era over a connection of its own."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        mode = "legacy" if era == "legacy" else "2026-07-28"
        async with (
            AsyncClient(headers=headers, timeout=60) as http,
            Client(
                streamable_http_client(self.url, http_client=http), mode=mode, elicitation_callback=person
            ) as client,
        ):
            yield client

    async def raw(self, text: str | bytes, *, to: Address | None = None) -> Reply:
        """The reply to these bytes; the connection ends with it."""
        at = to or self.at
        reader, writer = await asyncio.open_connection(at.host, at.port)
        try:
            writer.write(text.encode() if isinstance(text, str) else text)
            with anyio.fail_after(20):
                head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
        finally:
            writer.close()
        first, *lines = head.split("\r\n")
        pairs = [line.partition(": ") for line in lines]
        return Reply(int(first.split(" ")[1]) if first else 0, {name.lower(): value for name, _, value in pairs}, body)

    async def post(self, body: str = "{}", path: str = "/mcp", **headers: str | None) -> Reply:
        """The reply to a POST with these headers besides the usual ones; None leaves one out."""
        usual: dict[str, str | None] = {
            "host": str(self.at),
            "accept": "application/json, text/event-stream",
            "content_type": "application/json",
            "content_length": str(len(body.encode())),
            "connection": "close",
        }
        lines = [
            f"{name.replace('_', '-')}: {value}" for name, value in {**usual, **headers}.items() if value is not None
        ]
        return await self.raw("\r\n".join([f"POST {path} HTTP/1.1", *lines, "", body]))


KEYS: Final = ("k" * 32,)
"""Of the cookies of the approval page."""


@asynccontextmanager
async def serving(
    desk: Desk,
    *,
    page_keys: SharedKeys = lambda: KEYS,
    scrape: Callable[[], bytes] | None = None,
    **options: Any,
) -> AsyncGenerator[Site]:
    """Serves until the block ends, and then ends as a signal ends it."""
    public, at = listen(desk.settings.http or address(ANY_PORT))
    admin, admin_at = listen(address(ANY_PORT))
    app = application(desk.server, desk.services, desk.settings, at, page_keys=page_keys, **options)
    # A signal that ended everything here would end the tests.
    before = signal.signal(signal.SIGTERM, _goes_on)
    try:
        async with anyio.create_task_group() as tasks:
            check = desk.services.journal.check
            tasks.start_soon(lambda: serve_until_ended(app, public, [admin], check=check, scrape=scrape))
            site = Site(desk, at, admin_at)
            while (await _ready(site)).status != 200:
                await anyio.lowlevel.checkpoint()
            try:
                yield site
            finally:
                signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def _goes_on(number: int, frame: FrameType | None) -> None:
    pass


async def _ready(site: Site) -> Reply:
    return await site.raw("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", to=site.admin)
