"""What the list of tools costs in the context of a model, by a tokenizer whose vocabulary comes with its package."""

import json
import warnings
from typing import Any

import anyio
from mcp.client import Client
from mcp.server.mcpserver import MCPServer

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from tests.bench.row import Row, absolute

SEEN_LIMIT = 3_500
"""What few need comes with another toolset, see `toolsets.PARAMETERS`."""
ALL_SEEN_LIMIT = 9_000
"""With every toolset."""
FULL_LIMIT = 8_500
_SEEN = ("name", "description", "inputSchema")


async def list_tools(*toolsets: str) -> list[dict[str, Any]]:
    """The list of tools of these toolsets, or of the default, as a client receives it."""
    async with Client(MCPServer("tools", tools=list(tools_for(Settings(toolsets=toolsets))))) as client:
        listed = await client.list_tools()
    return [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in listed.tools]


def seen_by_the_model(tools: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The part of each tool that hosts hand to the model."""
    return [{name: tool[name] for name in _SEEN} for tool in tools]


def count(value: Any) -> int:
    """Tokens of `o200k_base`: of a text, or of anything else as JSON."""
    with warnings.catch_warnings():
        # It reads its vocabulary by a function that some versions of Python call deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        # And it takes half a second for that, which whoever only collects this module should not pay.
        import bpe_openai  # noqa: PLC0415

    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(bpe_openai.get_encoding("o200k_base").encode(text))


def measure() -> list[Row]:
    tools, everything = anyio.run(list_tools), anyio.run(list_tools, "all")
    amount = f"{len(tools)} tools"
    return [
        absolute("tool list as the model sees it", [count(seen_by_the_model(tools))], amount, "tokens", SEEN_LIMIT),
        absolute("tool list in full", [count(tools)], amount, "tokens", FULL_LIMIT),
        absolute(
            "every toolset as the model sees it",
            [count(seen_by_the_model(everything))],
            f"{len(everything)} tools",
            "tokens",
            ALL_SEEN_LIMIT,
        ),
    ]
