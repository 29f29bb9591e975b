"""pydantic-ai: an agent whose model is a stub, and which answers forms."""
# Its packages are in an environment of their own.
# pyright: basic, reportMissingImports=false

import asyncio
from typing import Any

from fastmcp.client.transports import StdioTransport
from person import ARGUMENTS, COMMAND, NOTEBOOK, REGION, SPECS, TOOLS
from pydantic_ai import Agent
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

CALLS = (
    ("list_ecs_specs", SPECS),
    ("create_instance", NOTEBOOK),
    ("list_instances", {**REGION, "instance_name": NOTEBOOK["instance_name"]}),
)
asked = []
offered = []


async def answer(message: str, *_: Any) -> Any:
    asked.append(message)
    return {"decision": "approve"}


def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    """Makes the next call."""
    offered[:] = [tool.name for tool in info.function_tools]
    made = sum(isinstance(message, ModelResponse) for message in messages)
    return ModelResponse(parts=[ToolCallPart(*CALLS[made]) if made < len(CALLS) else TextPart("It runs.")])


async def main() -> None:
    toolset = MCPToolset(StdioTransport(COMMAND, ARGUMENTS), elicitation_handler=answer, init_timeout=60)
    agent = Agent(FunctionModel(model), toolsets=[toolset])
    async with agent:
        ran = await agent.run("Make me a notebook.")
    assert set(offered) >= TOOLS
    parts = [part for message in ran.all_messages() for part in message.parts]
    specs, made, found = (part.content for part in parts if isinstance(part, ToolReturnPart))
    assert specs["total"] > 0
    assert made["status"] == "done", made
    assert found["total"] == 1
    assert len(asked) == 1
    print(f"{len(offered)} tools, looked, created after a form")


asyncio.run(main())
