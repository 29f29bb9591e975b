"""list_ecs_specs, asked by a client."""

import pytest
from inline_snapshot import snapshot

from pai_emulator.faults.model import DamagedReply
from tests.tools.reading_desk import REGION, Desk, fold

pytestmark = pytest.mark.anyio


async def test_specs_come_cheapest_first_with_both_availabilities(desk: Desk, era: str) -> None:
    async with desk.client(mode=era) as call:
        told = await call("list_ecs_specs", accelerator_type="GPU", limit=3)
    assert fold(told.text) == snapshot("""\
GPU specs in cn-hangzhou, cheapest first; memory is GiB, spot includes pay-as-you-go.
Rows 1-3 of 36; next_cursor gives the next ones.
total: 36; next_cursor: 3; by_availability: spot=26, no=6, pay-as-you-go=4; in_all_rows: accelerator_type=GPU,
gpu=1, currency=CNY, available=spot
specs:
instance_type|cpu|memory|gpu_type|gpu_memory_each|gpu_memory_total|price_per_hour
ecs.gn7i-c8g1.2xlarge|8|30|A10|24|24|9.53
ecs.gn7i-c16g1.4xlarge|16|60|A10|24|24|10.09
ecs.gn6i-c4g1.xlarge|4|15|T4|16|16|11.63\
""")
    assert told.result == snapshot(
        {
            "total": 36,
            "next_cursor": "3",
            "note": """\
GPU specs in cn-hangzhou, cheapest first; memory is GiB, spot includes pay-as-you-go.
Rows 1-3 of 36; next_cursor gives the next ones.\
""",
            "by_availability": {"spot": 26, "no": 6, "pay-as-you-go": 4},
            "in_all_rows": {"accelerator_type": "GPU", "gpu": 1, "currency": "CNY", "available": "spot"},
            "specs": [
                {
                    "instance_type": "ecs.gn7i-c8g1.2xlarge",
                    "cpu": 8,
                    "memory": 30.0,
                    "gpu_type": "A10",
                    "gpu_memory_each": 24,
                    "gpu_memory_total": 24,
                    "price_per_hour": 9.53,
                },
                {
                    "instance_type": "ecs.gn7i-c16g1.4xlarge",
                    "cpu": 16,
                    "memory": 60.0,
                    "gpu_type": "A10",
                    "gpu_memory_each": 24,
                    "gpu_memory_total": 24,
                    "price_per_hour": 10.09,
                },
                {
                    "instance_type": "ecs.gn6i-c4g1.xlarge",
                    "cpu": 4,
                    "memory": 15.0,
                    "gpu_type": "T4",
                    "gpu_memory_each": 16,
                    "gpu_memory_total": 16,
                    "price_per_hour": 11.63,
                },
            ],
        }
    )


async def test_every_page_together_is_the_whole_list_in_order_of_price(desk: Desk) -> None:
    prices: list[float] = []
    cursor = None
    async with desk.client() as call:
        while True:
            page = {} if cursor is None else {"cursor": cursor}
            told = await call("list_ecs_specs", accelerator_type="GPU", limit=10, **page)
            prices += [spec["price_per_hour"] for spec in told.rows("specs")]
            cursor = told.result.get("next_cursor")
            if cursor is None:
                break
    assert prices == sorted(prices)
    assert len(prices) == told.result["total"]


async def test_a_spec_without_a_price_comes_last(desk: Desk) -> None:
    del desk.region.ecs_specs["ecs.g6.large"]["Price"]
    async with desk.client() as call:
        told = await call("list_ecs_specs", accelerator_type="CPU", limit=100)
    last = told.rows("specs")[-1]
    assert (last["instance_type"], last.get("price_per_hour")) == ("ecs.g6.large", None)
    assert told.text.splitlines()[-1] == "ecs.g6.large|2|8||spot"


