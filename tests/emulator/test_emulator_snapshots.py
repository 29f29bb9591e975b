"""Environments that are saved as images, by a snapshot or with a stop."""

from typing import Any

import pytest

from pai_emulator.clock import VirtualClock
from pai_emulator.faults.model import SaveFails
from pai_emulator.fixture import Fixture, load_fixture
from pai_emulator.types import JsonObject
from pai_emulator.world import World
from tests.emulator.service import Service
from tests.emulator.test_emulator_lifecycle import statuses

ADDRESS = "registry.example.com/team/saved:v1"


def saved(service: Service, instance_id: str, **asked: Any) -> str:
    """The id of a snapshot that was asked for."""
    body = {"SnapshotName": "saved", "ImageUrl": ADDRESS, **asked}
    return service.do("CreateInstanceSnapshot", instance_id, body=body)["SnapshotId"]


def snapshot(service: Service, instance_id: str, snapshot_id: str) -> JsonObject:
    return service.do("GetInstanceSnapshot", instance_id, snapshot_id)


def images_named(service: Service, name: str) -> list[JsonObject]:
    return service.do("ListImages", query={"Name": name, "Verbose": "True"})["Images"]


def test_an_instance_runs_again_once_its_environment_is_saved() -> None:
    service = Service()
    instance_id = service.running()
    saved(service, instance_id)
    assert statuses(service, instance_id) == ["Saving", "Saved", "Running"]


def test_a_snapshot_is_committed_pushed_and_saved_and_then_its_image_can_be_started_from() -> None:
    service = Service()
    instance_id = service.running()
    snapshot_id = saved(service, instance_id, SnapshotDescription="for the team")
    seen: list[str] = []
    for _ in range(60):
        status = snapshot(service, instance_id, snapshot_id)["Status"]
        seen += [status] if status not in seen else []
        assert (images_named(service, "saved") != []) == (status == "Saved")
        service.wait(5)
    assert seen == ["Committing", "Pushing", "Saved"]
    shown = snapshot(service, instance_id, snapshot_id)
    (image,) = images_named(service, "saved")
    assert (image["ImageId"], image["ImageUri"]) == (shown["ImageId"], ADDRESS)
    assert (image["Description"], image["SourceId"]) == ("for the team", instance_id)
    assert service.get(service.running("copy", ImageId=shown["ImageId"]))["Status"] == "Running"


@pytest.mark.parametrize("by_stopping", [True, False])
def test_a_save_that_fails_says_why_and_leaves_no_image(by_stopping: bool) -> None:
    service = Service()
    instance_id = service.running()
    service.faults.add(SaveFails(region_id="cn-hangzhou"))
    if by_stopping:
        service.do("StopInstance", instance_id, query={"SaveImage": "true"})
    else:
        saved(service, instance_id)
    assert statuses(service, instance_id) == ["Saving", "SaveFailed"]
    (listed,) = service.do("ListInstanceSnapshot", instance_id)["Snapshots"]
    assert (listed["Status"], listed["ReasonCode"]) == ("Failed", "InternalError")
    assert "denied" in listed["ReasonMessage"]
    assert service.do("ListImages", query={"Query": "Saved from"})["Images"] == []
    service.faults.clear()
    assert snapshot(service, instance_id, saved(service, instance_id))["Status"] == "Committing"


def test_an_address_that_has_an_image_is_only_overwritten_when_asked_to() -> None:
    service = Service()
    instance_id = service.running()
    first = snapshot(service, instance_id, saved(service, instance_id))
    service.wait()
    refusal = service.refusal(
        "CreateInstanceSnapshot", instance_id, body={"SnapshotName": "again", "ImageUrl": ADDRESS}
    )
    assert refusal.code == "ValidationError"
    second = snapshot(service, instance_id, saved(service, instance_id, SnapshotName="again", Overwrite=True))
    assert second["ImageId"] == first["ImageId"]
    service.wait()
    assert [images_named(service, name) != [] for name in ("saved", "again")] == [False, True]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"SnapshotName": None}, "MissingSnapshotName"),
        ({"ImageUrl": None}, "MissingImageUrl"),
        ({"ImageUrl": "registry.example.com/team/saved"}, "ValidationError"),
        ({"Labels": [{"Key": "acs:x", "Value": ""}]}, "ValidationError"),
    ],
)
def test_a_snapshot_needs_a_name_an_address_and_labels_that_are_allowed(asked: JsonObject, code: str) -> None:
    service = Service()
    body = {"SnapshotName": "saved", "ImageUrl": ADDRESS, **asked}
    assert service.refusal("CreateInstanceSnapshot", service.running(), body=body).code == code


def test_snapshots_come_newest_first_and_in_pages() -> None:
    service = Service()
    instance_id = service.running()
    ids: list[str] = []
    for number in range(3):
        ids.append(saved(service, instance_id, ImageUrl=f"registry.example.com/saved:v{number}"))
        service.wait()
    oldest_first = service.do("ListInstanceSnapshot", instance_id, query={"Order": "ASC"})
    last_page = service.do("ListInstanceSnapshot", instance_id, query={"PageSize": 2, "PageNumber": 2})
    assert [each["SnapshotId"] for each in oldest_first["Snapshots"]] == ids
    assert ([each["SnapshotId"] for each in last_page["Snapshots"]], last_page["TotalCount"]) == (ids[:1], 3)


def test_a_snapshot_belongs_to_its_instance() -> None:
    service = Service()
    first, other = service.running("first"), service.running("other")
    refusal = service.refusal("GetInstanceSnapshot", other, saved(service, first))
    assert (refusal.status, refusal.code) == (404, "InternalError")


def test_who_may_only_read_saves_nothing() -> None:
    service = Service()
    instance_id = service.running(Accessibility="PUBLIC")
    refusal = service.refusal(
        "CreateInstanceSnapshot", instance_id, user="viewer", body={"SnapshotName": "saved", "ImageUrl": ADDRESS}
    )
    assert refusal.code == "NoPermissionError"


def test_a_snapshot_on_its_way_goes_on_in_a_world_that_is_made_from_the_state() -> None:
    service = Service()
    instance_id = service.running()
    snapshot_id = saved(service, instance_id)
    again = Service()
    again.clock = VirtualClock()
    again.world = World(again.clock)
    load_fixture(again.world, Fixture.model_validate(service.world.snapshot()))
    assert snapshot(again, instance_id, snapshot_id)["Status"] == "Committing"
    again.wait()
    assert snapshot(again, instance_id, snapshot_id)["Status"] == "Saved"
    assert len(images_named(again, "saved")) == 1
