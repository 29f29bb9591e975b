"""The cards in a real browser, in a host that draws them."""

import re
from base64 import b64encode
from collections.abc import AsyncGenerator, Callable
from itertools import zip_longest
from typing import Any, Final, get_args

import pytest
from mcp_types import CallToolResult, ImageContent
from playwright.async_api import Browser, expect

from pai_dsw_mcp.model.instance import Instance, SpotSpec
from pai_dsw_mcp.model.monitoring import MetricPoint, MetricType
from pai_dsw_mcp.texts.render import CATALOGUE
from pai_dsw_mcp.tools._chart import Curve, draw
from pai_dsw_mcp.tools._costs import Costed
from pai_dsw_mcp.tools._instance_rows import auto_stop_of, payment_of
from pai_dsw_mcp.tools.metrics import trend
from tests.approval.page_pictures import SCHEMES, Scheme
from tests.cards.hosts import ask, card_in, host
from tests.cards.stage import stage
from tests.gate.cases import an_instance, new_notebook
from tests.support.chromium import CHROMIUM, connected
from tests.support.desk import Desk, told

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]

SAME: Final[dict[str, Any]] = {
    "region_id": "cn-hangzhou",
    "instance_id": "dsw-1",
    "instance_name": "notes",
    "status": "Running",
}


@pytest.fixture(scope="module")
async def chromium(chromium_at: str) -> AsyncGenerator[Browser]:
    async with connected(chromium_at) as browser:
        yield browser


async def test_an_instance_shows_its_status_price_and_address(desk: Desk, chromium: Browser) -> None:
    instance_id = an_instance(desk.steering, "Running")
    async with host(desk, "modern") as client, stage(client, chromium) as shown:
        result = await ask(client, "get_instance", instance_id=instance_id)
        structure = told(result)
        card = await shown.draw("instance", result)
        await expect(card.get_by_role("heading")).to_contain_text(structure["instance_name"])
        await expect(card.get_by_text("Running", exact=True)).to_be_visible()
        await expect(card.get_by_text(f"{structure['price_per_hour']} CNY")).to_be_visible()
        await expect(card.get_by_text("EMULATOR")).to_be_visible()
        await card.get_by_role("button", name="Open the notebook").click()
        await expect(card.get_by_text("The client did not open")).to_have_count(0)
    assert shown.asked == [("ui/open-link", {"url": structure["instance_url"]})]
    assert shown.complaints == []


async def test_a_chinese_card_has_no_english_phrase_of_a_tool(new_desk: Callable[..., Desk], chromium: Browser) -> None:
    use = {"unit": "%", "last": 9, "mean": 4.5, "min": 0, "max": 9}
    courses = ([0, 9], [9, 0.1, 5], [5, 5], [1, 9, 1], [0.1, 0.1], [9, 9, 0.1])
    trends = [str(CATALOGUE[f"trend_{trend(each, 2.0)}"]) for each in courses]
    metrics = [
        {"metric": name, "trend": course, **use}
        for name, course in zip_longest(get_args(MetricType), trends, fillvalue="steady")
    ]
    idle = Instance(
        **SAME, max_idle_minutes=60, idle_cpu_percent=5, idle_gpu_percent=7, auto_stop_due_at="2026-01-06T10:00Z"
    )
    plain = Instance(**SAME, idle_minutes=5, idle_cpu_percent=5)
    spot = SpotSpec(spot_strategy="SpotWithPriceLimit", spot_price_limit="0.2")
    market = SpotSpec(spot_strategy="SpotAsPriceGo")
    told = {
        payment_of(Costed(plain, None, spot)): auto_stop_of(idle, "MaxIdleTimeInMinutes 60", thresholds=True),
        payment_of(Costed(plain, None, market)): auto_stop_of(plain, thresholds=True),
        "Subscription": auto_stop_of(Instance(**SAME)),
    }
    async with host(new_desk(lang="zh"), "modern") as client, stage(client, chromium) as shown:
        for payment, auto_stop in told.items():
            structure = {"status": "Running", "payment_type": payment, "auto_stop": auto_stop, "metrics": metrics}
            card = await shown.draw("instance", CallToolResult(content=[], structured_content=structure))
            await expect(card.get_by_role("table")).to_be_visible()
            words = set(re.findall("[A-Za-z]{3,}", await card.locator("main").inner_text()))
            assert words <= {"DSW", "CPU", "GPU", "MaxIdleTimeInMinutes"}
    assert shown.complaints == []


async def test_an_instance_shows_its_curve_where_the_answer_has_one(desk: Desk, chromium: Browser) -> None:
    points = [MetricPoint(time=each, value=each) for each in range(10)]
    picture = ImageContent(
        data=b64encode(draw([Curve("CPU", points, 10)], 0, 9, 3, "")).decode(), mime_type="image/png"
    )
    metric = {"metric": "CpuCoreUsage", "unit": "%", "last": 9, "mean": 4.5, "min": 0, "max": 9, "trend": "up"}
    result = CallToolResult(
        content=[picture], structured_content={"instance_name": "notes", "status": "Running", "metrics": [metric]}
    )
    async with host(desk, "modern") as client, stage(client, chromium) as shown:
        card = await shown.draw("instance", result)
        await expect(card.get_by_role("cell", name="4.5 %")).to_be_visible()
        await expect(card.get_by_role("img")).to_be_visible()
        assert await card.get_by_role("img").evaluate("curve => curve.naturalWidth > 0")
    assert [each for each in shown.complaints if not each.startswith("data:image/png")] == []


