"""ListEcsSpecs: the catalogue, its paging, and that it differs by region."""

import pytest

from pai_emulator.data.regions import REGIONS
from pai_emulator.faults.model import SoldOut
from pai_emulator.types import JsonObject
from tests.emulator.service import GPU_SPEC, Service

DSW_REGIONS = [region_id for region_id, region in REGIONS.items() if "pai-dsw" in region.products]


def specs(service: Service, accelerator_type: str, region_id: str = "cn-hangzhou") -> dict[str, JsonObject]:
    query = {"AcceleratorType": accelerator_type, "PageSize": 100}
    reply = service.do("ListEcsSpecs", query=query, region_id=region_id)
    assert reply["TotalCount"] == len(reply["EcsSpecs"])
    return {row["InstanceType"]: row for row in reply["EcsSpecs"]}


def test_a_gpu_spec_says_all_there_is_to_say() -> None:
    assert specs(Service(), "GPU")["ecs.gn7i-c32g1.16xlarge"] == {
        "InstanceType": "ecs.gn7i-c32g1.16xlarge",
        "AcceleratorType": "GPU",
        "CPU": 64,
        "Memory": 376,
        "GPU": 2,
        "GPUType": "A10",
        "GPUMemorySize": 48,
        "Price": 26.61,
        "Currency": "CNY",
        "SystemDiskCapacity": 500,
        "InstanceBandwidthRx": 5_120_000,
        "Labels": [{"Key": "SupportResourcePackDeduction", "Value": "true"}],
        "IsAvailable": True,
        "SpotStockStatus": "WithStock",
    }


def test_a_spec_is_listed_under_its_own_accelerator_type_alone() -> None:
    service = Service()
    cpu, gpu = specs(service, "CPU"), specs(service, "GPU")
    assert cpu.keys().isdisjoint(gpu)
    assert {row["AcceleratorType"] for row in cpu.values()} == {"CPU"}
    assert {row["AcceleratorType"] for row in gpu.values()} == {"GPU"}


@pytest.mark.parametrize("region_id", DSW_REGIONS)
def test_in_every_region_some_specs_are_sold_out_and_some_have_no_spot_stock(region_id: str) -> None:
    service = Service()
    rows = [*specs(service, "CPU", region_id).values(), *specs(service, "GPU", region_id).values()]
    stock = {(row["IsAvailable"], row["SpotStockStatus"]) for row in rows}
    assert stock == {(True, "WithStock"), (True, "NoStock"), (False, "NoStock")}


def test_the_spec_of_the_vendors_example_is_available_without_spot_stock() -> None:
    spec = specs(Service(), "CPU")["ecs.hfc6.10xlarge"]
    assert (spec["IsAvailable"], spec["SpotStockStatus"]) == (True, "NoStock")


def test_stock_and_price_differ_by_region() -> None:
    service = Service()
    there = specs(service, "GPU", "ap-southeast-1")
    here = specs(service, "GPU")
    assert {name for name, row in here.items() if row["IsAvailable"] != there[name]["IsAvailable"]}
    assert here[GPU_SPEC]["Price"] == 11.63
    assert there[GPU_SPEC]["Price"] == 15.12


def test_a_fault_sells_a_spec_out() -> None:
    service = Service()
    service.faults.add(SoldOut(ecs_spec=GPU_SPEC, region_id="cn-hangzhou"))
    assert not specs(service, "GPU")[GPU_SPEC]["IsAvailable"]
    assert specs(service, "GPU", "cn-shanghai")[GPU_SPEC]["IsAvailable"]
    instance_id = service.running(EcsSpec=GPU_SPEC, ImageId=service.image("GPU"))
    assert service.get(instance_id)["ReasonCode"] == "Resource.InsufficientResource"


def test_pages_of_ten_make_up_the_whole_list() -> None:
    service = Service()
    pages: list[str] = []
    for number in (1, 2, 3, 4, 5):
        reply = service.do("ListEcsSpecs", query={"AcceleratorType": "GPU", "PageNumber": number})
        pages += [row["InstanceType"] for row in reply["EcsSpecs"]]
        assert len(reply["EcsSpecs"]) <= 10
    assert pages == list(specs(service, "GPU"))


def test_the_order_can_be_turned() -> None:
    service = Service()
    query = {"AcceleratorType": "GPU", "PageSize": 100, "SortBy": "gmtCreate", "Order": "ASC", "ResourceType": "ECS"}
    ascending = [row["InstanceType"] for row in service.do("ListEcsSpecs", query=query)["EcsSpecs"]]
    assert ascending == list(reversed(specs(service, "GPU")))


def test_the_accelerator_type_is_mandatory() -> None:
    refusal = Service().refusal("ListEcsSpecs")
    assert (refusal.status, refusal.code) == (400, "MissingAcceleratorType")


@pytest.mark.parametrize(
    "query",
    [
        {"AcceleratorType": "TPU"},
        {"AcceleratorType": "GPU", "Order": "UP"},
        {"AcceleratorType": "GPU", "SortBy": "Price"},
        {"AcceleratorType": "GPU", "PageNumber": "0"},
        {"AcceleratorType": "GPU", "PageNumber": "-1"},
        {"AcceleratorType": "GPU", "PageNumber": "two"},
        {"AcceleratorType": "GPU", "PageSize": "0"},
        {"AcceleratorType": "GPU", "PageSize": "101"},
    ],
)
def test_what_is_no_value_of_a_parameter_is_refused(query: dict[str, str]) -> None:
    refusal = Service().refusal("ListEcsSpecs", query=query)
    assert (refusal.status, refusal.code) == (400, "ValidationError")
