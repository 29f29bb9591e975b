"""The AIWorkSpace operations on images."""

from typing import Any

import pytest

from tests.emulator.service import PRODUCTION, RESEARCH, Service

OFFICIAL = "system.official=true"


def names(service: Service, *, user: str = "admin", **query: Any) -> list[str]:
    rows = service.do("ListImages", query={"PageSize": 100, **query}, user=user)["Images"]
    return [row["Name"] for row in rows]


def test_an_official_image_says_what_it_is_made_for() -> None:
    query = {"Name": "modelscope:1.34.0-pytorch2.9.1", "Verbose": "True"}
    assert Service().do("ListImages", query=query)["Images"] == [
        {
            "ImageId": "image-57e6f43bce6c9dace8",
            "Name": "modelscope:1.34.0-pytorch2.9.1-gpu-py311-cu124-ubuntu22.04",
            "Description": "PyTorch 2.9.1 on Python 3.11 for GPU",
            "ImageUri": "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com"
            "/pai/modelscope:1.34.0-pytorch2.9.1-gpu-py311-cu124-ubuntu22.04",
            "Accessibility": "PUBLIC",
            "Size": 19_327_352_832,
            "UserId": "pai",
            "ParentUserId": "pai",
            "SourceType": "system",
            "GmtCreateTime": "2025-08-15T03:20:00.007Z",
            "GmtModifiedTime": "2025-08-15T03:20:00.007Z",
            "Labels": [
                {"Key": "system.official", "Value": "true"},
                {"Key": "system.supported.dsw", "Value": "true"},
                {"Key": "system.supported.dlc", "Value": "true"},
                {"Key": "system.chipType", "Value": "GPU"},
                {"Key": "system.framework", "Value": "PyTorch 2.9.1"},
                {"Key": "system.framework.PyTorch", "Value": "2.9.1"},
                {"Key": "system.pythonVersion", "Value": "3.11"},
                {"Key": "system.dsw.os", "Value": "ubuntu"},
                {"Key": "system.dsw.osVersion", "Value": "22.04"},
                {"Key": "system.origin", "Value": "Community"},
                {"Key": "system.dsw.cudaVersion", "Value": "12.4"},
            ],
        }
    ]


def test_labels_are_shown_on_demand() -> None:
    service = Service()
    assert not any(image["Labels"] for image in service.do("ListImages")["Images"])
    image_id = service.image("GPU")
    assert service.do("GetImage", image_id)["Labels"] == []
    assert service.do("GetImage", image_id, query={"Verbose": "true"})["Labels"]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 15),
        ({"Labels": OFFICIAL}, 13),
        ({"Labels": f"{OFFICIAL},system.chipType=CPU"}, 2),
        ({"Labels": f"{OFFICIAL},system.chipType=CPU,system.framework=PyTorch 2.3.1"}, 1),
        ({"Labels": f"{OFFICIAL},system.supported.dsw=false"}, 1),
        ({"Labels": "system.chipType=TPU"}, 0),
        ({"Name": "PYTORCH:"}, 3),
        ({"Name": "llm", "Options": "ExactMatchName"}, 0),
        ({"Name": "llm-finetune", "Options": "ExactMatchName"}, 1),
        ({"Query": "python 3.13"}, 1),
        ({"Query": "churn"}, 1),
        ({"ImageUri": "registry-vpc.cn-hangzhou.aliyuncs.com/example/llm-finetune:v1"}, 1),
        ({"Accessibility": "PRIVATE"}, 14),
        ({"Accessibility": "PUBLIC"}, 14),
        ({"WorkspaceId": PRODUCTION}, 14),
        ({"WorkspaceId": PRODUCTION, "Accessibility": "PUBLIC"}, 13),
    ],
)
def test_a_query_finds_this_many_images(query: dict[str, str], count: int) -> None:
    service = Service()
    assert len(names(service, **query)) == count
    assert service.do("ListImages", query=query)["TotalCount"] == count


def test_images_are_sorted_by_creation() -> None:
    service = Service()
    oldest_first = names(service)
    assert names(service, SortBy="GmtCreateTime", Order="DESC")[0] == oldest_first[-1]
    assert names(service, PageSize=1, PageNumber=2) == oldest_first[1:2]


@pytest.mark.parametrize(("user", "seen"), [("admin", 2), ("developer", 1), ("viewer", 1)])
def test_a_private_image_is_for_its_creator_and_administrators(user: str, seen: int) -> None:
    custom = {"llm-finetune", "churn-report"}
    assert len(custom & set(names(Service(), user=user))) == seen


def test_an_image_outside_the_callers_workspaces_is_not_found() -> None:
    service = Service()
    image_id = service.do("ListImages", query={"Name": "churn"})["Images"][0]["ImageId"]
    assert service.do("GetImage", image_id)["WorkspaceId"] == PRODUCTION
    refusal = service.refusal("GetImage", image_id, user="viewer")
    assert (refusal.status, refusal.code) == (404, "100400008")


def test_an_unknown_image_is_not_found() -> None:
    service = Service()
    assert service.refusal("GetImage", "image-unheardof").code == "100400008"
    assert service.refusal("ListImageLabels", query={"ImageId": "image-unheardof"}).code == "100400008"


def test_the_labels_of_one_image_are_listed() -> None:
    service = Service()
    image_id = service.image("CPU")
    reply = service.do("ListImageLabels", query={"ImageId": image_id})
    assert reply["TotalCount"] == len(reply["Labels"]) == 10
    assert {"Key": "system.chipType", "Value": "CPU"} in reply["Labels"]


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ({"LabelKeys": "system.chipType"}, ["CPU", "GPU"]),
        ({"LabelFilter": "system.chipType=GPU"}, ["GPU"]),
        ({"LabelFilter": "system.chipType=GPU", "LabelKeys": "team"}, ["GPU", "research"]),
        ({"LabelKeys": "system.chipType", "Region": "cn-hangzhou"}, ["CPU", "GPU"]),
        ({"LabelKeys": "system.chipType", "Region": "cn-shanghai"}, []),
        ({"LabelKeys": "system.chipType", "WorkspaceId": RESEARCH}, ["GPU"]),
    ],
)
def test_the_labels_of_all_images_are_listed_once(query: dict[str, str], labels: list[str]) -> None:
    reply = Service().do("ListImageLabels", query=query)
    assert [label["Value"] for label in reply["Labels"]] == labels


def test_an_official_image_has_one_id_everywhere_and_an_address_in_each_region() -> None:
    service = Service()
    image_id = service.image("CPU")
    here, there = (service.do("GetImage", image_id, region_id=region) for region in ("cn-hangzhou", "eu-central-1"))
    assert here["Name"] == there["Name"]
    assert "eu-central-1" in there["ImageUri"]


def test_a_region_without_aiworkspace_has_no_images() -> None:
    assert Service().world.region("me-central-1").images == {}
