"""What CreateInstance refuses."""

import base64

import pytest

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


@pytest.mark.parametrize("name", ["a", "A_1", "a-b-test", "x" * 27])
def test_a_name_of_letters_digits_underscores_and_hyphens_is_taken(name: str) -> None:
    service = Service()
    assert service.get(service.create(name))["InstanceName"] == name


@pytest.mark.parametrize("name", ["", "x" * 28, "a.b", "a b", "ä", "a\n", "笔记本", "٣"])
def test_any_other_name_is_refused(name: str) -> None:
    service = Service()
    refusal = service.refusal("CreateInstance", body=service.notebook(name))
    assert (refusal.status, refusal.code) == (400, "ValidationError")


def test_a_name_is_taken_for_everybody_in_the_region_even_unseen() -> None:
    service = Service()
    service.create("secret", WorkspaceId=PRODUCTION, Accessibility="PRIVATE")
    refusal = service.refusal("CreateInstance", body=service.notebook("secret"), user="developer")
    assert (refusal.status, refusal.code) == (400, "ValidationError")
    assert service.create("Secret")
    body = service.notebook("secret", WorkspaceId="40011")
    assert service.do("CreateInstance", body=body, region_id="cn-shanghai")["InstanceId"]


@pytest.mark.parametrize(
    ("missing", "code"),
    [("InstanceName", "MissingInstanceName"), ("ImageId", "MissingImageId"), ("EcsSpec", "MissingEcsSpec")],
)
def test_name_image_and_compute_are_mandatory(missing: str, code: str) -> None:
    service = Service()
    body = {name: value for name, value in service.notebook().items() if name != missing}
    assert service.refusal("CreateInstance", body=body).code == code


def test_without_a_workspace_the_default_one_is_taken() -> None:
    service = Service()
    assert service.get(service.create(WorkspaceId=None))["WorkspaceId"] == RESEARCH


def test_where_there_are_no_workspaces_nothing_is_created() -> None:
    service = Service()
    body = service.notebook(WorkspaceId=None, ImageId=None, ImageUrl=URL)
    assert service.refusal("CreateInstance", body=body, region_id="me-central-1").code == "ValidationError"


@pytest.mark.parametrize(
    "settings",
    [
        {"EcsSpec": "ecs.unheard.of"},
        {"ImageId": "image-unheardof"},
        {"ImageId": None, "ImageUrl": 5},
        {"ImageUrl": URL, "ImageId": "image-0362af0475de6dbc17"},
        {"WorkspaceId": "99999"},
        {"Accessibility": "SECRET"},
        {"Priority": 0},
        {"Priority": 10},
        {"Priority": "1"},
        {"Priority": True},
        {"UserId": "1"},
        {"OversoldType": "Maybe"},
        {"ImageAuth": "not base64"},
        {"ImageAuth": base64.b64encode(b"nocolon").decode()},
        {"ImageAuth": base64.b64encode(b"\xff\xfe:").decode()},
        {"AccessRestrictionRules": {"a": 1}},
        {"EnvironmentVariables": {"a": None}},
        {"EnvironmentVariables": []},
        {"Affinity": {"CPU": {"Enable": "true"}}},
        {"Affinity": "CPU"},
        {"Labels": {"team": "nlp"}},
        {"Labels": [{"Key": "", "Value": "x"}]},
        {"Labels": [{"Value": "x"}]},
        {"Labels": [{"Key": "k" * 129}]},
        {"Labels": [{"Key": "k", "Value": "v" * 129}]},
        {"Labels": [{"Key": "aliyun-mine"}]},
        {"Labels": [{"Key": "acs:mine"}]},
        {"Labels": [{"Key": "site", "Value": "https://example.com"}]},
        {"UserVpc": {"VpcId": "vpc-1", "DefaultRoute": "eth2"}},
        {"UserVpc": {"VSwitchId": "vsw-1"}},
        {"ResourceId": "quota40001"},
        {"EcsSpec": None, "ResourceId": "quota40001"},
        {"RequestedResource": {"CPU": "1", "Memory": "1"}},
        {"ResourceId": "quota40001", "RequestedResource": {"CPU": "1", "Memory": "1"}},
        {"EcsSpec": None, "ResourceId": "quota1", "RequestedResource": {"CPU": "1", "Memory": "1"}},
        {"EcsSpec": None, "ResourceId": "quota40001", "RequestedResource": {"CPU": "one", "Memory": "1"}},
        {"EcsSpec": None, "ResourceId": "quota40001", "RequestedResource": {"CPU": "1"}},
        {"Datasets": [{"MountPath": "/mnt"}]},
        {"Datasets": [{"DatasetId": "d-1", "Uri": "oss://x", "MountPath": "/mnt"}]},
        {"Datasets": [{"DatasetId": "d-unheardof"}]},
        {"Datasets": [{"Uri": "oss://x"}]},
        {"Datasets": [{"Uri": "oss://x", "MountPath": "/mnt", "MountAccess": "WO"}]},
        {"Datasets": [{"Uri": "oss://x", "MountPath": "/mnt", "OptionType": "Fast"}]},
        {"Datasets": [{"Uri": "oss://x", "MountPath": "/mnt", "OptionType": "ReadOnly", "Options": "{}"}]},
        {"Datasets": [{"Uri": "oss://x", "MountPath": "/mnt", "DatasetVersion": "v1"}]},
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_is_created(settings: JsonObject) -> None:
    service = Service()
    refusal = service.refusal("CreateInstance", body=service.notebook(**settings))
    assert (refusal.status, refusal.code) == (400, "ValidationError")
    assert service.listed() == []
