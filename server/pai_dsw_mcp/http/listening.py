"""Listens for clients, and for a supervisor on an address of its own."""

import errno
import socket
from collections.abc import Awaitable, Callable
from typing import Final

import anyio
from sse_starlette.sse import AppStatus
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from uvicorn import Server

from pai_dsw_mcp.errors import PaiDswError, RefusedError
from pai_dsw_mcp.flag_values import Address
from pai_dsw_mcp.http.connections import BoundedServer, bounded

_NO_METRICS: Final = "Metrics need more packages: run `pip install '.[otel]'` in a checkout.\n"
_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"


def listen(address: Address) -> tuple[socket.socket, Address]:
    """A socket that listens there, and where that is: port 0 is chosen by the system.

    Raises:
        RefusedError: Nobody can listen there.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listening = socket.create_server((address.host, address.port), family=family)
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, type(error).__name__)
    else:
        # Connections inherit it. asyncio sets it only on sockets that name their protocol; without it the end of each
        # answer waits some 40 ms for the client's delayed acknowledgement.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening, address._replace(port=listening.getsockname()[1])
    raise RefusedError("serve_address_taken", address=address, reason=reason)


async def serve_until_ended(
    app: Starlette,
    listening: socket.socket,
    admin: list[socket.socket],
    *,
    check: Callable[[], Awaitable[object]],
    scrape: Callable[[], bytes] | None = None,
) -> None:
    """Serves until a signal ends it; requests that run are answered first.

    `admin` has the socket for a supervisor, if there is one. `check` raises a PaiDswError while the server
    cannot do its work. `scrape` gives what was measured, where something measures.
    """
    # It would cut the answers of calls that run as soon as the signal comes.
    AppStatus.disable_automatic_graceful_drain()
    public = BoundedServer(bounded(app))
    async with anyio.create_task_group() as tasks:
        # Begun first: a signal ends the server that began last, which then raises it again for the one before.
        tasks.start_soon(BoundedServer(bounded(admin_application(public, check, scrape))).serve, admin)
        tasks.start_soon(public.serve, [listening])


def admin_application(
    public: Server, check: Callable[[], Awaitable[object]], scrape: Callable[[], bytes] | None
) -> Starlette:
    """`/livez`: the process answers. `/readyz`: it also takes requests, and can record. `/metrics`: Prometheus."""

    async def live(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> PlainTextResponse:
        if not public.started or public.should_exit:
            return PlainTextResponse("not serving\n", 503)
        try:
            await check()
        except PaiDswError as error:
            return PlainTextResponse(f"{error.sentence.key}\n", 503)
        return PlainTextResponse("ok\n")

    # Not a coroutine: so it runs in a thread of its own, and holds up nothing.
    def metrics(_: Request) -> Response:
        if scrape is None:
            return PlainTextResponse(_NO_METRICS, 404)
        return Response(scrape(), media_type=_PROMETHEUS)

    return Starlette(routes=[Route("/livez", live), Route("/readyz", ready), Route("/metrics", metrics)])
