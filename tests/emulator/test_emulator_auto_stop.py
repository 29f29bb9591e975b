"""Idle rules and timers: what they take, how they show, and that they stop an instance by the emulator's clock."""

from typing import Any

import pytest

from pai_emulator.faults.model import AutoStopNeedsRunning
from pai_emulator.types import JsonObject
from tests.emulator.service import Service

IDLE, TIMER = "IdleInstanceCuller", "InstanceShutdownTimer"
AN_HOUR: JsonObject = {"CpuPercentThreshold": 20, "GpuPercentThreshold": 10, "MaxIdleTimeInMinutes": 60}
IN_AN_HOUR: JsonObject = {"RemainingTimeInMs": 3_600_000}
EACH = pytest.mark.parametrize(("rule", "body"), [(IDLE, AN_HOUR), (TIMER, IN_AN_HOUR)])


@EACH
def test_a_rule_stops_a_running_instance_when_its_time_has_come(rule: str, body: JsonObject) -> None:
    service = Service()
    instance_id = service.running()
    service.do(f"Create{rule}", instance_id, body=body)
    service.wait(3599)
    assert service.get(instance_id)["Status"] == "Running"
    assert service.listed(Status="Running") == ["notebook"]
    service.wait(1)
    assert service.get(instance_id)["Status"] == "Stopping"
    service.wait(40)
    assert service.listed(Status="Stopped") == ["notebook"]
    # Not a second more than the hour is counted as running time.
    before = service.get(instance_id)["AccumulatedRunningTimeInMs"]
    service.wait(3600)
    assert service.get(instance_id)["AccumulatedRunningTimeInMs"] == before


def test_a_timer_is_gone_once_it_was_due_and_an_idle_rule_stays() -> None:
    service = Service()
    instance_id = service.running()
    service.do(f"Create{TIMER}", instance_id, body=IN_AN_HOUR)
    service.do(f"Create{IDLE}", instance_id, body=AN_HOUR | {"MaxIdleTimeInMinutes": 90})
    service.wait(3700)
    shown = service.get(instance_id)
    assert (shown["Status"], TIMER in shown, IDLE in shown) == ("Stopped", False, True)
    service.do("StartInstance", instance_id)
    service.wait(700)
    assert service.get(instance_id)["Status"] == "Running"
    service.wait(90 * 60)
    assert service.get(instance_id)["Status"] == "Stopped"


def test_a_timer_stops_an_instance_that_is_not_up_yet_and_leaves_a_stopped_one_alone() -> None:
    service = Service()
    stopped = service.stopped("stopped")
    creating = service.create("creating")
    for instance_id in (creating, stopped):
        service.do(f"Create{TIMER}", instance_id, body={"RemainingTimeInMs": 5000})
    service.wait(5)
    assert service.get(creating)["Status"] == "Stopping"
    assert service.get(stopped)["Status"] == "Stopped"


@EACH
def test_a_rule_that_is_deleted_stops_nothing_and_what_it_stopped_stays_stopped(rule: str, body: JsonObject) -> None:
    service = Service()
    first, second = service.running("first"), service.running("second")
    for instance_id in (first, second):
        service.do(f"Create{rule}", instance_id, body=body)
    service.do(f"Delete{rule}", first)
    service.wait(3700)
    assert service.get(first)["Status"] == "Running"
    assert service.get(second)["Status"] == "Stopped"
    service.do(f"Create{TIMER}", second, body=IN_AN_HOUR)
    assert service.get(second)["Status"] == "Stopped"


def test_an_idle_rule_shows_its_thresholds_and_for_how_long_the_instance_was_idle() -> None:
    service = Service()
    instance_id = service.running()
    service.wait(6000)
    service.do(f"Create{IDLE}", instance_id, body=AN_HOUR)
    service.wait(600)
    shown = {"InstanceId": instance_id, **AN_HOUR, "IdleTimeInMinutes": 10}
    assert service.do(f"Get{IDLE}", instance_id) == shown
    assert service.get(instance_id)[IDLE] == shown
    assert service.do("ListInstances")["Instances"][0][IDLE] == shown


