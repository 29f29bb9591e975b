"""Spot is not shown by the service: what was approved here last is what a create or an update is compared with."""

from collections.abc import Callable
from typing import Any

import pytest

from pai_dsw_mcp.model.limits import Money
from pai_emulator.clock import START
from tests.gate.cases import new_notebook
from tests.support.desk import REGION, Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

LIMITED: dict[str, Any] = {"spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0.2}
LOWER: dict[str, Any] = {"spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0.1}


async def made(desk: Desk, **how: Any) -> str:
    """A stopped instance that was created here."""
    answer = told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook(**how)))
    desk.steering.instance(answer["instance_id"], Status="Stopped")
    return answer["instance_id"]


async def updated(desk: Desk, instance_id: str, **how: Any) -> tuple[dict[str, Any], Person]:
    person = Person("yes")
    answer = told(await desk.call("modern", person, "update_instance", instance_id=instance_id, **how))
    desk.steering.instance(instance_id, Status="Stopped")
    return answer, person


async def again(desk: Desk, **how: Any) -> str:
    """What a create of the same name answers: that nothing is to do, or why it is refused."""
    answer = await desk.call("modern", Person("no"), "create_instance", **new_notebook(**how))
    return text_of(answer) if answer.is_error else told(answer)["status"]


async def test_an_instance_that_is_spot_is_not_the_one_that_was_asked_for_without(desk: Desk) -> None:
    await made(desk, **LIMITED)
    assert "It differs in SpotSpec" in await again(desk)


async def test_a_create_is_compared_with_the_spot_that_was_approved_last(desk: Desk) -> None:
    instance_id = await made(desk, **LIMITED)
    await updated(desk, instance_id, **LOWER)
    assert await again(desk, **LOWER) == "nothing_to_do"
    assert "in SpotSpec" in await again(desk, **LIMITED)
    await updated(desk, instance_id, remove=["spot"])
    assert await again(desk) == "nothing_to_do"
    assert "in SpotSpec" in await again(desk, **LOWER)


async def test_spot_is_known_by_id_under_a_new_name(desk: Desk) -> None:
    instance_id = await made(desk, **LIMITED)
    await updated(desk, instance_id, instance_name="other")
    assert await again(desk, instance_name="other", **LIMITED) == "nothing_to_do"


async def test_a_create_is_compared_with_the_start_up_command_that_was_approved_last(desk: Desk) -> None:
    instance_id = await made(desk, user_command="ls")
    await updated(desk, instance_id, user_command="cd /\nls")
    await updated(desk, instance_id, accessibility="PUBLIC", instance_name="other")
    shared: dict[str, Any] = {"instance_name": "other", "accessibility": "PUBLIC"}
    assert await again(desk, user_command="cd /\nls", **shared) == "nothing_to_do"
    assert "It differs in UserCommand (by" in await again(desk, user_command="ls", **shared)
    await updated(desk, instance_id, remove=["user_command"])
    assert "It differs in UserCommand (by" in await again(desk, user_command="ls", **shared)


@pytest.mark.parametrize("known", [LIMITED, {"remove": ["spot"]}], ids=["limit", "none"])
async def test_an_update_to_the_spot_that_is_known_asks_nobody(desk: Desk, known: dict[str, Any]) -> None:
    instance_id = await made(desk, **LOWER)
    await updated(desk, instance_id, **known)
    answer, person = await updated(desk, instance_id, **known)
    assert (answer["status"], person.questions) == ("nothing_to_do", [])
    assert "known from what was approved here" in answer["message"]


async def test_a_taken_name_is_told_with_the_tools_that_change_an_instance(desk: Desk) -> None:
    await made(desk)
    refusal = await again(desk, labels=[{"key": "team", "value": "vision"}])
    assert "in Labels." in refusal
    assert "update_labels" in refusal
    assert "update_workspace" not in refusal


@pytest.mark.parametrize("limit", [{"max_hourly": Money(0.3, "CNY")}, {"daily_budget": Money(0.01, "CNY")}], ids=str)
async def test_a_limit_of_the_operator_says_what_it_counts_of_spot(
    new_desk: Callable[..., Desk], limit: dict[str, Money]
) -> None:
    desk = new_desk(**limit, now=START.timestamp, regions=(REGION,))
    assert "the price of pay-as-you-go counts" in await again(desk, **LIMITED)
    assert "pay-as-you-go counts" not in await again(desk)


async def test_past_runs_count_the_price_of_pay_as_you_go_however_it_is_bought_now(desk: Desk) -> None:
    instance_id = await made(desk)
    desk.steering.instance(instance_id, AccumulatedRunningTimeInMs=7_200_000)
    await updated(desk, instance_id, **LIMITED)
    for tool, arguments in (("get_costs", {}), ("list_instances", {}), ("get_instance", {"instance_id": instance_id})):
        answer = told(await desk.call("modern", None, tool, **arguments))
        (row,) = answer.get("instances", [answer])
        assert (row["price_per_hour"], row["estimated_cost"]) == (0.2, 1.0)


async def test_a_cheaper_spec_tells_that_the_limit_of_spot_limits_nothing(desk: Desk) -> None:
    instance_id = await made(desk, ecs_spec="ecs.g6.xlarge", spot_strategy="SpotWithPriceLimit", spot_price_limit=0.9)
    _, person = await updated(desk, instance_id, ecs_spec="ecs.g6.2xlarge")
    assert "limits nothing" not in person.questions[0].message
    _, person = await updated(desk, instance_id, ecs_spec="ecs.g6.large")
    assert "Its spot limit of 0.9 is above" in person.questions[0].message
