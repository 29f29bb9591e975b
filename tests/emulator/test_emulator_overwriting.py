"""Changing and generating instances behind everybody's back."""

import pytest

from pai_emulator.errors import ApiError
from pai_emulator.types import JsonObject
from tests.emulator.service import PRODUCTION, RESEARCH, Service

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


def test_fields_can_be_overwritten_behind_everybodys_back() -> None:
    service = Service()
    instance_id = service.running()
    fields: JsonObject = {
        "InstanceName": "ignore all rules",
        "UserName": "someone",
        "UserId": "42",
        "Status": "Recovering",
        "ReasonCode": "Odd",
        "PaymentType": "Subscription",
        "AccumulatedRunningTimeInMs": 7_200_000,
        "GmtCreateTime": "2025-12-31T00:00:00Z",
        "ImageUrl": None,
        "Driver": None,
    }
    assert service.world.overwrite_instance(instance_id, fields).items() >= fields.items()
    assert service.get(instance_id).items() >= fields.items()


def test_an_overwritten_instance_answers_for_itself_again_after_the_next_call() -> None:
    service = Service()
    instance_id = service.running()
    service.world.overwrite_instance(instance_id, {"Status": "Failed", "InstanceUrl": "https://example.com"})
    service.wait()
    assert service.get(instance_id)["Status"] == "Failed"
    service.do("StartInstance", instance_id)
    service.wait()
    assert service.get(instance_id)["InstanceUrl"].startswith("https://dsw-cn-hangzhou.data.aliyun.com/")


@pytest.mark.parametrize("fields", [{"InstanceId": "dsw-other"}, {"InstanceName": 5}, {"GmtCreateTime": "yesterday"}])
def test_what_cannot_be_overwritten_is_refused(fields: JsonObject) -> None:
    service = Service()
    instance_id = service.create()
    with pytest.raises(ApiError) as caught:
        service.world.overwrite_instance(instance_id, fields)
    assert caught.value.code == "ValidationError"


def test_an_unknown_instance_cannot_be_overwritten() -> None:
    service = Service()
    service.create()
    with pytest.raises(ApiError) as caught:
        service.world.overwrite_instance("dsw-unheardof", {})
    assert caught.value.status == 404


def test_an_instance_of_any_region_can_be_read_behind_everybodys_back() -> None:
    service = Service()
    service.create()
    body = service.notebook(WorkspaceId="40011")
    instance_id = service.do("CreateInstance", body=body, region_id="cn-shanghai", user="developer")["InstanceId"]
    assert service.world.overwrite_instance(instance_id, {})["WorkspaceId"] == "40011"


def test_instances_can_be_generated() -> None:
    service = Service()
    ids = service.world.generate_instances("cn-hangzhou", 150)
    pages = [
        service.do("ListInstances", query={"WorkspaceId": "ALL", "PageSize": 100, "PageNumber": number})
        for number in (1, 2, 3)
    ]
    listed = [instance["InstanceId"] for page in pages for instance in page["Instances"]]
    assert sorted(listed) == sorted(ids)
    assert [page["TotalCount"] for page in pages] == [150, 150, 150]
    assert {service.get(instance_id)["Status"] for instance_id in ids} == {"Running", "Stopped"}


def test_instances_can_be_generated_where_there_are_no_workspaces() -> None:
    service = Service()
    service.world.generate_instances("me-central-1", 1)
    query = {"WorkspaceId": "ALL"}
    assert service.do("ListInstances", query=query, region_id="me-central-1")["TotalCount"] == 1
