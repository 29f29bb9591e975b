"""The composition root: puts cloud, journal, doors and tools together into one MCP server."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version

from mcp.server.mcpserver import MCPServer

from pai_dsw_mcp.approval.page import ApprovalPage
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.instructions import INSTRUCTIONS
from pai_dsw_mcp.tools import (
    confirm_change,
    create_instance,
    datasets,
    ecs_specs,
    images,
    instances,
    start_stop,
    update_instance,
    waiting,
    workspaces,
)
from pai_dsw_mcp.tools._tool import StrictTool

_READING = (workspaces, ecs_specs, images, datasets, instances, waiting)
_WRITING = (create_instance, update_instance, start_stop)


def build_services(
    settings: Settings, cloud: Cloud, journal: Journal, *, now: Callable[[], float] = time.time
) -> Services:
    """What the tools of one server share."""
    return Services(
        cloud=cloud,
        journal=journal,
        page=ApprovalPage(journal, settings.lang),
        approve=settings.approve,
        language=settings.lang,
        cost_line=settings.cost_line,
        now=now,
    )


def build_server(settings: Settings, services: Services) -> MCPServer[Services]:
    """The server over these services. The list of tools depends on the settings alone, never on the client."""

    @asynccontextmanager
    async def lifespan(_: MCPServer[Services]) -> AsyncGenerator[Services]:
        async with services.cloud:
            try:
                yield services
            finally:
                await services.page.close()
                services.journal.close()

    return MCPServer(
        "pai-dsw-mcp",
        title="Alibaba Cloud PAI DSW",
        version=version("pai-dsw-mcp"),
        instructions=INSTRUCTIONS,
        tools=list(tools_for(settings)),
        lifespan=lifespan,
        log_level="WARNING",
    )


def tools_for(settings: Settings) -> tuple[StrictTool, ...]:
    """The tools that these settings allow, in a fixed order: reading first."""
    return _tools(read_only=settings.read_only, chat=settings.approve == "chat")


@cache
def _tools(*, read_only: bool, chat: bool) -> tuple[StrictTool, ...]:
    """Tools hold no state, and making them takes a tenth of a second: every server of a process shares them."""
    families = [*_READING]
    if not read_only:
        families += [*_WRITING, *([confirm_change] if chat else [])]
    return tuple(each for family in families for each in family.tools())
