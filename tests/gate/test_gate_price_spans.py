"""What a question says a machine costs: per hour, per day, and until it stops itself or over a forgotten week."""

from collections.abc import Callable
from typing import Any

import pytest

from pai_dsw_mcp.model.limits import Money
from tests.gate.auto_stops import MORNING, RULE, TIMER
from tests.gate.cases import GPU_SPEC, an_instance, image_for, new_notebook
from tests.gate.test_gate_budget import ONLY_HERE, SHANGHAI, done, refused
from tests.support.desk import Desk, Person, told

pytestmark = pytest.mark.anyio

FORGOTTEN = "12.00 per day; a forgotten week costs 84.00 CNY"
OVER: dict[str, Any] = {"DueTime": "2026-01-05T07:00:00Z"}


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk(now=lambda: MORNING)


async def question(desk: Desk, tool: str, **arguments: Any) -> str:
    person = Person("no")
    told(await desk.call("modern", person, tool, **arguments))
    return person.questions[0].message


@pytest.mark.parametrize(
    ("auto_stop", "words"),
    [
        ({}, FORGOTTEN),
        ({"stop_after_minutes": 480}, "12.00 per day; until it stops itself, in 8 hours: 4.00 CNY"),
        ({"stop_at": "2026-01-05T18:00+08:00"}, "until it stops itself, in 2 hours: 1.00 CNY"),
        ({"stop_at": "2026-01-05T18:00+08:00", "idle_minutes": 30}, "until it stops itself, in 2 hours: 1.00 CNY"),
        (
            {"idle_minutes": 30},
            "it stops itself once idle for 30 minutes; if it is never idle for so long, a week costs 84.00 CNY",
        ),
    ],
    ids=["never", "after", "at", "both", "idle"],
)
async def test_a_create_tells_what_it_costs_until_its_automatic_stop(
    desk: Desk, auto_stop: dict[str, Any], words: str
) -> None:
    assert words in await question(desk, "create_instance", **new_notebook(), **auto_stop)


@pytest.mark.parametrize(
    ("auto_stop", "week"), [({}, 84.0), ({"idle_minutes": 30}, 84.0), ({"stop_after_minutes": 90}, None)]
)
async def test_what_a_timer_stops_has_no_price_per_week(
    desk: Desk, auto_stop: dict[str, Any], week: float | None
) -> None:
    waiting = told(await desk.call("modern", None, "create_instance", **new_notebook(), **auto_stop))
    assert waiting["change"].get("price_per_week") == week


@pytest.mark.parametrize(
    ("has", "auto_stop", "words"),
    [
        ({"InstanceShutdownTimer": TIMER}, {}, "in 12 hours: 6.00 CNY"),
        ({"InstanceShutdownTimer": TIMER}, {"stop_after_minutes": 60}, "in 1 hour: 0.50 CNY"),
        ({"InstanceShutdownTimer": OVER}, {}, FORGOTTEN),
        ({"InstanceShutdownTimer": OVER, "IdleInstanceCuller": RULE}, {}, "once idle for 1 hour; if it is never idle"),
        ({}, {}, FORGOTTEN),
    ],
    ids=["timer", "replaced timer", "past timer", "idle rule", "nothing"],
)
async def test_a_start_counts_the_automatic_stop_that_the_instance_has(
    desk: Desk, has: dict[str, Any], auto_stop: dict[str, Any], words: str
) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, EcsSpec="ecs.g6.large", **has)
    assert words in await question(desk, "start_instance", instance_id=instance_id, **auto_stop)


async def test_an_update_that_starts_counts_it_too(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, InstanceShutdownTimer=TIMER)
    update = {"instance_id": instance_id, "ecs_spec": "ecs.g6.xlarge"}
    assert "in 12 hours: 12.00 CNY" in await question(desk, "update_instance", **update, start_after=True)
    assert "a forgotten week costs 168.00 CNY" in await question(desk, "update_instance", **update)


async def test_a_day_counts_a_new_instance_until_its_automatic_stop(new_desk: Callable[..., Desk]) -> None:
    # 16:00 in Shanghai: until midnight it would be 4.00.
    settings = {"now": lambda: MORNING, "budget_timezone": SHANGHAI, "daily_budget": Money(1.2, "CNY"), **ONLY_HERE}
    desk = new_desk(**settings)
    said = await refused(desk, "create_instance", **new_notebook())
    assert "4.00 CNY by this change" in said
    assert "4.00 CNY by this change" in await refused(
        desk, "create_instance", **new_notebook(), stop_after_minutes=2_000
    )
    await done(desk, "create_instance", **new_notebook(), stop_after_minutes=60)
    said = await refused(
        desk, "create_instance", **new_notebook(instance_name="train_2"), stop_at="2026-01-05T18:00+08:00"
    )
    assert "1.00 CNY by this change" in said


