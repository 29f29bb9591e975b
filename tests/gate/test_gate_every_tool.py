"""A write reaches the wire only after a yes, and once: every writing tool, both eras, every kind of client.

What was sent is read from the emulator's own journal, which the server does not write.
"""

from collections.abc import Callable
from typing import Any

import anyio
import pytest
from mcp_types import ElicitRequest, InputRequiredResult

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.model.writes import WRITES
from pai_dsw_mcp.settings import Settings
from tests.gate.cases import CASES, Case
from tests.support.desk import Answer, Desk, Era, Person, text_of, told, with_region
from tests.support.turns import in_turns

pytestmark = pytest.mark.anyio

ERAS: tuple[Era, ...] = ("legacy", "modern")
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=str)
EACH_CASE_IN_AN_ERA = pytest.mark.parametrize(("case", "era"), in_turns(CASES, ERAS), ids=str)


def test_every_tool_that_is_not_read_only_is_among_the_cases() -> None:
    writing = {
        each.name
        for each in tools_for(Settings(toolsets=("all",)))
        if not (each.annotations and each.annotations.read_only_hint)
    }
    assert writing == {case.tool for case in CASES}


@EACH_CASE
@pytest.mark.parametrize("era", ERAS)
async def test_a_yes_sends_exactly_one_write_and_a_repeated_call_none(desk: Desk, case: Case, era: Era) -> None:
    arguments = case.arguments(desk.steering)
    person = Person("yes")

    first = told(await desk.call(era, person, case.tool, **arguments))
    assert first["status"] == "done"
    assert [entry["operation"] for entry in desk.steering.writes()] == [case.operation]
    assert person.approvals == 1

    again = told(await desk.call(era, person, case.tool, **arguments))
    assert again["status"] == "nothing_to_do"
    assert len(desk.steering.writes()) == 1
    assert person.approvals == 1


NOT_YES: tuple[Answer, ...] = ("no", "cancel", "empty")
WITHOUT_THE_NAME: tuple[Answer, ...] = ("wrong name", "nothing typed")


ANSWERS = [
    *((case, answer) for case in CASES for answer in NOT_YES),
    # Where the name is not typed back, it is not asked for.
    *((case, answer) for case in CASES if WRITES[case.tool].typed_back for answer in WITHOUT_THE_NAME),
]


@pytest.mark.parametrize(("case", "answer", "era"), [(*given, era) for given, era in in_turns(ANSWERS, ERAS)], ids=str)
async def test_anything_but_a_yes_sends_nothing(
    new_desk: Callable[..., Desk], case: Case, answer: Answer, era: Era
) -> None:
    desk = new_desk(cost_line=0.01)
    ended = told(await desk.call(era, Person(answer), case.tool, **case.arguments(desk.steering)))
    assert ended["status"] == ("declined" if answer == "no" else "approval_needed")
    assert ("approve_url" in ended) == (answer in ("cancel", "empty"))
    assert desk.steering.writes() == []


@EACH_CASE_IN_AN_ERA
async def test_a_client_without_forms_gets_a_link_and_sends_nothing(desk: Desk, case: Case, era: Era) -> None:
    arguments = case.arguments(desk.steering)
    first = told(await desk.call(era, None, case.tool, **arguments))
    assert first["status"] == "approval_needed"
    assert first["approve_url"].startswith("http://127.0.0.1:")

    again = told(await desk.call(era, None, case.tool, **arguments))
    assert again["reference"] == first["reference"]
    assert desk.steering.writes() == []


@EACH_CASE
async def test_a_declared_form_that_is_never_answered_gives_way_to_the_page(
    new_desk: Callable[..., Desk], case: Case
) -> None:
    # A clock that stands still: however busy the machine is, the form is shown.
    desk = new_desk(now=lambda: 1_000_000.0)
    desk.services.form_patience = 0.2
    ended = told(await desk.call("legacy", Person("never"), case.tool, **case.arguments(desk.steering)))
    assert ended["status"] == "approval_needed"
    assert "not answered in time" in ended["message"]
    assert ended["approve_url"].startswith("http://127.0.0.1:")
    assert desk.steering.writes() == []


@EACH_CASE
async def test_a_modern_client_that_leaves_the_question_open_is_later_sent_to_the_page(
    new_desk: Callable[..., Desk], case: Case
) -> None:
    time = 1_000_000.0
    desk = new_desk(now=lambda: time)
    arguments = with_region(case.arguments(desk.steering))
    async with desk.client("modern", Person("yes")) as client:
        asked = await client.session.call_tool(case.tool, arguments, allow_input_required=True)
        assert isinstance(asked, InputRequiredResult)
        time += 51
        ended = told(await client.call_tool(case.tool, arguments))
    assert ended["status"] == "approval_needed"
    assert "approve_url" in ended
    assert desk.steering.writes() == []


@EACH_CASE_IN_AN_ERA
@pytest.mark.usefixtures("without_coverage")
async def test_a_no_is_not_asked_again_within_the_minute(new_desk: Callable[..., Desk], case: Case, era: Era) -> None:
    time = 1_000_000.0
    desk = new_desk(now=lambda: time)
    arguments = case.arguments(desk.steering)
    no, yes = Person("no"), Person("yes")
    assert told(await desk.call(era, no, case.tool, **arguments))["status"] == "declined"

    assert told(await desk.call(era, yes, case.tool, **arguments))["status"] == "declined"
    assert yes.questions == []

    time += 61
    assert told(await desk.call(era, yes, case.tool, **arguments))["status"] == "done"
    assert len(desk.steering.writes()) == 1


@EACH_CASE_IN_AN_ERA
async def test_only_a_form_counts_where_only_a_form_is_allowed(
    new_desk: Callable[..., Desk], case: Case, era: Era
) -> None:
    desk = new_desk(approve="form")
    answer = await desk.call(era, None, case.tool, **case.arguments(desk.steering))
    assert answer.is_error
    assert "cannot show a form" in text_of(answer)
    assert desk.steering.writes() == []


@EACH_CASE
@pytest.mark.usefixtures("without_coverage")
async def test_a_replayed_answer_is_not_a_second_yes(desk: Desk, case: Case) -> None:
    """The SDK seals the state of a question, and does not make it single-use; the reference in the question does."""
    arguments = with_region(case.arguments(desk.steering))
    person = Person("yes")
    async with desk.client("modern", person) as client:
        asked = await client.session.call_tool(case.tool, arguments, allow_input_required=True)
        assert isinstance(asked, InputRequiredResult)
        key, request = next(iter((asked.input_requests or {}).items()))
        assert isinstance(request, ElicitRequest)
        reply = person.reply(request.params)

        async def send() -> None:
            await client.session.call_tool(
                case.tool,
                arguments,
                input_responses={key: reply},
                request_state=asked.request_state,
                allow_input_required=True,
            )

        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(send)
        await send()
    assert len(desk.steering.writes()) == 1


async def test_a_read_only_server_has_no_tool_that_changes_anything(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(read_only=True)
    async with desk.client("modern", Person("yes")) as client:
        listed: list[Any] = (await client.list_tools()).tools
    assert all(each.annotations.read_only_hint for each in listed)
