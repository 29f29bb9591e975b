"""What ours over HTTP is compared with: a server of the same SDK whose one tool sends one request, signed by hand."""

import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

import aiohttp
import anyio
from mcp.server.mcpserver import Context, MCPServer
from pydantic import BaseModel, Field
from uvicorn import Config, Server

from tests.bench.raw_reads import INSTANCES, read


class Seen(BaseModel):
    """A small structured result."""

    instance_id: str
    status: str


@asynccontextmanager
async def _session(_: MCPServer[aiohttp.ClientSession]) -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def wait_for_instance(
    region_id: str,
    instance_id: Annotated[str, Field(pattern=r"^dsw-[a-z0-9]{4,64}$")],
    until: str,
    ctx: Context[aiohttp.ClientSession],
) -> Seen:
    """Looks once at an instance. Takes what ours takes."""
    reply = await read(ctx.request_context.lifespan_context, sys.argv[1], f"{INSTANCES}/{instance_id}")
    return Seen(instance_id=reply["InstanceId"], status=reply["Status"])


def main() -> None:
    """Serves until it is ended, and says where on stderr; the argument is the address of the emulator."""
    server = MCPServer("bare", lifespan=_session, log_level="ERROR")
    server.add_tool(wait_for_instance)
    listening = socket.create_server(("127.0.0.1", 0))
    # As where uvicorn itself listens.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/mcp", file=sys.stderr, flush=True)
    uvicorn = Server(Config(server.streamable_http_app(), log_level="error"))
    anyio.run(lambda: uvicorn.serve([listening]))


if __name__ == "__main__":
    main()
