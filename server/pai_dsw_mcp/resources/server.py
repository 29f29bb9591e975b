"""An MCP server that also hands out the skill, its references and a menu of prompts.

They are answered from tables instead of being registered one by one: the SDK would build a model for each at start,
and the files would have to be read before anybody asks.
"""

from collections.abc import Iterable
from typing import Any, TypeVar
from urllib.parse import unquote

from mcp.server.apps import client_supports_apps
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError
from mcp_types import (
    GetPromptResult,
    ListToolsResult,
    PaginatedRequestParams,
    Prompt,
    Resource,
    ResourceTemplate,
)
from mcp_types import Tool as MCPTool

from pai_dsw_mcp.front import Front
from pai_dsw_mcp.gate.caller import may_write
from pai_dsw_mcp.resources.cards import card_at, for_cards, is_for_cards_alone
from pai_dsw_mcp.resources.documents import MIME_TYPE, ROOT, documents
from pai_dsw_mcp.resources.listing import CACHE_HINTS, complete, listed, templates
from pai_dsw_mcp.resources.prompts import Menu
from pai_dsw_mcp.resources.sections import sections
from pai_dsw_mcp.resources.skills import Skills
from pai_dsw_mcp.stdio import serve_over_stdio
from pai_dsw_mcp.texts.text import Language

Shared = TypeVar("Shared")


def only_reads(tool: MCPTool) -> bool:
    """Whether it changes nothing."""
    return bool(tool.annotations and tool.annotations.read_only_hint)


class DocumentedServer(MCPServer[Shared]):
    """As the parent; takes the same options."""

    def __init__(
        self, name: str, menu: Menu, language: Language, *, tools_differ: bool = False, **options: Any
    ) -> None:
        """`tools_differ`: not everybody is offered the same tools, so no shared cache may keep the list."""
        hints = dict(CACHE_HINTS)
        if tools_differ:
            hints["tools/list"] = CacheHint(ttl_ms=hints["tools/list"].ttl_ms, scope="private")
        super().__init__(name, extensions=[Skills()], cache_hints=hints, **options)
        self._menu = menu
        self._language: Language = language
        self.completion()(complete)

    async def run_stdio_async(self, front: Front | None = None) -> None:
        """As the parent, with bounded lines and a reply to malformed ones."""
        await serve_over_stdio(self._lowlevel_server, front)

    async def list_tools(self) -> list[MCPTool]:
        """The tools; those that only read for a token that may only read."""
        offered = await super().list_tools()
        return offered if may_write() else [each for each in offered if only_reads(each)]

    async def _handle_list_tools(
        self,
        ctx: ServerRequestContext[Shared],
        params: PaginatedRequestParams | None,  # noqa: ARG002  # the parent's signature
    ) -> ListToolsResult:
        """The tools with their cards for a client that draws cards; for all others without a word of them."""
        tools = await self.list_tools()
        if not client_supports_apps(ctx):
            return ListToolsResult(tools=[each for each in tools if not is_for_cards_alone(each)])
        return ListToolsResult(tools=[for_cards(each) for each in tools], cache_scope="private")

    async def list_resources(self) -> list[Resource]:
        """The skill and every page."""
        return [listed(document) for document in documents().values()]

    async def list_resource_templates(self) -> list[ResourceTemplate]:
        """A page by name, and a section of it."""
        return templates()

    async def read_resource(
        self,
        uri: object,
        context: Context[Shared, Any] | None = None,  # noqa: ARG002  # the parent's signature
    ) -> Iterable[ReadResourceContents]:
        """A whole file, byte for byte, the section that the address names, or a card.

        Raises:
            ResourceNotFoundError: There is no such file, section or card.
        """
        card = card_at(str(uri), self._language)
        if card is not None:
            return [card]
        address, _, section = str(uri).partition("#")
        document = documents().get(address.removeprefix(f"{ROOT}/"))
        text = document.text if document and document.uri == address else None
        if text is not None and section:
            text = sections(text).get(unquote(section))
        if text is None:
            raise ResourceNotFoundError("Unknown resource")
        return [ReadResourceContents(content=text, mime_type=MIME_TYPE)]

    async def list_prompts(self) -> list[Prompt]:
        """The menu."""
        return self._menu.listed()

    async def get_prompt(
        self,
        name: str,
        arguments: dict[str, Any] | None = None,
        context: Context[Shared, Any] | None = None,  # noqa: ARG002  # the parent's signature
    ) -> GetPromptResult:
        """One choice of the menu, with the values that were filled in.

        Raises:
            MCPError: It does not exist, or its arguments are not right.
        """
        return self._menu.written(name, arguments or {})
