"""Requests off the wire and replies onto it, on the running event loop."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable
from contextlib import AsyncExitStack

from aiohttp import web

from pai_emulator.clock import Clock
from pai_emulator.message import Disconnect, Hold, Reply, Request

_CLOCK_POLL = 0.005
"""Seconds between two looks at the emulator's clock while a reply waits for it."""

_SHUTDOWN_TIMEOUT = 0.01
"""Seconds that pending replies get at shutdown; those held back by a fault are dropped. 0 would wait forever."""

_LINGER_NOT = struct.pack("ii", 1, 0)


class HttpServer:
    """Answers HTTP/1.1 on one address. aiohttp's server writes head and body of a small reply in one piece."""

    protocol: web.Server
    """Between start and stop, what answers one more connection that somebody else has accepted."""

    def __init__(self, answer: Callable[[Request], Reply | Disconnect], clock: Clock) -> None:
        self._answer = answer
        self._clock = clock
        self._opened = AsyncExitStack()

    async def start(self, host: str, port: int, context: ssl.SSLContext | None = None) -> str:
        """Listen and return the base URL, that of HTTPS with a `context`; port 0 takes a free one.

        Raises OSError where the address is taken.
        """
        self.protocol = web.Server(self._handle, access_log=None)
        runner = web.ServerRunner(self.protocol, shutdown_timeout=_SHUTDOWN_TIMEOUT)
        await runner.setup()
        self._opened.push_async_callback(runner.cleanup)
        self._opened.callback(self._hang_up)
        await web.TCPSite(runner, host, port, ssl_context=context).start()
        address, bound_port = runner.addresses[0][:2]
        scheme = "http" if context is None else "https"
        return f"{scheme}://[{address}]:{bound_port}" if ":" in address else f"{scheme}://{address}:{bound_port}"

    async def stop(self) -> None:
        """Close the socket and every connection; does nothing where there are none."""
        await self._opened.aclose()

    def _hang_up(self) -> None:
        # TLS would wait for its other side to end as well.
        for transport in filter(None, (connection.transport for connection in self.protocol.connections)):
            transport.abort()

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        answer = self._answer(await _read(request))
        if answer.hold is not None:
            await self._wait(answer.hold)
        if isinstance(answer, Disconnect):
            _disconnect(request, reset=answer.reset)
            return web.Response()
        return web.Response(
            status=answer.status, body=answer.body, headers={**answer.headers, "server": "pai-emulator"}
        )

    async def _wait(self, hold: Hold) -> None:
        if hold.unit == "real":
            await asyncio.sleep(hold.seconds)
            return
        start = self._clock.now()
        # Polled, because a clock does not notify anybody when it is moved.
        while (self._clock.now() - start).total_seconds() < hold.seconds:  # noqa: ASYNC110
            await asyncio.sleep(_CLOCK_POLL)


async def _read(request: web.BaseRequest) -> Request:
    # The signer joins the values of a repeated header in sorted order.
    headers = {name.lower(): _text(",".join(sorted(request.headers.getall(name)))) for name in request.headers}
    return Request(request.method, _text(request.raw_path), headers, await request.read())


def _text(raw: str) -> str:
    """Text that can be encoded again; what was no UTF-8 on the wire becomes replacement characters."""
    return raw if raw.isascii() else raw.encode(errors="surrogateescape").decode(errors="replace")


def _disconnect(request: web.BaseRequest, *, reset: bool) -> None:
    """Close the connection under the reply that follows, which then has nowhere to go."""
    transport = request.transport
    if transport is None:
        return
    if reset:
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        transport.abort()
    else:
        transport.close()
