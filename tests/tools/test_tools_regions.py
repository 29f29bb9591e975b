"""Several regions in one call."""

from typing import Any

import pytest

from pai_emulator.faults.model import NotActivated, ServerError
from pai_emulator.serve import Emulator
from tests.tools.reading_desk import REGION, Caller, Desk, Told

pytestmark = pytest.mark.anyio


async def asked(call: Caller, **arguments: Any) -> Told:
    """list_instances without the region that the client of the tests names by itself."""
    return await call("list_instances", **{"region_id": None, **arguments})


def found(told: Told) -> list[tuple[str, str]]:
    return [(row["region_id"], row["instance_name"]) for row in told.rows("instances")]


@pytest.fixture
def everywhere(desk: Desk, emulator: Emulator) -> Desk:
    """A notebook in each of three regions, the youngest in the last."""
    for region_id in (REGION, "cn-shanghai", "me-central-1"):
        instance_id = emulator.world.generate_instances(region_id, 1)[0]
        emulator.world.overwrite_instance(instance_id, {"InstanceName": f"in_{region_id[:2]}_{region_id[-4:]}"})
        emulator.clock.advance(60)
    return desk


async def test_rows_of_several_regions_carry_their_region_and_come_in_one_order(everywhere: Desk) -> None:
    async with everywhere.client() as call:
        told = await asked(call, region_ids=["cn-shanghai", REGION], sort_by="GmtCreateTime")
        older = await asked(call, region_ids=["cn-shanghai", REGION], sort_by="GmtCreateTime", order="ASC", limit=1)
        newer = await asked(call, region_ids=["cn-shanghai", REGION], sort_by="GmtCreateTime", order="ASC", cursor="1")
    assert found(told) == [("cn-shanghai", "in_cn_ghai"), (REGION, "in_cn_zhou")]
    assert told.result["region_ids"] == ["cn-shanghai", REGION]
    assert found(older) + found(newer) == found(told)[::-1]
    assert older.result["total"] == 2


async def test_all_means_the_regions_where_pai_is_activated_and_those_that_cannot_tell(everywhere: Desk) -> None:
    everywhere.emulator.faults.add(NotActivated(region_id="cn-shanghai"))
    everywhere.emulator.faults.add(ServerError(operation="ListProducts", region_id="cn-beijing", times=None))
    async with everywhere.client() as call:
        told = await asked(call, region_ids=["ALL"])
    assert {region_id for region_id, _ in found(told)} == {REGION, "me-central-1"}
    read = set(told.result["region_ids"])
    assert {REGION, "cn-beijing", "me-central-1"} < read
    assert "cn-shanghai" not in read
    assert "not_read" not in told.result


async def test_a_region_that_fails_is_told_beside_the_rows_of_the_others(everywhere: Desk) -> None:
    everywhere.emulator.faults.add(ServerError(operation="ListInstances", region_id=REGION, times=None))
    async with everywhere.client() as call:
        told = await asked(call, region_ids=["cn-shanghai", REGION])
    assert found(told) == [("cn-shanghai", "in_cn_ghai")]
    assert told.result["region_ids"] == ["cn-shanghai"]
    (failure,) = told.result["not_read"]
    assert failure["region_id"] == REGION
    assert "ListInstances failed" in failure["problem"]
    assert failure["problem"].replace('"', "'") in told.text


async def test_where_no_region_can_be_read_the_call_fails(everywhere: Desk) -> None:
    everywhere.emulator.faults.add(ServerError(operation="ListInstances", times=None))
    async with everywhere.client() as call:
        told = await asked(call, region_ids=["cn-shanghai", REGION])
    assert told.is_error
    assert told.result == {}


async def test_where_pai_is_activated_nowhere_nothing_is_found(everywhere: Desk) -> None:
    everywhere.emulator.faults.add(NotActivated())
    everywhere.emulator.faults.add(ServerError(operation="ListInstances", region_id="me-central-1", times=None))
    async with everywhere.client() as call:
        told = await asked(call, region_ids=["ALL"])
    assert told.is_error


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"region_ids": []},
        {"region_id": REGION, "region_ids": [REGION]},
        {"region_ids": ["cn-nowhere"]},
        {"region_ids": ["ALL", REGION]},
    ],
    ids=["neither", "none", "both", "unknown", "all and one"],
)
async def test_exactly_one_of_the_two_ways_to_name_regions_is_wanted(desk: Desk, wrong: dict[str, Any]) -> None:
    async with desk.client() as call:
        told = await asked(call, **wrong)
    assert told.is_error
    assert "region" in told.text
    assert desk.emulator.journal.entries == []
