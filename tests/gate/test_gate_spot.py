"""Spot instances: whoever approves or looks is told that it is one, its limit, and the most that it costs."""

from collections.abc import Callable
from typing import Any

import anyio.to_thread
import pytest

from pai_dsw_mcp.commands.audit import audit
from pai_dsw_mcp.settings import Settings
from pai_emulator.serve import Emulator
from tests.gate.cases import GPU_SPEC, an_instance, image_for, new_notebook
from tests.gate.rounds import posts
from tests.support.desk import REGION, Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

LIMITED: dict[str, Any] = {"spot_strategy": "SpotWithPriceLimit", "spot_price_limit": 0.2}
HOUR = 3_600_000
BOUND = "upper bounds (at most)"
AT_THE_MARKET: dict[str, Any] = {"spot_strategy": "SpotAsPriceGo"}
SAYS_SPOT = "take the machine back at any moment"
LIMIT = "at most 0.20 CNY per hour, at most 4.80 per day; a forgotten week costs at most 33.60 CNY"
PRICE = "at most 0.50 CNY per hour, at most 12.00 per day; a forgotten week costs at most 84.00 CNY"


async def asked(desk: Desk, tool: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    """What a person was asked, who said yes, and the answer."""
    person = Person("yes")
    answer = told(await desk.call("modern", person, tool, **arguments))
    if tool == "update_instance":
        desk.steering.instance(arguments["instance_id"], Status="Stopped")
    return person.questions[0].message, answer


async def spot_that_stopped(desk: Desk, **how: Any) -> str:
    """A spot instance that this server made."""
    _, made = await asked(desk, "create_instance", **new_notebook(**(how or LIMITED)))
    desk.steering.instance(made["instance_id"], Status="Stopped")
    return made["instance_id"]


@pytest.mark.parametrize(
    ("how", "words", "price"),
    [(LIMITED, "Spot, at most 0.2 CNY per hour", LIMIT), (AT_THE_MARKET, "without a limit", PRICE)],
    ids=["limit", "none"],
)
async def test_the_headline_of_a_create_tells_the_terms_of_spot_before_the_price(
    desk: Desk, how: dict[str, Any], words: str, price: str
) -> None:
    question, made = await asked(desk, "create_instance", **new_notebook(**how))
    headline = question.partition("Region:")[0]
    for said in (words, SAYS_SPOT, price):
        assert said in headline
    assert headline.index(SAYS_SPOT) < headline.index(price)
    assert ("0.50" in question) == (price == PRICE)
    assert question.count(SAYS_SPOT) == 1
    assert SAYS_SPOT in made["message"]


async def test_who_answers_elsewhere_is_told_the_same(desk: Desk) -> None:
    waiting = told(await desk.call("modern", None, "create_instance", **new_notebook(**LIMITED)))
    assert SAYS_SPOT in waiting["change"]["warnings"][0]
    assert (waiting["change"]["price_per_hour"], waiting["change"]["price_per_week"]) == (0.2, 33.6)


async def test_a_later_start_tells_that_it_is_spot_and_how_that_is_known(desk: Desk) -> None:
    instance_id = await spot_that_stopped(desk)
    question, _ = await asked(desk, "start_instance", instance_id=instance_id)
    for said in ("Spot, at most 0.2 CNY per hour", SAYS_SPOT, LIMIT, "known from what was approved here"):
        assert said in question
    assert "cannot be had as spot" not in question


async def test_a_start_of_what_is_not_spot_says_nothing_of_it(desk: Desk) -> None:
    await spot_that_stopped(desk)
    question, _ = await asked(desk, "start_instance", instance_id=an_instance(desk.steering, "Stopped"))
    assert "pot" not in question.replace("spot_", "")


async def test_a_start_tells_where_spot_is_sold_out(desk: Desk, emulator: Emulator) -> None:
    instance_id = await spot_that_stopped(desk)
    emulator.world.region(REGION).ecs_specs["ecs.g6.large"]["SpotStockStatus"] = "NoStock"
    question, _ = await asked(desk, "start_instance", instance_id=instance_id)
    assert "ecs.g6.large cannot be had as spot now" in question


async def test_a_stop_of_spot_names_its_price_as_the_most(desk: Desk) -> None:
    instance_id = await spot_that_stopped(desk)
    desk.steering.instance(instance_id, Status="Running")
    question, _ = await asked(desk, "stop_instance", instance_id=instance_id)
    assert "costs at most 0.20 CNY per hour (spot); after that, compute costs nothing" in question


async def test_lists_and_costs_tell_what_is_spot(desk: Desk) -> None:
    limited = await spot_that_stopped(desk)
    at_the_market = await spot_that_stopped(desk, instance_name="train_2", **AT_THE_MARKET)
    other = an_instance(desk.steering, "Running")
    desk.steering.instance(other, AccumulatedRunningTimeInMs=HOUR)
    desk.steering.instance(limited, Status="Running", AccumulatedRunningTimeInMs=2 * HOUR)
    for tool in ("list_instances", "get_costs"):
        answer = told(await desk.call("modern", None, tool))
        rows = {row["instance_id"]: row for row in answer["instances"]}
        assert rows[limited]["payment_type"] == "PayAsYouGo, spot at most 0.2 per hour"
        assert rows[at_the_market]["payment_type"] == "PayAsYouGo, spot at the market price"
        assert "payment_type" not in rows[other]
        assert [rows[each]["price_per_hour"] for each in (limited, at_the_market, other)] == [0.2, 0.5, 0.5]
        assert rows[limited]["estimated_cost"] == 1.0
        assert answer["cost_per_hour_now"] == {"CNY": 0.7}
        assert answer["estimated_cost"] == {"CNY": 1.5}
        assert BOUND in answer["note"]
    one = told(await desk.call("modern", None, "get_instance", instance_id=limited))
    assert one["payment_type"] == "PayAsYouGo, spot at most 0.2 per hour"
    assert (one["price_per_hour"], one["estimated_cost"]) == (0.2, 1.0)
    assert BOUND in one["meaning"]
    assert "pay-as-you-go costs" not in one["meaning"]
    one = told(await desk.call("modern", None, "get_instance", instance_id=other))
    assert one["payment_type"] == "PayAsYouGo"
    assert BOUND not in one["meaning"]


async def test_the_list_of_the_idle_tells_what_is_spot(desk: Desk) -> None:
    limited = await spot_that_stopped(desk)
    desk.steering.instance(limited, Status="Running")
    other = an_instance(desk.steering, "Running")
    answer = told(await desk.call("modern", None, "list_idle_instances"))
    rows = {row["instance_id"]: row for row in answer["instances"]}
    assert rows[limited]["payment_type"] == "PayAsYouGo, spot at most 0.2 per hour"
    assert "payment_type" not in rows[other]
    assert BOUND in answer["note"]
    assert rows[limited]["price_per_hour"] == 0.2


async def test_a_list_does_without_a_journal_that_cannot_be_read(desk: Desk) -> None:
    await spot_that_stopped(desk)
    desk.services.journal.close()
    desk.settings.journal_path.write_bytes(b"no journal at all, and more than a header of bytes" * 20)
    answer = told(await desk.call("modern", None, "get_costs"))
    assert "payment_type" not in answer["instances"][0]


async def test_the_audit_calls_the_price_of_spot_an_upper_bound(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    await spot_that_stopped(desk)
    shown = Settings(verb="audit", state_dir=desk.settings.journal_path.parent)
    assert await anyio.to_thread.run_sync(audit, shown) == 0
    assert "  at most 0.20 CNY  " in capsys.readouterr().out


async def test_an_update_to_spot_does_not_say_that_the_price_stays(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, EcsSpec="ecs.g6.large")
    question, _ = await asked(desk, "update_instance", instance_id=instance_id, **LIMITED)
    assert "price stays" not in question
    for said in (SAYS_SPOT, "Spot, at most 0.2 CNY per hour", LIMIT):
        assert said in question
    started, _ = await asked(desk, "start_instance", instance_id=instance_id)
    assert SAYS_SPOT in started


async def test_another_update_of_a_spot_instance_keeps_telling_it(desk: Desk) -> None:
    instance_id = await spot_that_stopped(desk)
    question, _ = await asked(desk, "update_instance", instance_id=instance_id, accessibility="PUBLIC")
    assert SAYS_SPOT in question
    assert "known from" not in question
    question, _ = await asked(desk, "update_instance", instance_id=instance_id, ecs_spec="ecs.g6.xlarge")
    for said in (SAYS_SPOT, "The price stays at most 0.20 CNY per hour", "known from what was approved here"):
        assert said in question
    started, _ = await asked(desk, "start_instance", instance_id=instance_id)
    assert SAYS_SPOT in started


async def test_a_larger_spot_instance_without_a_limit_costs_at_most_the_price_of_its_spec(desk: Desk) -> None:
    instance_id = await spot_that_stopped(desk, **AT_THE_MARKET)
    question, _ = await asked(desk, "update_instance", instance_id=instance_id, ecs_spec="ecs.g6.xlarge")
    assert "at most 0.50 -> at most 1.00 CNY per hour" in question


async def test_a_limit_above_what_the_spec_costs_now_does_not_count(desk: Desk, emulator: Emulator) -> None:
    instance_id = await spot_that_stopped(desk)
    emulator.world.region(REGION).ecs_specs["ecs.g6.large"]["Price"] = 0.1
    question, _ = await asked(desk, "start_instance", instance_id=instance_id)
    assert "at most 0.10 CNY per hour, at most 2.40 per day" in question


async def test_a_limit_below_the_cost_line_does_not_spare_typing_the_name(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(cost_line=0.4)
    person = Person("yes")
    assert told(await desk.call("modern", person, "create_instance", **new_notebook(**LIMITED)))["status"] == "done"
    assert "To approve, type the instance name" in person.questions[0].message


async def test_spot_driver_and_command_are_taken_away_again(desk: Desk) -> None:
    gpu = new_notebook(ecs_spec=GPU_SPEC, image_id=image_for("GPU"), driver="535.54.03", user_command="ls", **LIMITED)
    _, made = await asked(desk, "create_instance", **gpu)
    instance_id = made["instance_id"]
    desk.steering.instance(instance_id, Status="Stopped")
    question, answer = await asked(
        desk, "update_instance", instance_id=instance_id, remove=["spot", "driver", "user_command"]
    )
    assert answer["status"] == "done"
    sent = desk.steering.writes()[-1]["parameters"]
    assert {name for name in sent if name.startswith("Disassociate")} == {
        "DisassociateSpot",
        "DisassociateDriver",
        "DisassociateUserCommand",
    }
    for said in ("SpotPriceLimit=0.2", "535.54.03", "does not show whether", "forgotten week"):
        assert said in question
    notes = [line for line in question.splitlines() if "does not show" in line]
    assert len(notes) == 2
    assert "Disassociate" not in " ".join(notes)
    assert SAYS_SPOT not in question
    question, _ = await asked(desk, "start_instance", instance_id=instance_id)
    assert "pot" not in question
    (row,) = told(await desk.call("modern", None, "get_costs"))["instances"]
    assert "payment_type" not in row


async def test_a_driver_that_is_not_set_is_not_taken_away(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    same = told(await desk.call("modern", None, "update_instance", instance_id=instance_id, remove=["driver"]))
    assert same["status"] == "nothing_to_do"


@pytest.mark.parametrize(
    ("status", "changed", "words"),
    [
        ("Stopped", {"remove": ["spot"], **LIMITED}, "not both"),
        ("Stopped", {"remove": []}, "Name at least one"),
        ("Running", {"remove": ["spot"]}, "Changing spot needs a stopped instance"),
        ("on a quota", {"remove": ["spot"]}, "not on a resource quota"),
        ("Stopped", {"remove": ["tags"]}, "remove"),
    ],
    ids=str,
)
async def test_what_cannot_be_taken_away_is_refused_in_words(
    desk: Desk, status: str, changed: dict[str, Any], words: str
) -> None:
    instance_id = an_instance(desk.steering, "Running" if status == "Running" else "Stopped")
    if status == "on a quota":
        share = {"CPU": "4", "GPU": "0", "Memory": "16GB"}
        desk.steering.instance(instance_id, ResourceId="quota40001", RequestedResource=share, EcsSpec=None)
    answer = await desk.call("modern", Person("yes"), "update_instance", instance_id=instance_id, **changed)
    assert answer.is_error
    assert words in text_of(answer)
    assert posts(desk) == []
