"""What instances cost, who owns them and when they stop by themselves, as the list tells it."""

from dataclasses import replace
from typing import Any

import pytest

from pai_dsw_mcp.model.identity import CallerIdentity
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.tools._instance_rows import is_of
from pai_emulator.faults.model import ServerError
from tests.tools.reading_desk import REGION, Desk, Told

pytestmark = pytest.mark.anyio

GPU = "ecs.gn7i-c8g1.2xlarge"


def add(desk: Desk, name: str, status: str = "Running", hours: float = 0, user: str = "admin", **settings: Any) -> str:
    """An instance that has run so many hours."""
    instance_id = desk.add(name, status, user, **settings).instance_id
    desk.emulator.world.overwrite_instance(instance_id, {"AccumulatedRunningTimeInMs": round(hours * 3_600_000)})
    return instance_id


def by_name(told: Told) -> dict[str, dict[str, Any]]:
    assert not told.is_error, told.text
    return {row["instance_name"]: row for row in told.rows("instances")}


async def test_one_call_says_what_runs_in_several_regions_and_what_it_costs(desk: Desk) -> None:
    add(desk, "small", hours=10)
    add(desk, "large", "Stopped", hours=2, EcsSpec=GPU)
    add(desk, "queued", "Queuing", EcsSpec=GPU)
    abroad = desk.emulator.world.generate_instances("ap-southeast-1", 1)[0]
    desk.emulator.world.overwrite_instance(
        abroad, {"InstanceName": "abroad", "EcsSpec": "ecs.g6.large", "AccumulatedRunningTimeInMs": 3_600_000}
    )
    async with desk.client() as call:
        told = await call("list_instances", region_id=None, region_ids=[REGION, "ap-southeast-1"])
    rows = by_name(told)
    figures = {
        name: [row.get(each) for each in ("price_per_hour", "total_running_hours", "estimated_cost")]
        for name, row in rows.items()
    }
    assert figures == {
        "small": [0.5, 10, 5],
        "large": [9.53, 2, 19.06],
        "queued": [9.53, 0, None],
        "abroad": [0.65, 1, 0.65],
    }
    # What is stopped, or has no compute yet, costs nothing now.
    assert told.result["cost_per_hour_now"] == {"CNY": 1.15}
    assert told.result["estimated_cost"] == {"CNY": 24.71}
    assert told.result["currency"] == "CNY"
    assert "Estimates" in told.result["note"]
    assert rows["abroad"]["region_id"] == "ap-southeast-1"


async def test_sums_are_over_every_page(desk: Desk) -> None:
    add(desk, "one", hours=2)
    add(desk, "two", hours=4)
    async with desk.client() as call:
        told = await call("list_instances", limit=1)
    assert (told.result["cost_per_hour_now"], told.result["estimated_cost"]) == ({"CNY": 1}, {"CNY": 3})


async def test_where_currencies_differ_each_row_has_its_own(desk: Desk) -> None:
    desk.region.ecs_specs[GPU] = {**desk.region.ecs_specs[GPU], "Currency": "USD"}
    add(desk, "small")
    add(desk, "large", EcsSpec=GPU)
    async with desk.client() as call:
        told = await call("list_instances")
    assert told.result["cost_per_hour_now"] == {"CNY": 0.5, "USD": 9.53}
    assert "currency" not in told.result
    assert {name: row["currency"] for name, row in by_name(told).items()} == {"small": "CNY", "large": "USD"}


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize(
    ("sort_by", "ascending"),
    [("price_per_hour", ["small", "large", "prepaid"]), ("total_running_hours", ["large", "small", "prepaid"])],
)
async def test_instances_come_by_price_or_running_time_and_those_without_last(
    desk: Desk, sort_by: str, order: str, ascending: list[str]
) -> None:
    add(desk, "small", hours=3)
    quota: dict[str, Any] = {
        "EcsSpec": "",
        "ResourceId": "quota40001",
        "RequestedResource": {"CPU": "4", "Memory": "8"},
    }
    prepaid = add(desk, "prepaid", "Queuing", **quota)
    desk.emulator.world.overwrite_instance(prepaid, {"AccumulatedRunningTimeInMs": None})
    add(desk, "large", hours=2, EcsSpec=GPU)
    async with desk.client() as call:
        told = await call("list_instances", sort_by=sort_by, order=order)
    known = ascending[:2] if order == "ASC" else ascending[1::-1]
    assert list(by_name(told)) == [*known, ascending[2]]


