"""What a caller is told of a change: who answered and when, the person's words, what was sent, what comes next."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from mcp.client import ClientRequestContext
from mcp_types import ElicitRequestParams, ElicitResult

from tests.gate.cases import CASES, Case, an_instance, new_notebook
from tests.gate.rounds import Conversation, posts
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

START = 1_000_000.0
EACH_CASE = pytest.mark.parametrize("case", CASES, ids=str)


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time


class Talkative(Person):
    """Adds words to the answer."""

    def reply(self, question: ElicitRequestParams) -> ElicitResult:
        given = super().reply(question)
        return ElicitResult(action="accept", content={**(given.content or {}), "feedback": "mind the budget"})


async def answer_elsewhere(desk: Desk, *, approve: bool, feedback: str | None = None) -> None:
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=approve, channel="page", feedback=feedback)


@EACH_CASE
async def test_what_was_done_is_told_with_who_approved_it_and_when(new_desk: Callable[..., Desk], case: Case) -> None:
    desk = new_desk(now=Clock())
    arguments = case.arguments(desk.steering)
    told(await desk.call("modern", None, case.tool, **arguments))
    await answer_elsewhere(desk, approve=True, feedback="mind the budget")
    answer = await desk.call("modern", None, case.tool, **arguments)
    ended = told(answer)
    assert (ended["status"], ended["answered_by"], ended["feedback"]) == ("done", "page", "mind the budget")
    # Without seconds, as every time in a text.
    assert datetime.fromisoformat(ended["answered_at"]).timestamp() == START // 60 * 60
    assert re.fullmatch(r"[\d-]+T\d\d:\d\d[+-]\d\d:\d\d", ended["answered_at"])
    shown = [ended["answered_by"], ended["answered_at"], ended["feedback"]]
    assert [fact for fact in shown if fact not in text_of(answer)] == []


async def test_a_create_repeats_spec_visibility_and_price(desk: Desk) -> None:
    text = text_of(await desk.call("modern", Person("yes"), "create_instance", **new_notebook()))
    assert [each for each in ("ecs.g6.large", "PRIVATE", "0.50 CNY per hour") if each not in text] == []


async def test_words_with_a_yes_reach_the_assistant_as_text(desk: Desk) -> None:
    answer = await desk.call("modern", Talkative("yes"), "create_instance", **new_notebook())
    assert told(answer)["feedback"] == "mind the budget"
    assert "mind the budget" in text_of(answer)


async def test_an_update_that_starts_says_so_and_what_it_costs_from_then(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    arguments = {"instance_id": instance_id, "ecs_spec": "ecs.g6.xlarge"}
    starting = text_of(await desk.call("modern", Person("yes"), "update_instance", **arguments, start_after=True))
    assert "starts" in starting
    assert "charged from now on" in starting
    assert "1.00 CNY per hour" in starting
    other = an_instance(desk.steering, "Stopped")
    left_off = text_of(
        await desk.call("modern", Person("yes"), "update_instance", instance_id=other, ecs_spec="ecs.g6.xlarge")
    )
    assert "starts" not in left_off


async def test_a_stop_says_how_it_is_confirmed(desk: Desk) -> None:
    stopped = await desk.call(
        "modern", Person("yes"), "stop_instance", instance_id=an_instance(desk.steering, "Running")
    )
    assert "get_instance" in text_of(stopped)


@EACH_CASE
async def test_a_no_given_elsewhere_is_the_answer_of_the_next_call_and_then_a_repetition(
    new_desk: Callable[..., Desk], case: Case
) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    arguments = case.arguments(desk.steering)
    told(await desk.call("modern", None, case.tool, **arguments))
    await answer_elsewhere(desk, approve=False, feedback="take the cheaper one")
    clock.time += 50
    answer = await desk.call("modern", None, case.tool, **arguments)
    first = told(answer)
    assert (first["status"], first["answered_by"], first["feedback"]) == ("declined", "page", "take the cheaper one")
    assert "take the cheaper one" in text_of(answer)
    assert "not asked again" not in text_of(answer)
    second = told(await desk.call("modern", None, case.tool, **arguments))
    assert "not asked again" in second["message"]
    assert "take the cheaper one" in second["message"]
    clock.time += 11
    assert told(await desk.call("modern", None, case.tool, **arguments))["status"] == "approval_needed"
    assert posts(desk) == []


@pytest.mark.parametrize(("minutes", "status"), [(59, "declined"), (61, "approval_needed")])
async def test_a_no_that_nobody_was_told_of_is_told_within_the_hour(
    new_desk: Callable[..., Desk], minutes: float, status: str
) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    told(await desk.call("modern", None, "create_instance", **new_notebook()))
    await answer_elsewhere(desk, approve=False)
    clock.time += minutes * 60
    assert told(await desk.call("modern", None, "create_instance", **new_notebook()))["status"] == status


async def test_a_no_is_told_although_the_instance_changed_meanwhile(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    told(await desk.call("modern", None, "start_instance", **arguments))
    await answer_elsewhere(desk, approve=False, feedback="not this one")
    desk.steering.instance(arguments["instance_id"], EcsSpec="ecs.g6.xlarge")
    assert told(await desk.call("modern", None, "start_instance", **arguments))["feedback"] == "not this one"


async def test_words_that_say_what_is_wanted_are_to_be_followed(desk: Desk) -> None:
    silent = told(await desk.call("modern", Person("no"), "create_instance", **new_notebook()))
    assert "as a new change" not in silent["message"]
    reject = ElicitResult(action="accept", content={"decision": "reject", "feedback": "call it other"})
    async with desk.client("modern", Person()) as client:
        conversation = Conversation(client, "create_instance", new_notebook(instance_name="train_2"))
        await conversation.ask()
        wordy = told(await conversation.answer(reject))
    assert "call it other" in wordy["message"]
    assert "as a new change" in wordy["message"]


DENIED = {"kind": "throttle", "status": 400}


async def test_a_failure_before_the_question_says_that_nobody_was_asked(desk: Desk) -> None:
    desk.steering.faults({**DENIED, "operation": "ListInstances", "times": None})
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook())
    assert answer.is_error
    assert "nobody was asked" in text_of(answer)
    assert "created and changed nothing" in text_of(answer)


async def test_a_failure_with_an_answer_under_way_says_that_it_was_not_used(desk: Desk) -> None:
    async with desk.client("modern", Person()) as client:
        conversation = Conversation(client, "create_instance", new_notebook())
        await conversation.ask()
        desk.steering.faults({**DENIED, "operation": "ListInstances", "times": None})
        answer = await conversation.answer(Person("yes").reply(conversation.question))
    assert answer.is_error
    assert "answer to the form was not used" in text_of(answer)
    assert posts(desk) == []


async def test_a_refusal_by_the_service_says_that_it_was_approved_and_that_the_yes_is_used(desk: Desk) -> None:
    desk.steering.faults({**DENIED, "operation": "CreateInstance"})
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook())
    assert answer.is_error
    assert "created and changed nothing" in text_of(answer)
    assert "(form, " in text_of(answer)
    assert "used up" in text_of(answer)


async def test_a_failure_between_yes_and_request_says_that_the_yes_is_kept(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    told(await desk.call("modern", None, "start_instance", **arguments))
    await answer_elsewhere(desk, approve=True)
    damaged = {"kind": "damaged_reply", "operation": "GetInstance", "damage": "truncated", "after": 1}
    desk.steering.faults(damaged)
    answer = await desk.call("modern", None, "start_instance", **arguments)
    assert answer.is_error
    assert "(page, " in text_of(answer)
    assert "was not used" in text_of(answer)
    assert told(await desk.call("modern", None, "start_instance", **arguments))["status"] == "done"


async def test_a_failure_after_another_call_used_the_yes_does_not_say_that_it_is_kept(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}

    class Overtaken(Person):
        """Answers when the same call of another client was approved and carried out."""

        async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
            # A client without forms moves the question to the page.
            await desk.call("modern", None, "start_instance", **arguments)
            await answer_elsewhere(desk, approve=True)
            assert told(await desk.call("modern", None, "start_instance", **arguments))["status"] == "done"
            desk.steering.faults({"kind": "damaged_reply", "operation": "GetInstance", "damage": "truncated"})
            return await super().__call__(context, params)

    answer = await desk.call("legacy", Overtaken("yes"), "start_instance", **arguments)
    assert answer.is_error
    assert "was not used" not in text_of(answer)
    assert posts(desk) == ["StartInstance"]


async def test_an_unknown_create_says_when_to_look_again_and_when_it_is_known(new_desk: Callable[..., Desk]) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    desk.steering.faults({"kind": "reset", "operation": "CreateInstance"})
    pauses: list[int] = []
    # Each call comes when the one before it said.
    while len(pauses) < 20:
        answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook())
        ended = told(answer)
        if ended["status"] != "unknown":
            break
        assert datetime.fromisoformat(ended["known_by"]).timestamp() == START + desk.services.settle
        assert f"{ended['check_again_in']} seconds" in text_of(answer)
        assert ended["known_by"] in text_of(answer)
        pauses.append(ended["check_again_in"])
        clock.time += ended["check_again_in"]
    assert pauses == [30, 30, 60, 120, 120, 120, 120, 1]
    assert clock.time - START == desk.services.settle + 1


async def test_an_unknown_start_is_known_at_the_deadline_of_its_request(new_desk: Callable[..., Desk]) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    desk.steering.faults({"kind": "reset", "operation": "StartInstance"})
    ended = told(await desk.call("modern", Person("yes"), "start_instance", **arguments))
    assert ended["status"] == "unknown"
    deadline = desk.services.write_deadline
    assert datetime.fromisoformat(ended["known_by"]).timestamp() == START + deadline
    clock.time += deadline + 1
    again = told(await desk.call("modern", None, "start_instance", **arguments))
    assert again["status"] == "approval_needed"


async def test_the_link_stands_on_a_line_of_its_own_beside_the_other_way(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="page")
    asked = told(await desk.call("modern", None, "create_instance", **new_notebook()))
    assert asked["approve_url"] in asked["message"].splitlines()
    assert f"`{desk.services.approve_command}`" in asked["message"]


async def test_a_yes_in_the_chat_is_told_as_recorded(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="chat")
    code = told(await desk.call("modern", None, "create_instance", **new_notebook()))["reference"]
    async with desk.client("modern", None) as client:
        recorded = told(await client.call_tool("confirm_change", {"code": code}))
    assert (recorded["status"], recorded["answered_by"]) == ("approved", "chat")
    assert posts(desk) == []


async def test_the_audit_holds_the_request_id_of_a_success_and_the_client_that_asked(desk: Desk) -> None:
    told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook()))
    ((approval, operation),) = await desk.services.journal.history(since=0.0, limit=-1)
    assert operation is not None
    assert operation.request_id == desk.steering.writes()[0]["request_id"]
    assert re.fullmatch(r"\S+ \S+", approval.client or "")


@pytest.mark.parametrize(
    ("command", "field", "line"),
    [
        ('echo "a b\\" > c', 'echo "a b\\\\" > c', """"echo 'a b\\\\' > c\""""),
        ("pip list\nls -l", '"pip list"; "ls -l"', """"'pip list'; 'ls -l'\""""),
    ],
    ids=["one line has the field to itself", "lines are told apart"],
)
async def test_the_answer_quotes_a_value_once(desk: Desk, command: str, field: str, line: str) -> None:
    answer = await desk.call("modern", None, "create_instance", **new_notebook(user_command=command))
    (shown,) = [each for each in told(answer)["change"]["parameters"] if each["name"] == "UserCommand"]
    assert shown["value"] == field
    assert f"UserCommand|{line}" in text_of(answer)


async def test_a_client_is_suspected_of_a_no_in_a_form_alone(new_desk: Callable[..., Desk]) -> None:
    in_form, on_page = new_desk(approve="form"), new_desk(approve="page")
    said = told(await in_form.call("modern", Person("no"), "create_instance", **new_notebook()))
    assert "their client answered for them" in said["message"]
    other = new_notebook(instance_name="train_2")
    told(await on_page.call("modern", None, "create_instance", **other))
    await answer_elsewhere(on_page, approve=False)
    said = told(await on_page.call("modern", None, "create_instance", **other))
    assert said["status"] == "declined"
    assert "their client" not in said["message"]
