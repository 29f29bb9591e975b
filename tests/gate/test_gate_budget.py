"""The operator's limits: what would pass one is refused before anybody is asked, and again when it is carried out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from pai_dsw_mcp.model.limits import Limits, Money
from pai_emulator.clock import START
from pai_emulator.serve import Emulator
from tests.gate.cases import GPU_SPEC, an_instance, image_for, new_notebook
from tests.gate.rounds import approve, posts
from tests.gate.test_gate_two_processes import overtaken
from tests.support.desk import REGION, Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

ELSEWHERE: Final = "cn-shanghai"
ONLY_HERE: Final[dict[str, Any]] = {"regions": (REGION,)}
DENIED: Final = {"kind": "throttle", "status": 400}
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


async def refused(desk: Desk, tool: str, **arguments: Any) -> str:
    """What the assistant is told of a change that nobody was asked about."""
    before, person = posts(desk), Person("yes")
    answer = await desk.call("modern", person, tool, **arguments)
    assert answer.is_error, text_of(answer)
    assert person.questions == []
    assert posts(desk) == before
    return text_of(answer)


async def done(desk: Desk, tool: str, **arguments: Any) -> dict[str, Any]:
    ended = told(await desk.call("modern", Person("yes"), tool, **arguments))
    assert ended["status"] == "done", ended
    return ended


async def test_one_more_than_may_run_is_refused_with_the_numbers(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=1, **ONLY_HERE)
    await done(desk, "create_instance", **new_notebook())
    said = await refused(desk, "create_instance", **new_notebook(instance_name="train_2"))
    assert "--max-running 1, and this would make it 2: 1 now" in said
    assert REGION in said


async def test_what_is_started_counts_and_what_is_stopped_makes_room(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=1, **ONLY_HERE)
    stopped, runs = an_instance(desk.steering, "Stopped"), an_instance(desk.steering, "Running")
    await refused(desk, "start_instance", instance_id=stopped)
    await refused(desk, "update_instance", instance_id=stopped, ecs_spec="ecs.g6.xlarge", start_after=True)
    await done(desk, "update_instance", instance_id=stopped, accessibility="PUBLIC")
    await done(desk, "stop_instance", instance_id=runs)
    desk.steering.instance(runs, Status="Stopped")
    desk.steering.instance(stopped, Status="Stopped")
    await done(desk, "start_instance", instance_id=stopped)


async def test_what_runs_in_another_region_counts(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=1, regions=(REGION, ELSEWHERE))
    there = desk.steering.generate(1, ELSEWHERE)[0]
    assert f"{REGION}, {ELSEWHERE}" in await refused(desk, "create_instance", **new_notebook())
    desk.steering.instance(there, Status="Stopped")
    await done(desk, "create_instance", **new_notebook())


async def test_a_region_that_cannot_be_read_stops_everything_that_adds(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=1000, regions=(REGION, ELSEWHERE))
    desk.steering.faults({**DENIED, "operation": "ListInstances", "region_id": ELSEWHERE, "times": None})
    assert "limits" in await refused(desk, "create_instance", **new_notebook())


async def test_a_region_where_pai_is_not_activated_has_nothing_that_counts(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=1, regions=(REGION, ELSEWHERE))
    desk.steering.generate(1, ELSEWHERE)
    desk.steering.faults({"kind": "not_activated", "region_id": ELSEWHERE})
    await done(desk, "create_instance", **new_notebook())


async def test_what_was_sent_and_can_no_longer_be_read_counts_by_the_journal(
    new_desk: Callable[..., Desk], emulator: Emulator
) -> None:
    desk = new_desk(max_running=1, **ONLY_HERE)
    desk.steering.faults({"kind": "list_lag", "seconds": 3600})
    await done(desk, "create_instance", **new_notebook())
    emulator.world.policies["admin"] = {"denied": ["paidsw:GetInstance"]}
    said = await refused(desk, "create_instance", **new_notebook(instance_name="train_2"))
    assert "1 sent through this server" in said


async def test_where_what_was_sent_cannot_be_read_for_now_nothing_is_added(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=1000, **ONLY_HERE)
    await done(desk, "create_instance", **new_notebook())
    desk.steering.faults({**DENIED, "operation": "GetInstance", "times": None})
    assert "limits" in await refused(desk, "create_instance", **new_notebook(instance_name="train_2"))


async def test_gpus_are_counted(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_gpus=0, **ONLY_HERE)
    await done(desk, "create_instance", **new_notebook())
    gpu = new_notebook(instance_name="train_2", ecs_spec=GPU_SPEC, image_id=image_for("GPU"))
    assert "--max-gpus 0" in await refused(desk, "create_instance", **gpu)


async def test_what_all_costs_per_hour_is_limited(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_hourly=Money(0.6, "CNY"), **ONLY_HERE)
    await done(desk, "create_instance", **new_notebook())
    said = await refused(desk, "create_instance", **new_notebook(instance_name="train_2"))
    assert "--max-hourly 0.60 CNY, and this would make it 1" in said


async def test_an_amount_in_another_currency_is_refused(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_hourly=Money(100_000.0, "USD"), **ONLY_HERE)
    said = await refused(desk, "create_instance", **new_notebook())
    assert "CNY" in said
    assert "100000.00 USD" in said
    assert "makes room" not in said
    assert "in the currency of the prices" in said


async def test_a_price_that_nobody_knows_is_refused(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_hourly=Money(100_000.0, "CNY"), **ONLY_HERE)
    desk.steering.instance(an_instance(desk.steering, "Running"), EcsSpec="ecs.nobody.knows")
    said = await refused(desk, "create_instance", **new_notebook())
    assert "the price of dsw-" in said


async def test_gpus_that_nobody_can_count_are_refused(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_gpus=1000, **ONLY_HERE)
    gpu = new_notebook(ecs_spec=GPU_SPEC, image_id=image_for("GPU"))
    on_quota: dict[str, Any] = {"EcsSpec": None, "ResourceId": "quota-1", "RequestedResource": {"GPU": "8"}}
    desk.steering.instance(an_instance(desk.steering, "Running"), **on_quota)
    await done(desk, "create_instance", **gpu)
    unknown = an_instance(desk.steering, "Running")
    desk.steering.instance(unknown, RequestedResource={"GPU": "some"}, EcsSpec=None)
    said = await refused(desk, "create_instance", **{**gpu, "instance_name": "train_2"})
    assert f"the number of GPUs of {unknown}" in said


async def test_what_is_on_a_quota_has_gpus_and_no_price(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_gpus=4, **ONLY_HERE)
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(
        instance_id, EcsSpec=None, ResourceId="quota-1", RequestedResource={"GPU": "8"}, PaymentType="Subscription"
    )
    assert "8 by this change" in await refused(desk, "start_instance", instance_id=instance_id)
    person, priced = Person("no"), new_desk(max_hourly=Money(0.01, "CNY"), **ONLY_HERE)
    told(await priced.call("modern", person, "start_instance", instance_id=instance_id))
    assert len(person.questions) == 1


async def test_what_a_list_does_not_show_yet_is_counted_once(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=2, **ONLY_HERE)
    desk.steering.faults({"kind": "list_lag", "seconds": 3600})
    await done(desk, "create_instance", **new_notebook())
    await done(desk, "create_instance", **new_notebook(instance_name="train_2"))
    await refused(desk, "create_instance", **new_notebook(instance_name="train_3"))


async def test_a_create_of_unknown_outcome_counts_until_it_is_seen(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=1, **ONLY_HERE)
    desk.steering.faults({"kind": "reset", "operation": "CreateInstance"})
    told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook()))
    said = await refused(desk, "create_instance", **new_notebook(instance_name="train_2"))
    assert "1 sent through this server" in said


async def test_a_create_whose_reply_was_lost_counts_once(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=2, **ONLY_HERE)
    desk.steering.faults({"kind": "lost_reply", "operation": "CreateInstance"})
    desk.steering.faults({**DENIED, "operation": "ListInstances", "after": 2, "times": 2})
    told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook()))
    desk.steering.faults(clear=True)
    await done(desk, "create_instance", **new_notebook(instance_name="train_2"))


async def test_what_failed_to_start_makes_room(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=1, **ONLY_HERE)
    made = await done(desk, "create_instance", **new_notebook())
    desk.steering.instance(made["instance_id"], Status="Failed")
    await done(desk, "create_instance", **new_notebook(instance_name="train_2"))


async def test_a_yes_is_kept_if_the_room_is_taken_before_it_is_carried_out(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(max_running=1, **ONLY_HERE)
    told(await desk.call("modern", None, "create_instance", **new_notebook()))
    await approve(desk)
    taken = an_instance(desk.steering, "Running")
    answer = await desk.call("modern", None, "create_instance", **new_notebook())
    assert answer.is_error
    assert "that approval was not used" in text_of(answer)
    assert posts(desk) == []
    desk.steering.instance(taken, Status="Stopped")
    assert told(await desk.call("modern", None, "create_instance", **new_notebook()))["status"] == "done"


LIMITS: Final[dict[str, Any]] = {
    "max_running": 1,
    "max_hourly": Money(0.6, "CNY"),
    "daily_budget": Money(6.0, "CNY"),
}


@pytest.mark.parametrize("limit", LIMITS)
async def test_two_servers_over_one_journal_do_not_pass_a_limit_together(
    new_desk: Callable[..., Desk], limit: str
) -> None:
    settings = {"now": START.timestamp, "budget_timezone": SHANGHAI, limit: LIMITS[limit], **ONLY_HERE}
    one, other = new_desk(**settings), new_desk(**settings)
    first, second = new_notebook(), new_notebook(instance_name="train_2")
    for notebook in (first, second):
        told(await one.call("modern", None, "create_instance", **notebook))
        await approve(one)

    async def created() -> None:
        assert told(await one.call("modern", None, "create_instance", **first))["status"] == "done"

    # The other one has read what runs, and has a yes; then the first one creates.
    ended = await overtaken(other, created, "create_instance", second)
    assert ended.is_error
    assert "that approval was not used" in text_of(ended)
    assert posts(one) == ["CreateInstance"]


async def test_a_day_is_what_was_spent_and_what_runs_until_midnight(new_desk: Callable[..., Desk]) -> None:
    # 16:00 in Shanghai: eight hours are left of the day.
    desk = new_desk(now=START.timestamp, budget_timezone=SHANGHAI, daily_budget=Money(9.99, "CNY"), **ONLY_HERE)
    runs, stopped, yesterday = desk.steering.generate(3)
    each = {"EcsSpec": "ecs.g6.large", "AccumulatedRunningTimeInMs": 2 * 3_600_000}
    desk.steering.instance(runs, Status="Running", **each)
    desk.steering.instance(stopped, Status="Stopped", **each)
    desk.steering.instance(yesterday, Status="Stopped", GmtModifiedTime="2026-01-04T03:00:00Z", **each)
    said = await refused(desk, "create_instance", **new_notebook())
    # Two hours of two instances, eight hours of the one that runs, eight hours of the new one, at 0.50 an hour.
    assert "come to 10.00 CNY: at most 2.00 CNY since midnight, 4.00 CNY for what runs" in said
    assert "4.00 CNY by this change" in said
    desk.steering.instance(runs, InstanceShutdownTimer={"DueTime": "2026-01-05T09:00:00Z"})
    await done(desk, "create_instance", **new_notebook())


async def test_what_says_nothing_of_its_running_time_counts_since_midnight(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(now=START.timestamp, budget_timezone=SHANGHAI, daily_budget=Money(15.9, "CNY"), **ONLY_HERE)
    runs = desk.steering.generate(1)[0]
    desk.steering.instance(runs, Status="Running", EcsSpec="ecs.g6.large", AccumulatedRunningTimeInMs=None)
    said = await refused(desk, "create_instance", **new_notebook())
    assert "at most 8.00 CNY since midnight, 4.00 CNY for what runs" in said


def test_a_day_ends_at_midnight_where_the_operator_says() -> None:
    night = datetime(2026, 3, 8, 4, 30, tzinfo=UTC).timestamp()
    # On the eighth of March clocks go forward in New York, and it is still the seventh there.
    day = Limits(timezone=ZoneInfo("America/New_York")).day_of(night)
    assert day.ends - day.begins == 24 * 3600
    assert day.ends - night == 1800
    next_day = Limits(timezone=ZoneInfo("America/New_York")).day_of(night + 3600)
    assert next_day.ends - next_day.begins == 23 * 3600
    ours = Limits().day_of(night)
    assert ours.begins <= night < ours.ends


async def test_a_new_instance_on_a_quota_has_gpus_and_no_price(new_desk: Callable[..., Desk]) -> None:
    share = {"cpu": "8", "memory": "16GB", "gpu": "2"}
    gpu = new_notebook(image_id=image_for("GPU"), ecs_spec=None, resource_id="quota40001", requested_resource=share)
    assert "2 by this change" in await refused(new_desk(max_gpus=1, **ONLY_HERE), "create_instance", **gpu)
    await done(new_desk(max_hourly=Money(0.01, "CNY"), **ONLY_HERE), "create_instance", **gpu)
