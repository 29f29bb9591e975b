"""Plays a scenario in this process: real server, real protocol, real signatures, time that takes none."""

import base64
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import anyio
from mcp.client import Client
from mcp.server.mcpserver import MCPServer
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, LoggingMessageNotificationParams, TextContent, Tool

from evals.answers import read, spread
from evals.cloud import CloudInUse, Clouds
from evals.links import Link, over_http, over_stdio
from evals.matching import unmet_in
from evals.person import ScriptedPerson
from evals.records import Event, Question, Records
from evals.references import UnknownReferenceError, resolve
from evals.scenario import (
    Advance,
    Call,
    Era,
    Expected,
    Hear,
    Meddle,
    Misbehave,
    Restart,
    Say,
    Scenario,
    Step,
    Together,
)
from pai_dsw_mcp.app import build_server, build_services
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.commands.serve import cloud_options
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.private_values import PrivateValues
from pai_dsw_mcp.settings import ResultMode, Settings, read_settings

_PATIENCE: Final = 60.0
"""Seconds after which a host gives a call up that waits for a person."""
_REAL_PATIENCE: Final = 25.0
_MODERN: Final = "2026-07-28"
_FORM_PATIENCE: Final = 0.25


def start_server(
    scenario: Scenario,
    cloud: CloudInUse,
    folder: Path,
    *,
    arm: ResultMode = "both",
    never_answers: bool = False,
) -> MCPServer[Services]:
    """The server as the scenario has it, on the clock of its cloud."""
    settings = replace(settings_of(scenario, folder), endpoint=cloud.emulator.url, result=arm)
    private = PrivateValues(
        environment=scenario.client.environment,
        image_auths={
            host: base64.b64encode(sign_in.encode()).decode() for host, sign_in in scenario.client.image_auths.items()
        },
    )
    options = cloud_options(settings, settings.endpoint, cloud.access_key, private)
    journal = Journal(settings.journal_path, now=cloud.now, elapsed=cloud.now)
    services = build_services(settings, Cloud(options), journal, private=private, now=cloud.now, sleep=cloud.sleep)
    if never_answers:
        services.form_patience = _FORM_PATIENCE
    return build_server(settings, services)


def settings_of(scenario: Scenario, folder: Path) -> Settings:
    """The settings of the scenario's server, with its journal in `folder`."""
    return replace(
        read_settings([f"--state-dir={folder}", *scenario.client.flags], {}),
        toolsets=("all",),
        lang=scenario.language,
        approve="chat" if scenario.client.kind == "chat" else scenario.client.approve,
        read_only=scenario.client.read_only,
        cost_line=scenario.client.cost_line,
    )


async def replay(
    scenario: Scenario, era: Era, clouds: Clouds, link: Link = "memory", arm: ResultMode = "both"
) -> Records:
    """One run of the script; what the verdict is made from. `arm` is what the server's answers hold."""
    cloud = clouds.take(scenario)
    with tempfile.TemporaryDirectory(prefix="pai-dsw-evals-") as folder:
        async with Conversation(scenario, era, cloud, Path(folder), link, arm) as conversation:
            await conversation.play()
    return conversation.finish()


