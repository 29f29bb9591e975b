"""get_costs: sums by currency, workspace and owner, and what is about to cost more than it should."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.desk import Desk, told
from tests.support.steering import Steering

pytestmark = pytest.mark.anyio

HOUR = 3_600_000
SHANGHAI = "cn-shanghai"


async def costs(desk: Desk, **arguments: Any) -> dict[str, Any]:
    return told(await desk.call("modern", None, "get_costs", **arguments))


def runs(steering: Steering, region_id: str = "cn-hangzhou", **fields: Any) -> str:
    instance_id = steering.generate(1, region_id)[0]
    steering.instance(
        instance_id,
        **{"Status": "Running", "EcsSpec": "ecs.g6.large", "AccumulatedRunningTimeInMs": 4 * HOUR, **fields},
    )
    return instance_id


async def test_what_runs_is_added_up_over_regions_workspaces_and_owners(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    runs(desk.steering, WorkspaceId="40001")
    runs(desk.steering, WorkspaceId="40001", Status="Stopped")
    runs(desk.steering, SHANGHAI, InstanceShutdownTimer={"DueTime": "2026-01-05T18:00:00Z"})
    found = await costs(desk, region_ids=["cn-hangzhou", SHANGHAI])
    assert found["cost_per_hour_now"] == {"CNY": 1.0}
    assert found["estimated_cost"] == {"CNY": 6.0}
    assert found["running_without_auto_stop"] == 1
    ours = next(each for each in found["by_workspace"] if each["name"] == "40001")
    assert ours == {
        "name": "40001",
        "instances": 2,
        "cost_per_hour_now": {"CNY": 0.5},
        "estimated_cost": {"CNY": 4.0},
    }
    assert sum(each["instances"] for each in found["by_owner"]) == 3
    assert found["total"] == 3


@pytest.mark.parametrize(
    ("status", "counted"),
    [
        *((each, 0) for each in ("Creating", "ResourceAllocating", "Queuing", "Stopping", "Stopped", "Failed")),
        *((each, 1) for each in ("EnvPreparing", "Starting", "Running", "Saving", "SaveFailed")),
    ],
)
async def test_what_runs_on_without_an_automatic_stop_holds_compute(
    new_desk: Callable[..., Desk], status: str, counted: int
) -> None:
    desk = new_desk()
    runs(desk.steering, Status=status)
    found = await costs(desk)
    assert (found["running_without_auto_stop"], found["total"]) == (counted, 1)
    assert "running_without_auto_stop: those that hold compute now" in found["note"]


async def test_a_stopped_instance_tells_when_its_disk_is_lost(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    stopped = runs(desk.steering, Status="Stopped", GmtModifiedTime="2026-01-02T10:00:00Z")
    broken = runs(desk.steering, Status="Stopped", GmtModifiedTime="soon")
    found = {each["instance_id"]: each for each in (await costs(desk))["instances"]}
    assert found[stopped]["disk_lost_by"] == "2026-01-17"
    assert "disk_lost_by" not in found[broken]


async def test_what_is_set_to_stop_an_instance_is_told_also_while_it_is_stopped(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    ruled = runs(desk.steering, Status="Stopped", IdleInstanceCuller={"MaxIdleTimeInMinutes": 60})
    free = runs(desk.steering, Status="Stopped")
    found = {each["instance_id"]: each for each in (await costs(desk))["instances"]}
    assert (found[ruled]["auto_stop"], found[free]["auto_stop"]) == ("after 60 idle minutes", "none")


async def test_what_has_no_price_is_told(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    runs(desk.steering, EcsSpec="ecs.nobody.knows")
    found = await costs(desk)
    assert "cost_per_hour_now" not in found
    assert "1" in found["note"]


async def test_where_there_is_nothing_the_sums_are_empty(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    found = await costs(desk)
    assert (found["total"], found["by_workspace"], found["running_without_auto_stop"]) == (0, [], 0)
