"""stop_instances: one yes for several stops, of which a person may strike some out; each is sent by itself, once."""

from collections.abc import Callable
from typing import Any

import pytest

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.page_parts import choices
from tests.gate.cases import an_instance, break_ends, place
from tests.support.desk import REGION, Answer, Desk, Era, Person, text_of, told

pytestmark = pytest.mark.anyio

EACH_ERA = pytest.mark.parametrize("era", ["legacy", "modern"])


REFUSED = {"kind": "throttle", "operation": "StopInstance", "status": 400}
"""One of the stops."""


def one_refused(ended: dict[str, Any]) -> str:
    """The instance whose stop was refused, alone among them."""
    (refused,) = [each["instance_id"] for each in ended["follow_ups"] if each["status"] == "refused"]
    return refused


def running(desk: Desk, count: int) -> list[str]:
    return [an_instance(desk.steering, "Running") for _ in range(count)]


async def stop(desk: Desk, ids: list[str], person: Person, era: Era = "modern") -> dict[str, Any]:
    return told(await desk.call(era, person, "stop_instances", instances=[place(each) for each in ids]))


def stopped(desk: Desk) -> list[str]:
    return [entry["parameters"]["InstanceId"] for entry in desk.steering.writes()]


@EACH_ERA
async def test_one_yes_stops_all_that_were_shown_and_the_answer_tells_of_each(desk: Desk, era: Era) -> None:
    ids, person = running(desk, 3), Person()
    ended = await stop(desk, ids, person, era)
    assert (ended["status"], person.approvals) == ("done", 1)
    assert sorted(stopped(desk)) == sorted(ids)
    assert {each["instance_id"]: each["status"] for each in ended["follow_ups"]} == dict.fromkeys(ids, "done")
    (question,) = person.questions
    assert all(each in question.message for each in ids)


@EACH_ERA
async def test_what_a_person_strikes_out_goes_on_running(desk: Desk, era: Era) -> None:
    ids = running(desk, 3)
    ended = await stop(desk, ids, Person(leaves_out=(ids[1],)), era)
    assert sorted(stopped(desk)) == sorted([ids[0], ids[2]])
    assert {each["instance_id"] for each in ended["follow_ups"]} == {ids[0], ids[2]}
    name = desk.steering.instance(ids[1])["InstanceName"]
    assert f"Not sent, because the person left it out: {name}." in ended["message"]


async def test_what_was_struck_out_is_asked_about_anew(desk: Desk) -> None:
    ids = running(desk, 2)
    await stop(desk, ids, Person(leaves_out=(ids[1],)))
    person = Person("no")
    assert (await stop(desk, ids, person))["status"] == "declined"
    assert len(person.questions) == 1
    assert stopped(desk) == [ids[0]]


@EACH_ERA
@pytest.mark.parametrize(
    ("left_out", "answer", "said"),
    [
        (("dsw-nobody00", "some[body]"), "yes", 'dsw-nobody00, "some[body]"'),
        (None, "yes", "every instance"),
        ((), "wrong name", "typed is somebody_else, and 2 would remain"),
        ((), "nothing typed", 'typed is "", and 2 would remain'),
    ],
    ids=["unknown", "everything", "another number", "no number"],
)
async def test_a_choice_that_cannot_be_meant_stops_nothing_and_is_no_no(
    desk: Desk, left_out: tuple[str, ...] | None, answer: Answer, said: str, era: Era
) -> None:
    ids = running(desk, 2)
    ended = await stop(desk, ids, Person(answer, leaves_out=tuple(ids) if left_out is None else left_out), era)
    assert ended["status"] == "approval_needed"
    assert said in ended["message"]
    assert "Do not try again" not in ended["message"]
    assert stopped(desk) == []
    again = await stop(desk, ids, Person(), era)
    assert (again["status"], again["reference"]) == ("done", ended["reference"])


