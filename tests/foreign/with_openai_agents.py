"""openai-agents with strict schemas: its model is a stub that fills in every argument, with null or nothing."""
# Its packages are in an environment of their own.
# pyright: basic, reportMissingImports=false

import asyncio
import json
from itertools import cycle
from typing import Any

from agents import Agent, Model, ModelResponse, Runner, Usage, set_tracing_disabled
from agents.mcp import MCPServerStdio
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText
from person import ARGUMENTS, COMMAND, NOTEBOOK, REGION, SPECS, TOOLS, approve_on_page, link_in

CALLS = (
    ("list_ecs_specs", SPECS),
    ("create_instance", NOTEBOOK),
    ("create_instance", NOTEBOOK),
    ("list_instances", {**REGION, "instance_name": NOTEBOOK["instance_name"]}),
)


class Stub(Model):
    """Makes the next call. Its person reads each answer, and approves on the page."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.offered: list[str] = []
        self.made = 0

    async def get_response(self, *, input: Any, tools: list[Any], **_: Any) -> ModelResponse:  # noqa: A002  # its name
        self.offered = [tool.name for tool in tools]
        assert all(tool.strict_json_schema for tool in tools)
        self.answers = [str(item["output"]) for item in input if item.get("type") == "function_call_output"]
        if len(self.answers) == 2:
            await asyncio.to_thread(approve_on_page, link_in(self.answers[1]))
        return ModelResponse(output=[self._next(tools)], usage=Usage(), response_id=None)

    def _next(self, tools: list[Any]) -> Any:
        if self.made == len(CALLS):
            said = ResponseOutputText(type="output_text", text="It runs.", annotations=[])
            return ResponseOutputMessage(
                id="said", type="message", role="assistant", status="completed", content=[said]
            )
        name, wanted = CALLS[self.made]
        self.made += 1
        (schema,) = (tool.params_json_schema for tool in tools if tool.name == name)
        assert set(schema["required"]) == set(schema["properties"])
        left_open = cycle((None, ""))
        arguments = {each: next(left_open) for each in schema["required"]} | wanted
        call_id = f"call-{self.made}"
        return ResponseFunctionToolCall(
            type="function_call", call_id=call_id, name=name, arguments=json.dumps(arguments)
        )

    def stream_response(self, *_: Any, **__: Any) -> Any:
        """Part of the interface of a model; a run that does not stream never asks for it."""
        raise NotImplementedError


async def main() -> None:
    set_tracing_disabled(True)
    model = Stub()
    server = MCPServerStdio({"command": COMMAND, "args": ARGUMENTS}, client_session_timeout_seconds=30)
    async with server:
        agent = Agent("notebooks", model=model, mcp_servers=[server], mcp_config={"convert_schemas_to_strict": True})
        await Runner.run(agent, "Make me a notebook.")
    assert set(model.offered) >= TOOLS
    specs, _, made, found = model.answers
    assert "ecs.g6.large" in specs
    assert "Created dsw-" in made, made
    assert found.count("dsw-") == 1, found
    print(f"{len(model.offered)} tools with strict schemas, looked, created after the page: this client has no forms")


asyncio.run(main())
