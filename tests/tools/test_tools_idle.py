"""list_idle_instances, asked by a client."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from pai_dsw_mcp.texts.render import say
from pai_emulator.faults.model import ServerError
from tests.tools.reading_desk import REGION, Desk, Told, fold

pytestmark = pytest.mark.anyio

GPU = "ecs.gn7i-c8g1.2xlarge"
NOW = "2026-01-06T08:00:00Z"


def add(desk: Desk, name: str, idle_since: str | None, **settings: Any) -> str:
    instance_id = desk.add(name, **settings).instance_id
    desk.emulator.world.overwrite_instance(instance_id, {"IdleSince": idle_since})
    return instance_id


def a_day(desk: Desk) -> None:
    desk.emulator.clock.advance(24 * 3600)


def names(told: Told) -> list[str]:
    return [row["instance_name"] for row in told.rows("instances")]


def counts(told: Told) -> tuple[int, ...]:
    return tuple(told.result[each] for each in ("total", "running", "idle", "not_idle", "unmeasured"))


async def test_the_dearest_idle_instance_comes_first_with_what_it_cost_meanwhile(desk: Desk, era: str) -> None:
    add(desk, "notes", "2026-01-06T05:00:00Z")
    add(desk, "train", "2026-01-06T06:00:00Z", EcsSpec=GPU)
    add(desk, "works", None, EcsSpec=GPU)
    desk.add("rests", "Stopped")
    a_day(desk)
    async with desk.client(mode=era) as call:
        told = await call("list_idle_instances")
    assert fold(told.text) == snapshot("""\