async def test_the_answer_tells_nothing_more_of_what_was_struck_out(desk: Desk) -> None:
    ids = running(desk, 3)
    names = [desk.steering.instance(each)["InstanceName"] for each in ids]
    change = (await stop(desk, ids, Person(leaves_out=(names[1],))))["change"]
    assert {each["instance_id"] for each in change["then"]} == {ids[0], ids[2]}
    assert names[1] not in str(change)
    assert all(name in str(change["warnings"]) for name in (names[0], names[2]))


async def test_the_form_shows_each_name_by_itself_and_asks_for_a_number_under_that_name(desk: Desk) -> None:
    ids, rests, person = running(desk, 2), an_instance(desk.steering, "Stopped"), Person()
    for number, each in enumerate(ids):
        desk.steering.instance(each, InstanceName=f"my work {number}")
    ended = await stop(desk, [*ids, rests], person)
    (question,) = person.questions
    name = desk.steering.instance(rests)["InstanceName"]
    assert f"{name} ({rests})" in question.message
    assert all(f'"my work {number}"' in question.message for number in range(2))
    fields = question.model_dump(by_alias=True)["requestedSchema"]["properties"]
    assert "remaining" in fields
    assert "instance_name" not in fields
    assert "instance_name" not in ended["change"]


async def test_one_that_is_refused_is_told_first_and_the_others_stop(desk: Desk) -> None:
    ids = running(desk, 3)
    desk.steering.faults(REFUSED)
    answer = await desk.call("modern", Person(), "stop_instances", instances=[place(each) for each in ids])
    ended = told(answer)
    assert ended["status"] == "partly_done"
    assert text_of(answer).startswith("NOT DONE: stop_instance")
    assert one_refused(ended) in ids
    assert len(stopped(desk)) == 3


async def test_what_was_refused_may_be_sent_again_under_the_same_yes_for_half_an_hour(
    new_desk: Callable[..., Desk],
) -> None:
    time = 1_000_000.0
    desk = new_desk(now=lambda: time)
    ids = running(desk, 2)
    desk.steering.faults(REFUSED)
    refused = one_refused(await stop(desk, ids, Person()))

    time += 1700
    again = told(await desk.call("modern", None, "stop_instance", instance_id=refused))
    assert again["status"] == "done"
    desk.steering.instance(refused, Status="Running")
    assert told(await desk.call("modern", None, "stop_instance", instance_id=refused))["status"] == "approval_needed"


async def test_after_half_an_hour_the_yes_is_over(new_desk: Callable[..., Desk]) -> None:
    time = 1_000_000.0
    desk = new_desk(now=lambda: time)
    ids = running(desk, 2)
    desk.steering.faults(REFUSED)
    refused = one_refused(await stop(desk, ids, Person()))
    time += 1801
    assert told(await desk.call("modern", None, "stop_instance", instance_id=refused))["status"] == "approval_needed"


async def test_one_that_changed_since_the_yes_keeps_all_from_being_stopped(desk: Desk) -> None:
    ids = running(desk, 2)
    instances = [place(each) for each in ids]
    asked = told(await desk.call("modern", None, "stop_instances", instances=instances))
    await desk.services.journal.decide(
        (await desk.services.journal.waiting())[0].approval_id, approve=True, channel="page"
    )
    desk.steering.instance(ids[0], InstanceName="renamed")
    ended = told(await desk.call("modern", None, "stop_instances", instances=instances))
    assert (asked["status"], ended["status"]) == ("approval_needed", "approval_needed")
    assert stopped(desk) == []


async def test_those_that_do_not_run_are_named_and_only_the_others_asked_about(desk: Desk) -> None:
    runs, rests = an_instance(desk.steering, "Running"), an_instance(desk.steering, "Stopped")
    person = Person()
    await stop(desk, [runs, rests], person)
    assert stopped(desk) == [runs]
    assert rests in person.questions[0].message
    over = await stop(desk, [runs, rests], person)
    assert over["status"] == "nothing_to_do"
    assert all(f"{desk.steering.instance(each)['InstanceName']} ({each})" in over["message"] for each in (runs, rests))


