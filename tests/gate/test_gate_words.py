"""A person's words reach the assistant whatever becomes of the answer that they stand beside."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from mcp.client import ClientRequestContext
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult

from tests.gate.cases import an_instance, new_notebook
from tests.gate.rounds import Conversation, posts
from tests.support.desk import Answer, Desk, Era, Person, text_of, told

pytestmark = pytest.mark.anyio

WORDS = "take the cheaper one"
OTHER_WORDS = "not on a Friday"
ERAS = pytest.mark.parametrize("era", ["legacy", "modern"])
DENIED = {"kind": "throttle", "status": 400}


class Wordy(Person):
    """Writes something beside the answer, and may be overtaken before it is given."""

    overtaking: Callable[[], Awaitable[object]] | None = None

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        if self.overtaking is not None:
            await self.overtaking()
        return await super().__call__(context, params)

    def reply(self, question: ElicitRequestParams) -> ElicitResult:
        given = super().reply(question)
        content = {"decision": "reject"} if self.answer == "no" else given.content or {}
        return ElicitResult(action="accept", content={**content, "feedback": WORDS})


def words_of(answer: CallToolResult) -> tuple[str, str]:
    """Status and words of an answer that says the same in its text."""
    ended = told(answer)
    assert f'feedback: "{ended["feedback"]}"' in text_of(answer)
    return ended["status"], ended["feedback"]


async def elsewhere(desk: Desk, tool: str, arguments: dict[str, Any], *, approve: bool) -> None:
    """A client without forms moves the question to the page, where it is answered."""
    await desk.call("modern", None, tool, **arguments)
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=approve, channel="page", feedback=OTHER_WORDS)


@ERAS
@pytest.mark.parametrize(
    ("given", "words"),
    [("nothing typed", "No name was typed. If they"), ("wrong name", "You typed somebody_else. From character 1 on")],
)
async def test_what_differs_in_a_name_is_told_after_a_form(desk: Desk, era: Era, given: Answer, words: str) -> None:
    running = an_instance(desk.steering, "Running")
    answer = told(await desk.call(era, Person(given), "stop_instance", instance_id=running))
    assert answer["status"] == "approval_needed"
    assert f"Tell the person: {words}" in answer["message"]
    assert posts(desk) == []


@ERAS
async def test_words_beside_a_wrong_name_are_told(desk: Desk, era: Era) -> None:
    running = an_instance(desk.steering, "Running")
    answer = await desk.call(era, Wordy("wrong name"), "stop_instance", instance_id=running)
    assert words_of(answer) == ("approval_needed", WORDS)
    assert posts(desk) == []


@ERAS
@pytest.mark.parametrize(("approve", "status"), [("auto", "approval_needed"), ("form", "declined")])
async def test_words_without_a_decision_are_told(
    new_desk: Callable[..., Desk], era: Era, approve: str, status: str
) -> None:
    desk = new_desk(approve=approve)
    answer = await desk.call(era, Wordy("empty"), "create_instance", **new_notebook())
    assert words_of(answer) == (status, WORDS)


@pytest.mark.parametrize(("given", "status"), [("no", "declined"), ("yes", "approval_needed")])
async def test_words_that_come_after_the_end_of_the_question_are_told(
    new_desk: Callable[..., Desk], given: Any, status: str
) -> None:
    clock = [1_000_000.0]
    desk, person = new_desk(now=lambda: clock[0]), Wordy(given)

    async def ten_minutes() -> None:
        clock[0] += 601

    person.overtaking = ten_minutes
    answer = await desk.call("legacy", person, "create_instance", **new_notebook())
    assert words_of(answer) == (status, WORDS)
    assert posts(desk) == []


@ERAS
async def test_words_beside_a_no_are_told_besides_those_of_an_earlier_no(desk: Desk, era: Era) -> None:
    if era == "legacy":
        person = Wordy("no")
        person.overtaking = lambda: elsewhere(desk, "create_instance", new_notebook(), approve=False)
        answer = await desk.call(era, person, "create_instance", **new_notebook())
    else:
        async with desk.client("modern", Person()) as client:
            conversation = Conversation(client, "create_instance", new_notebook())
            await conversation.ask()
            await elsewhere(desk, "create_instance", new_notebook(), approve=False)
            answer = await conversation.answer(Wordy("no").reply(conversation.question))
    status, words = words_of(answer)
    assert status == "declined"
    assert WORDS in words
    assert OTHER_WORDS in words


async def test_words_beside_a_no_that_comes_after_the_change_are_told(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}

    async def carried_out() -> None:
        await elsewhere(desk, "start_instance", arguments, approve=True)
        assert told(await desk.call("modern", None, "start_instance", **arguments))["status"] == "done"

    person = Wordy("no")
    person.overtaking = carried_out
    answer = await desk.call("legacy", person, "start_instance", **arguments)
    assert words_of(answer) == ("nothing_to_do", WORDS)
    assert posts(desk) == ["StartInstance"]


async def test_words_beside_a_yes_are_told_although_the_instance_changed_meanwhile(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    person = Wordy("yes")

    async def changed() -> None:
        desk.steering.instance(arguments["instance_id"], EcsSpec="ecs.g6.xlarge")

    person.overtaking = changed
    answer = await desk.call("legacy", person, "start_instance", **arguments)
    assert words_of(answer) == ("approval_needed", WORDS)
    assert posts(desk) == []


async def test_words_beside_an_answer_that_was_not_used_are_told(desk: Desk) -> None:
    async with desk.client("modern", Person()) as client:
        conversation = Conversation(client, "create_instance", new_notebook())
        await conversation.ask()
        desk.steering.faults({**DENIED, "operation": "ListInstances", "times": None})
        answer = await conversation.answer(Wordy("yes").reply(conversation.question))
    assert answer.is_error
    assert WORDS in text_of(answer)


async def test_words_beside_a_yes_that_the_service_refuses_are_told(desk: Desk) -> None:
    desk.steering.faults({**DENIED, "operation": "CreateInstance"})
    answer = await desk.call("modern", Wordy("yes"), "create_instance", **new_notebook())
    assert answer.is_error
    assert WORDS in text_of(answer)
