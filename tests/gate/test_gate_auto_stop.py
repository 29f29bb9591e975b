"""set_auto_stop and clear_auto_stop: what they send, what a person is shown, and what becomes of half a change."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from mcp_types import ElicitRequest, InputRequiredResult

from tests.gate.auto_stops import MORNING, RULE, TIMER, call, running, sent
from tests.gate.cases import GPU_SPEC
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk(now=lambda: MORNING)


async def refusal(desk: Desk, **arguments: Any) -> str:
    person = Person("yes")
    answer = await desk.call("modern", person, "set_auto_stop", **arguments)
    assert answer.is_error
    assert person.questions == []
    assert desk.steering.writes() == []
    return text_of(answer)


async def test_an_idle_rule_and_a_timer_are_one_change_after_which_the_instance_stops_itself(desk: Desk) -> None:
    instance_id, person = running(desk), Person("yes")
    ended = await call(
        desk, "set_auto_stop", person, instance_id=instance_id, idle_minutes=60, cpu_percent=5, stop_after_minutes=90
    )
    assert (ended["status"], len(person.questions)) == ("done", 1)
    assert sent(desk) == [
        ("CreateIdleInstanceCuller", {"CpuPercentThreshold": 5, "MaxIdleTimeInMinutes": 60}),
        ("CreateInstanceShutdownTimer", {"RemainingTimeInMs": 5_400_000}),
    ]
    assert "unsaved work is lost" in person.questions[0].message
    assert "1 hour 30 minutes after it is sent" in person.questions[0].message
    desk.steering.advance(3700)
    assert desk.steering.instance(instance_id)["Status"] == "Stopped"


async def test_a_gpu_instance_has_a_threshold_for_the_gpu_and_defaults_are_marked(desk: Desk) -> None:
    instance_id, person = running(desk, EcsSpec=GPU_SPEC), Person("yes")
    await call(desk, "set_auto_stop", person, instance_id=instance_id, idle_minutes=60, gpu_percent=3)
    thresholds = {"CpuPercentThreshold": 10, "GpuPercentThreshold": 3}
    assert sent(desk) == [("CreateIdleInstanceCuller", {**thresholds, "MaxIdleTimeInMinutes": 60})]
    question = person.questions[0].message
    assert "10 (default)" in question
    assert "3 (default)" not in question


@pytest.mark.parametrize(
    ("stop_at", "due", "shown"),
    [
        ("2026-01-05T20:00+08:00", "2026-01-05T12:00:00Z", "2026-01-05T20:00 in UTC+08:00"),
        # The clocks of New York change on 8 March and on 1 November.
        ("2026-03-07T18:00-05:00", "2026-03-07T23:00:00Z", "2026-03-07T18:00 in UTC-05:00"),
        ("2026-03-08T18:00-04:00", "2026-03-08T22:00:00Z", "2026-03-08T18:00 in UTC-04:00"),
        ("2026-11-01T01:30-04:00", "2026-11-01T05:30:00Z", "2026-11-01T01:30 in UTC-04:00"),
        ("2026-11-01T01:30-05:00", "2026-11-01T06:30:00Z", "2026-11-01T01:30 in UTC-05:00"),
        ("2026-01-06T00:15:30.5+05:30", "2026-01-05T18:45:30Z", "2026-01-06T00:15 in UTC+05:30"),
        ("2026-01-05T24:00+08:00", "2026-01-05T16:00:00Z", "2026-01-06T00:00 in UTC+08:00"),
        ("20260105T240000.0Z", "2026-01-06T00:00:00Z", "2026-01-06T00:00 in UTC+00:00"),
        ("20260105T120000Z", "2026-01-05T12:00:00Z", "2026-01-05T12:00 in UTC+00:00"),
    ],
)
async def test_a_time_is_sent_in_utc_and_shown_in_both(desk: Desk, stop_at: str, due: str, shown: str) -> None:
    instance_id, person = running(desk), Person("yes")
    await call(desk, "set_auto_stop", person, instance_id=instance_id, stop_at=stop_at)
    assert sent(desk) == [("CreateInstanceShutdownTimer", {"DueTime": due})]
    assert desk.steering.instance(instance_id)["InstanceShutdownTimer"]["DueTime"] == due
    assert due in person.questions[0].message
    assert shown in person.questions[0].message
    again = await call(desk, "set_auto_stop", instance_id=instance_id, stop_at=stop_at)
    assert (again["status"], len(sent(desk))) == ("nothing_to_do", 1)


@pytest.mark.parametrize(
    ("stop_at", "here"),
    [("2026-03-09T18:00-05:00", "2026-03-09T19:00 by the clock of this computer"), ("2026-03-09T18:00-04:00", None)],
)
async def test_an_offset_that_does_not_hold_on_that_day_is_seen_by_the_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, stop_at: str, here: str | None
) -> None:
    monkeypatch.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
    time.tzset()
    try:
        person = Person("no")
        await call(desk, "set_auto_stop", person, instance_id=running(desk), stop_at=stop_at)
    finally:
        monkeypatch.undo()
        time.tzset()
    question = person.questions[0].message
    assert (here in question) if here else ("this computer" not in question)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"stop_at": "2026-01-05T18:00"}, "has no UTC offset"),
        ({"stop_at": "2026-01-05"}, "has no UTC offset"),
        ({"stop_at": "this evening"}, "not a time in ISO 8601"),
        ({"stop_at": "2026-01-05T16:00+08:00"}, "it is 2026-01-05T08:00:00Z now"),
        ({"stop_at": "2026-01-05T16:00:59+08:00"}, "it is 2026-01-05T08:00:00Z now"),
        ({"stop_at": "2026-01-05T16:09:59+08:00"}, "less than 10 minutes ahead"),
        ({"stop_at": "2026-01-05T24:30+08:00"}, "not a time in ISO 8601"),
        ({"stop_at": "2026-01-04T24:00+08:00"}, "has passed"),
        ({"stop_at": "9999-12-31T24:00-14:00"}, "years ahead"),
        ({"stop_at": "9999-12-31T23:59-14:00"}, "years ahead"),
        ({"stop_at": "0001-01-01T00:00+14:00"}, "has passed"),
        ({"stop_at": "2026-01-05T18:00+08:00", "stop_after_minutes": 60}, "not both"),
        ({}, "at least one"),
        ({"cpu_percent": 5}, "go with idle_minutes"),
        ({"idle_minutes": 60, "gpu_percent": 5}, "generated_00000 has none"),
        ({"idle_minutes": 9}, "idle_minutes"),
        ({"stop_after_minutes": 9}, "stop_after_minutes"),
        ({"idle_minutes": 60, "cpu_percent": 0}, "cpu_percent"),
        ({"idle_minutes": 60, "gpu_percent": 101}, "gpu_percent"),
    ],
)
async def test_what_cannot_be_meant_is_refused_before_anybody_is_asked(
    desk: Desk, arguments: dict[str, Any], words: str
) -> None:
    assert words in await refusal(desk, instance_id=running(desk), **arguments)


async def test_an_idle_rule_is_replaced_as_one_change_and_keeps_what_nobody_named(desk: Desk) -> None:
    instance_id = running(desk, IdleInstanceCuller=RULE, InstanceShutdownTimer=TIMER)
    person = Person("yes")
    ended = await call(desk, "set_auto_stop", person, instance_id=instance_id, idle_minutes=30)
    assert ended["status"] == "done"
    assert sent(desk) == [
        ("DeleteIdleInstanceCuller", {}),
        ("CreateIdleInstanceCuller", {"CpuPercentThreshold": 20, "MaxIdleTimeInMinutes": 30}),
    ]
    (question,) = person.questions
    assert "60 -> 30" in question.message
    assert "2026-01-05T20:00:00Z stays" in question.message
    assert desk.steering.instance(instance_id)["InstanceShutdownTimer"] == TIMER


async def test_a_timer_is_replaced_as_one_change_and_the_idle_rule_stays(desk: Desk) -> None:
    instance_id = running(desk, IdleInstanceCuller=RULE, InstanceShutdownTimer=TIMER)
    person = Person("yes")
    await call(desk, "set_auto_stop", person, instance_id=instance_id, stop_at="2026-01-06T06:00+08:00")
    assert sent(desk) == [
        ("DeleteInstanceShutdownTimer", {}),
        ("CreateInstanceShutdownTimer", {"DueTime": "2026-01-05T22:00:00Z"}),
    ]
    (question,) = person.questions
    assert "2026-01-05T20:00:00Z -> 2026-01-05T22:00:00Z" in question.message
    assert "2026-01-06T04:00 in UTC+08:00" in question.message
    assert "2026-01-06T06:00 in UTC+08:00" in question.message
    assert "after 60 idle minutes stays" in question.message


@pytest.mark.parametrize(
    "arguments",
    [
        {"idle_minutes": 60},
        {"idle_minutes": 60, "cpu_percent": 20},
        {"stop_at": "2026-01-06T04:00+08:00"},
        {"stop_after_minutes": 720},
        # The same call a minute ago.
        {"stop_after_minutes": 721, "idle_minutes": 60},
    ],
)
async def test_what_is_so_already_asks_nobody(desk: Desk, arguments: dict[str, Any]) -> None:
    instance_id = running(desk, IdleInstanceCuller=RULE, InstanceShutdownTimer=TIMER)
    person = Person("yes")
    ended = await call(desk, "set_auto_stop", person, instance_id=instance_id, **arguments)
    assert (ended["status"], person.questions, sent(desk)) == ("nothing_to_do", [], [])


@pytest.mark.parametrize("arguments", [{"stop_after_minutes": 730}, {"stop_after_minutes": 600}, {"idle_minutes": 61}])
async def test_what_is_nearly_so_is_another_rule(desk: Desk, arguments: dict[str, Any]) -> None:
    instance_id = running(desk, IdleInstanceCuller=RULE, InstanceShutdownTimer=TIMER)
    assert (await call(desk, "set_auto_stop", instance_id=instance_id, **arguments))["status"] == "done"


@pytest.mark.parametrize(
    "rules",
    [
        {"IdleInstanceCuller": {"IdleTimeInMinutes": 7}},
        {"IdleInstanceCuller": {"GpuPercentThreshold": 5, "MaxIdleTimeInMinutes": 60}},
        {"InstanceShutdownTimer": {"DueTime": "soon"}},
        {"InstanceShutdownTimer": {"DueTime": "2026-01-05T20:00:00"}},
        {"InstanceShutdownTimer": {"DueTime": "0001-01-01T00:00:00+14:00"}},
    ],
)
async def test_rules_that_are_only_half_told_are_replaced_all_the_same(desk: Desk, rules: dict[str, Any]) -> None:
    instance_id = running(desk, **rules)
    arguments: dict[str, Any] = {"idle_minutes": 60, "stop_at": "2026-01-06T04:00+08:00"}
    assert (await call(desk, "set_auto_stop", instance_id=instance_id, **arguments))["status"] == "done"
    creates = ["CreateIdleInstanceCuller", "CreateInstanceShutdownTimer"]
    assert sorted(name for name, _ in sent(desk)) == sorted([*creates, *(f"Delete{name}" for name in rules)])


async def test_only_the_present_rules_decide_whether_a_yes_still_holds(desk: Desk) -> None:
    """The status and everything else of the instance may change between the question and the yes."""
    for changed, still_holds in (
        ({"Status": "Stopped", "Priority": 3}, True),
        ({"IdleInstanceCuller": {**RULE, "IdleTimeInMinutes": 8}}, True),
        ({"IdleInstanceCuller": {**RULE, "MaxIdleTimeInMinutes": 61}}, False),
        ({"InstanceShutdownTimer": {**TIMER, "RemainingTimeInMs": 43_199_000}}, True),
        ({"InstanceShutdownTimer": {**TIMER, "DueTime": "2026-01-05T21:00:00Z"}}, False),
    ):
        instance_id, person = running(desk, IdleInstanceCuller=RULE, InstanceShutdownTimer=TIMER), Person("yes")
        arguments = {"region_id": "cn-hangzhou", "instance_id": instance_id, "idle_minutes": 30}
        async with desk.client("modern", person) as client:
            asked = await client.session.call_tool("set_auto_stop", arguments, allow_input_required=True)
            assert isinstance(asked, InputRequiredResult)
            key, request = next(iter((asked.input_requests or {}).items()))
            assert isinstance(request, ElicitRequest)
            desk.steering.instance(instance_id, **changed)
            ended = await client.session.call_tool(
                "set_auto_stop",
                arguments,
                input_responses={key: person.reply(request.params)},
                request_state=asked.request_state,
                allow_input_required=True,
            )
        if still_holds:
            assert not isinstance(ended, InputRequiredResult)
            assert told(ended)["status"] == "done"
        else:
            assert isinstance(ended, InputRequiredResult)


@pytest.mark.parametrize(
    ("only", "deleted", "words"),
    [
        (None, ["DeleteIdleInstanceCuller", "DeleteInstanceShutdownTimer"], "60 -> -"),
        ("idle", ["DeleteIdleInstanceCuller"], "2026-01-05T20:00:00Z stays"),
        ("timer", ["DeleteInstanceShutdownTimer"], "after 60 idle minutes stays"),
    ],
)
async def test_rules_are_taken_away_together_or_alone(
    desk: Desk, only: str | None, deleted: list[str], words: str
) -> None:
    instance_id = running(desk, IdleInstanceCuller=RULE, InstanceShutdownTimer=TIMER)
    person = Person("yes")
    ended = await call(desk, "clear_auto_stop", person, instance_id=instance_id, only=only)
    assert ended["status"] == "done"
    assert [name for name, _ in sent(desk)] == deleted
    assert words in person.questions[0].message
    assert "charged from the start until it is stopped" in person.questions[0].message


@pytest.mark.parametrize("only", [None, "idle", "timer"])
async def test_a_rule_that_there_is_not_is_not_taken_away(desk: Desk, only: str | None) -> None:
    rules = {"idle": {"InstanceShutdownTimer": TIMER}, "timer": {"IdleInstanceCuller": RULE}}.get(only or "", {})
    ended = await call(desk, "clear_auto_stop", instance_id=running(desk, **rules), only=only)
    assert (ended["status"], sent(desk)) == ("nothing_to_do", [])


async def test_what_runs_on_a_quota_is_not_called_charged_once_its_rules_are_gone(desk: Desk) -> None:
    share = {"ResourceId": "quota40001", "RequestedResource": {"CPU": "4", "Memory": "16GB"}, "EcsSpec": None}
    instance_id, person = running(desk, IdleInstanceCuller=RULE, **share), Person("yes")
    ended = await call(desk, "clear_auto_stop", person, instance_id=instance_id)
    assert "It keeps what it takes until somebody stops it" in person.questions[0].message
    assert "charged" not in person.questions[0].message + ended["message"]
