"""The composition root: puts cloud, journal, channels, tools and documents together into one MCP server."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from typing import Final

import anyio
from mcp.server.mcpserver import MCPServer
from mcp.server.request_state import RequestStateCodec, RequestStateSecurity

from pai_dsw_mcp import command_line
from pai_dsw_mcp.approval.page import ApprovalPage
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.gate.services import Services, same_time
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.second_person import SecondPerson
from pai_dsw_mcp.private_values import PrivateValues
from pai_dsw_mcp.resources.prompts import Menu
from pai_dsw_mcp.resources.server import DocumentedServer
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.instructions import instructions
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.told_requests import ToldRequests
from pai_dsw_mcp.tools._tool import StrictTool
from pai_dsw_mcp.toolsets import TOOLSETS, parameters_left_out
from pai_dsw_mcp.version import VERSION

_ANSWERING: Final[Mapping[str, str]] = {"chat": "confirm_change", "card": "answer_card"}
"""The modules of the tools that pass an answer on, where the operator allows that."""


def build_services(
    settings: Settings,
    cloud: Cloud,
    journal: Journal,
    *,
    private: PrivateValues | None = None,
    now: Callable[[], float] = time.time,
    cloud_time: Callable[[float], float] = same_time,
    sleep: Callable[[float], Awaitable[object]] = anyio.sleep,
) -> Services:
    """What the tools of one server share. `now` and `sleep` use the same clock, which may be virtual.

    `cloud_time` is which time a moment of that clock is in the cloud.
    """
    return Services(
        cloud=cloud,
        journal=journal,
        page=ApprovalPage(
            journal,
            settings.lang,
            channel="page" if settings.http is None else "http_page",
            browser_decides=settings.lang_is_default,
        ),
        approve=settings.approve,
        card_clients=frozenset(settings.card_clients),
        language=settings.lang,
        approve_command=command_line.approve_command(settings),
        # Over HTTP whoever has a terminal of this machine is not whoever asks.
        terminal_answers=settings.http is None,
        cost_line=settings.cost_line,
        second_person=_second_person(settings),
        owner_claim=settings.owner_claim,
        private=private or PrivateValues(),
        limits=settings.limits,
        rates=settings.rates,
        now=now,
        cloud_time=cloud_time,
        sleep=sleep,
    )


def _second_person(settings: Settings) -> SecondPerson | None:
    above, group = settings.second_person_above, settings.approver_group
    return None if above is None or group is None else SecondPerson(above, group)


def build_server(
    settings: Settings, services: Services, states: RequestStateCodec | None = None
) -> DocumentedServer[Services]:
    """The server over these services. The tools depend on the settings alone, never on the client.

    `states` seals what clients carry to another server; without it they belong to this one.
    """

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

    tools = tools_for(settings)
    server: DocumentedServer[Services] = DocumentedServer(
        "pai-dsw-mcp",
        Menu(settings.lang, read_only=settings.read_only),
        settings.lang,
        tools_differ=settings.oidc_issuer is not None,
        title="Alibaba Cloud PAI DSW",
        version=VERSION,
        instructions=instructions_for(
            settings, first=say("change_emulator") if services.cloud.options.uses_emulator else ""
        ),
        tools=list(tools),
        lifespan=lifespan,
        log_level="WARNING",
        request_state_security=RequestStateSecurity(codec=states) if states else None,
    )
    server.middleware[0] = ToldRequests([each.name for each in tools])
    return server


def tools_for(settings: Settings) -> tuple[StrictTool, ...]:
    """The tools that these settings allow, in a fixed order: reading first."""
    offered = settings.offered
    chosen = [
        tool.without(parameters_left_out(tool.name, settings.toolsets, offered))
        for modules in TOOLSETS.values()
        for module, names in modules.items()
        if not offered.isdisjoint(names)
        for tool in _tools_of(module)
        if tool.name in offered
    ]
    reading = [each for each in chosen if each.only_reads]
    writing = [each for each in chosen if not each.only_reads and not settings.read_only]
    answering = _tools_of(_ANSWERING[settings.approve]) if writing and settings.approve in _ANSWERING else ()
    return tuple(each.answering_in(settings.result) for each in (*reading, *writing, *answering))


def instructions_for(settings: Settings, *, first: str = "") -> str:
    """What a server with these settings tells every assistant; `first` has to be known before all else."""
    names = [each.name for each in tools_for(settings)]
    return instructions(
        first,
        settings.regions,
        settings.workspaces,
        in_chat="confirm_change" in names,
        only_reads=names if settings.read_only else None,
    )


@cache
def _tools_of(module: str) -> tuple[StrictTool, ...]:
    """The tools of a module. They hold no state and take milliseconds to make: servers share them."""
    return tuple(import_module(f"pai_dsw_mcp.tools.{module}").tools())
