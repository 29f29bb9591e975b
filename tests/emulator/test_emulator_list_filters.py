"""ListInstances: every filter, the sorting, the pages, and what a plain list leaves out."""

import json
from typing import Any

import pytest

from pai_emulator.faults.model import ListLag
from pai_emulator.policy import USER_IDS
from tests.emulator.service import CPU_SPEC, GPU_SPEC, PRODUCTION, RESEARCH, Service


@pytest.fixture(scope="module")
def busy() -> Service:
    """A region with five instances, created a minute apart."""
    service = Service()
    gpu_image = service.image("GPU")
    labels = [{"Key": "team", "Value": "nlp"}, {"Key": "stage", "Value": "test"}]
    service.create("alpha", Labels=labels, Priority=2, Tag=[{"Key": "cost", "Value": "7"}, {"Key": "bare"}])
    service.wait(60)
    service.create("alpha_2", EcsSpec=GPU_SPEC, ImageId=gpu_image, Accessibility="PUBLIC", Labels=labels[:1])
    service.wait(60)
    service.create("beta", user="developer", EcsSpec="ecs.gn7i-c32g1.16xlarge", ImageId=gpu_image, Priority=9)
    service.wait(60)
    service.create("gamma", WorkspaceId=PRODUCTION, OversoldType="ForceQuotaOverSold")
    service.wait(60)
    share = {"CPU": "4", "Memory": "8Gi"}
    service.create("delta", EcsSpec=None, ResourceId="quota40001", RequestedResource=share)
    service.wait()
    service.do(
        "StopInstance", service.do("ListInstances", query={"InstanceName": "beta"})["Instances"][0]["InstanceId"]
    )
    service.wait()
    return service


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "alpha alpha_2 beta gamma delta"),
        ({"InstanceName": "alpha"}, "alpha alpha_2"),
        ({"InstanceName": "Alpha"}, ""),
        ({"InstanceName": "lpha_"}, "alpha_2"),
        ({"Status": "Stopped"}, "beta"),
        ({"Status": "Running"}, "alpha alpha_2 gamma delta"),
        ({"WorkspaceId": PRODUCTION}, "gamma"),
        ({"WorkspaceId": ""}, "alpha alpha_2 beta delta"),
        ({"WorkspaceId": "99999"}, ""),
        ({"ResourceId": ""}, "alpha alpha_2 beta gamma"),
        ({"ResourceId": "quota40001"}, "delta"),
        ({"AcceleratorType": "GPU"}, "alpha_2 beta"),
        ({"Accessibility": "PUBLIC"}, "alpha_2"),
        ({"PaymentType": "Subscription"}, "delta"),
        ({"CreateUserId": USER_IDS["developer"]}, "beta"),
        ({"GpuType": "NVIDIA A10"}, "beta"),
        ({"GpuType": "t4"}, "alpha_2"),
        ({"ImageName": "-gpu-"}, "alpha_2 beta"),
        ({"OversoldType": "ForceQuotaOverSold"}, "gamma"),
        ({"OversoldInfo": "ForceQuotaOverSold"}, "gamma"),
        ({"CreateTimeAfter": "2026-01-05T08:02:00Z"}, "beta gamma delta"),
        ({"CreateTimeBefore": "2026-01-05T08:02:00"}, "alpha alpha_2 beta"),
        ({"MinCpu": "4000"}, "alpha_2 beta delta"),
        ({"MaxCpu": "3999"}, "alpha gamma"),
        ({"MinGpu": "1000", "MaxGpu": "1000"}, "alpha_2"),
        ({"MinMemory": "9"}, "alpha_2 beta"),
        ({"MaxMemory": "8"}, "alpha gamma delta"),
        ({"MinGpuMemory": "20"}, "beta"),
        ({"MaxGpuMemory": "16", "MinGpu": "1"}, "alpha_2"),
        ({"Labels": json.dumps({"team": "nlp"})}, "alpha alpha_2"),
        ({"Labels": json.dumps({"team": "nlp", "stage": "test"})}, "alpha"),
        ({"Labels": "{}"}, "alpha alpha_2 beta gamma delta"),
        ({"Tag": json.dumps([{"Key": "cost", "Value": "7"}])}, "alpha"),
        ({"Tag": json.dumps([{"Key": "bare"}])}, "alpha"),
        ({"Tag": json.dumps([{"Key": "cost", "Value": "8"}])}, ""),
        ({"AcceleratorType": "GPU", "Status": "Running"}, "alpha_2"),
        ({"SortBy": "GmtCreateTime", "Order": "DESC"}, "delta gamma beta alpha_2 alpha"),
        ({"SortBy": "Priority", "Order": "ASC"}, "alpha_2 gamma delta alpha beta"),
        ({"SortBy": "GmtModifiedTime", "Order": "ASC", "PageSize": 1, "PageNumber": 5}, "beta"),
    ],
)
def test_a_query_finds_exactly_these(busy: Service, query: dict[str, Any], names: str) -> None:
    order = {} if "SortBy" in query else {"SortBy": "GmtCreateTime", "Order": "ASC"}
    assert busy.listed(**order, **query) == names.split()


