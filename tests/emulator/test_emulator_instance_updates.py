"""UpdateInstance: what changes, when, and what is refused."""

from typing import Any

import pytest

from pai_emulator.faults.model import DropsUpdates
from pai_emulator.policy import USER_IDS
from pai_emulator.types import JsonObject
from tests.emulator.service import CPU_SPEC, PRODUCTION, RESEARCH, Service

URL = "registry.example.com/team/mine:v1"
ON_QUOTA: JsonObject = {
    "EcsSpec": None,
    "ResourceId": "quota40001",
    "RequestedResource": {"CPU": "4", "Memory": "8Gi", "SharedMemory": "4Gi", "GPU": "1", "GPUType": "A10"},
}


def dataset(service: Service, name: str) -> str:
    for workspace_id in (RESEARCH, PRODUCTION):
        rows = service.do("ListDatasets", query={"Name": name, "WorkspaceId": workspace_id})["Datasets"]
        if rows:
            return rows[0]["DatasetId"]
    raise KeyError(name)


@pytest.mark.parametrize(
    "body",
    [
        {"InstanceName": "renamed"},
        {"Accessibility": "PUBLIC"},
        {"Priority": 9},
        {"UserId": USER_IDS["developer"]},
        {"DynamicMount": {"Enable": True}},
    ],
)
def test_some_fields_change_while_the_instance_runs(body: JsonObject) -> None:
    service = Service()
    instance_id = service.running()
    before = service.get(instance_id)
    service.do("UpdateInstance", instance_id, body=body)
    service.wait(20)
    after = service.get(instance_id)
    assert after["Status"] == "Running"
    assert {name for name in body if before.get(name) != after[name]} == body.keys()


def test_an_update_may_be_dropped_although_the_service_says_yes() -> None:
    service = Service()
    instance_id = service.running()
    service.faults.add(DropsUpdates())
    service.do("UpdateInstance", instance_id, body={"Accessibility": "PUBLIC"})
    assert service.get(instance_id)["Accessibility"] == "PRIVATE"


@pytest.mark.parametrize("body", [{"EcsSpec": "ecs.g6.xlarge"}, {"ImageUrl": URL}, {"Driver": "535.54.03"}])
def test_other_fields_need_a_stopped_instance(body: JsonObject) -> None:
    service = Service()
    instance_id = service.running()
    refusal = service.refusal("UpdateInstance", instance_id, body={**body, "Priority": 2})
    assert (refusal.status, refusal.code) == (400, "InternalError")
    assert next(iter(body)) in refusal.message
    assert "Priority" not in service.get(instance_id)
    service.do("StopInstance", instance_id)
    service.wait()
    service.do("UpdateInstance", instance_id, body=body)
    assert service.get(instance_id).items() >= body.items()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"StartInstance": True},
        {"InstanceName": "notebook"},
        {"EcsSpec": CPU_SPEC, "Accessibility": "PRIVATE"},
        {"DisassociateDatasets": True},
        {"Datasets": []},
    ],
)
def test_an_update_that_changes_nothing_is_refused(body: JsonObject) -> None:
    service = Service()
    instance_id = service.stopped()
    refusal = service.refusal("UpdateInstance", instance_id, body=body)
    assert (refusal.status, refusal.code) == (400, "ValidationError")
    assert service.get(instance_id)["Status"] == "Stopped"


def test_the_same_image_by_address_changes_nothing() -> None:
    service = Service()
    instance_id = service.stopped()
    same = {"ImageUrl": service.get(instance_id)["ImageUrl"]}
    assert service.refusal("UpdateInstance", instance_id, body=same).code == "ValidationError"


def test_an_image_takes_the_place_of_the_other() -> None:
    service = Service()
    instance_id = service.stopped()
    service.do("UpdateInstance", instance_id, body={"ImageUrl": URL})
    service.wait()
    assert "ImageId" not in service.get(instance_id)
    service.do("UpdateInstance", instance_id, body={"ImageId": service.image("CPU")})
    assert service.get(instance_id)["ImageUrl"] != URL


@pytest.mark.parametrize(
    ("flag", "name", "value"),
    [
        ("DisassociateCredential", "CredentialConfig", {"Enable": True}),
        ("DisassociateDatasets", "Datasets", [{"Uri": "oss://bucket/", "MountPath": "/mnt/data"}]),
        ("DisassociateDriver", "Driver", "535.54.03"),
        ("DisassociateEnvironmentVariables", "EnvironmentVariables", {"a": "b"}),
        ("DisassociateMigrationOptions", "MigrationOptions", {"a": "b"}),
        ("DisassociateVpc", "UserVpc", {"VpcId": "vpc-1"}),
    ],
)
def test_a_block_can_be_disassociated(flag: str, name: str, value: Any) -> None:
    service = Service()
    instance_id = service.stopped(**{name: value})
    assert service.get(instance_id)[name]
    service.do("UpdateInstance", instance_id, body={flag: True})
    assert not service.get(instance_id).get(name)


@pytest.mark.parametrize(
    ("flag", "name", "value"),
    [
        ("DisassociateAssignNode", "AssignNodeSpec", {"NodeNames": "a"}),
        ("DisassociateSpot", "SpotSpec", {"SpotStrategy": "SpotWithPriceLimit"}),
        ("DisassociateUserCommand", "UserCommand", {"OnStart": {"Content": "echo"}}),
    ],
)
def test_a_block_that_is_never_shown_can_be_disassociated(flag: str, name: str, value: Any) -> None:
    service = Service()
    instance_id = service.stopped(**{name: value})
    service.do("UpdateInstance", instance_id, body={flag: True})
    service.wait()
    assert service.refusal("UpdateInstance", instance_id, body={flag: True}).code == "ValidationError"


def test_forwards_can_be_disassociated_from_the_vpc() -> None:
    service = Service()
    instance_id = service.stopped(UserVpc={"VpcId": "vpc-1", "ForwardInfos": [{"Enable": True}]})
    service.do("UpdateInstance", instance_id, body={"DisassociateForwardInfos": True})
    assert service.get(instance_id)["UserVpc"] == {"VpcId": "vpc-1", "ForwardInfos": []}


def test_an_instance_is_not_renamed_to_a_taken_name() -> None:
    service = Service()
    service.create("taken")
    instance_id = service.running()
    assert service.refusal("UpdateInstance", instance_id, body={"InstanceName": "taken"}).code == "ValidationError"


def test_a_pay_as_you_go_instance_takes_no_share_of_a_quota() -> None:
    service = Service()
    instance_id = service.stopped()
    body = {"RequestedResource": {"CPU": "1", "Memory": "1"}}
    assert service.refusal("UpdateInstance", instance_id, body=body).code == "ValidationError"


def test_a_disk_becomes_larger_and_never_smaller() -> None:
    service = Service()
    instance_id = service.stopped(CloudDisks=[{"Capacity": "200Gi", "SubType": "rootfs"}])
    larger: JsonObject = {"CloudDisks": [{"Capacity": "300Gi", "SubType": "rootfs"}]}
    smaller: JsonObject = {"CloudDisks": [{"Capacity": "100Gi", "SubType": "rootfs"}]}
    service.do("UpdateInstance", instance_id, body=larger)
    service.wait()
    assert service.refusal("UpdateInstance", instance_id, body=smaller).code == "ValidationError"
    assert service.get(instance_id)["CloudDisks"][0]["Capacity"] == "300Gi"
