"""The connections of the approval page: few and short, so that cloud and journal never lack file descriptors."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, cast

from aiohttp import web

from pai_dsw_mcp.approval.page_answers import BODY_CAP

MOST: Final = 32
"""Connections at a time, and connections that are accepted at once."""
_SECONDS: Final = 20.0
"""The life of a connection, whatever it does; the journal alone may take ten of them."""
_OPTIONS: Final[dict[str, Any]] = {"access_log": None, "auto_decompress": False}
"""No access log: the path is the key to the approval. No decompression: a browser sends a form as it is."""


class Connections(web.Server):
    """Every open connection, each for one request. Beyond the limit, the oldest is closed.

    A browser needs milliseconds for its request, so the oldest connection is idle.
    """

    def __init__(
        self,
        respond: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        refuse: Callable[[int], web.StreamResponse],
    ) -> None:
        """`respond` answers a request; `refuse` makes the reply, with this status, to a malformed one."""
        request = partial(web.BaseRequest, loop=asyncio.get_running_loop(), client_max_size=BODY_CAP)
        super().__init__(respond, request_factory=request)
        self.refuse: Final = refuse
        self._open: dict[_Connection, asyncio.Transport] = {}

    def __call__(self) -> web.RequestHandler:
        """The protocol of a new connection."""
        return _Connection(self)

    def begin(self, connection: "_Connection", transport: asyncio.Transport) -> None:
        """Registers it, and closes the oldest beyond the limit."""
        self._open[connection] = transport
        if len(self._open) > MOST:
            self.end(next(iter(self._open)))

    def end(self, connection: "_Connection") -> None:
        """Removes it, and closes it without waiting for the other side."""
        transport = self._open.pop(connection, None)
        if transport is not None:
            transport.abort()


class _Connection(web.RequestHandler):
    """One connection, which ends when its time is over."""

    def __init__(self, connections: Connections) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(connections, loop=loop, **_OPTIONS)
        self._connections = connections
        self._timer = loop.call_later(_SECONDS, connections.end, self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connections.begin(self, cast("asyncio.Transport", transport))

    def connection_lost(self, exc: BaseException | None) -> None:
        self._timer.cancel()
        self._connections.end(self)
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,  # noqa: ARG002  # the parent's reply repeats what was sent
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # as above
    ) -> web.StreamResponse:
        """The reply to a malformed request, or after an error of ours."""
        if status >= 500:
            self.log_exception("The approval page failed", exc_info=exc)
        return self._connections.refuse(status)