class Conversation:
    """One conversation between a person, an assistant and the server under test, and the record that is kept of it.

    `play` follows the scenario's script. Who leads the assistant from elsewhere uses `call`, `say` and `hear` instead.
    """

    tools: list[Tool]
    """What the server offers."""
    instructions: str
    """What the server tells every assistant; a host puts it before its model."""

    def __init__(
        self, scenario: Scenario, era: Era, cloud: CloudInUse, folder: Path, link: Link, arm: ResultMode = "both"
    ) -> None:
        self._scenario = scenario
        self._era: Era = era
        self._cloud = cloud
        self._folder = folder
        self._link: Link = link
        self._arm: ResultMode = arm
        self._records = Records(scenario=scenario.id, era=era, arm=arm)
        self._saved: dict[str, Any] = {}
        self._stack = AsyncExitStack()
        self._client: Client | None = None
        self._calls = 0
        self._never = any(each.answer == "never" for each in scenario.person.answers)
        self._person = ScriptedPerson(scenario.person, scenario.client.kind, cloud, self._hear_question)

    async def __aenter__(self) -> Self:
        self._note("person", self._scenario.request)
        await self._connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Told of no error, a stack that is cancelled may never come to an end (CPython 3.11, contextlib).
        await self._stack.__aexit__(kind, error, traceback)

    async def _connect(self) -> None:
        client = Client(
            await self._server(),
            # Not the version itself: a client that knows it does not ask the server, so it gets no instructions.
            mode="legacy" if self._era == "legacy" else "auto",
            elicitation_callback=self._person if self._scenario.client.kind == "form" else None,
            logging_callback=self._hear_log,
            log_level="debug",
            # It is asked once for each list, and copies deeply what it keeps.
            cache=None,
        )
        self._client = await self._stack.enter_async_context(client)
        assert (client.protocol_version == _MODERN) == (self._era == "modern")
        offered = await client.list_tools()
        self.tools = offered.tools
        self.instructions = client.instructions or ""
        self._records.listing = offered.model_dump_json() + self.instructions

    def _hear_question(self, text: str) -> None:
        self._note("question", text)

    async def _hear_log(self, params: LoggingMessageNotificationParams) -> None:
        """What a server logs to its client, a model may get to see as well."""
        self._note("note", str(params.data), raw=params.model_dump_json())

    async def _server(self) -> Any:
        """What the client connects to."""
        if self._link == "stdio":
            return over_stdio(self._scenario, self._cloud, self._folder, self._arm)
        server = start_server(self._scenario, self._cloud, self._folder, arm=self._arm, never_answers=self._never)
        return server if self._link == "memory" else await self._stack.enter_async_context(over_http(server))

    @property
    def questions(self) -> list[Question]:
        """What the person was asked to approve so far."""
        return self._person.questions

    async def play(self) -> None:
        """The whole script; one that speaks of a result that never came ends there."""
        try:
            for step in self._scenario.assistant.script:
                await self.take(step)
        except UnknownReferenceError as error:
            self._records.unmet.append(str(error))

    async def take(self, step: Step) -> None:
        """One step of the script."""
        match step:
            case Call():
                await self._follow(step)
            case Together():
                async with anyio.create_task_group() as group:
                    for call in step.together:
                        group.start_soon(self._follow, call)
            case Say():
                await self.say(str(resolve(step.say, self._saved)))
            case Hear():
                self.hear(step.person)
            case Advance():
                await self._cloud.sleep(step.advance)
                self._note("note", f"{step.advance:.0f} s pass")
            case Meddle():
                self._cloud.meddle(step.meddle, resolve(dict(step.set), self._saved))
                self._note("note", f"somebody else changes {step.meddle}: {step.set}")
            case Misbehave():
                self._cloud.set_faults(step.faults)
                self._note("note", f"the cloud misbehaves: {[fault.kind for fault in step.faults]}")
            case Restart():
                await self._stack.aclose()
                self._note("note", "the server starts again")
                await self._connect()

    async def say(self, words: str) -> None:
        """The assistant says something, which may bring the person to a page or a code."""
        self._note("assistant", words)
        await self._person.hear(words)

    def hear(self, words: str) -> None:
        """The person says something."""
        self._note("person", words)

    async def call(self, tool: str, arguments: dict[str, Any]) -> Event:
        """The assistant calls a tool with these very arguments; gives the answer that it sees."""
        return (await self._exchange(tool, arguments))[1]

    async def _follow(self, step: Call) -> None:
        """A call of the script, and what it came to beside what it had to come to."""
        answer, seen = await self._exchange(step.call, resolve(step.arguments, self._saved))
        if step.save is not None:
            self._saved[step.save] = spread(seen.result) | {"text": seen.text}
        if answer is not None:
            expected = Expected.model_validate(resolve(step.expect.model_dump(), self._saved))
            unmet = unmet_in(expected, seen, self._arm)
            self._records.unmet += [f"call {seen.number} {step.call}: {each}" for each in unmet]

    async def _exchange(self, tool: str, arguments: dict[str, Any]) -> tuple[CallToolResult | None, Event]:
        name = arguments.get("instance_name")
        if isinstance(name, str):
            self._person.names_spoken_of.append(name)
        self._calls += 1
        number = self._calls
        self._note("call", "", tool=tool, arguments=arguments, number=number)
        began, real = self._cloud.passed(), time.perf_counter()
        told: list[str] = []

        async def hear(progress: float, total: float | None, message: str | None) -> None:
            told.append(f"{progress}/{total} {message}")

        assert self._client is not None
        answers: list[CallToolResult] = []
        with anyio.move_on_after(_REAL_PATIENCE) as scope:
            if self._era == "modern":
                # Nothing runs on the server while a modern client asks: it is the host that gives up.
                self._person.give_up = scope.cancel
            try:
                answers.append(await self._client.call_tool(tool, arguments, progress_callback=hear))
            except MCPError as refusal:
                # Instead of a result the server gave a protocol error; a host may show its model all of it.
                told.append(refusal.error.model_dump_json())
                words = TextContent(type="text", text=refusal.message)
                answers.append(CallToolResult(content=[words], is_error=True))
        if not answers:
            await self._cloud.sleep(_PATIENCE)
        answer = answers[0] if answers else None
        text, result = read(answer, self._arm) if answer else ("The client gave the call up: nobody answered.", {})
        return answer, self._note(
            "answer",
            text,
            tool=tool,
            number=number,
            raw="\n".join([*told, answer.model_dump_json() if answer else ""]),
            result=result,
            is_error=bool(answer and answer.is_error),
            seconds=self._cloud.passed() - began,
            wall=time.perf_counter() - real,
        )

    def _note(self, who: Any, text: str, **facts: Any) -> Event:
        at, requests = self._cloud.passed(), self._cloud.request_count
        event = Event(who=who, text=text, at=at, requests=requests, **facts)
        self._records.events.append(event)
        return event

    def finish(self) -> Records:
        """The records, complete."""
        self._records.questions = self._person.questions
        self._cloud.tell(self._records)
        return self._records
