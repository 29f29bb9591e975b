"""An HTTPS proxy for programs whose hosts are fixed.

It ends the TLS of the hosts that the emulator stands for and answers them itself. Everything else is refused; nothing
is ever forwarded.
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import cast

from pai_emulator.routes import stands_for

_END = b"\r\n\r\n"
_LONGEST_HEAD = 64 * 1024
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Proxy:
    """Listens on a port of its own. `serve` makes the protocol that answers one connection."""

    def __init__(self, context: ssl.SSLContext, serve: Callable[[], asyncio.Protocol]) -> None:
        self.context = context
        self.serve = serve
        self.waiting: set[asyncio.Transport] = set()
        """Connections that are not yet in the hands of the server."""
        self.handshakes: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> str:
        """Listen and return the URL; port 0 takes a free one. Raises OSError where the address is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), host, port)
        address, bound_port = self._server.sockets[0].getsockname()[:2]
        return f"http://[{address}]:{bound_port}" if ":" in address else f"http://{address}:{bound_port}"

    async def stop(self) -> None:
        """Close the socket and the connections that are waiting."""
        self._server.close()
        for task in self.handshakes:
            task.cancel()
        for transport in self.waiting:
            transport.abort()
        await asyncio.gather(*self.handshakes, return_exceptions=True)


class _Connection(asyncio.Protocol):
    """Reads the head of the first request, then hands the connection on or closes it."""

    _transport: asyncio.Transport

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._proxy.waiting.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's own name
        self._proxy.waiting.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._head += data
        if not self._head.startswith(b"CONNECT "[: len(self._head)]):
            # A proxy is sent plain HTTP as it is.
            self._proxy.waiting.discard(self._transport)
            self._hand_over(self._transport, self._head)
        elif self._head.endswith(_END):
            self._connect(self._head.split(b" ", 2)[1].decode(errors="replace"))
        elif _END in self._head or len(self._head) > _LONGEST_HEAD:
            self._refuse("400 Bad Request", "A client waits for the answer to CONNECT.")

    def _connect(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        if port != "443" or not stands_for(host):
            self._refuse("403 Forbidden", f"pai-emulator does not stand for {target}, and forwards nothing.")
            return
        # What comes next is for the server that takes over.
        self._transport.pause_reading()
        self._transport.write(_ESTABLISHED)
        self._proxy.waiting.discard(self._transport)
        task = asyncio.get_running_loop().create_task(self._secure())
        self._proxy.handshakes.add(task)
        task.add_done_callback(self._proxy.handshakes.discard)

    def _refuse(self, status: str, reason: str) -> None:
        body = reason.encode()
        head = f"HTTP/1.1 {status}\r\ncontent-type: text/plain\r\ncontent-length: {len(body)}\r\nconnection: close"
        self._transport.write(head.encode() + _END + body)
        self._transport.close()

    async def _secure(self) -> None:
        early = _Early()
        try:
            transport = await asyncio.get_running_loop().start_tls(
                self._transport, early, self._proxy.context, server_side=True
            )
        except OSError:
            # The client went away, or does not trust the authority.
            self._transport.abort()
            return
        self._hand_over(cast("asyncio.Transport", transport), early.data)

    def _hand_over(self, transport: asyncio.Transport, data: bytes) -> None:
        protocol = self._proxy.serve()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        protocol.data_received(data)


class _Early(asyncio.Protocol):
    """Keeps what arrives together with the end of the handshake, before the server has taken over."""

    def __init__(self) -> None:
        self.data = b""

    def data_received(self, data: bytes) -> None:
        self.data += data
