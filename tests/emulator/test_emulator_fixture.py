"""The world to begin with: fixture files, snapshots, and that the seed decides every id."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pai_emulator.clock import START
from pai_emulator.fixture import Fixture, FixtureError, load_fixture, read_fixture
from pai_emulator.seeded import Seeded
from tests.emulator.service import CPU_SPEC, GPU_SPEC, RESEARCH, Service

URL = "registry.example.com/team/mine:v1"
NOTEBOOK = {"InstanceName": "notes", "EcsSpec": CPU_SPEC, "ImageUrl": URL}


def loaded(document: dict[str, Any]) -> Service:
    service = Service()
    load_fixture(service.world, Fixture.model_validate(document))
    return service


def in_region(**content: Any) -> dict[str, Any]:
    return {"regions": {"cn-hangzhou": content}}


def test_an_instance_runs_for_the_administrator_unless_the_fixture_says_otherwise() -> None:
    service = loaded(in_region(instances=[NOTEBOOK]))
    shown = service.do("ListInstances")["Instances"][0]
    assert (shown["Status"], shown["UserName"], shown["WorkspaceId"]) == ("Running", "admin", RESEARCH)
    assert shown["GmtCreateTime"] == "2026-01-05T08:00:00Z"


def test_an_instance_has_the_state_that_the_fixture_gives_it() -> None:
    state = {
        "InstanceId": "dsw-mine",
        "Status": "Failed",
        "ReasonCode": "Internal Error",
        "ReasonMessage": "ImagePullBackOff",
        "GmtCreateTime": "2025-12-01T00:00:00Z",
        "GmtModifiedTime": "2025-12-02T00:00:00Z",
        "AccumulatedRunningTimeInMs": 3_600_000,
        "UserId": "200000000000000002",
    }
    service = loaded(in_region(instances=[{**NOTEBOOK, **state}]))
    assert service.get("dsw-mine").items() >= state.items()


def test_an_instance_on_its_way_goes_on() -> None:
    service = loaded(in_region(instances=[{**NOTEBOOK, "InstanceId": "dsw-mine", "Status": "Creating"}]))
    assert service.get("dsw-mine")["Status"] == "Creating"
    service.wait()
    assert service.get("dsw-mine")["Status"] == "Running"


def test_rows_of_the_catalogue_are_merged_or_added() -> None:
    service = loaded(
        in_region(
            workspaces=[{"WorkspaceId": "7", "WorkspaceName": "lab"}, {"WorkspaceId": RESEARCH, "Status": "FROZEN"}],
            quotas=[{"QuotaId": "quota7", "WorkspaceIds": ["7"], "CPU": 8, "Memory": 32}],
            images=[{"ImageId": "image-7", "Name": "mine", "ImageUri": URL}],
            datasets=[{"DatasetId": "d-7", "Name": "mine", "WorkspaceId": "7", "Uri": "oss://bucket/"}],
            ecs_specs=[
                {"InstanceType": GPU_SPEC, "IsAvailable": False},
                {"InstanceType": "ecs.new.large", "AcceleratorType": "CPU", "CPU": 2, "Memory": 4},
            ],
        )
    )
    assert [row["Status"] for row in service.do("ListWorkspaces")["Workspaces"]] == ["FROZEN", "ENABLED", "ENABLED"]
    assert service.do("GetWorkspace", "7", query={"Verbose": "true"})["WorkspaceName"] == "lab"
    assert service.do("GetImage", "image-7")["ImageUri"] == URL
    assert service.do("GetDataset", "d-7")["MountAccess"] == "RW"
    instance_id = service.running(EcsSpec="ecs.new.large", ImageId="image-7", Datasets=[{"DatasetId": "d-7"}])
    assert service.get(instance_id)["Status"] == "Running"
    share = {"CPU": "8", "Memory": "32GB"}
    on_quota = service.running("quota", EcsSpec=None, ResourceId="quota7", RequestedResource=share)
    assert service.get(on_quota)["Status"] == "Running"


def test_the_clock_moves_to_the_time_of_the_fixture_and_never_back() -> None:
    assert loaded({"time": "2026-02-01T00:00:00Z"}).clock.now().isoformat() == "2026-02-01T00:00:00+00:00"
    assert loaded({"time": "2020-02-01T00:00:00Z"}).clock.now() == START


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"regions": {"mars-1": {}}}, "no region mars-1"),
        (in_region(images=[{"Name": "mine"}]), r"images\[0\]: lacks ImageId, ImageUri"),
        (in_region(images=[{"ImageId": "image-7", "Name": "mine"}]), "lacks ImageUri"),
        (in_region(instances=[{}]), r"instances\[0\]: 400 MissingInstanceName"),
        (in_region(instances=[{**NOTEBOOK, "EcsSpec": "ecs.none"}]), "ecs.none is not offered"),
        (in_region(instances=[{**NOTEBOOK, "WorkspaceId": "99999"}]), "no workspace 99999"),
        (in_region(instances=[NOTEBOOK, NOTEBOOK]), r"instances\[1\]: the name notes is taken"),
        (in_region(instances=[{**NOTEBOOK, "Status": "Asleep"}]), "no status Asleep"),
        (in_region(instances=[{**NOTEBOOK, "Color": "red"}]), "Color"),
        (in_region(instances=[{**NOTEBOOK, "GmtCreateTime": "yesterday"}]), "GmtCreateTime"),
        ({"regions": {"me-central-1": {"instances": [NOTEBOOK]}}}, "no workspace None"),
    ],
)
def test_what_does_not_fit_the_world_is_named_with_its_place(document: dict[str, Any], message: str) -> None:
    with pytest.raises(FixtureError, match=message):
        loaded(document)


def test_a_fixture_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "fixture.json"
    path.write_text(json.dumps(in_region(instances=[NOTEBOOK])))
    service = Service()
    load_fixture(service.world, read_fixture(path))
    assert service.listed() == ["notes"]


@pytest.mark.parametrize("content", ["", "[]", "{", '{"region": {}}', '{"regions": {"cn-hangzhou": {"instance": []}}}'])
def test_a_file_that_is_no_fixture_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content)
    with pytest.raises(FixtureError, match=r"broken\.json"):
        read_fixture(path)


def test_a_snapshot_makes_the_same_world_again() -> None:
    service = Service()
    first = service.running(Labels=[{"Key": "team", "Value": "nlp"}], Tag=[{"Key": "cost", "Value": "7"}])
    service.do("StopInstance", first, query={"SaveImage": "true"})
    failed = service.running("failed", EcsSpec=GPU_SPEC)
    service.do("CreateIdleInstanceCuller", failed, body={"CpuPercentThreshold": 5, "MaxIdleTimeInMinutes": 60})
    service.do("CreateInstanceShutdownTimer", failed, body={"DueTime": "2026-01-06T08:00:00+08:00"})
    service.world.overwrite_instance(first, {"IdleInstanceCuller": {"MaxIdleTimeInMinutes": 60}})
    service.world.region("cn-shanghai")
    snapshot = json.loads(json.dumps(service.world.snapshot()))
    again = loaded(snapshot)
    assert snapshot["regions"].keys() == {"cn-hangzhou"}
    assert again.clock.now() == START + timedelta(seconds=1400)
    assert again.world.snapshot() == snapshot
    assert [again.get(instance_id) for instance_id in (first, failed)] == [
        service.get(instance_id) for instance_id in (first, failed)
    ]
    assert again.create("next") == service.create("next")


def test_the_seed_and_the_purpose_decide_a_value() -> None:
    one, same, other = Seeded(1), Seeded(1), Seeded(2)
    assert one.hexadecimal(16, "instance", 1) == same.hexadecimal(16, "instance", 1)
    values = {seeded.hexadecimal(16, "instance", number) for seeded in (one, other) for number in (1, 2)}
    assert len(values) == 4
    assert all(0 <= one.fraction(number) < 1 for number in range(100))
