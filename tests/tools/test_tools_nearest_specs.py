"""What list_ecs_specs offers instead, where nothing that was asked for can be had."""

import pytest
from inline_snapshot import snapshot

from pai_emulator.faults.model import DamagedReply, Delay, NotActivated, SoldOut
from tests.tools.reading_desk import REGION, Desk, fold

pytestmark = pytest.mark.anyio


def sell_out(desk: Desk, gpu_type: str, region_id: str | None = REGION) -> None:
    for instance_type, spec in desk.region.ecs_specs.items():
        if spec.get("GPUType") == gpu_type:
            desk.emulator.faults.add(SoldOut(region_id=region_id, ecs_spec=instance_type))


async def told_instead(desk: Desk, **wish: object) -> str:
    """The note of the answer, a sentence a line."""
    async with desk.client() as call:
        told = await call("list_ecs_specs", **wish)
    return told.result.get("note", "")


async def test_a_gpu_that_is_sold_out_is_answered_with_the_next_here_and_the_same_elsewhere(desk: Desk) -> None:
    sell_out(desk, "A10")
    note = await told_instead(desk, gpu_type="A10", gpu_count=1, only_available=True)
    assert fold(note) == snapshot("""\
No GPU spec in cn-hangzhou fits these filters.
GPU types in cn-hangzhou: A10, A100, A30, L20, P100, T4, V100.
Nearest available: ecs.gn7s-c8g1.2xlarge in cn-hangzhou (1 x A30, 24 GiB each, 8 vCPU, 60 GiB memory, 12.5 CNY
per hour, also as spot); ecs.gn8is.2xlarge in cn-hangzhou (1 x L20, 48 GiB each, 8 vCPU, 64 GiB memory, 13.2
CNY per hour, also as spot); ecs.gn8is.4xlarge in cn-hangzhou (1 x L20, 48 GiB each, 16 vCPU, 128 GiB memory,
16.8 CNY per hour, also as spot). Available in other regions: ecs.gn7i-c8g1.2xlarge in cn-wulanchabu (1 x A10,
24 GiB each, 8 vCPU, 30 GiB memory, 8.58 CNY per hour, also as spot); ecs.gn7i-c8g1.2xlarge in cn-shanghai (1
x A10, 24 GiB each, 8 vCPU, 30 GiB memory, 9.53 CNY per hour); ecs.gn7i-c8g1.2xlarge in cn-beijing (1 x A10,
24 GiB each, 8 vCPU, 30 GiB memory, 9.53 CNY per hour, also as spot).\
""")


async def test_a_named_spec_that_is_sold_out_is_answered_with_specs_that_have_no_less(desk: Desk) -> None:
    note = await told_instead(desk, instance_type="ecs.gn6v-c8g1.16xlarge")
    assert fold(note) == snapshot("""\
Nearest available: ecs.gn6e-c12g1.24xlarge in cn-hangzhou (8 x V100, 32 GiB each, 96 vCPU, 736 GiB memory,
157.91 CNY per hour, also as spot); ecs.ebmgn7e.32xlarge in cn-hangzhou (8 x A100, 80 GiB each, 128 vCPU, 1024
GiB memory, 277.9 CNY per hour, also as spot). Available in other regions: ecs.gn6e-c12g1.24xlarge in cn-
wulanchabu (8 x V100, 32 GiB each, 96 vCPU, 736 GiB memory, 142.12 CNY per hour, also as spot);
ecs.gn6e-c12g1.24xlarge in cn-shanghai (8 x V100, 32 GiB each, 96 vCPU, 736 GiB memory, 157.91 CNY per hour,
also as spot); ecs.gn6e-c12g1.24xlarge in cn-beijing (8 x V100, 32 GiB each, 96 vCPU, 736 GiB memory, 157.91
CNY per hour, also as spot).\
""")


