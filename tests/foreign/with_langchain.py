"""LangChain's adapters: with forms in a process per call, as they work by default, and with the page in a session."""
# Its packages are in an environment of their own.
# pyright: basic, reportMissingImports=false

import asyncio
from typing import Any

from langchain_mcp_adapters.callbacks import Callbacks
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.tools import load_mcp_tools
from mcp.types import ElicitResult
from person import ARGUMENTS, COMMAND, NOTEBOOK, REGION, SPECS, TOOLS, approve_on_page, link_in

SERVERS: Any = {"dsw": {"transport": "stdio", "command": COMMAND, "args": ARGUMENTS}}
asked = []


async def answer(_: Any, params: Any, __: Any) -> ElicitResult:
    asked.append(params.message)
    return ElicitResult(action="accept", content={"decision": "approve"})


async def call(tools: list[Any], name: str, arguments: dict[str, str]) -> str:
    (tool,) = (each for each in tools if each.name == name)
    return str(await tool.ainvoke(arguments))


async def main() -> None:
    tools = await MultiServerMCPClient(SERVERS, callbacks=Callbacks(on_elicitation=answer)).get_tools()
    assert {tool.name for tool in tools} >= TOOLS
    made = await call(tools, "create_instance", NOTEBOOK)
    assert "Created dsw-" in made, made
    assert len(asked) == 1
    async with MultiServerMCPClient(SERVERS).session("dsw") as session:
        tools = await load_mcp_tools(session)
        assert "ecs.g6.large" in await call(tools, "list_ecs_specs", SPECS)
        await asyncio.to_thread(approve_on_page, link_in(await call(tools, "create_instance", NOTEBOOK)))
        made = await call(tools, "create_instance", NOTEBOOK)
        assert "Created dsw-" in made, made
        found = await call(tools, "list_instances", {**REGION, "instance_name": NOTEBOOK["instance_name"]})
        assert "made_abroad" in found
    print(
        f"{len(tools)} tools, looked, created after a form (a process per call) and after the page (a session);"
        " a link to the page dies with the process of its call"
    )


asyncio.run(main())
