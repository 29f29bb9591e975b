"""What nobody knows of the service can be played in another way, and each alternative is what it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from pai_emulator.__main__ import main
from pai_emulator.faults.model import Assume, AutoStopNeedsRunning, Faults, ListLag, PrivateOnly, SystemLogs
from pai_emulator.fixture import FixtureError
from pai_emulator.serve import Emulator
from pai_emulator.types import JsonObject
from tests.emulator.raw_client import RawClient
from tests.emulator.service import Service
from tests.emulator.test_emulator_lifecycle import statuses
from tests.emulator.test_emulator_snapshots import saved

INSTANCES = "/api/v2/instances"
MOUNT: JsonObject = {"Uri": "oss://bucket/one/", "MountPath": "/mnt/one"}
SHARE = {"CPU": "2", "Memory": "4"}


def playing(assumption_id: str, value: str) -> Service:
    service = Service()
    service.faults.add(Assume(id=assumption_id, value=value))
    return service


@pytest.mark.parametrize(
    ("code", "status"), [("ValidationError", 400), ("InternalError", 400), ("InstanceNameAlreadyExists", 409)]
)
def test_a_taken_name_is_refused_with_a_code(code: str, status: int) -> None:
    service = playing("taken-name", code)
    service.create("notes")
    error = service.refusal("CreateInstance", body=service.notebook("notes"))
    assert (error.status, error.code) == (status, code)


@pytest.mark.parametrize(
    ("value", "stopped"), [("way-up", ["new", "old"]), ("running", ["old"]), ("any", ["new", "old", "saved"])]
)
def test_an_instance_is_stopped_from_some_statuses(value: str, stopped: list[str]) -> None:
    service = playing("stop-from", value)
    ids = {"old": service.running("old"), "saved": service.running("saved"), "new": service.create("new")}
    saved(service, ids["saved"])
    for name, instance_id in ids.items():
        if name in stopped:
            service.do("StopInstance", instance_id)
            assert service.get(instance_id)["Status"] == "Stopping"
        else:
            assert service.refusal("StopInstance", instance_id).status == 400


@pytest.mark.parametrize(
    ("value", "changed"), [("some", ["InstanceName"]), ("none", []), ("all", ["EcsSpec", "InstanceName"])]
)
def test_an_instance_that_runs_lets_some_fields_be_changed(value: str, changed: list[str]) -> None:
    service = playing("changes-while-running", value)
    instance_id = service.running()
    bodies = {"EcsSpec": "ecs.g6.xlarge", "InstanceName": "other"}
    for name, wanted in bodies.items():
        body = {name: wanted}
        if name in changed:
            service.do("UpdateInstance", instance_id, body=body)
            assert statuses(service, instance_id) == ["Updating", "Running"]
        else:
            assert service.refusal("UpdateInstance", instance_id, body=body).status == 400


@pytest.mark.parametrize(
    ("value", "course"),
    [
        ("restart", ["Updating", "Starting", "EnvPreparing", "Running"]),
        ("live", ["Updating", "Running"]),
        ("refused", []),
    ],
)
def test_a_mount_is_changed_while_an_instance_runs(value: str, course: list[str]) -> None:
    service = playing("mounts-while-running", value)
    instance_id = service.running()
    if course:
        service.do("UpdateInstance", instance_id, body={"Datasets": [MOUNT]})
        assert statuses(service, instance_id) == course
    else:
        assert service.refusal("UpdateInstance", instance_id, body={"Datasets": [MOUNT]}).status == 400


@pytest.mark.parametrize(
    ("value", "course"),
    [
        ("Starting", ["Starting", "ResourceAllocating", "EnvPreparing", "Running"]),
        ("ResourceAllocating", ["ResourceAllocating", "EnvPreparing", "Starting", "Running"]),
        ("Stopped", ["Stopped", "Starting", "ResourceAllocating", "EnvPreparing", "Running"]),
    ],
)
def test_a_start_begins_with_a_status(value: str, course: list[str]) -> None:
    service = playing("status-after-start", value)
    instance_id = service.stopped()
    service.do("StartInstance", instance_id)
    assert statuses(service, instance_id) == course


def test_an_instance_can_stay_running_while_it_is_saved() -> None:
    service = playing("snapshot-life-cycle", "Running")
    instance_id = service.running()
    snapshot_id = saved(service, instance_id)
    assert service.do("GetInstanceSnapshot", instance_id, snapshot_id)["Status"] != "Saved"
    assert statuses(service, instance_id) == ["Running"]
    assert service.do("GetInstanceSnapshot", instance_id, snapshot_id)["Status"] == "Saved"


def test_memory_without_a_unit_can_be_refused_or_read_as_gib() -> None:
    body: dict[str, Any] = {"EcsSpec": None, "ResourceId": "quota40001", "RequestedResource": SHARE}
    refusing, reading = playing("memory-without-unit", "refused"), playing("memory-without-unit", "GiB")
    error = refusing.refusal("CreateInstance", body=refusing.notebook(**body))
    assert (error.code, refusing.listed()) == ("ValidationError", [])
    assert reading.get(reading.running(**body))["Status"] == "Running"


@pytest.mark.parametrize(
    ("value", "shown"), [("empty", {"ReasonCode": ""}), ("absent", {}), ("null", {"ReasonCode": None})]
)
def test_reasons_that_there_are_not_are_shown_in_a_way(
    emulator: Emulator, admin: RawClient, value: str, shown: JsonObject
) -> None:
    emulator.faults.add(Assume(id="no-reason", value=value))
    well, failed = emulator.world.generate_instances("cn-hangzhou", 2)
    emulator.world.overwrite_instance(failed, {"ReasonCode": "Oops", "ReasonMessage": "No."})
    got = {each: admin.call("GET", f"{INSTANCES}/{each}").json for each in (well, failed)}
    listed = admin.call("GET", INSTANCES, {"WorkspaceId": "ALL"}).json["Instances"]
    for instance in (*got.values(), *listed):
        expected = {"ReasonCode": "Oops"} if instance["InstanceId"] == failed else shown
        assert {name: instance[name] for name in instance.keys() & {"ReasonCode"}} == expected


@pytest.mark.parametrize(
    ("value", "size", "rows"),
    [
        ("100", 100, 60),
        ("100", 101, None),
        ("50", 50, 50),
        ("50", 51, None),
        ("cut-to-50", 101, 50),
        ("cut-to-50", 10, 10),
    ],
)
def test_a_page_has_a_size(emulator: Emulator, admin: RawClient, value: str, size: int, rows: int | None) -> None:
    emulator.faults.add(Assume(id="largest-page", value=value))
    emulator.world.generate_instances("cn-hangzhou", 60)
    reply = admin.call("GET", INSTANCES, {"WorkspaceId": "ALL", "PageSize": str(size)})
    assert reply.status == (400 if rows is None else 200)
    assert rows is None or (len(reply.json["Instances"]), reply.json["TotalCount"]) == (rows, 60)
    assert len(admin.call("GET", INSTANCES, {"WorkspaceId": "ALL"}).json["Instances"]) == 10


@pytest.mark.parametrize(
    ("value", "status", "has_detail"),
    [("NoPermissionError", 403, True), ("Forbidden.RAM", 403, False), ("100700008", 404, True)],
)
def test_a_denial_has_a_shape(emulator: Emulator, viewer: RawClient, value: str, status: int, has_detail: bool) -> None:
    emulator.faults.add(Assume(id="dsw-denial", value=value))
    reply = viewer.call("PUT", f"{INSTANCES}/dsw-0123456789abcdef/start")
    assert (reply.status, reply.json["Code"], "AccessDeniedDetail" in reply.json) == (status, value, has_detail)


def test_an_alternative_that_is_a_condition_is_that_condition() -> None:
    faults = Faults({"list-lag": "minutes", "list-visibility": "private"})
    faults.add(
        Assume(id="auto-stop-from", value="running"), Assume(id="system-logs", value="there", region_id="us-east-1")
    )
    assert faults.to_json() == conditions(
        ListLag(seconds=120), PrivateOnly(), AutoStopNeedsRunning(), SystemLogs(region_id="us-east-1")
    )


def conditions(*each: Any) -> list[JsonObject]:
    faults = Faults()
    faults.add(*each)
    return faults.to_json()


def test_what_was_chosen_at_the_start_stays(tmp_path: Path) -> None:
    fixture = tmp_path / "fixture.json"
    fixture.write_text(json.dumps({"assume": {"stop-from": "running", "no-reason": "null"}}))
    with Emulator(fixture=fixture, assume={"no-reason": "absent"}) as emulator:
        emulator.faults.add(Assume(id="taken-name", value="InternalError"))
        emulator.reset()
        played = [emulator.faults.assumed("cn-hangzhou", each) for each in ("stop-from", "no-reason", "taken-name")]
    assert played == ["running", "absent", None]


@pytest.mark.parametrize(
    ("chosen", "named"), [({"stop-form": "any"}, "stop-from"), ({"stop-from": "never"}, "running")]
)
def test_an_alternative_that_there_is_not_is_refused_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], chosen: dict[str, str], named: str
) -> None:
    fixture = tmp_path / "fixture.json"
    fixture.write_text(json.dumps({"assume": chosen}))
    with pytest.raises(FixtureError, match=named):
        Emulator(fixture=fixture)
    with pytest.raises(ValueError, match=named):
        Emulator(assume=chosen)
    ((name, value),) = chosen.items()
    with pytest.raises(SystemExit):
        main(["--assume", f"{name}={value}"])
    assert named in capsys.readouterr().err


def test_an_alternative_is_chosen_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    # It gets as far as the fixture that there is not.
    assert main(["--assume", "stop-from=any", "--fixture", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
