"""list_instances, asked by a client."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from pai_emulator.faults.model import DamagedReply
from tests.tools.reading_desk import Caller, Desk, fold

pytestmark = pytest.mark.anyio


async def names(call: Caller, **arguments: Any) -> set[str]:
    told = await call("list_instances", **arguments)
    assert not told.is_error, told.text
    return {row["instance_name"] for row in told.rows("instances")}


async def test_instances_are_listed_and_counted(desk: Desk, era: str) -> None:
    desk.add("training_one")
    desk.add("training_two", "Stopped", WorkspaceId="40002")
    desk.add("training_three", "Stopped", user="developer")
    async with desk.client(mode=era) as call:
        told = await call("list_instances", sort_by="GmtCreateTime", order="ASC", limit=2)
    assert fold(told.text) == snapshot("""\
Rows 1-2 of 3; next_cursor gives the next ones.
Estimates from list prices: cost_per_hour_now sums what holds compute; estimated_cost is price x hours of all
runs, without discounts, disks and earlier specs. The bill is in the console.
Other people's PRIVATE instances show only to workspace administrators or with the RAM action
paidsw:ListAllInstances; whether any are hidden cannot be told from here.
total: 3; next_cursor: 2; cost_per_hour_now: CNY=0.5; estimated_cost: CNY=0; currency: CNY; by_status:
Stopped=2, Running=1; in_all_rows: region_id=cn-hangzhou, ecs_spec=ecs.g6.large, accelerator_type=CPU,
image_name=pytorch:2.3.1-cpu-py311-ubuntu22.04, price_per_hour=0.5, total_running_hours=0, owner=a****,
mine=yes, auto_stop=none
instances:
instance_id|instance_name|status|workspace_id
dsw-0000000000000001|training_one|Running|40001
dsw-0000000000000002|training_two|Stopped|40002\
""")
    assert fold(told.result) == snapshot(
        {
            "total": 3,
            "next_cursor": "2",
            "note": """\
Rows 1-2 of 3; next_cursor gives the next ones.
Estimates from list prices: cost_per_hour_now sums what holds compute; estimated_cost is price x hours of all
runs, without discounts, disks and earlier specs. The bill is in the console.
Other people's PRIVATE instances show only to workspace administrators or with the RAM action
paidsw:ListAllInstances; whether any are hidden cannot be told from here.\
""",
            "cost_per_hour_now": {"CNY": 0.5},
            "estimated_cost": {"CNY": 0},
            "currency": "CNY",
            "by_status": {"Stopped": 2, "Running": 1},
            "in_all_rows": {
                "region_id": "cn-hangzhou",
                "ecs_spec": "ecs.g6.large",
                "accelerator_type": "CPU",
                "image_name": "pytorch:2.3.1-cpu-py311-ubuntu22.04",
                "price_per_hour": 0.5,
                "total_running_hours": 0,
                "owner": "a****",
                "mine": True,
                "auto_stop": "none",
            },
            "instances": [
                {
                    "instance_id": "dsw-0000000000000001",
                    "instance_name": "training_one",
                    "status": "Running",
                    "workspace_id": "40001",
                },
                {
                    "instance_id": "dsw-0000000000000002",
                    "instance_name": "training_two",
                    "status": "Stopped",
                    "workspace_id": "40002",
                },
            ],
        }
    )


async def test_no_instance_is_told(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_instances")
    assert fold(told.text) == snapshot("""\