async def test_a_cpu_spec_that_is_sold_out_is_answered_with_cpu_specs(desk: Desk) -> None:
    desk.emulator.faults.add(SoldOut(region_id=REGION, ecs_spec="ecs.g6.4xlarge"))
    note = await told_instead(desk, instance_type="ecs.g6.4xlarge")
    assert fold(note) == snapshot("""\
Nearest available: ecs.hfc6.10xlarge in cn-hangzhou (40 vCPU, 96 GiB memory, 8.8 CNY per hour). Available in
other regions: ecs.g6.4xlarge in cn-wulanchabu (16 vCPU, 64 GiB memory, 3.6 CNY per hour); ecs.g6.4xlarge in
cn-shanghai (16 vCPU, 64 GiB memory, 4 CNY per hour); ecs.g6.4xlarge in cn-beijing (16 vCPU, 64 GiB memory, 4
CNY per hour).\
""")


async def test_a_price_that_nothing_keeps_to_is_answered_with_what_comes_nearest(desk: Desk) -> None:
    assert "Nearest available: ecs.gn7i-c8g1.2xlarge" in await told_instead(desk, gpu_type="A10", max_price=0.5)


async def test_what_has_no_price_is_offered_and_says_so(desk: Desk) -> None:
    del desk.region.ecs_specs["ecs.hfc6.10xlarge"]["Price"]
    note = await told_instead(desk, accelerator_type="CPU", min_memory=90, max_price=0.5)
    assert "Nearest available: ecs.hfc6.10xlarge in cn-hangzhou (40 vCPU, 96 GiB memory, price unknown)." in note


async def test_a_gpu_that_no_region_has_is_compared_with_nothing(desk: Desk) -> None:
    note = await told_instead(desk, gpu_type="H100")
    assert note.splitlines()[1:] == [
        "GPU types in cn-hangzhou: A10, A100, A30, L20, P100, T4, V100.",
        "Nothing that fits is available in the other regions that were read.",
    ]


async def test_a_region_where_pai_is_not_activated_is_not_offered(desk: Desk) -> None:
    sell_out(desk, "A10")
    assert "cn-wulanchabu" in await told_instead(desk, gpu_type="A10")
    desk.emulator.faults.add(NotActivated(region_id="cn-wulanchabu"))
    assert "cn-wulanchabu" not in await told_instead(desk, gpu_type="A10")


async def test_a_region_that_cannot_be_read_is_told_beside_what_the_others_offer(desk: Desk) -> None:
    sell_out(desk, "A10")
    desk.emulator.faults.add(
        DamagedReply(operation="ListEcsSpecs", region_id="cn-wulanchabu", damage="wrong_types", times=None)
    )
    note = await told_instead(desk, gpu_type="A10")
    assert "cn-shanghai" in note
    assert note.endswith("Could not be read: cn-wulanchabu.")


async def test_a_region_that_does_not_answer_holds_nothing_up(desk: Desk) -> None:
    sell_out(desk, "A10")
    desk.read_timeout = 4
    desk.emulator.faults.add(
        Delay(operation="ListEcsSpecs", region_id="cn-shenzhen", seconds=3600, unit="emulator", times=None)
    )
    note = await told_instead(desk, gpu_type="A10")
    assert "cn-shenzhen" in note.rpartition("Could not be read: ")[2]


async def test_every_other_region_is_read_once_and_only_where_nothing_is_available(desk: Desk) -> None:
    async with desk.client() as call:
        await call("list_ecs_specs", gpu_type="A10")
        await call("list_ecs_specs", gpu_type="P100", cursor="1")
        assert desk.requests("ListEcsSpecs") == 2
        await call("list_ecs_specs", gpu_type="P100")
        assert desk.requests("ListEcsSpecs") == 2 + 18


async def test_where_all_regions_were_asked_no_other_is_spoken_of(desk: Desk) -> None:
    sell_out(desk, "A10", region_id=None)
    note = await told_instead(desk, region_id=None, region_ids=["ALL"], gpu_type="A10")
    assert "Nearest available: ecs.gn7s-c8g1.2xlarge in cn-wulanchabu" in note
    assert "other regions" not in note
    assert desk.requests("ListEcsSpecs") == 18
