"""Clients that draw cards."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

from mcp.client import Client, advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp_types import CallToolResult, Implementation, TextResourceContents

from tests.support.desk import REGION, Desk, Era, Person

CARD: Final = "pai-dsw-mcp/card"


@asynccontextmanager
async def host(
    desk: Desk, era: Era, *, name: str = "Drawer", person: Person | None = None, mime_type: str = APP_MIME_TYPE
) -> AsyncGenerator[Client]:
    """A connection of a client with this name that draws cards."""
    async with Client(
        desk.server,
        mode="legacy" if era == "legacy" else "2026-07-28",
        client_info=Implementation(name=name, version="1"),
        elicitation_callback=person,
        extensions=[advertise(EXTENSION_ID, {"mimeTypes": [mime_type]})],
    ) as client:
        yield client


async def ask(client: Client, tool: str, **arguments: Any) -> CallToolResult:
    """A call of a tool, in the usual region."""
    return await client.call_tool(tool, {"region_id": REGION, **arguments})


def card_in(answer: CallToolResult) -> dict[str, Any] | None:
    """What an answer has for the card of a change."""
    return (answer.meta or {}).get(CARD)


async def cards_of(client: Client) -> dict[str, str]:
    """The card of each tool that has one."""
    tools = (await client.list_tools()).tools
    return {each.name: uri for each in tools if (uri := (each.meta or {}).get("ui", {}).get("resourceUri"))}


async def document(client: Client, uri: str) -> TextResourceContents:
    """The document of a card."""
    (content,) = (await client.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content