async def test_a_prepaid_instance_has_no_price_and_a_least_price_leaves_it_out(desk: Desk) -> None:
    add(desk, "prepaid")
    desk.emulator.world.overwrite_instance(f"dsw-{1:016}", {"PaymentType": "Subscription"})
    add(desk, "small")
    async with desk.client() as call:
        told = await call("list_instances")
        dear = await call("list_instances", min_price=0.1)
    assert {name: row.get("price_per_hour") for name, row in by_name(told).items()} == {"prepaid": None, "small": 0.5}
    assert "Without a price per hour" in told.result["note"]
    assert set(by_name(dear)) == {"small"}
    assert "min_price" in dear.result["note"]


@pytest.mark.parametrize("region_ids", [None, [REGION, "cn-shanghai"]], ids=["one region", "several"])
async def test_prices_that_cannot_be_read_never_lose_the_rows(desk: Desk, region_ids: list[str] | None) -> None:
    add(desk, "small")
    desk.emulator.faults.add(ServerError(operation="ListEcsSpecs", region_id=REGION, times=None))
    where = {} if region_ids is None else {"region_id": None, "region_ids": region_ids}
    async with desk.client() as call:
        told = await call("list_instances", **where)
    assert "price_per_hour" not in by_name(told)["small"]
    assert f"those of {REGION} could not be read: ListEcsSpecs failed" in told.result["note"]
    assert "cost_per_hour_now" not in told.result


async def test_the_list_says_which_instances_are_the_callers_own(desk: Desk) -> None:
    add(desk, "own")
    add(desk, "others", user="developer")
    async with desk.client() as call:
        told = await call("list_instances")
    assert {name: (row["owner"], row["mine"]) for name, row in by_name(told).items()} == {
        "own": ("a****", True),
        "others": ("de****er", False),
    }


async def test_whose_they_are_is_unknown_where_the_caller_is(desk: Desk) -> None:
    add(desk, "own")
    desk.emulator.faults.add(ServerError(operation="GetCallerIdentity", times=None))
    async with desk.client() as call:
        told = await call("list_instances")
    assert "mine" not in by_name(told)["own"]
    assert "not known" in told.result["note"]


def test_whose_an_instance_is_stays_unknown_where_an_id_is_missing() -> None:
    """The emulator has no roles, which have no user id."""
    instance = Instance(region_id=REGION, instance_id="dsw-1", instance_name="one", status="Running", user_id="7")
    user = CallerIdentity(account_id="1", identity_type="RAMUser", user_id="7")
    role = CallerIdentity(account_id="1", identity_type="AssumedRoleUser")
    assert is_of(user, instance) is True
    assert is_of(role, instance) is None
    assert is_of(user, replace(instance, user_id=None)) is None


async def test_the_list_says_when_an_instance_stops_by_itself_or_that_it_does_not(desk: Desk) -> None:
    rules: dict[str, dict[str, Any]] = {
        "never": {},
        "timed": {"InstanceShutdownTimer": {"DueTime": "2026-01-05T20:00:30Z"}},
        "idle": {"IdleInstanceCuller": {"MaxIdleTimeInMinutes": 60, "IdleTimeInMinutes": 7}},
    }
    rules["somehow idle"] = {"IdleInstanceCuller": {"IdleTimeInMinutes": 7}}
    rules["both"] = rules["timed"] | rules["idle"]
    for name, rule in rules.items():
        desk.emulator.world.overwrite_instance(add(desk, name), rule)
    async with desk.client() as call:
        told = await call("list_instances")
    assert {name: row["auto_stop"] for name, row in by_name(told).items()} == {
        "never": "none",
        "timed": "at 2026-01-05T20:00Z",
        "idle": "after 60 idle minutes",
        "somehow idle": "when idle",
        "both": "at 2026-01-05T20:00Z, after 60 idle minutes",
    }
