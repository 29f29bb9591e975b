"""The connections of a server over HTTP: a slow or silent client costs a bounded amount of memory and time."""

import asyncio
import socket
from typing import Any, Final, cast

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

MOST: Final = 200
"""Connections at a time; beyond them a request is answered with 503."""
_ACCEPTED_AT_ONCE: Final = 20
"""Connections in one turn of the event loop: the request of a new one is read before `MOST` newer ones are accepted."""
HEADERS_CAP: Final = 16 * 1024
"""Bytes of the headers of a request: an access token has a few thousand."""
ASKING_SECONDS: Final = 10.0
"""In which a request must have arrived, and after which a connection without one is closed."""
ANSWERING_SECONDS: Final = 300.0
"""In which an answer must have been taken; the longest call waits for less than two minutes."""


class BoundedConnection(H11Protocol):
    """One connection, which is closed when its time is over.

    Beyond the limit, one that waits for a request is closed: the oldest that never sent one, else the one that has
    waited longest. A client sends its request in milliseconds.
    """

    asking_seconds: float = ASKING_SECONDS
    answering_seconds: float = ANSWERING_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since: float = self.loop.time()
        self._was_asking = True
        self._timer = self.loop.call_later(self.asking_seconds, self._end)

    @property
    def is_asking(self) -> bool:
        """Whether the client has not sent the whole of a request that is to be answered."""
        # Without a request there is no cycle, whatever the declared type says.
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is None or cycle.response_complete or cycle.more_body

    @property
    def has_asked(self) -> bool:
        """Whether the client has ever sent the headers of a request."""
        return cast("RequestResponseCycle | None", self.cycle) is not None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        everybody = cast("set[object]", self.connections)
        others = [each for each in everybody if isinstance(each, BoundedConnection) and each is not self]
        waiting = [each for each in others if each.is_asking]
        if len(others) >= MOST and waiting:
            closed = min(waiting, key=lambda each: (each.has_asked, each.since))
            closed.transport.abort()
            # It is told of its end in the next turn of the loop, and others may be made in this one.
            everybody.discard(closed)

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch(anew=True)

    def _watch(self, *, anew: bool = False) -> None:
        """Sets the time that is left. More data of the same request gives no more of it."""
        if self.is_asking == self._was_asking and not anew:
            return
        self._timer.cancel()
        self._was_asking, self.since = self.is_asking, self.loop.time()
        seconds = self.asking_seconds if self._was_asking else self.answering_seconds
        self._timer = self.loop.call_later(seconds, self._end)

    def _end(self) -> None:
        self.transport.abort()


def bounded(app: Any) -> Config:
    """How an application is served: within these limits, without an access log, and with our own log lines."""
    return Config(
        app,
        http=BoundedConnection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=MOST + 1,
        backlog=_ACCEPTED_AT_ONCE,
        h11_max_incomplete_event_size=HEADERS_CAP,
        timeout_graceful_shutdown=10,
    )


class BoundedServer(Server):
    """Accepts few connections in a turn of the event loop; the others wait in the kernel, without a descriptor."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in sockets or ():
            # asyncio accepts as many at once as it lets wait in the kernel.
            each.listen(socket.SOMAXCONN)
