"""The tools exactly as a client lists them. Run this module to write the reviewed file anew after a wanted change."""

import json
from pathlib import Path
from typing import Any

import anyio
from mcp.client import Client

from pai_dsw_mcp.app import build_server, build_services
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings

REVIEWED = Path(__file__).with_name("tools.json")


async def listed(settings: Settings) -> list[dict[str, Any]]:
    """What tools/list answers under these settings."""
    services = build_services(settings, Cloud(CloudOptions()), Journal(settings.journal_path))
    async with Client(build_server(settings, services), mode="2026-07-28") as client:
        tools = (await client.list_tools()).tools
    return [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]


def as_text(tools: list[dict[str, Any]]) -> str:
    """The list as the reviewed file holds it."""
    return json.dumps(tools, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    REVIEWED.write_text(as_text(anyio.run(listed, Settings(approve="chat", toolsets=("all",)))), "utf-8")
