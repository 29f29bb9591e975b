"""A person who says no is left in peace: neither other words nor many of them bring the question back at once."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import anyio.to_thread
import pytest

from pai_dsw_mcp.commands.audit import audit
from pai_dsw_mcp.settings import Settings
from tests.gate.cases import an_instance, new_notebook
from tests.gate.rounds import Conversation, approve, posts
from tests.support.desk import Answer, Desk, Era, Person, text_of, told

pytestmark = pytest.mark.anyio

START = 1_000_000.0
EACH_ERA = pytest.mark.parametrize("era", ["legacy", "modern"])
LABELS = [{"key": "team", "value": "a"}, {"key": "use", "value": "b"}, {"key": "zone", "value": "c"}]
MOUNTS = [
    {"uri": f"oss://bucket.oss-cn-hangzhou-internal.aliyuncs.com/{part}/", "mount_path": f"/mnt/{part}", **access}
    for part in ("data", "models")
    for access in [{"mount_access": "RO"}]
]


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time


async def wish(desk: Desk, person: Person | None, number: int, era: Era = "modern") -> dict[str, Any]:
    """One of many wishes that differ a little; what is said where nobody may be asked."""
    answer = await desk.call(era, person, "create_instance", **new_notebook(instance_name=f"train_{number}"))
    return {"status": "not asked", "message": text_of(answer)} if answer.is_error else told(answer)


async def refuse(desk: Desk, count: int, *, first: int = 0, answer: Answer = "no", era: Era = "modern") -> int:
    """How many questions a person saw who refuses each in the same way."""
    person = Person(answer)
    for number in range(first, first + count):
        await wish(desk, person, number, era)
    return len(person.questions)


@pytest.mark.parametrize("name", ["labels", "datasets"])
async def test_after_a_no_the_same_values_in_another_order_are_not_asked_again(desk: Desk, name: str) -> None:
    values = LABELS if name == "labels" else MOUNTS
    person = Person("no")
    for order in [*permutations(values), (*values, values[0])]:
        told(await desk.call("modern", person, "create_instance", **new_notebook(**{name: list(order)})))
    assert len(person.questions) == 1


async def test_after_a_no_the_assistant_is_told_what_it_may_do(new_desk: Callable[..., Desk]) -> None:
    clock, person = Clock(), Person("no")
    desk = new_desk(now=clock)
    assert (await wish(desk, person, 1))["status"] == "declined"
    clock.time += 20
    again = await wish(desk, person, 1)
    assert (again["status"], len(person.questions)) == ("declined", 1)
    assert again["message"].endswith("Ask the person in the chat what they want instead.")
    assert "in 40 seconds, a different one at once" in again["message"]
    assert "Do not try again" not in again["message"]
    await wish(desk, person, 2)
    clock.time += 41
    await wish(desk, person, 1)
    assert len(person.questions) == 3


async def test_a_no_that_is_repeated_during_the_pause_promises_no_other_question(
    new_desk: Callable[..., Desk],
) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    await refuse(desk, 3)
    clock.time += 10
    again = await wish(desk, Person("yes"), 2)
    assert again["status"] == "declined"
    assert "another 50 seconds nobody is asked anything" in again["message"]
    assert "at once" not in again["message"]


async def test_the_words_beside_a_no_are_repeated_with_it(desk: Desk) -> None:
    wanted = new_notebook()
    await desk.call("modern", None, "create_instance", **wanted)
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=False, channel="page", feedback="a smaller one")
    for _ in range(2):
        ended = told(await desk.call("modern", None, "create_instance", **wanted))
        assert (ended["status"], ended["feedback"]) == ("declined", "a smaller one")
        assert 'Their words: "a smaller one". If these say what they want instead, do that' in ended["message"]
        assert "Ask the person" not in ended["message"]


async def test_words_that_are_repeated_during_the_pause_are_followed_once_it_is_over(
    new_desk: Callable[..., Desk],
) -> None:
    desk = new_desk(now=Clock())
    await refuse(desk, 2)
    wanted = new_notebook(instance_name="train_9")
    await desk.call("modern", None, "create_instance", **wanted)
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=False, channel="page", feedback="a smaller one")
    await desk.call("modern", None, "create_instance", **wanted)
    again = told(await desk.call("modern", None, "create_instance", **wanted))["message"]
    assert "another 60 seconds nobody is asked anything" in again
    assert 'Their words: "a smaller one". If these say what they want instead, do that' in again
    assert "once that time is over" in again


async def test_what_has_to_be_typed_back_is_told_in_words_and_only_while_it_waits(
    new_desk: Callable[..., Desk],
) -> None:
    desk = new_desk(approve="page")
    instance_id = an_instance(desk.steering, "Running")
    waiting = told(await desk.call("modern", None, "stop_instance", instance_id=instance_id))
    name = waiting["change"]["instance_name"]
    assert f"To approve, type the instance name: {name}" in waiting["message"]
    desk.services.approve = "auto"
    another = an_instance(desk.steering, "Running")
    declined = await desk.call("modern", Person("no"), "stop_instance", instance_id=another)
    assert told(declined)["status"] == "declined"
    assert "type" not in text_of(declined)


@EACH_ERA
@pytest.mark.parametrize("answer", ["no", "cancel"])
async def test_after_three_noes_in_a_row_nobody_is_asked_for_a_minute(
    new_desk: Callable[..., Desk], era: Era, answer: Answer
) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    assert await refuse(desk, 10, answer=answer, era=era) == 3
    paused = await wish(desk, Person("yes"), 99, era)
    assert paused["status"] == "not asked"
    assert "60 seconds" in paused["message"]
    assert "nobody was asked for approval" in paused["message"]
    clock.time += 61
    assert (await wish(desk, Person("yes"), 99, era))["status"] == "done"


async def test_each_further_no_doubles_the_pause_up_to_ten_minutes(new_desk: Callable[..., Desk]) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    await refuse(desk, 3)
    for number, minutes in enumerate((1, 2, 4, 8, 10, 10), start=10):
        clock.time += 60 * minutes - 1
        assert await refuse(desk, 1, first=number) == 0
        clock.time += 2
        assert await refuse(desk, 1, first=number) == 1


async def test_noes_to_several_tools_and_in_several_processes_count_together(new_desk: Callable[..., Desk]) -> None:
    one, other = new_desk(), new_desk()
    running, stopped = an_instance(one.steering, "Running"), an_instance(one.steering, "Stopped")
    person = Person("no")
    await refuse(one, 1)
    told(await other.call("modern", person, "stop_instance", instance_id=running))
    told(await one.call("legacy", person, "start_instance", instance_id=stopped))
    assert len(person.questions) == 2
    assert await refuse(new_desk(), 1, first=5) == 0


async def test_a_yes_ends_the_row(desk: Desk) -> None:
    assert await refuse(desk, 2) == 2
    assert (await wish(desk, Person("yes"), 50))["status"] == "done"
    assert await refuse(desk, 3, first=10) == 3
    assert await refuse(desk, 1, first=20) == 0


async def test_noes_of_another_occasion_do_not_count(new_desk: Callable[..., Desk]) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    await refuse(desk, 2)
    clock.time += 3601
    assert await refuse(desk, 3, first=10) == 3


@pytest.mark.parametrize("answer", ["empty", "never"])
async def test_a_form_that_no_person_answered_is_no_no(new_desk: Callable[..., Desk], answer: Answer) -> None:
    # A clock that stands still: however busy the machine is, the form is shown.
    desk = new_desk(now=lambda: 1_000_000.0)
    desk.services.form_patience = 0.2
    await refuse(desk, 4, answer=answer, era="legacy")
    assert (await wish(desk, Person("yes"), 99))["status"] == "done"


async def test_a_form_that_is_closed_is_not_shown_again_at_once_where_only_a_form_counts(
    new_desk: Callable[..., Desk],
) -> None:
    clock, person = Clock(), Person("cancel")
    desk = new_desk(approve="form", now=clock)
    for _ in range(3):
        assert (await wish(desk, person, 1, "legacy"))["status"] == "declined"
    assert len(person.questions) == 1
    clock.time += 61
    await wish(desk, person, 1, "legacy")
    assert len(person.questions) == 2


@EACH_ERA
async def test_a_form_that_is_closed_is_never_told_as_a_no(
    new_desk: Callable[..., Desk], era: Era, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = new_desk(approve="form")
    first, again = [await wish(desk, Person("cancel"), 1, era) for _ in range(2)]
    for ended in (first, again):
        assert "said no" not in ended["message"].replace("nobody said no", "")
        assert "answered_by" not in ended
    assert "closed the form" in again["message"]
    folder = desk.settings.journal_path.parent
    for settings in (Settings(verb="audit", state_dir=folder), Settings(verb="audit", state_dir=folder, json=True)):
        assert await anyio.to_thread.run_sync(audit, settings) == 0
    shown = capsys.readouterr().out
    assert "form closed" in shown
    assert '"approval": "closed"' in shown
    assert "no (form)" not in shown


async def test_a_yes_to_an_earlier_question_still_works_during_the_pause(desk: Desk) -> None:
    assert (await wish(desk, None, 99))["status"] == "approval_needed"
    await refuse(desk, 3)
    assert (await wish(desk, None, 99))["status"] == "not asked"
    await approve(desk)
    assert (await wish(desk, None, 99))["status"] == "done"


async def test_a_yes_that_was_given_before_the_noes_still_works_during_the_pause(desk: Desk) -> None:
    assert (await wish(desk, None, 99))["status"] == "approval_needed"
    await approve(desk)
    await refuse(desk, 3)
    assert (await wish(desk, None, 98))["status"] == "not asked"
    assert (await wish(desk, None, 99))["status"] == "done"
    assert posts(desk) == ["CreateInstance"]


async def test_a_yes_to_what_has_changed_since_brings_no_question_during_the_pause(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    told(await desk.call("modern", None, "start_instance", **arguments))
    await approve(desk)
    await refuse(desk, 3)
    desk.steering.instance(arguments["instance_id"], EcsSpec="ecs.g6.xlarge")
    assert (await desk.call("modern", None, "start_instance", **arguments)).is_error
    assert await desk.services.journal.waiting() == ()
    assert posts(desk) == []


async def test_the_answer_to_a_form_that_was_open_before_the_pause_still_counts(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    async with desk.client("modern", Person()) as client:
        conversation = Conversation(client, "start_instance", arguments)
        await conversation.ask()
        await refuse(desk, 3)
        ended = told(await conversation.answer(Person("yes").reply(conversation.question)))
    assert ended["status"] == "done"
    assert posts(desk) == ["StartInstance"]


async def test_a_row_of_noes_leaves_nothing_waiting_on_the_page_or_in_the_terminal(desk: Desk) -> None:
    await refuse(desk, 10)
    assert await desk.services.journal.waiting() == ()
