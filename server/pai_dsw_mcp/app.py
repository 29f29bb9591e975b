"""The composition root: puts cloud, journal, channels, tools and documents together into one MCP server."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version

import anyio
from mcp.server.mcpserver import MCPServer

from pai_dsw_mcp import command_line
from pai_dsw_mcp.approval.page import ApprovalPage
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.resources.prompts import Menu
from pai_dsw_mcp.resources.server import DocumentedServer
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.instructions import INSTRUCTIONS
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools import (
    check_environment,
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

_READING = (workspaces, ecs_specs, images, datasets, instances, waiting, check_environment)
_WRITING = (create_instance, update_instance, start_stop)


def build_services(
    settings: Settings,
    cloud: Cloud,
    journal: Journal,
    *,
    now: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[object]] = anyio.sleep,
) -> Services:
    """What the tools of one server share. `now` and `sleep` use the same clock, which may be virtual."""
    return Services(
        cloud=cloud,
        journal=journal,
        page=ApprovalPage(journal, settings.lang, browser_decides=settings.lang_is_default),
        approve=settings.approve,
        language=settings.lang,
        approve_command=command_line.approve_command(settings),
        cost_line=settings.cost_line,
        now=now,
        sleep=sleep,
    )


def build_server(settings: Settings, services: Services) -> MCPServer[Services]:
    """The server over these services. The list of tools depends on the settings alone, never on the client."""

    @asynccontextmanager
    async def lifespan(_: MCPServer[Services]) -> AsyncGenerator[Services]:
        services.connections += 1
        try:
            yield services
        finally:
            services.connections -= 1
            # Several clients in one process may share a server; shared resources are closed after the last one.
            if not services.connections:
                with anyio.CancelScope(shield=True):
                    await services.page.close()
                    await services.cloud.close()
                services.journal.close()

    return DocumentedServer(
        "pai-dsw-mcp",
        Menu(settings.lang, read_only=settings.read_only),
        title="Alibaba Cloud PAI DSW",
        version=version("pai-dsw-mcp"),
        instructions=f"{say('change_emulator')}\n{INSTRUCTIONS}"
        if services.cloud.options.uses_emulator
        else INSTRUCTIONS,
        tools=list(tools_for(settings)),
        lifespan=lifespan,
        log_level="WARNING",
    )


def tools_for(settings: Settings) -> tuple[StrictTool, ...]:
    """The tools that these settings allow, in a fixed order: reading first."""
    reading, writing, chat = _shared()
    allowed = () if settings.read_only else (*writing, *(chat if settings.approve == "chat" else ()))
    return tuple(each.answering_in(settings.result) for each in (*reading, *allowed))


@cache
def _shared() -> tuple[tuple[StrictTool, ...], ...]:
    """The tools that hold no state. Making them takes a tenth of a second: every server of a process shares them."""
    families = (_READING, _WRITING, (confirm_change,))
    return tuple(tuple(each for family in one for each in family.tools()) for one in families)
