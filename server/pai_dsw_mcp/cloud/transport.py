"""Sends one signed request and gives back one whole reply: no redirects, no cookies, no second transmission."""

import asyncio
import ssl
import threading
import urllib.request
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode
from weakref import WeakKeyDictionary

import aiohttp
import certifi
from yarl import URL

from pai_dsw_mcp.cloud.message import Reply, Request
from pai_dsw_mcp.cloud.options import CloudOptions

REPLY_CAP: Final = 4 * 1024 * 1024
"""Bytes of a reply after decompression; a page of 100 full instances is about an eighth of it."""

_CONNECTIONS: Final = 32


class ReplyTooLargeError(Exception):
    """More than `REPLY_CAP` bytes came back; reading stopped there."""


class SentOnceError(aiohttp.ClientError):
    """The connection broke; an exception type that aiohttp does not retry."""


@dataclass(frozen=True, slots=True)
class _Pool:
    reads: aiohttp.ClientSession
    writes: aiohttp.ClientSession


class Transport:
    """Connection pools, one pair per event loop, and the TLS context that they share."""

    def __init__(self, options: CloudOptions) -> None:
        self._options = options
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, _Pool] = WeakKeyDictionary()
        self._tls: ssl.SSLContext | None = None
        self._tls_lock = threading.Lock()
        self._proxies: dict[str, str | None] = {}

    def warm(self) -> None:
        """Build the TLS context, tens of milliseconds that no event loop should pay. Blocks; safe in any thread."""
        with self._tls_lock:
            if self._tls is None and self._options.endpoint is None:
                context = ssl.create_default_context()
                # A Python without system certificates trusts no server; the vendor's client adds these as well.
                context.load_verify_locations(certifi.where())
                self._tls = context

    async def send(self, request: Request, host: str) -> Reply:
        """Send it to `host`, or to the emulator in its place, which still sees the real Host header.

        Raises:
            aiohttp.ClientError: No reply, or an incomplete one, came back.
            ReplyTooLargeError: Reading stopped at `REPLY_CAP` bytes.
        """
        pool = await self._pool()
        session = pool.reads if request.method == "GET" else pool.writes
        query = urlencode(request.query, quote_via=quote, safe="~")
        base = self._options.endpoint.rstrip("/") if self._options.endpoint else f"https://{host}"
        url = URL(f"{base}{request.pathname}{'?' if query else ''}{query}", encoded=True)
        async with session.request(
            request.method,
            url,
            data=request.body,
            headers=request.headers,
            allow_redirects=False,
            proxy=self._proxy_for(host),
        ) as response:
            body = await _read(response)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status, headers, body)

    async def close(self) -> None:
        """Close the connections of the running event loop."""
        pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            await pool.reads.close()
            await pool.writes.close()

    async def _pool(self) -> _Pool:
        loop = asyncio.get_running_loop()
        if self._tls is None and self._options.endpoint is None:
            await asyncio.to_thread(self.warm)
        # Checked after the wait: another task may have made the pool meanwhile.
        if loop not in self._pools:
            self._pools[loop] = _Pool(self._session(keep_alive=True), self._session(keep_alive=False))
        return self._pools[loop]

    def _session(self, *, keep_alive: bool) -> aiohttp.ClientSession:
        """Each write gets a new connection: on a kept one that the server just closed, its outcome would be unknown."""
        connector = aiohttp.TCPConnector(
            ssl=self._tls or True, limit=_CONNECTIONS, force_close=not keep_alive, ttl_dns_cache=60
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._options.connect_timeout),
            middlewares=(_once,),
        )

    def _proxy_for(self, host: str) -> str | None:
        """The proxy of this machine for https, where NO_PROXY does not exempt the host; never for an emulator."""
        if self._options.endpoint is not None:
            return None
        if host not in self._proxies:
            bypass = urllib.request.proxy_bypass(host)
            self._proxies[host] = None if bypass else urllib.request.getproxies().get("https")
        return self._proxies[host]


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from retrying a GET or PUT after the connection broke: it has no setting for that."""
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        broken = SentOnceError()
    raise broken


async def _read(response: aiohttp.ClientResponse) -> bytes:
    if (response.content_length or 0) > REPLY_CAP:
        raise ReplyTooLargeError
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > REPLY_CAP:
            raise ReplyTooLargeError
    return bytes(body)
