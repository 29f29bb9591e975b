"""One random conversation: careless assistants, persons, and a nemesis, over the real server and the emulator."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
from mcp.client import Client, ClientRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    ElicitRequest,
    ElicitRequestParams,
    ElicitRequestURLParams,
    ElicitResult,
    InputRequiredResult,
    InputResponses,
)

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.plain_text import as_plain_text
from pai_dsw_mcp.journal.errors import AlreadyDecidedError
from pai_dsw_mcp.journal.store import Journal
from pai_emulator.faults.model import Assume, ListLag
from pai_emulator.serve import Emulator
from tests.gate.cases import image_for
from tests.gate.moves import Again, Call, Edit, Forge, Page, Reply, Seat, Step, Together, Trouble, Wait
from tests.gate.witness import Witness
from tests.support.desk import REGION, Answer, Person, make_desk, text_of
from tests.support.steering import Steering

LIST_LAG = 100.0
START = 1_000_000.0


@dataclass(slots=True)
class Question:
    """A question of a modern client, and the state that belongs to it."""

    seat: Seat
    tool: str
    arguments: dict[str, Any]
    key: str
    params: ElicitRequestParams
    state: str | None
    reply: ElicitResult | None = None


class Teller(Person):
    """A person behind a legacy form, whose words are put on record before they are given."""

    def __init__(self, walk: "Walk") -> None:
        super().__init__("yes")
        self._walk = walk

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG002
        return self._walk.said(params, self.answer)


@dataclass(slots=True)
class Walk:
    """The conversation as it goes, with everything that was asked."""

    emulator: Emulator
    time: float = START
    witness: Witness = field(default_factory=Witness)
    clients: dict[Seat, Client] = field(default_factory=dict[Seat, Client])
    teller: Person = field(default_factory=Person)
    journals: list[Journal] = field(default_factory=list[Journal])
    questions: list[Question] = field(default_factory=list[Question])
    seen: int = 0
    last: Call | None = None

    @property
    def instances(self) -> list[str]:
        """The ids in the order in which they were made; two are there from the start."""
        return list(self.emulator.world.region(REGION).instances)

    def said(self, params: ElicitRequestParams, answer: Answer) -> ElicitResult:
        """A person's answer, put on record; who agrees to open a page has not agreed to the change."""
        if isinstance(params, ElicitRequestURLParams):
            return ElicitResult(action="accept" if answer == "yes" else "cancel")
        reply = Person(answer).reply(params)
        self.witness.asked(params.message, self.time)
        with_name = "instance_name" in params.model_dump(by_alias=True)["requestedSchema"]["properties"]
        if answer == "no":
            self.witness.no(params.message)
        elif answer == "yes" or (answer in ("wrong name", "nothing typed") and not with_name):
            self.witness.yes(params.message)
        return reply


async def walk(
    emulator: Emulator, folder: Path, steps: Sequence[Step], assume: Mapping[str, str] | None = None
) -> Witness:
    """Goes through the steps; what the emulator receives is checked after each of them."""
    emulator.reset()
    emulator.faults.add(*(Assume(id=name, value=value) for name, value in (assume or {}).items()))
    going = Walk(emulator)
    emulator.world.generate_instances(REGION, 2)
    for instance_id in going.instances:
        fields = {
            "Status": "Stopped",
            "EcsSpec": "ecs.g6.large",
            "ImageId": image_for("CPU"),
            "Accessibility": "PRIVATE",
        }
        emulator.world.overwrite_instance(instance_id, fields)
    emulator.clock.advance(LIST_LAG + 1)
    emulator.faults.add(ListLag(seconds=LIST_LAG))
    async with seats(going, folder):
        for step in steps:
            await _take(going, step)
            written = emulator.journal.writes()
            going.witness.received(written[going.seen :], going.time, going.instances[2:])
            going.seen = len(written)
    return going.witness


@asynccontextmanager
async def seats(going: Walk, folder: Path) -> AsyncGenerator[None]:
    """Two servers over one journal: three clients at the first, one at the second."""
    steering = Steering(going.emulator.url, going.emulator.control_key)
    async with AsyncExitStack() as stack:
        first, second = (make_desk(steering, folder, now=lambda: going.time) for _ in range(2))
        going.teller = Teller(going)
        going.clients["legacy"] = await stack.enter_async_context(first.client("legacy", going.teller))
        going.clients["modern"] = await stack.enter_async_context(first.client("modern", Person()))
        going.clients["bare"] = await stack.enter_async_context(first.client("modern", None))
        going.clients["second"] = await stack.enter_async_context(second.client("modern", Person()))
        going.journals = [first.services.journal, second.services.journal]
        yield


