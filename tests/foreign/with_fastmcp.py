"""FastMCP's client, which answers forms with the type that it makes of them."""
# Its packages are in an environment of their own.
# pyright: basic, reportMissingImports=false

import asyncio
from typing import Any

from fastmcp import Client
from fastmcp.client.transports import StdioTransport
from person import ARGUMENTS, COMMAND, NOTEBOOK, REGION, SPECS, TOOLS

asked = []


async def answer(message: str, response_type: Any, *_: Any) -> Any:
    asked.append(message)
    return response_type(decision="approve")


async def main() -> None:
    async with Client(StdioTransport(COMMAND, ARGUMENTS), elicitation_handler=answer) as client:
        tools = await client.list_tools()
        assert {tool.name for tool in tools} >= TOOLS
        specs = await client.call_tool("list_ecs_specs", SPECS)
        assert specs.data.total > 0
        made = await client.call_tool("create_instance", NOTEBOOK)
        assert made.structured_content["status"] == "done", made
        found = await client.call_tool("list_instances", {**REGION, "instance_name": NOTEBOOK["instance_name"]})
        assert found.data.total == 1
        assert len(asked) == 1
        print(f"{len(tools)} tools, looked, created after a form")


asyncio.run(main())