async def test_costs_show_their_sums_and_each_instance(desk: Desk, chromium: Browser) -> None:
    enlarged, *_ = desk.steering.generate(3)
    desk.steering.instance(enlarged, CloudDisks=[{"Capacity": "200Gi", "SubType": "rootfs"}])
    async with host(desk, "modern") as client, stage(client, chromium) as shown:
        result = await ask(client, "get_costs")
        structure = told(result)
        card = await shown.draw("costs", result)
        await expect(card.get_by_role("heading", name="What DSW instances cost")).to_be_visible()
        for row in structure["instances"]:
            await expect(card.get_by_text(row["instance_name"], exact=True)).to_be_visible()
        await expect(card.get_by_role("cell", name="200 GiB")).to_be_visible()
        await expect(card.get_by_text("Paid as")).to_have_count(0)
    assert shown.complaints == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_a_change_shows_everything_in_the_theme_of_the_host(
    new_desk: Callable[..., Desk], scheme: Scheme, chromium: Browser
) -> None:
    desk = new_desk(lang="zh")
    async with host(desk, "modern") as client, stage(client, chromium) as shown:
        result = await ask(client, "create_instance", **new_notebook())
        card = await shown.draw("change", result, theme=scheme)
        await expect(card.get_by_role("heading", name="创建实例 train_1")).to_be_visible()
        await expect(card.get_by_text("ecs.g6.large").first).to_be_visible()
        await expect(card.get_by_role("button")).to_have_count(1)
        color = await card.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        assert color == {"light": "rgb(255, 254, 251)", "dark": "rgb(28, 27, 25)"}[scheme]
        shown.refuses = True
        await card.get_by_role("button", name="打开审批页面").click()
        await expect(card.get_by_text(told(result)["approve_url"])).to_be_visible()
    assert shown.complaints == []


async def test_an_outcome_and_a_failure_are_shown(desk: Desk, chromium: Browser) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    async with host(desk, "modern") as client, stage(client, chromium) as shown:
        card = await shown.draw("change", await ask(client, "stop_instance", instance_id=instance_id))
        await expect(card.get_by_text("Nothing to do")).to_be_visible()
        card = await shown.draw("change", await ask(client, "stop_instance", instance_id="dsw-0000000000000000"))
        await expect(card.get_by_role("heading", name="Not done")).to_be_visible()
    assert shown.complaints == []


async def test_what_others_wrote_is_text_and_never_html(desk: Desk, chromium: Browser) -> None:
    name = "<img src=x onerror=alert(1)><b>bold</b>"
    instance_id = an_instance(desk.steering, "Running")
    async with host(desk, "modern") as client, stage(client, chromium) as shown:
        real = told(await ask(client, "get_instance", instance_id=instance_id))
        result = CallToolResult(content=[], structured_content={**real, "instance_name": name, "status": name})
        card = await shown.draw("instance", result)
        await expect(card.get_by_role("heading")).to_contain_text(name)
        await expect(card.locator("img, b")).to_have_count(0)
    assert shown.complaints == []


async def test_approve_on_the_card_is_one_write_and_the_chat_hears_of_it(
    new_desk: Callable[..., Desk], chromium: Browser
) -> None:
    desk = new_desk(approve="card", card_clients=("Drawer",))
    async with host(desk, "modern") as client, stage(client, chromium) as shown:
        result = await ask(client, "create_instance", **new_notebook())
        card = await shown.draw("change", result)
        await card.get_by_label("Add a note for the assistant").fill("go on")
        await card.get_by_role("button", name="Approve", exact=True).click()
        await expect(card.get_by_text("Approved", exact=True)).to_be_visible()
        await expect(card.get_by_role("button")).to_have_count(0)
        done = told(await ask(client, "create_instance", **new_notebook()))
    assert (done["status"], done["answered_by"], done["feedback"]) == ("done", "card", "go on")
    assert len(desk.steering.writes()) == 1
    ((method, said),) = shown.asked
    assert method == "ui/message"
    assert said["content"][0]["text"].startswith("I approved the change.")
    assert shown.complaints == []


async def test_reject_on_the_card_is_a_no(new_desk: Callable[..., Desk], chromium: Browser) -> None:
    desk = new_desk(approve="card", card_clients=("Drawer",))
    async with host(desk, "modern") as client, stage(client, chromium) as shown:
        shown.refuses = True
        card = await shown.draw("change", await ask(client, "create_instance", **new_notebook()))
        await card.get_by_role("button", name="Reject", exact=True).click()
        await expect(card.get_by_text("Declined: nothing was sent")).to_be_visible()
        assert told(await ask(client, "create_instance", **new_notebook()))["status"] == "declined"
    assert desk.steering.writes() == []
    assert shown.complaints == []


async def test_one_of_several_stops_is_struck_out_and_the_number_typed(
    new_desk: Callable[..., Desk], chromium: Browser
) -> None:
    desk = new_desk(approve="card", card_clients=("Drawer",))
    ids = desk.steering.generate(2)
    for each in ids:
        desk.steering.instance(each, Status="Running")
    chosen = {"instances": [{"region_id": "cn-hangzhou", "instance_id": each} for each in ids]}
    async with host(desk, "modern") as client, stage(client, chromium) as shown:
        result = await client.call_tool("stop_instances", chosen)
        (name,) = [each["name"] for each in (card_in(result) or {})["then"] if each["id"] == ids[0]]
        card = await shown.draw("change", result)
        await card.get_by_label(name).uncheck()
        await card.get_by_role("button", name="Approve", exact=True).click()
        await expect(card.get_by_role("alert")).to_have_text("That is not how many remain. Nothing was approved.")
        await card.get_by_label("To approve, type how many remain").fill("1")
        await card.get_by_role("button", name="Approve", exact=True).click()
        await expect(card.get_by_text("Approved", exact=True)).to_be_visible()
        done = told(await client.call_tool("stop_instances", chosen))
    assert [each["instance_id"] for each in done["follow_ups"]] == [ids[1]]
    assert shown.complaints == []
