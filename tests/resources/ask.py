"""Asks a server for its documents, as clients of both protocol eras do."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from mcp.client import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, Request, Result, TextResourceContents
from pydantic import ConfigDict

from pai_dsw_mcp.app import build_server, build_services
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings

ROOT = Path(__file__).parents[2]
BASE = "skill://pai-dsw-mcp"


def files() -> list[Path]:
    """The skill and its references as they lie in the checkout, in the order in which they are listed."""
    return [ROOT / "SKILL.md", *sorted((ROOT / "references").glob("*.md"))]


def uri_of(file: Path) -> str:
    return f"{BASE}/{file.relative_to(ROOT).as_posix()}"


class Answer(Result):
    """Whatever an extension answers."""

    model_config = ConfigDict(extra="allow")


@dataclass(frozen=True, slots=True)
class Reader:
    """One connection."""

    client: Client

    async def read(self, uri: str) -> str:
        (content,) = (await self.client.read_resource(uri)).contents
        assert isinstance(content, TextResourceContents)
        assert (content.uri, content.mime_type) == (uri, "text/markdown")
        return content.text

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """A method that the SDK's client has no words for."""
        request = Request[dict[str, Any], str](method=method, params=params)
        return (await self.client.session.send_request(request, Answer)).model_dump(by_alias=True)

    async def prompt(self, name: str, **arguments: str) -> str:
        (message,) = (await self.client.get_prompt(name, arguments)).messages
        assert message.role == "user"
        assert message.content.type == "text"
        return message.content.text


@asynccontextmanager
async def reader(folder: Path, mode: str = "2026-07-28", **settings: Any) -> AsyncGenerator[Reader]:
    """A connection to a server with these settings; no cloud behind it is ever asked."""
    chosen = Settings(state_dir=folder, **settings)
    services = build_services(chosen, Cloud(CloudOptions()), Journal(chosen.journal_path))
    async with Client(build_server(chosen, services), mode=mode) as client:
        yield Reader(client)


@asynccontextmanager
async def refused() -> AsyncGenerator[pytest.ExceptionInfo[MCPError]]:
    """What is in the block is answered with -32602, invalid parameters."""
    with pytest.raises(MCPError) as caught:
        yield caught
    assert caught.value.code == INVALID_PARAMS