No visible instance in cn-hangzhou fits.
Other people's PRIVATE instances show only to workspace administrators or with the RAM action
paidsw:ListAllInstances; whether any are hidden cannot be told from here.
total: 0\
""")
    assert told.result["by_status"] == {}


async def test_a_list_that_cannot_be_proven_whole_is_an_error_and_not_a_short_list(desk: Desk) -> None:
    desk.add("training_one")
    desk.emulator.faults.add(DamagedReply(operation="ListInstances", damage="missing_total", times=None))
    async with desk.client() as call:
        told = await call("list_instances")
    assert told.is_error
    assert told.result == {}


async def test_other_peoples_private_instances_may_be_missing_and_the_answer_says_so(desk: Desk) -> None:
    desk.add("secret", user="admin", Accessibility="PRIVATE")
    desk.add("open", user="admin", Accessibility="PUBLIC")
    async with desk.client("developer") as call:
        told = await call("list_instances")
    assert [row["instance_name"] for row in told.rows("instances")] == ["open"]
    assert "paidsw:ListAllInstances" in told.result["note"]


async def test_a_name_matches_in_part_and_the_answer_says_how_many_match_whole(desk: Desk) -> None:
    for name in ("train", "train_2", "retrain"):
        desk.add(name)
    async with desk.client() as call:
        told = await call("list_instances", instance_name="train")
    assert told.result["total"] == 3
    assert "exactly `train`: 1." in told.result["note"]


async def test_every_filter_narrows_the_list(desk: Desk) -> None:
    small = desk.add("small", "Stopped", Labels=[{"Key": "team", "Value": "nlp"}, {"Key": "stage", "Value": "dev"}])
    desk.emulator.world.overwrite_instance(small.instance_id, {"AccumulatedRunningTimeInMs": 3_600_000})
    desk.emulator.clock.advance(3600)
    image = "dsw-registry-vpc.cn-hangzhou.cr.aliyuncs.com/pai/modelscope:1-gpu-py311"
    desk.add("large", EcsSpec="ecs.gn7i-c8g1.2xlarge", Accessibility="PUBLIC", ImageUrl=image, WorkspaceId="40002")
    desk.add(
        "quota",
        "Queuing",
        "developer",
        EcsSpec="",
        ResourceId="quota40001",
        RequestedResource={"CPU": "4", "Memory": "8"},
    )
    async with desk.client() as call:
        assert await names(call) == {"small", "large", "quota"}
        assert await names(call, workspace_id="40002") == {"large"}
        assert await names(call, resource_id="quota40001") == {"quota"}
        assert await names(call, status="Stopped") == {"small"}
        assert await names(call, accelerator_type="GPU") == {"large"}
        assert await names(call, accessibility="PUBLIC") == {"large"}
        assert await names(call, gpu_type="A10") == {"large"}
        assert await names(call, create_user_id=desk.emulator.user("developer").user_id) == {"quota"}
        assert await names(call, created_after="2026-01-05T16:30:00+08:00") == {"large", "quota"}
        assert await names(call, min_price=5) == {"large"}
        assert await names(call, min_running_hours=1) == {"small"}
        assert await names(call, labels=[{"key": "team", "value": "nlp"}, {"key": "stage", "value": "dev"}]) == {
            "small"
        }


async def test_an_exact_name_finds_that_one_alone(desk: Desk) -> None:
    for name in ("train", "train_2", "Train"):
        desk.add(name)
    async with desk.client() as call:
        assert await names(call, instance_name="train", exact=True) == {"train"}
        assert (await call("list_instances", exact=True)).is_error


async def test_both_visibilities_are_asked_for_by_name_unless_one_is_wanted(desk: Desk) -> None:
    async with desk.client() as call:
        await names(call)
        await names(call, accessibility="PUBLIC")
    asked = [each.parameters for each in desk.emulator.journal.entries if each.operation == "ListInstances"]
    assert sorted(str(each["Accessibility"]) for each in asked) == ["PRIVATE", "PUBLIC", "PUBLIC"]


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize(
    ("sort_by", "ascending"),
    [
        ("GmtCreateTime", ["first", "second", "third"]),
        ("GmtModifiedTime", ["second", "third", "first"]),
        ("Priority", ["third", "first", "second"]),
    ],
)
async def test_instances_of_both_visibilities_come_in_one_order(
    desk: Desk, sort_by: str, order: str, ascending: list[str]
) -> None:
    first = desk.add("first", Accessibility="PRIVATE", Priority=5)
    for name, visible, priority in (("second", "PUBLIC", 9), ("third", "PRIVATE", 1)):
        desk.emulator.clock.advance(60)
        desk.add(name, Accessibility=visible, Priority=priority)
    desk.emulator.clock.advance(60)
    desk.lead(first, (0, "Stopped"))
    async with desk.client() as call:
        told = await call("list_instances", sort_by=sort_by, order=order)
    shown = [row["instance_name"] for row in told.rows("instances")]
    assert shown == (ascending if order == "ASC" else ascending[::-1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "Unknown"},
        {"created_after": "2026-01-05T08:30:00"},
        {"labels": [{"key": str(number), "value": ""} for number in range(5)]},
        {"workspace_id": "40001/../40002"},
        {"everything": True},
    ],
    ids=["status", "time without zone", "five labels", "path", "unknown argument"],
)
async def test_a_filter_that_the_api_has_not_is_refused_before_anything_is_sent(
    desk: Desk, wrong: dict[str, Any]
) -> None:
    async with desk.client() as call:
        told = await call("list_instances", **wrong)
    assert told.is_error
    assert desk.requests("ListInstances") == 0