async def _take(going: Walk, step: Step) -> None:
    match step:
        case Call():
            going.last = step
            await _call(going, step)
        case Again(answer=answer) if going.last is not None:
            await _call(going, replace(going.last, answer=answer))
        case Together(calls=calls):
            async with anyio.create_task_group() as group:
                for each in calls:
                    group.start_soon(_call, going, each)
        case Reply(which=which, answer=answer) if going.questions:
            await _reply(going, going.questions[which % len(going.questions)], answer)
        case Forge() if going.questions:
            await _forge(going, step)
        case Page():
            await _decide(going, step)
        case _:
            _happen(going, step)


def _happen(going: Walk, step: Step) -> None:
    """What nobody in the conversation does."""
    match step:
        case Edit(which=which, field=name, value=value):
            instance_id = going.instances[which % len(going.instances)]
            going.emulator.world.overwrite_instance(instance_id, {name: value})
            going.witness.edited(instance_id, going.time)
        case Wait(seconds=seconds):
            going.time += seconds
            going.emulator.clock.advance(seconds)
        case Trouble(fault=fault):
            going.emulator.faults.add(fault)
        case _:
            pass


async def _call(going: Walk, call: Call) -> None:
    arguments: dict[str, Any] = {"region_id": REGION, **dict(call.arguments)}
    if "instance_id" in arguments:
        arguments["instance_id"] = going.instances[arguments["instance_id"] % len(going.instances)]
    if call.seat == "legacy":
        going.teller.answer = call.answer or "cancel"
    question = await _round(going, call.seat, call.tool, arguments)
    if question is not None and call.answer is not None:
        await _reply(going, question, call.answer)


async def _round(
    going: Walk,
    seat: Seat,
    tool: str,
    arguments: dict[str, Any],
    responses: InputResponses | None = None,
    state: str | None = None,
) -> Question | None:
    """One request; the question that came back, if one did."""
    session = going.clients[seat].session
    try:
        answer = await session.call_tool(
            tool, arguments, input_responses=responses, request_state=state, allow_input_required=True
        )
    except MCPError:
        # The server refuses states that it did not make for this request.
        assert state is not None
        return None
    if not isinstance(answer, InputRequiredResult):
        assert "Error executing tool" not in text_of(answer), text_of(answer)
        return None
    key, request = next(iter((answer.input_requests or {}).items()))
    assert isinstance(request, ElicitRequest)
    question = Question(seat, tool, arguments, key, request.params, answer.request_state)
    going.witness.asked(request.params.message, going.time)
    going.questions.append(question)
    return question


async def _reply(going: Walk, question: Question, answer: Answer) -> None:
    reply = question.reply
    if reply is None:
        reply = going.said(question.params, answer)
        # A name that was typed wrongly may be typed again; any other answer is given once and replayed from then on.
        question.reply = None if answer in ("wrong name", "nothing typed") else reply
    await _round(going, question.seat, question.tool, question.arguments, {question.key: reply}, question.state)


async def _forge(going: Walk, forge: Forge) -> None:
    count = len(going.questions)
    question, other = going.questions[forge.which % count], going.questions[(forge.which + 1) % count]
    yes: InputResponses = {question.key: Person("yes").reply(question.params)}
    state, asked = question.state or "", question
    if forge.how == "no state":
        state = None
    elif forge.how == "tampered":
        state = state[:-9] + ("A" if state[-9] != "A" else "B") + state[-8:]
    elif (other.tool, other.arguments) == (question.tool, question.arguments):
        # The state of the same call is no forgery: whoever carries it may answer.
        return
    elif forge.how == "state of another":
        state = other.state
    else:
        asked = other
    await _round(going, asked.seat, asked.tool, asked.arguments, yes, state)


async def _decide(going: Walk, page: Page) -> None:
    waiting = [each for each in await going.journals[0].waiting() if each.channel == "page"]
    if not waiting:
        return
    approval = waiting[page.which % len(waiting)]
    text = as_plain_text(describe(approval.reference, approval.change, "en"))
    going.witness.asked(text, approval.asked_at)
    if page.approve:
        going.witness.yes(text)
    else:
        going.witness.no(text)
    with suppress(AlreadyDecidedError):
        await going.journals[page.which % 2].decide(approval.approval_id, approve=page.approve, channel="page")