def test_an_id_finds_its_instance(busy: Service) -> None:
    instance = busy.do("ListInstances", query={"InstanceName": "beta"})["Instances"][0]
    assert busy.listed(InstanceId=instance["InstanceId"]) == ["beta"]


def test_a_plain_list_shows_pay_as_you_go_instances_of_the_default_workspace_last_modified_first(busy: Service) -> None:
    names = [instance["InstanceName"] for instance in busy.do("ListInstances")["Instances"]]
    assert names[0] == "beta"
    assert sorted(names) == ["alpha", "alpha_2", "beta"]


def test_the_total_is_counted_before_paging(busy: Service) -> None:
    query = {"WorkspaceId": "ALL", "ResourceId": "ALL", "PageSize": 2, "PageNumber": 3}
    reply = busy.do("ListInstances", query=query)
    assert (len(reply["Instances"]), reply["TotalCount"]) == (1, 5)
    reply = busy.do("ListInstances", query={**query, "PageNumber": 4})
    assert (reply["Instances"], reply["TotalCount"]) == ([], 5)


def test_a_page_holds_ten_unless_asked_otherwise() -> None:
    service = Service()
    for number in range(12):
        service.create(f"notebook_{number}")
    assert len(service.do("ListInstances")["Instances"]) == 10


@pytest.mark.parametrize(("operation", "code"), [("ListInstances", "NoPermissionError"), ("ListImages", "100700008")])
def test_a_workspace_of_others_is_denied_and_not_empty(operation: str, code: str) -> None:
    service = Service()
    refusal = service.refusal(operation, query={"WorkspaceId": PRODUCTION}, user="viewer")
    assert refusal.code == code
    assert refusal.access_denied_detail is not None
    assert service.do(operation, query={"WorkspaceId": RESEARCH}, user="viewer")["TotalCount"] >= 0


@pytest.mark.parametrize(("user", "names"), [("admin", 5), ("developer", 2), ("viewer", 1)])
def test_everybody_sees_their_own_and_public_instances_and_an_administrator_sees_all(
    busy: Service, user: str, names: int
) -> None:
    assert len(busy.listed(user=user)) == names


@pytest.mark.parametrize(
    "query",
    [
        {"SortBy": "GmtCreateTime"},
        {"Order": "ASC"},
        {"SortBy": "Price", "Order": "ASC"},
        {"SortBy": "Priority", "Order": "asc"},
        {"Status": "Sleeping"},
        {"AcceleratorType": "TPU"},
        {"Accessibility": "SECRET"},
        {"PaymentType": "Free"},
        {"MinCpu": "many"},
        {"CreateTimeAfter": "yesterday"},
        {"Labels": "team=nlp"},
        {"Labels": "[]"},
        {"Labels": json.dumps({str(number): "" for number in range(5)})},
        {"Tag": "{}"},
        {"Tag": "[1]"},
        {"Tag": '[{"Value": "7"}]'},
        {"PageSize": "1000"},
        {"PageNumber": "1.5"},
    ],
)
def test_what_is_no_value_of_a_filter_is_refused(query: dict[str, str]) -> None:
    refusal = Service().refusal("ListInstances", query=query)
    assert (refusal.status, refusal.code) == (400, "ValidationError")


def test_a_list_follows_what_time_and_calls_do() -> None:
    service = Service()
    instance_id = service.create()
    assert service.listed(Status="Creating") == ["notebook"]
    service.wait()
    assert service.listed(Status="Creating") == []
    assert service.listed(Status="Running") == ["notebook"]
    service.world.overwrite_instance(instance_id, {"InstanceName": "renamed"})
    assert service.listed(Status="Running") == ["renamed"]
    service.create("another", EcsSpec=CPU_SPEC, WorkspaceId=RESEARCH)
    assert len(service.listed()) == 2


def test_a_list_can_lag_behind() -> None:
    service = Service()
    service.create("before")
    service.wait(60)
    service.faults.add(ListLag(seconds=30))
    instance_id = service.create("after")
    assert service.listed() == ["before"]
    assert service.get(instance_id)["InstanceName"] == "after"
    service.wait(29)
    assert service.listed() == ["before"]
    service.wait(1)
    assert sorted(service.listed()) == ["after", "before"]
