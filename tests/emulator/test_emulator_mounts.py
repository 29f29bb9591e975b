"""What is mounted at the start and what dynamically, and which mounts go together."""

from typing import Any

import pytest

from pai_emulator.fixture import Fixture, load_fixture
from pai_emulator.types import JsonObject
from tests.emulator.service import RESEARCH, Service

DYNAMIC: JsonObject = {"Enable": True}
AT_START: JsonObject = {"Uri": "oss://bucket/one/", "MountPath": "/mnt/one"}
LATER: JsonObject = {"Uri": "oss://bucket/two/", "MountPath": "/mnt/dynamic/two", "Dynamic": True}


def dataset(service: Service, name: str = "training_corpus") -> str:
    return service.do("ListDatasets", query={"Name": name, "WorkspaceId": RESEARCH})["Datasets"][0]["DatasetId"]


def mounted(service: Service, instance_id: str) -> list[str]:
    return [mount["MountPath"] for mount in service.get(instance_id)["Datasets"]]


def courses(service: Service, instance_id: str) -> list[str]:
    """The statuses from now on until the instance stays."""
    passed: list[str] = []
    for _ in range(300):
        status = service.get(instance_id)["Status"]
        if [status] != passed[-1:]:
            passed.append(status)
        service.wait(2)
    return passed


def test_a_dynamic_mount_comes_and_goes_without_a_restart() -> None:
    service = Service()
    instance_id = service.running(DynamicMount=DYNAMIC, Datasets=[AT_START])
    for mounts in ([AT_START, LATER], [AT_START]):
        service.do("UpdateInstance", instance_id, body={"Datasets": mounts})
        assert mounted(service, instance_id) == [mount["MountPath"] for mount in mounts]
        assert courses(service, instance_id) == ["Updating", "Running"]


@pytest.mark.parametrize(
    "body", [{"Datasets": [{**AT_START, "MountPath": "/mnt/other"}]}, {"DisassociateDatasets": True}]
)
def test_what_is_mounted_at_the_start_is_changed_by_a_restart(body: JsonObject) -> None:
    service = Service()
    instance_id = service.running(Datasets=[AT_START])
    service.do("UpdateInstance", instance_id, body=body)
    assert courses(service, instance_id) == ["Updating", "Starting", "EnvPreparing", "Running"]


@pytest.mark.parametrize("settings", [{}, {"DynamicMount": DYNAMIC}])
def test_whether_mounts_can_be_dynamic_is_always_shown(settings: JsonObject) -> None:
    service = Service()
    instance_id = service.create(**settings)
    listed = service.do("ListInstances")["Instances"][0]
    for shown in (service.get(instance_id), listed):
        assert shown["DynamicMount"]["Enable"] is bool(settings)


def test_a_dynamic_mount_is_read_only_whatever_was_asked_for() -> None:
    service = Service()
    asked = [{"MountAccess": "RW", **AT_START}, {"MountAccess": "RW", **LATER}]
    shown = service.get(service.create(DynamicMount=DYNAMIC, Datasets=asked))["Datasets"]
    assert [mount["ActualMountAccess"] for mount in shown] == ["RW", "RO"]


def test_the_mounts_of_get_instance_are_accepted_back() -> None:
    """As the vendor's own SDK does: it reads the mounts, adds one and sends them all."""
    service = Service()
    at_start = [{"DatasetId": dataset(service)}, AT_START]
    instance_id = service.running(DynamicMount=DYNAMIC, Datasets=at_start)
    shown = service.get(instance_id)["Datasets"]
    assert {"DatasetId", "Uri", "ActualMountAccess"} <= shown[0].keys()
    service.do("UpdateInstance", instance_id, body={"Datasets": [*shown, LATER]})
    assert courses(service, instance_id) == ["Updating", "Running"]
    assert service.get(instance_id)["Datasets"][:2] == shown


def test_an_address_that_is_not_the_datasets_is_refused_with_its_id() -> None:
    service = Service()
    instance_id = service.running(Datasets=[{"DatasetId": dataset(service)}])
    (shown,) = service.get(instance_id)["Datasets"]
    body: JsonObject = {"Datasets": [{**shown, "Uri": "oss://elsewhere/"}]}
    assert service.refusal("UpdateInstance", instance_id, body=body).code == "ValidationError"
    both = service.notebook("another", Datasets=[shown])
    assert service.refusal("CreateInstance", body=both).code == "ValidationError"


def test_a_world_with_mounts_of_the_catalogue_is_written_and_read_again() -> None:
    service, again = Service(), Service()
    instance_id = service.running(Datasets=[{"DatasetId": dataset(service)}])
    fixture = Fixture.model_validate(service.world.snapshot())
    load_fixture(again.world, fixture)
    assert again.get(instance_id)["Datasets"] == service.get(instance_id)["Datasets"]


@pytest.mark.parametrize(
    ("dynamic", "mounts"),
    [
        (DYNAMIC, [AT_START, {**AT_START, "Uri": "oss://bucket/two/"}]),
        (DYNAMIC, [AT_START, {**AT_START, "MountPath": "/mnt/one/"}]),
        (DYNAMIC, [LATER, AT_START]),
        (None, [LATER]),
        ({"Enable": False}, [LATER]),
        (DYNAMIC, [{**LATER, "Uri": "nas://09f2c8.cn-hangzhou/"}]),
        (DYNAMIC, [{**LATER, "MountPath": "/mnt/two"}]),
        (DYNAMIC, [{**LATER, "MountPath": "/mnt/dynamic/"}]),
        ({"Enable": True, "MountPoints": [{"RootPath": "/mnt/fast/"}]}, [LATER]),
    ],
)
def test_mounts_that_do_not_go_together_are_refused(dynamic: JsonObject | None, mounts: list[Any]) -> None:
    service = Service()
    refusal = service.refusal("CreateInstance", body=service.notebook(DynamicMount=dynamic, Datasets=mounts))
    assert (refusal.status, refusal.code) == (400, "ValidationError")
    instance_id = service.stopped()
    body = {"Datasets": mounts} if dynamic is None else {"DynamicMount": dynamic, "Datasets": mounts}
    assert service.refusal("UpdateInstance", instance_id, body=body).code == "ValidationError"


def test_dynamic_mounts_have_the_roots_that_they_are_given() -> None:
    service = Service()
    roots = {"Enable": True, "MountPoints": [{"RootPath": "/mnt/fast/"}, {"Options": "{}"}]}
    mounts = [{**LATER, "MountPath": "/mnt/fast/two"}, {**LATER, "MountPath": "/mnt/dynamic/two"}]
    instance_id = service.create(DynamicMount=roots, Datasets=mounts)
    assert mounted(service, instance_id) == ["/mnt/fast/two", "/mnt/dynamic/two"]