async def test_a_day_counts_what_was_sent_and_is_not_seen_until_its_automatic_stop(
    new_desk: Callable[..., Desk],
) -> None:
    desk = new_desk(now=lambda: MORNING, budget_timezone=SHANGHAI, daily_budget=Money(1.2, "CNY"), **ONLY_HERE)
    desk.steering.faults({"kind": "reset", "operation": "CreateInstance"})
    told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook(), stop_after_minutes=60))
    two_hours = {"stop_at": "2026-01-05T18:00+08:00"}
    said = await refused(desk, "create_instance", **new_notebook(instance_name="train_2"), **two_hours)
    assert "0.50 CNY sent through this server" in said


async def test_a_day_counts_what_runs_on_past_its_timer(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(now=lambda: MORNING, budget_timezone=SHANGHAI, daily_budget=Money(1.2, "CNY"), **ONLY_HERE)
    made = await done(desk, "create_instance", **new_notebook(), stop_after_minutes=60)
    place = {"instance_id": made["instance_id"]}
    assert "1.50 CNY by this change" in await refused(desk, "set_auto_stop", **place, stop_after_minutes=180)
    assert "4.00 CNY by this change" in await refused(desk, "clear_auto_stop", **place)
    await done(desk, "set_auto_stop", **place, stop_after_minutes=120)
    await done(desk, "set_auto_stop", **place, stop_after_minutes=30)
    await done(desk, "set_auto_stop", **place, idle_minutes=30)
    await done(desk, "clear_auto_stop", **place, only="idle")
    desk.steering.instance(made["instance_id"], Status="Stopped")
    await done(desk, "clear_auto_stop", **place)


async def test_spot_counts_at_the_most_that_it_can_cost(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_hourly=Money(0.4, "CNY"), **ONLY_HERE)
    spot = {"spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0.2}
    assert "0.50 by this change" in await refused(desk, "create_instance", **new_notebook(), **spot)


@pytest.mark.parametrize(
    ("kind", "size", "said", "is_cleared"),
    [
        ("CPU", "200Gi", "What its disk of 200 GiB has beyond the free 100 GiB is charged", False),
        ("CPU", "60Gi", "Its disk of 60 GiB may be larger", True),
        ("GPU", "60Gi", None, True),
        ("CPU", "30Gi", None, True),
    ],
    ids=str,
)
async def test_a_stop_says_that_an_enlarged_disk_is_charged_on(
    desk: Desk, kind: str, size: str, said: str | None, is_cleared: bool
) -> None:
    instance_id = an_instance(desk.steering, "Running")
    disks = [{"Capacity": size, "SubType": "rootfs"}]
    desk.steering.instance(instance_id, AcceleratorType=kind, CloudDisks=disks)
    shown = await question(desk, "stop_instance", instance_id=instance_id)
    assert ("also while the instance is stopped" in shown) == (said is not None)
    assert said is None or said in shown
    assert ("more than 15 days" in shown) == is_cleared


async def test_a_disk_that_is_free_with_a_gpu_is_not_said_to_be_charged(desk: Desk) -> None:
    gpu = new_notebook(ecs_spec=GPU_SPEC, image_id=image_for("GPU"), disk_gib=100)
    assert "charged by size" not in await question(desk, "create_instance", **gpu)


async def test_costs_tell_which_disk_is_charged_while_its_instance_is_stopped(desk: Desk) -> None:
    enlarged, free = an_instance(desk.steering, "Stopped"), an_instance(desk.steering, "Stopped")
    desk.steering.instance(enlarged, CloudDisks=[{"Capacity": "200Gi", "SubType": "rootfs"}])
    found = told(await desk.call("modern", None, "get_costs"))
    rows = {row["instance_id"]: row for row in found["instances"]}
    assert (rows[enlarged]["disk_charged"], "disk_lost_by" in rows[enlarged]) == ("200 GiB", False)
    assert ("disk_charged" in rows[free], "disk_lost_by" in rows[free]) == (False, True)
    assert "A disk in disk_charged" in found["note"]
