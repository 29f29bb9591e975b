"""`pai-dsw-mcp demo`: a person, an assistant and this server in one conversation, over the real protocol.

The person and the assistant are scripted; everything else is real: the server is a process that speaks MCP over stdio,
the official SDK signs its requests, and an emulator of the two APIs answers them, about 60 times faster than the clock.
"""

import json
import sys
import tempfile
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import anyio
from anyio import to_thread
from mcp.client import Client, ClientRequestContext
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult

from pai_dsw_mcp.commands.browser import Page
from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.commands.stage import Stage
from pai_dsw_mcp.settings import Settings

_SPEED: Final = 60.0
_REGION: Final = "cn-hangzhou"
_NAME: Final = "demo_a10"


def demo(settings: Settings) -> int:
    """Plays the conversation; returns the exit code: 0 when every write had its approval."""
    stage = Stage(settings.lang)
    with tempfile.TemporaryDirectory(prefix="pai-dsw-mcp-demo-") as folder, EmbeddedEmulator(speed=_SPEED) as emulator:
        stage.opening()
        return anyio.run(_play, stage, emulator, Path(folder), settings)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the assistant found and takes."""

    workspace_id: str
    spec: Mapping[str, Any]
    image_id: str


class Person:
    """Answers forms and pages: yes, with the name typed back where that is asked for."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.approvals = 0

    async def answer(
        self,
        context: ClientRequestContext,  # noqa: ARG002  # the SDK's callback has this name
        params: ElicitRequestParams,
    ) -> ElicitResult:
        """Reads the change, and approves it."""
        asked = params.model_dump(by_alias=True)
        fields: Mapping[str, Any] = asked["requestedSchema"]["properties"]
        content: dict[str, str | int | float | bool | list[str] | None] = {"decision": "approve"}
        if "instance_name" in fields:
            content["instance_name"] = _NAME
        self.approvals += 1
        self._stage.form(params.message, name=_NAME if "instance_name" in fields else None)
        return ElicitResult(action="accept", content=content)

    async def open_page(self, url: str) -> None:
        """Reads the change on the approval page, and approves it there."""
        page = await to_thread.run_sync(Page, url)
        self.approvals += 1
        self._stage.page(url, page.lines, name=_NAME if page.wants_name else None)
        await to_thread.run_sync(page.approve, _NAME)


class Assistant:
    """Calls tools and shows what it calls and what comes back."""

    def __init__(self, client: Client, stage: Stage) -> None:
        self._client = client
        self._stage = stage

    async def call(self, tool: str, *, lines: int = 12, **arguments: Any) -> dict[str, Any]:
        """One call; returns the structured result.

        Raises:
            SystemExit: The call failed, which a demo must not hide.
        """
        self._stage.call(tool, arguments)
        with self._stage.waiting(tool) as tell:

            async def show(progress: float, total: float | None, message: str | None) -> None:
                tell(progress, total, message)

            answer = await self._client.call_tool(tool, arguments, progress_callback=show)
        text = _text(answer)
        if answer.is_error:
            self._stage.answer(text, lines)
            raise SystemExit(1)
        self._stage.answer(text, lines)
        return answer.structured_content or {}


def _text(answer: CallToolResult) -> str:
    return "\n".join(block.text for block in answer.content if block.type == "text")


async def _play(stage: Stage, emulator: EmbeddedEmulator, folder: Path, settings: Settings) -> int:
    person = Person(stage)
    flags = ["--endpoint", emulator.url, "--state-dir", str(folder), "--lang", settings.lang]
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "pai_dsw_mcp", *flags, *(["--read-only"] if settings.read_only else [])],
        env=emulator.user.as_environment(),
    )
    async with Client(server, elicitation_callback=person.answer) as client:
        assistant = Assistant(client, stage)
        choices = await _look(stage, assistant)
        notebook = None if settings.read_only else await _begin(stage, assistant, choices)
    if notebook is None:
        stage.says_aside("demo_read_only")
    else:
        # Without a callback for forms: a client as many are.
        async with Client(server) as client:
            await _end(stage, Assistant(client, stage), person, notebook)
        stage.bill(
            seconds=_milliseconds_run(emulator, notebook["instance_id"]) / 1000,
            hourly=choices.spec["price_per_hour"],
            currency=choices.spec["currency"],
        )
    writes = [entry for entry in _told_by(emulator, "journal")["entries"] if entry["write"]]
    stage.account(writes=len(writes), approvals=person.approvals, requests=[str(each["operation"]) for each in writes])
    return 0 if len(writes) == person.approvals else 1


async def _look(stage: Stage, assistant: Assistant) -> Choices:
    stage.says("demo_wish")
    workspaces = await assistant.call("list_workspaces", region_id=_REGION)
    specs = await assistant.call(
        "list_ecs_specs", region_id=_REGION, accelerator_type="GPU", gpu_type="A10", only_available=True
    )
    spec = specs.get("in_all_rows", {}) | specs["specs"][0]
    images = await assistant.call("list_images", region_id=_REGION, chip_type="GPU", lines=6)
    workspace = next(each for each in workspaces["workspaces"] if each.get("is_default"))
    return Choices(workspace["workspace_id"], spec, images["images"][0]["image_id"])


async def _begin(stage: Stage, assistant: Assistant, choices: Choices) -> dict[str, str]:
    """Creates the notebook and shares it; returns what names it."""
    created = await assistant.call(
        "create_instance",
        lines=2,
        region_id=_REGION,
        workspace_id=choices.workspace_id,
        instance_name=_NAME,
        ecs_spec=choices.spec["instance_type"],
        image_id=choices.image_id,
    )
    notebook = {"region_id": _REGION, "instance_id": created["instance_id"]}
    stage.says("demo_wait")
    await _wait(assistant, notebook, "Running")
    stage.says("demo_share")
    await assistant.call("update_instance", lines=2, **notebook, accessibility="PUBLIC")
    await _wait(assistant, notebook, "Running")
    return notebook


async def _end(stage: Stage, assistant: Assistant, person: Person, notebook: Mapping[str, str]) -> None:
    """Stops the notebook from a client that shows no forms: the yes is given on the page."""
    stage.says("demo_stop")
    asked = await assistant.call("stop_instance", lines=4, **notebook)
    await person.open_page(asked["approve_url"])
    stage.says("demo_pressed")
    await assistant.call("stop_instance", lines=2, **notebook)
    await _wait(assistant, notebook, "Stopped")
    await assistant.call("get_instance", lines=4, **notebook, detail="full")


async def _wait(assistant: Assistant, notebook: Mapping[str, str], status: str) -> None:
    done = False
    while not done:
        done = bool((await assistant.call("wait_for_instance", lines=1, **notebook, until=status))["done"])


def _milliseconds_run(emulator: EmbeddedEmulator, instance_id: str) -> int:
    """As exactly as the emulator counts: tools tell hours in tenths."""
    return _told_by(emulator, "state", {"instance_id": instance_id})["instance"]["AccumulatedRunningTimeInMs"]


def _told_by(emulator: EmbeddedEmulator, route: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The emulator's own record, which this server does not write."""
    request = urllib.request.Request(  # noqa: S310  # a loopback address of our own child
        f"{emulator.url}/_emulator/{route}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"x-emulator-key": emulator.control_key},
    )
    with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310  # the same
        return json.load(reply)