@pytest.mark.parametrize("due", ["2026-01-05T18:00:00+08:00", "2026-01-05T10:00:00Z", "2026-01-05T10:00:00"])
def test_a_timer_shows_when_it_is_due_in_utc(due: str) -> None:
    service = Service()
    instance_id = service.create()
    service.do(f"Create{TIMER}", instance_id, body={"DueTime": due})
    shown = {
        "InstanceId": instance_id,
        "GmtCreateTime": "2026-01-05T08:00:00Z",
        "GmtModifiedTime": "2026-01-05T08:00:00Z",
        "DueTime": "2026-01-05T10:00:00Z",
        "RemainingTimeInMs": 7_200_000,
    }
    assert service.do(f"Get{TIMER}", instance_id) == shown
    assert service.get(instance_id)[TIMER] == shown


@pytest.mark.parametrize(
    "body",
    [
        {"CpuPercentThreshold": 20},
        {"MaxIdleTimeInMinutes": 60},
        {"CpuPercentThreshold": 0, "MaxIdleTimeInMinutes": 60},
        {"GpuPercentThreshold": 101, "MaxIdleTimeInMinutes": 60},
        {"CpuPercentThreshold": 20, "MaxIdleTimeInMinutes": 0},
        {"CpuPercentThreshold": 20, "MaxIdleTimeInMinutes": 10**9},
        {"CpuPercentThreshold": 20, "MaxIdleTimeInMinutes": "60"},
    ],
)
def test_what_is_no_idle_rule_is_refused(body: JsonObject) -> None:
    service = Service()
    instance_id = service.running()
    assert service.refusal(f"Create{IDLE}", instance_id, body=body).status == 400
    assert IDLE not in service.get(instance_id)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"DueTime": "2026-01-05T10:00:00Z", "RemainingTimeInMs": 1000},
        {"DueTime": "2026-01-05T07:59:59Z"},
        {"DueTime": "at noon"},
        {"DueTime": "9999-12-31T23:59:59Z"},
        {"RemainingTimeInMs": 0},
        {"RemainingTimeInMs": -(10**30)},
        {"RemainingTimeInMs": 10**30},
    ],
)
def test_what_is_no_timer_is_refused(body: JsonObject) -> None:
    service = Service()
    instance_id = service.create()
    assert service.refusal(f"Create{TIMER}", instance_id, body=body).code == "ValidationError"
    assert TIMER not in service.get(instance_id)


@EACH
def test_an_instance_has_one_rule_of_a_kind_which_is_deleted_before_the_next(rule: str, body: JsonObject) -> None:
    service = Service()
    instance_id = service.running()
    assert service.refusal(f"Get{rule}", instance_id).status == 404
    assert service.refusal(f"Delete{rule}", instance_id).status == 404
    service.do(f"Create{rule}", instance_id, body=body)
    assert service.refusal(f"Create{rule}", instance_id, body=body).status == 400
    service.do(f"Delete{rule}", instance_id)
    assert rule not in service.get(instance_id)
    service.do(f"Create{rule}", instance_id, body=body)


@EACH
def test_a_rule_that_was_overwritten_behind_everybodys_back_is_one(rule: str, body: JsonObject) -> None:
    service = Service()
    instance_id = service.running()
    service.world.overwrite_instance(instance_id, {rule: {"InstanceId": instance_id}})
    assert service.refusal(f"Create{rule}", instance_id, body=body).status == 400
    service.do(f"Delete{rule}", instance_id)
    assert rule not in service.get(instance_id)


@EACH
def test_whether_a_rule_is_taken_while_the_instance_is_created_can_be_chosen(rule: str, body: JsonObject) -> None:
    service = Service()
    first, second = service.create("first"), service.create("second")
    service.do(f"Create{rule}", first, body=body)
    service.faults.add(AutoStopNeedsRunning())
    assert service.refusal(f"Create{rule}", second, body=body).status == 400
    service.wait()
    service.do(f"Create{rule}", second, body=body)


@EACH
@pytest.mark.parametrize(("user", "verbs"), [("developer", {"Create", "Get", "Delete"}), ("viewer", {"Get"})])
def test_the_rights_decide_who_may(rule: str, body: JsonObject, user: str, verbs: set[str]) -> None:
    service = Service()
    instance_id = service.running(Accessibility="PUBLIC")
    denied: set[str] = set()
    calls: dict[str, dict[str, Any]] = {"Create": {"body": body}, "Get": {}, "Delete": {}}
    for verb in calls.keys() - verbs:
        assert service.refusal(f"{verb}{rule}", instance_id, user=user, **calls[verb]).status == 403
        denied.add(verb)
    service.do(f"Create{rule}", instance_id, body=body)
    service.do(f"Get{rule}", instance_id, user=user)
    assert denied | verbs == calls.keys()