Of 3 running: 2 idle, 1 measured and not idle, 0 not measured. The rows, which total counts, are the idle and
those that were not measured.
Idle: CPU, and with a GPU that too, below 5 % in every measured point for at least 60 minutes up to now, as
measured; low use is no proof that nobody needs it, so ask its owner before stop_instance. cost_while_idle is
price x idle time, an estimate.
Other people's PRIVATE instances show only to workspace administrators or with the RAM action
paidsw:ListAllInstances; whether any are hidden cannot be told from here.
total: 2; running: 3; idle: 2; not_idle: 1; unmeasured: 0; cost_per_hour_of_idle: CNY=10.03; in_all_rows:
region_id=cn-hangzhou, workspace_id=40001, currency=CNY, owner=a****, mine=yes, auto_stop=none
instances:
instance_id|instance_name|ecs_spec|idle_hours|max_cpu_percent|max_gpu_percent|price_per_hour|cost_while_idle
dsw-0000000000000002|train|ecs.gn7i-c8g1.2xlarge|2|1.6|0|9.53|19.06
dsw-0000000000000001|notes|ecs.g6.large|3|1.4||0.5|1.5\
""")


async def test_the_counts_explain_the_rows(desk: Desk) -> None:
    add(desk, "notes", "2026-01-06T05:00:00Z")
    add(desk, "works", None)
    a_day(desk)
    desk.emulator.clock.advance(60)
    add(desk, "new", None)
    async with desk.client() as call:
        told = await call("list_idle_instances")
    assert counts(told) == (2, 3, 1, 1, 1)
    assert "Of 3 running: 1 idle, 1 measured and not idle, 1 not measured." in told.text


async def test_instances_that_hold_compute_without_running_are_counted_as_left_out(desk: Desk) -> None:
    for name, status in (("a", "SaveFailed"), ("b", "SaveFailed"), ("c", "Saving"), ("d", "Stopped")):
        desk.add(name, status)
    async with desk.client() as call:
        told = await call("list_idle_instances")
    assert "only Running ones are measured, though these may hold compute" in fold(told.text).replace("\n", " ")
    assert "2 SaveFailed, 1 Saving." in told.text
    assert counts(told) == (0, 0, 0, 0, 0)


async def test_an_instance_tells_its_own_rule_and_for_how_long_it_is_idle_by_that(desk: Desk) -> None:
    ruled = add(desk, "ruled", "2026-01-06T05:00:00Z")
    rule = {"MaxIdleTimeInMinutes": 3000, "CpuPercentThreshold": 10, "IdleTimeInMinutes": 1440}
    desk.emulator.world.overwrite_instance(ruled, {"IdleInstanceCuller": rule})
    a_day(desk)
    desk.emulator.clock.advance(60)
    add(desk, "new", None)
    async with desk.client() as call:
        told = await call("list_idle_instances")
    by_name = {row["instance_name"]: row for row in told.rows("instances")}
    assert by_name["ruled"]["auto_stop"] == "after 3000 idle minutes (CPU below 10%)"
    assert by_name["ruled"]["rule_idle_minutes"] == 1440
    assert "rule_idle_minutes" not in by_name["new"]
    assert "rule_idle_minutes: for how long the service has counted" in told.text


async def test_idle_means_below_the_line_for_long_enough(desk: Desk) -> None:
    add(desk, "short", "2026-01-06T07:30:00Z")
    add(desk, "long", "2026-01-06T04:00:00Z")
    a_day(desk)
    async with desk.client() as call:
        assert names(await call("list_idle_instances")) == ["long"]
        assert names(await call("list_idle_instances", idle_minutes=20)) == ["short", "long"]
        assert names(await call("list_idle_instances", below_percent=1)) == []
        assert names(await call("list_idle_instances", workspace_id="40002")) == []


async def test_an_instance_whose_gpu_alone_rests_is_not_idle(desk: Desk) -> None:
    instance_id = add(desk, "feeds", None, EcsSpec=GPU)
    a_day(desk)
    async with desk.client() as call:
        told = await call("list_idle_instances", below_percent=50, idle_minutes=10)
    assert instance_id not in told.text


async def test_what_was_not_measured_is_neither_idle_nor_busy(desk: Desk) -> None:
    desk.emulator.clock.advance(60)
    add(desk, "new", None)
    desk.emulator.clock.advance(60)
    async with desk.client() as call:
        told = await call("list_idle_instances")
    (row,) = told.rows("instances")
    assert row["not_measured"].startswith("the service has no 10-minute value of CpuCoreUsage: ")
    assert "call again in 10 minutes" in row["not_measured"]
    assert "idle_hours" not in row
    assert "neither idle nor busy" in told.text
    assert counts(told) == (1, 1, 0, 0, 1)


async def test_values_that_ended_long_ago_say_nothing_of_now(desk: Desk) -> None:
    desk.add("silent")
    desk.emulator.clock.advance(7200)
    desk.set_back = -3600
    async with desk.client() as call:
        told = await call("list_idle_instances")
    (row,) = told.rows("instances")
    assert row["not_measured"].startswith("its newest value of CpuCoreUsage is from 2026-01-05T10:00:00Z: call again")


async def test_a_gap_ends_what_was_measured(desk: Desk) -> None:
    instance = desk.add("restarted")
    desk.emulator.world.overwrite_instance(instance.instance_id, {"IdleSince": "2026-01-05T00:00:00Z"})
    for status, seconds in (("Running", 7200), ("Stopped", 7200), ("Running", 7200)):
        instance.stand(status, desk.emulator.clock.now())
        desk.emulator.clock.advance(seconds)
    desk.region.touch()
    async with desk.client() as call:
        told = await call("list_idle_instances")
    (row,) = told.rows("instances")
    assert row["idle_hours"] == 2


async def test_metrics_that_cannot_be_read_leave_the_instance_unmeasured(desk: Desk) -> None:
    add(desk, "notes", "2026-01-05T08:00:00Z")
    a_day(desk)
    desk.emulator.faults.add(ServerError(operation="GetInstanceMetrics", times=None))
    async with desk.client() as call:
        told = await call("list_idle_instances")
    (row,) = told.rows("instances")
    assert "GetInstanceMetrics" in row["not_measured"]
    assert str(say("retry_may_help")) in row["not_measured"]
    assert "No measured instance is idle." not in told.text


async def test_several_regions_are_asked_and_what_fails_is_told(desk: Desk) -> None:
    add(desk, "notes", "2026-01-05T08:00:00Z")
    a_day(desk)
    desk.emulator.faults.add(ServerError(operation="ListInstances", region_id="cn-beijing", times=None))
    async with desk.client() as call:
        told = await call("list_idle_instances", region_ids=[REGION, "cn-beijing"])
    assert names(told) == ["notes"]
    assert [row["region_id"] for row in told.result["not_read"]] == ["cn-beijing"]


async def test_no_more_than_three_hundred_are_measured_the_dearest_first(desk: Desk) -> None:
    desk.emulator.world.generate_instances(REGION, 602)
    desk.emulator.clock.advance(3600)
    async with desk.client() as call:
        told = await call("list_idle_instances", idle_minutes=10)
    assert counts(told) == (1, 301, 0, 300, 1)
    (row,) = told.rows("instances")
    assert row["not_measured"] == "only the 300 dearest were measured: call again for one region or workspace"


async def test_where_nothing_runs_nothing_is_asked(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("list_idle_instances")
    assert (told.result["total"], desk.requests("GetCallerIdentity")) == (0, 0)
