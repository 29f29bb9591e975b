"""How client and server meet: in this process, over stdio, or over Streamable HTTP."""

import os
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias

import anyio
import uvicorn
from mcp.client.stdio import StdioServerParameters
from mcp.server.mcpserver import MCPServer

from evals.cloud import CloudInUse
from evals.scenario import Scenario
from pai_dsw_mcp.settings import ResultMode

Link: TypeAlias = Literal["memory", "stdio", "http"]


def over_stdio(scenario: Scenario, cloud: CloudInUse, folder: Path, arm: ResultMode) -> StdioServerParameters:
    """The product itself as a process, on the machine's clock: for scenarios in which no time passes."""
    key_id, key_secret = cloud.access_key
    flags = {
        "endpoint": cloud.emulator.url,
        "state-dir": folder,
        "lang": scenario.language,
        "approve": "chat" if scenario.client.kind == "chat" else scenario.client.approve,
        "cost-line": scenario.client.cost_line,
        "result": arm,
    }
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "pai_dsw_mcp", *(f"--{name}={value}" for name, value in flags.items()), *scenario.client.flags],
        env={
            "PATH": os.environ["PATH"],
            "ALIBABA_CLOUD_ACCESS_KEY_ID": key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key_secret,
        },
    )


@asynccontextmanager
async def over_http(server: MCPServer[Any]) -> AsyncGenerator[str]:
    """Serves on a free loopback port; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        web = uvicorn.Server(uvicorn.Config(server.streamable_http_app(), log_level="error", lifespan="on"))
        async with anyio.create_task_group() as group:
            group.start_soon(web.serve, [listening])
            try:
                yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
            finally:
                web.should_exit = True