async def test_a_maximum_price_leaves_out_what_has_no_price_and_says_so(desk: Desk) -> None:
    del desk.region.ecs_specs["ecs.g6.large"]["Price"]
    async with desk.client() as call:
        told = await call("list_ecs_specs", accelerator_type="CPU", max_price=0.6)
    assert all(spec["price_per_hour"] <= 0.6 for spec in told.rows("specs"))
    assert told.result["note"].splitlines()[1] == snapshot(
        "1 without a price left out: whether they cost at most 0.6 cannot be told."
    )


async def test_a_maximum_price_that_all_can_be_held_to_needs_no_note(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_ecs_specs", accelerator_type="CPU", max_price=0.6)
    assert "without a price" not in told.result["note"]
    assert told.result["total"] > 0


async def test_specs_are_filtered_by_gpu_memory_of_the_machine_and_availability(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call(
            "list_ecs_specs", accelerator_type="GPU", gpu_type="a10", gpu_count=1, min_memory=100, only_available=True
        )
    found = [(spec["gpu_type"], spec["gpu"], spec["memory"]) for spec in told.rows("specs")]
    assert found == snapshot([("A10", 1, 188.0), ("A10", 1, 310.0), ("A10", 1, 346.0)])


async def test_gpu_memory_is_told_of_each_gpu_and_in_all_and_filtered_by_that_of_each(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_ecs_specs", min_gpu_memory=32, max_price=100, gpu_count=2)
    found = [(spec["gpu_type"], spec["gpu_memory_each"], spec["gpu_memory_total"]) for spec in told.rows("specs")]
    assert found == [("V100", 32, 64), ("A100", 80, 160)]


async def test_a_part_of_a_gpu_has_no_memory_of_each(desk: Desk) -> None:
    desk.region.ecs_specs["ecs.gn6i-c4g1.xlarge"] |= {"GPU": 0, "GPUMemorySize": 8}
    async with desk.client() as call:
        told = await call("list_ecs_specs", instance_type="ecs.gn6i-c4g1.xlarge")
    (spec,) = told.rows("specs")
    assert spec["gpu_memory_total"] == 8
    assert "gpu_memory_each" not in spec


async def test_specs_are_sorted_by_the_memory_of_each_gpu(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_ecs_specs", accelerator_type="GPU", sort_by="gpu_memory", limit=100)
    order = [(-spec["gpu_memory_each"], spec["price_per_hour"]) for spec in told.rows("specs")]
    assert order == sorted(order)
    assert order[0] == (-80, 34.7)


@pytest.mark.parametrize("gpu_type", ["nvidia a10", "NVIDIA-A10", "Tesla A10", "a10"])
async def test_a_gpu_is_found_with_the_name_of_its_maker(desk: Desk, gpu_type: str) -> None:
    async with desk.client() as call:
        told = await call("list_ecs_specs", gpu_type=gpu_type)
    assert {spec["gpu_type"] for spec in told.rows("specs")} == {"A10"}


async def test_one_call_tells_where_a_gpu_is_to_be_had_and_for_how_much(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call(
            "list_ecs_specs",
            region_id=None,
            region_ids=[REGION, "cn-wulanchabu", "cn-shanghai"],
            instance_type="ecs.gn7i-c8g1.2xlarge",
        )
    found = [(spec["region_id"], spec["price_per_hour"], spec["available"]) for spec in told.rows("specs")]
    assert found == [
        ("cn-wulanchabu", 8.58, "spot"),
        (REGION, 9.53, "spot"),
        ("cn-shanghai", 9.53, "pay-as-you-go"),
    ]
    assert told.result["in_all_rows"]["instance_type"] == "ecs.gn7i-c8g1.2xlarge"


async def test_a_region_whose_specs_cannot_be_read_is_told_beside_those_of_the_others(desk: Desk) -> None:
    desk.emulator.faults.add(
        DamagedReply(operation="ListEcsSpecs", region_id="cn-shanghai", damage="wrong_types", times=None)
    )
    async with desk.client() as call:
        told = await call("list_ecs_specs", region_id=None, region_ids=[REGION, "cn-shanghai"], gpu_type="A10")
    assert {spec["region_id"] for spec in told.rows("specs")} == {REGION}
    # Which regions these are stands once in the answer.
    assert told.result["note"].startswith("GPU specs in these regions, cheapest first")
    assert [failure["region_id"] for failure in told.result["not_read"]] == ["cn-shanghai"]


async def test_an_unavailable_spec_is_listed_unless_only_available_ones_are_wanted(desk: Desk) -> None:
    desk.region.ecs_specs["ecs.g6.large"] |= {"IsAvailable": False, "SpotStockStatus": "WithStock"}
    async with desk.client() as call:
        every = await call("list_ecs_specs", accelerator_type="CPU", limit=100)
        available = await call("list_ecs_specs", accelerator_type="CPU", limit=100, only_available=True)
    row = next(spec for spec in every.rows("specs") if spec["instance_type"] == "ecs.g6.large")
    assert row["available"] == "no"
    assert "ecs.g6.large" not in available.text


async def test_a_spec_without_spot_stock_is_still_available_for_pay_as_you_go(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_ecs_specs", accelerator_type="CPU", instance_type="ecs.hfc6.10xlarge")
    (spec,) = told.rows("specs")
    assert spec["available"] == "pay-as-you-go"


async def test_a_named_spec_is_found_under_the_other_type_and_says_which(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_ecs_specs", accelerator_type="GPU", instance_type="ecs.g6.large")
    assert told.text == snapshot("""\
The service lists `ecs.g6.large` as CPU, not GPU: use CPU for it.
total: 1
specs:
instance_type|accelerator_type|cpu|memory|price_per_hour|currency|available
ecs.g6.large|CPU|2|8|0.5|CNY|spot\
""")
    assert told.rows("specs")[0]["accelerator_type"] == "CPU"


async def test_a_named_spec_that_does_not_fit_the_filters_says_so(desk: Desk) -> None:
    async with desk.client() as call:
        price = await call("list_ecs_specs", accelerator_type="CPU", instance_type="ecs.g6.large", max_price=0.01)
        memory = await call("list_ecs_specs", accelerator_type="CPU", instance_type="ecs.g6.large", min_memory=999)
        fits = await call("list_ecs_specs", accelerator_type="CPU", instance_type="ecs.g6.large", min_memory=4)
    assert (
        price.result["note"]
        == memory.result["note"]
        == snapshot("`ecs.g6.large` does not fit the other filters of this call.")
    )
    assert "note" not in fits.result


async def test_a_spec_that_is_nowhere_is_told(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_ecs_specs", accelerator_type="CPU", instance_type="ecs.g99.large")
    assert told.result == snapshot(
        {"total": 0, "note": "There is no spec `ecs.g99.large` in cn-hangzhou, neither CPU nor GPU.", "specs": []}
    )
    assert not told.is_error


async def test_a_gpu_that_is_not_offered_is_answered_with_those_that_are(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_ecs_specs", accelerator_type="GPU", gpu_type="H100")
        cpu = await call("list_ecs_specs", accelerator_type="CPU", gpu_count=1)
        price = await call("list_ecs_specs", accelerator_type="GPU", max_price=0.5)
    assert told.text == snapshot("""\
No GPU spec in cn-hangzhou fits these filters.
GPU types in cn-hangzhou: A10, A100, A30, L20, P100, T4, V100.
Nothing that fits is available in the other regions that were read.
total: 0\
""")
    assert cpu.text == snapshot("""\
No CPU spec in cn-hangzhou fits these filters.
CPU specs have no GPU: what a GPU must have goes with accelerator_type GPU.
total: 0\
""")
    assert price.text.splitlines()[0] == "No GPU spec in cn-hangzhou fits these filters."


async def test_region_and_accelerator_type_are_never_assumed(desk: Desk) -> None:
    async with desk.client() as call:
        missing = await call("list_ecs_specs")
        unknown = await call("list_ecs_specs", accelerator_type="GPU", region_id="cn-nowhere")
    assert missing.is_error
    assert "accelerator_type" in missing.text
    assert unknown.is_error
    assert "not a region of PAI DSW" in unknown.text
    assert desk.requests("ListEcsSpecs") == 0
