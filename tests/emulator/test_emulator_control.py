"""The control routes, by which a demo or a test in another process steers the emulator."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pai_emulator.clock import RealClock, VirtualClock
from pai_emulator.faults.model import ListLag, Throttle
from pai_emulator.serve import Emulator
from tests.emulator.raw_client import NOTEBOOK, RawClient, RawReply, sign

INSTANCES = "/api/v2/instances"


@pytest.fixture
def control(emulator: Emulator, admin: RawClient) -> Callable[..., RawReply]:
    def send(method: str, route: str, body: object = None) -> RawReply:
        headers: dict[str, str | list[str]] = {"host": "localhost", "x-emulator-key": emulator.control_key}
        content = b"" if body is None else json.dumps(body).encode()
        return admin.send(method, f"/_emulator/{route}", headers, content)

    return send


@pytest.mark.parametrize("key", [None, "", "wrong", "schlüssel"])
@pytest.mark.parametrize("route", ["journal", "nothing"])
def test_nothing_is_answered_without_the_key(admin: RawClient, key: str | None, route: str) -> None:
    headers = {"host": "localhost"} if key is None else {"host": "localhost", "x-emulator-key": key}
    reply = admin.send("GET", f"/_emulator/{route}", headers)
    assert reply.status == 403


@pytest.mark.parametrize(("method", "route"), [("GET", "nothing"), ("GET", "reset"), ("POST", "journal")])
def test_an_unknown_control_route_is_not_found(control: Callable[..., RawReply], method: str, route: str) -> None:
    assert control(method, route).status == 404


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("clock", {"advance": -1}),
        ("clock", {"forward": 1}),
        ("clock", []),
        ("faults", {"faults": [{"kind": "earthquake"}]}),
        ("faults", {"faults": [{"kind": "throttle", "status": 404}]}),
        ("faults", {"faults": [{"kind": "throttle", "oepration": "GetInstance"}]}),
        ("state", {"generate": {"count": 0, "region_id": "cn-hangzhou"}}),
    ],
)
def test_arguments_that_do_not_fit_are_refused(control: Callable[..., RawReply], route: str, body: object) -> None:
    reply = control("POST", route, body)
    assert reply.status == 400
    assert reply.json["error"]


def test_the_journal_is_read_in_order(control: Callable[..., RawReply], admin: RawClient) -> None:
    admin.call("POST", INSTANCES, body=NOTEBOOK)
    admin.call("GET", INSTANCES)
    entries: Any = control("GET", "journal").json["entries"]
    assert [(e["sequence"], e["operation"], e["write"], e["applied"]) for e in entries] == [
        (1, "CreateInstance", True, True),
        (2, "ListInstances", False, True),
    ]
    assert [e["sequence"] for e in control("GET", "journal?after=1").json["entries"]] == [2]


def test_control_requests_are_not_in_the_journal(emulator: Emulator, control: Callable[..., RawReply]) -> None:
    control("GET", "journal")
    assert len(emulator.journal) == 0


def test_faults_are_switched_on_and_off(control: Callable[..., RawReply], admin: RawClient) -> None:
    throttle = {"kind": "throttle", "operation": "ListInstances", "retry_after": 1}
    lag = {"kind": "list_lag", "seconds": 30}
    on = control("POST", "faults", {"faults": [throttle, lag]}).json["faults"]
    assert on == [
        {"kind": "list_lag", "region_id": None, "seconds": 30.0},
        {
            "kind": "throttle",
            "operation": "ListInstances",
            "region_id": None,
            "times": 1,
            "after": 0,
            "status": 429,
            "retry_after": 1,
            "x_acs_retry_after": None,
            "seen": 0,
        },
    ]
    assert admin.call("GET", INSTANCES).status == 429
    assert control("POST", "faults", {}).json["faults"][1]["seen"] == 1
    assert control("POST", "faults", {"clear": True}).json["faults"] == []


def test_the_clock_moves_when_it_is_told(emulator: Emulator, control: Callable[..., RawReply]) -> None:
    before = emulator.clock.now()
    reply = control("POST", "clock", {"advance": 90})
    assert reply.json == {"now": "2026-01-05T08:01:30Z"}
    assert emulator.clock.now() - before == timedelta(seconds=90)


def test_a_reset_begins_again(emulator: Emulator, control: Callable[..., RawReply], admin: RawClient) -> None:
    start = emulator.clock.now()
    first = admin.call("POST", INSTANCES, body=NOTEBOOK).json
    emulator.clock.advance(60)
    emulator.faults.add(Throttle(), ListLag(seconds=1))
    assert control("POST", "reset").status == 200
    assert (emulator.clock.now(), len(emulator.journal), emulator.faults.to_json()) == (start, 0, [])
    assert admin.call("GET", INSTANCES).json["TotalCount"] == 0
    emulator.reset()
    assert admin.call("POST", INSTANCES, body=NOTEBOOK).json == first


def test_a_reset_forgets_nonces_so_that_a_recorded_run_can_be_played_again(
    emulator: Emulator, admin: RawClient
) -> None:
    headers: dict[str, str | list[str]] = {**sign(emulator.user("admin"), "GET", INSTANCES, {}, {"host": "localhost"})}
    assert [admin.send("GET", INSTANCES, headers).status for _ in range(2)] == [200, 400]
    emulator.reset()
    assert admin.send("GET", INSTANCES, headers).status == 200


def test_a_virtual_clock_never_goes_back() -> None:
    with pytest.raises(ValueError, match="cannot go back by 1"):
        VirtualClock().advance(-1)


def test_a_real_clock_runs_at_its_speed_and_can_be_moved() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    clock = RealClock(1e9, start)
    earlier, later = clock.now(), clock.now()
    assert start < earlier < later
    clock.advance(1e9)
    assert clock.now() >= later + timedelta(seconds=1e9)
    clock.restart()
    assert clock.now() < later + timedelta(seconds=1e9)


def test_a_real_clock_starts_now() -> None:
    assert abs(RealClock().now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_instance_is_read_and_changed_behind_everybodys_back(
    control: Callable[..., RawReply], admin: RawClient
) -> None:
    instance_id = admin.call("POST", INSTANCES, body=NOTEBOOK).json["InstanceId"]
    seen = control("POST", "state", {"instance_id": instance_id}).json["instance"]
    assert (seen["InstanceName"], seen["Status"]) == ("notebook", "Creating")
    changed = control("POST", "state", {"instance_id": instance_id, "set": {"Status": "Failed", "Priority": 9}})
    assert (changed.json["instance"]["Status"], changed.json["instance"]["Priority"]) == ("Failed", 9)
    reply = admin.call("GET", f"{INSTANCES}/{instance_id}").json
    assert (reply["Status"], reply["Priority"]) == ("Failed", 9)
    saved = [{"ImageName": "saved", "Status": "Saved"}]
    control("POST", "state", {"instance_id": instance_id, "set": {"InstanceSnapshotList": saved}})
    assert admin.call("GET", f"{INSTANCES}/{instance_id}").json["InstanceSnapshotList"] == saved


def test_the_whole_state_can_be_kept_as_a_fixture(control: Callable[..., RawReply], admin: RawClient) -> None:
    instance_id = admin.call("POST", INSTANCES, body=NOTEBOOK).json["InstanceId"]
    (instance,) = control("POST", "state", {}).json["regions"]["cn-hangzhou"]["instances"]
    assert (instance["InstanceId"], instance["InstanceName"]) == (instance_id, "notebook")


def test_an_unknown_instance_has_no_state(control: Callable[..., RawReply]) -> None:
    assert control("POST", "state", {"instance_id": "dsw-nowhere"}).status == 404


def test_many_instances_are_generated_at_once(control: Callable[..., RawReply], admin: RawClient) -> None:
    reply = control("POST", "state", {"generate": {"count": 1000, "region_id": "cn-hangzhou"}})
    assert len(set(reply.json["instance_ids"])) == 1000
    everything = {"WorkspaceId": "ALL", "ResourceId": "ALL", "PageSize": "1"}
    assert admin.call("GET", INSTANCES, everything).json["TotalCount"] == 1000
