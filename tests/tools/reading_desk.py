"""A server with the reading tools over an emulator, and clients that call them as a model's host would."""

import textwrap
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias, cast

from mcp.client import Client
from mcp.server.mcpserver import MCPServer
from mcp_types import TextContent

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.approval.page import ApprovalPage
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from pai_emulator.instance import Instance
from pai_emulator.lifecycle import Step
from pai_emulator.region_state import RegionState
from pai_emulator.serve import Emulator
from tests.support.desk import MARK, unmarked

REGION = "cn-hangzhou"

Progress: TypeAlias = list[tuple[float, float | None, str | None]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a tool answered: the text, and the structured result."""

    text: str
    result: dict[str, Any]
    is_error: bool

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a list, each with what all of them have in common."""
        return [self.result.get("in_all_rows", {}) | row for row in self.result[name]]


def fold(value: Any) -> Any:
    """The value with its long strings broken into lines, for a snapshot that one can read."""
    if isinstance(value, str):
        return "\n".join(part for line in value.splitlines() for part in textwrap.wrap(line, 110))
    if isinstance(value, dict):
        return {name: fold(part) for name, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [fold(part) for part in cast("list[Any]", value)]
    return value


class Caller:
    """A client that is connected."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def __call__(self, name: str, heard: Progress | None = None, /, **arguments: Any) -> Told:
        """Calls a tool in the region of the tests; `heard` collects its signs of life."""

        async def hear(progress: float, total: float | None, message: str | None) -> None:
            if heard is not None:
                heard.append((progress, total, message))

        region = {} if "region_ids" in arguments else {"region_id": REGION}
        answer = await self.client.call_tool(name, {**region, **arguments}, progress_callback=hear)
        (content,) = answer.content
        assert isinstance(content, TextContent)
        result = unmarked(answer.structured_content or {})
        return Told(content.text.removesuffix(MARK), result, bool(answer.is_error))


@dataclass(slots=True)
class Desk:
    """The emulator's clock is everybody's clock: sleeping moves it."""

    emulator: Emulator
    folder: Path
    slept: list[float] = field(default_factory=list[float])
    set_back: float = 0
    """Seconds by which the server's clock, but not the emulator's, was set back."""
    read_timeout: float = 20.0

    @property
    def region(self) -> RegionState:
        """What the emulator holds in the region that the tests ask about."""
        return self.emulator.world.region(REGION)

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.emulator.clock.now().timestamp() - self.set_back

    async def sleep(self, seconds: float) -> None:
        """Passes time without any."""
        self.slept.append(seconds)
        self.emulator.clock.advance(seconds)

    def add(self, name: str, status: str = "Running", user: str = "admin", **settings: Any) -> Instance:
        """An instance behind everybody's back."""
        workspace_id = next(iter(self.region.workspaces))
        given: dict[str, Any] = {
            "InstanceName": name,
            "WorkspaceId": workspace_id,
            "EcsSpec": "ecs.g6.large",
            "ImageUrl": f"dsw-registry-vpc.{REGION}.cr.aliyuncs.com/pai/pytorch:2.3.1-cpu-py311-ubuntu22.04",
            **settings,
        }
        instance = self.emulator.world.add_instance(
            self.region,
            given,
            self.emulator.user(user).user_id,
            instance_id=f"dsw-{len(self.region.instances) + 1:016}",
        )
        self.lead(instance, (0, status))
        return instance

    def lead(self, instance: Instance, *steps: tuple[float, str]) -> None:
        """Lets an instance take on statuses, each so many seconds from now."""
        now = self.emulator.clock.now()
        instance.course = instance.undelayed = tuple(
            Step(status, now + timedelta(seconds=seconds)) for seconds, status in steps
        )
        self.region.touch()

    def requests(self, operation: str) -> int:
        """How often an operation was asked for."""
        return sum(entry.operation == operation for entry in self.emulator.journal.entries)

    @asynccontextmanager
    async def client(self, user: str = "admin", mode: str = "auto") -> AsyncGenerator[Caller]:
        """A client of a server of its own, which works as one of the emulator's users."""
        key = self.emulator.user(user)
        options = CloudOptions(
            endpoint=self.emulator.url,
            test_access_key=(key.access_key_id, key.access_key_secret),
            read_timeout=self.read_timeout,
        )
        journal = Journal(self.folder / "journal.sqlite3")
        async with Cloud(options) as cloud:
            services = Services(
                cloud=cloud, journal=journal, page=ApprovalPage(journal, "en"), now=self.now, sleep=self.sleep
            )
            async with Client(_server(services), mode=mode) as client:
                yield Caller(client)


def _server(services: Services) -> MCPServer[Services]:
    @asynccontextmanager
    async def lifespan(_: MCPServer[Services]) -> AsyncGenerator[Services]:
        yield services

    return MCPServer("reading", tools=list(tools_for(Settings(read_only=True, toolsets=("all",)))), lifespan=lifespan)
