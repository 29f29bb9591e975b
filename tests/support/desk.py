"""A server over a real emulator, and clients with a person behind them."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import anyio
from mcp.client import Client, ClientRequestContext
from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult

from pai_dsw_mcp.app import build_server, build_services
from pai_dsw_mcp.commands.serve import cloud_of, cloud_options
from pai_dsw_mcp.gate.services import Services, same_time
from pai_dsw_mcp.http.states import SharedStates
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from tests.support.postgres import Cluster
from tests.support.schemas import validate
from tests.support.steering import Steering

Era: TypeAlias = Literal["legacy", "modern"]
Answer: TypeAlias = Literal["yes", "no", "cancel", "empty", "wrong name", "nothing typed", "never"]

REGION = "cn-hangzhou"
MARK = "\ncloud: emulator"
"""The end of the text of an answer that does not come from the cloud."""


@dataclass(slots=True)
class Person:
    """Answers every form in one way, and remembers what was asked."""

    answer: Answer = "yes"
    questions: list[ElicitRequestParams] = field(default_factory=list[ElicitRequestParams])
    approvals: int = 0
    leaves_out: tuple[str, ...] = ()

    async def __call__(
        self,
        context: ClientRequestContext,  # noqa: ARG002  # the SDK's callback has this name
        params: ElicitRequestParams,
    ) -> ElicitResult:
        self.questions.append(params)
        if self.answer == "never":
            await anyio.sleep_forever()
        return self.reply(params)

    def reply(self, question: ElicitRequestParams) -> ElicitResult:
        """The answer of this person to this question."""
        if self.answer in ("no", "cancel"):
            return ElicitResult(action="decline" if self.answer == "no" else "cancel")
        if self.answer == "empty":
            return ElicitResult(action="accept", content={})
        content: dict[str, str | int | float | bool | list[str] | None] = {"decision": "approve"}
        fields: dict[str, Any] = question.model_dump(by_alias=True)["requestedSchema"]["properties"]
        typed = next((each for each in ("instance_name", "remaining") if each in fields), None)
        if typed and self.answer != "nothing typed":
            content[typed] = "somebody_else" if self.answer == "wrong name" else self._name(question.message)
        if self.leaves_out:
            content["leave_out"] = ", ".join(self.leaves_out)
        self.approvals += 1
        return ElicitResult(action="accept", content=content)

    def _name(self, message: str) -> str:
        """The name as a person reads it off the question; of a batch, how many remain."""
        for line in message.splitlines():
            if line.startswith("How many: "):
                return str(int(line.removeprefix("How many: ")) - len(self.leaves_out))
        line = next(line for line in message.splitlines() if line.startswith(("Instance", "Member")))
        return line.partition(": ")[2].split(" ")[0]


@dataclass(slots=True)
class Desk:
    """One server, its services, and the emulator behind it."""

    steering: Steering
    services: Services
    server: MCPServer[Services]
    settings: Settings
    states: SharedStates | None = None

    @asynccontextmanager
    async def client(self, era: Era, person: Person | None) -> AsyncGenerator[Client]:
        """A client of one protocol era; without a person it declares no forms."""
        mode = "legacy" if era == "legacy" else "2026-07-28"
        async with Client(self.server, mode=mode, elicitation_callback=person) as client:
            # The SDK's own asks each server for all its tools, which takes longer than most calls.
            client.session.validate_tool_result = self._validate
            yield client

    async def _validate(self, name: str, result: CallToolResult) -> None:
        """What the SDK's client checks of a result that is no error."""
        (schema,) = (tool.output_schema for tool in await self.server.list_tools() if tool.name == name)
        if schema is not None:
            validate(schema, result.structured_content)

    async def call(self, era: Era, person: Person | None, tool: str, **arguments: Any) -> CallToolResult:
        """One call over a connection of its own."""
        async with self.client(era, person) as client:
            return await client.call_tool(tool, with_region(arguments))


def with_region(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments, with a region where they say nothing of regions."""
    region = {} if arguments.keys() & {"region_ids", "instances"} else {"region_id": REGION}
    return {**region, **arguments}


def make_desk(
    steering: Steering,
    folder: Path,
    *,
    now: Callable[[], float] | None = None,
    elapsed: Callable[[], float] = lambda: 0.0,
    cloud_time: Callable[[float], float] = same_time,
    postgres: Cluster | None = None,
    **settings: Any,
) -> Desk:
    """A server with all toolsets, or with these settings, over this emulator, with its journal in `folder`.

    With `postgres` its journal is there, as servers have it that share one. `elapsed` stands in for the monotonic
    clock, and only where `now` stands in for the clock on the wall. `cloud_time` is which time that is in the cloud.
    """
    toolsets = settings.pop("toolsets", ("all",))
    chosen = Settings(state_dir=folder, endpoint=steering.url, toolsets=toolsets, **settings)
    cloud = cloud_of(chosen, cloud_options(chosen, steering.url, None))
    clocks: dict[str, Any] = {} if now is None else {"now": now, "elapsed": elapsed}
    journal = postgres.journal(**clocks) if postgres else Journal(chosen.journal_path, **clocks)
    services = build_services(chosen, cloud, journal, now=now or time.time, cloud_time=cloud_time)
    states = SharedStates(journal) if postgres else None
    return Desk(steering, services, build_server(chosen, services, states), chosen, states)


def told(answer: CallToolResult) -> dict[str, Any]:
    """The structured result of a call that is no error."""
    assert not answer.is_error, text_of(answer)
    assert answer.structured_content is not None
    return unmarked(answer.structured_content)


def text_of(answer: CallToolResult) -> str:
    """What the model reads."""
    return "\n".join(block.text for block in answer.content if block.type == "text").removesuffix(MARK)


def unmarked(structure: dict[str, Any]) -> dict[str, Any]:
    """A structured result without the mark of an emulator, which every answer in the tests has."""
    return {name: value for name, value in structure.items() if (name, value) != ("cloud", "emulator")}
