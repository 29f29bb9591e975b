"""An emulator may live in another time than its person: resources are reckoned in its time, approvals in theirs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from pai_dsw_mcp.model.limits import Money
from tests.gate.auto_stops import MORNING, call, running, sent
from tests.gate.cases import an_instance, new_notebook
from tests.support.desk import REGION, Desk, Person, text_of

pytestmark = pytest.mark.anyio

LATER: Final = 30 * 86_400 + 4 * 3600
"""Seconds by which the clock of the person is ahead of the emulator."""


class Times:
    """The person's clock, which only the test moves, and what it is in the emulator."""

    def __init__(self) -> None:
        self.time = MORNING + LATER

    def now(self) -> float:
        return self.time

    def in_cloud(self, moment: float) -> float:
        return moment - LATER


@pytest.fixture
def make(new_desk: Callable[..., Desk]) -> Callable[..., Desk]:
    def made(times: Times | None = None, **settings: Any) -> Desk:
        chosen = times or Times()
        return new_desk(now=chosen.now, cloud_time=chosen.in_cloud, **settings)

    return made


@pytest.mark.parametrize("tool", ["set_auto_stop", "create_instance", "start_instance"])
async def test_an_automatic_stop_is_at_a_time_of_the_cloud(make: Callable[..., Desk], tool: str) -> None:
    desk = make()
    arguments: dict[str, Any] = {
        "set_auto_stop": lambda: {"instance_id": running(desk)},
        "create_instance": new_notebook,
        "start_instance": lambda: {"instance_id": an_instance(desk.steering, "Stopped")},
    }[tool]()
    await call(desk, tool, **arguments, stop_at="2026-01-05T18:00+08:00")
    assert sent(desk)[-1] == ("CreateInstanceShutdownTimer", {"DueTime": "2026-01-05T10:00:00Z"})
    past = await desk.call("modern", Person("yes"), tool, **arguments, stop_at="2026-01-05T15:59+08:00")
    assert "2026-01-05T08:00:00Z" in text_of(past)


async def test_use_is_measured_until_the_time_of_the_cloud(make: Callable[..., Desk]) -> None:
    times = Times()
    desk = make(times)
    instance_id = running(desk, IdleSince="2026-01-05T08:00:00Z")
    desk.steering.advance(4 * 3600)
    times.time += 4 * 3600
    measured = await call(desk, "get_instance_metrics", instance_id=instance_id)
    assert "From 2026-01-05T09:00:00Z to 2026-01-05T12:00:00Z" in measured["note"]
    assert {row["metric"] for row in measured["metrics"]} >= {"CpuCoreUsage", "MemoryUsage"}
    idle = await call(desk, "list_idle_instances")
    assert [row["instance_id"] for row in idle["instances"]] == [instance_id]


async def test_a_day_of_money_is_one_of_the_cloud(make: Callable[..., Desk]) -> None:
    desk = make(budget_timezone=ZoneInfo("Asia/Shanghai"), daily_budget=Money(7.9, "CNY"), regions=(REGION,))
    running(desk, EcsSpec="ecs.g6.large", AccumulatedRunningTimeInMs=0)
    said = text_of(await desk.call("modern", Person("yes"), "create_instance", **new_notebook()))
    # 16:00 in Shanghai: eight hours are left of the day, at 0.50 an hour.
    assert "4.00 CNY for what runs" in said


async def test_what_was_done_to_an_instance_is_told_in_its_own_time(make: Callable[..., Desk]) -> None:
    desk = make()
    created = await call(desk, "create_instance", **new_notebook())
    shown = await call(desk, "get_instance", instance_id=created["instance_id"])
    assert shown["created_at"] == "2026-01-05T08:00Z"
    assert [each["at"] for each in shown["history"]] == ["2026-01-05T08:00Z"]


async def test_approvals_and_unknown_outcomes_stay_in_the_time_of_the_person(make: Callable[..., Desk]) -> None:
    times = Times()
    desk = make(times)
    desk.steering.faults({"kind": "reset", "operation": "CreateInstance"})
    unknown = await call(desk, "create_instance", **new_notebook())
    here = datetime.fromtimestamp(times.time, UTC)
    assert datetime.fromisoformat(unknown["answered_at"]) == here
    assert (datetime.fromisoformat(unknown["known_by"]) - here).total_seconds() == desk.services.settle
    times.time += desk.services.settle - 5
    again = await call(desk, "create_instance", **new_notebook())
    assert (again["status"], again["check_again_in"]) == ("unknown", 5)