async def test_a_follow_up_whose_yes_was_not_recorded_is_told_and_not_sent(desk: Desk) -> None:
    ids = running(desk, 1)
    # A question about another one makes the file.
    await stop(desk, running(desk, 1), Person("no"))
    break_ends(desk.settings.journal_path)
    ended = await stop(desk, ids, Person())
    assert [each["status"] for each in ended["follow_ups"]] == ["approval_needed"]
    assert stopped(desk) == []


def namesakes(desk: Desk, *statuses: str) -> list[dict[str, str]]:
    """Instances with one name: the first in Shanghai, the others in Hangzhou."""
    places: list[dict[str, str]] = []
    for number, status in enumerate(statuses):
        region_id = REGION if number else "cn-shanghai"
        (instance_id,) = desk.steering.generate(1, region_id)
        desk.steering.instance(instance_id, InstanceName="train", Status=status)
        places.append({"region_id": region_id, "instance_id": instance_id})
    return places


def in_full(each: dict[str, str]) -> str:
    return f"train ({each['instance_id']}, {each['region_id']})"


@EACH_ERA
async def test_of_instances_with_one_name_each_is_told_with_its_id_and_region(desk: Desk, era: Era) -> None:
    both = namesakes(desk, "Running", "Running")
    kept, ended = both
    person = Person(leaves_out=(kept["instance_id"],))
    answer = told(await desk.call(era, person, "stop_instances", instances=both))
    assert stopped(desk) == [ended["instance_id"]]
    (question,) = person.questions
    assert all(in_full(each) in question.message for each in both)
    fields = question.model_dump(by_alias=True)["requestedSchema"]["properties"]
    assert fields["leave_out"]["title"] == "Leave out: ids, with commas"
    assert f'Not sent, because the person left it out: "{in_full(kept)}".' in answer["message"]
    (warning,) = (each for each in answer["change"]["warnings"] if "Everything that runs" in each)
    assert in_full(ended) in warning
    assert in_full(kept) not in warning


async def test_of_instances_with_one_name_the_one_that_was_refused_is_told_in_full(desk: Desk) -> None:
    both = namesakes(desk, "Running", "Running")
    desk.steering.faults(REFUSED)
    answer = await desk.call("modern", Person(), "stop_instances", instances=both)
    refused = one_refused(told(answer))
    (name,) = (in_full(each) for each in both if each["instance_id"] == refused)
    assert text_of(answer).startswith(f"NOT DONE: stop_instance for {name}. ")


async def test_one_that_runs_is_told_from_one_of_its_name_that_rests(desk: Desk) -> None:
    rests, runs = namesakes(desk, "Stopped", "Running")
    person = Person()
    await desk.call("modern", person, "stop_instances", instances=[rests, runs])
    (question,) = person.questions
    assert f'! Everything that runs in "{in_full(runs)}" ends' in question.message
    assert f'! Not running, or stopping already: "{in_full(rests)}".' in question.message


async def test_a_page_of_instances_with_one_name_calls_each_in_full(desk: Desk) -> None:
    both = namesakes(desk, "Running", "Running")
    await desk.call("legacy", None, "stop_instances", instances=both)
    (approval,) = await desk.services.journal.waiting()
    html = choices(describe(approval.reference, approval.change, "en"), None)
    assert all(f"{in_full(each)}</bdi></span></label>" in html for each in both)


async def test_in_a_chat_nobody_is_told_to_leave_some_out(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="chat")
    ids = running(desk, 2)
    words = text_of(await desk.call("modern", None, "stop_instances", instances=[place(each) for each in ids]))
    assert "how many remain" not in words
    assert "call again with the others alone" in words
