"""What the page tells besides the change, and what becomes of an answer that was given too soon."""

import base64
import hashlib
import re

import pytest

from pai_dsw_mcp.approval.card_view import card
from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.page import ApprovalPage
from pai_dsw_mcp.journal.errors import NotApprovedError
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.model.change import Load, Price
from pai_dsw_mcp.model.instance import SpotSpec
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language
from tests.approval.changes_to_show import create_a10, create_cpu, share, start, update_to_larger
from tests.approval.page_desk import Desk, token_in

pytestmark = pytest.mark.anyio


async def test_a_wrong_name_stays_in_the_field_and_the_page_says_what_differs(desk: Desk) -> None:
    _, url = await desk.ask(create_a10())
    _, html = await desk.answer(url, decision="approve", instance_name='llm_finetune"a10', feedback="")
    assert 'value="llm_finetune&quot;a10"' in html
    assert "From character 13 on" in html


async def test_an_approval_can_be_taken_back_while_nothing_was_sent(desk: Desk) -> None:
    approval, url = await desk.ask()
    _, html = await desk.answer(url, decision="approve")
    assert "Nothing was sent yet" in html
    assert 'value="take_back"' in html
    # Also from a page that is opened again.
    _, html, _ = await desk.get(url)
    status, html = await desk.answer(url, decision="take_back", token=token_in(html))
    assert status == 200
    assert "The approval was taken back" in html
    assert (await desk.state(approval)).state == "rejected"
    with pytest.raises(NotApprovedError):
        await begin(desk, approval)


async def test_an_approval_that_was_used_is_not_taken_back(desk: Desk) -> None:
    approval, url = await desk.ask()
    _, html = await desk.answer(url, decision="approve")
    await begin(desk, approval)
    status, html = await desk.answer(url, decision="take_back", token=token_in(html))
    assert status == 410
    assert "This approval was used" in html
    assert "take_back" not in html
    assert (await desk.state(approval)).state == "used"


async def test_nobody_else_can_take_an_approval_back(desk: Desk) -> None:
    approval, url = await desk.ask()
    await desk.answer(url, decision="approve")
    assert (await desk.answer(url, decision="take_back", token="0" * 64))[0] == 403
    assert (await desk.answer(url, {"Origin": "https://example.com"}, decision="take_back"))[0] == 403
    assert (await desk.state(approval)).state == "approved"


async def test_the_time_that_is_left_is_counted_down_by_the_one_style_that_is_allowed(desk: Desk) -> None:
    _, url = await desk.ask()
    desk.clock[0] += 200
    _, html, response = await desk.get(url)
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert "--left: 400" in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in response.headers["Content-Security-Policy"]


async def test_an_emulator_is_marked_on_the_page(desk: Desk) -> None:
    _, html, _ = await desk.get((await desk.ask(create_a10()))[1])
    assert '<p class="emulator">EMULATOR' in html
    _, html, _ = await desk.get((await desk.ask(create_cpu()))[1])
    assert 'class="emulator"' not in html


async def test_the_page_says_what_ids_name_and_who_pays_and_asks(desk: Desk) -> None:
    _, html, _ = await desk.get((await desk.ask(create_a10()))[1])
    for shown in (
        "1 x A10, 24 GiB GPU memory",
        "street_scenes, OSS, read and write",
        "10****21",
        "Claude Code 2.1.285",
    ):
        assert shown in html
    _, html, _ = await desk.get((await desk.ask(start()))[1])
    assert "What it runs on" in html


async def test_of_an_update_the_page_shows_the_change_before_all_else_and_a_price_that_stays_small(desk: Desk) -> None:
    _, html, _ = await desk.get((await desk.ask(share()))[1])
    assert html.index('class="changes"') < html.index('class="notes"') < html.index('class="sent"')
    assert 'class="cost"' not in html
    assert '<p class="stays">The price stays 9.53 CNY per hour</p>' in html


@pytest.mark.parametrize("price", [Price(hourly=3.5, currency="CNY", is_most=True), None], ids=["price", "no price"])
async def test_the_terms_of_spot_stand_before_the_price_with_or_without_one(desk: Desk, price: Price | None) -> None:
    limited = SpotSpec(spot_strategy="SpotWithPriceLimit", spot_price_limit="3.5")
    change = create_a10().model_copy(update={"spot": limited, "price": price})
    _, html, _ = await desk.get((await desk.ask(change))[1])
    currency = price.currency if price else "-"
    assert f'<section class="cost"><p class="spot">Spot, at most 3.5 {currency} per hour' in html
    assert ('<p class="hourly">' in html) == (price is not None)
    assert ("at most</span> <strong>3.50</strong>" in html) == (price is not None)
    assert ("at most 588.00 CNY" in html) == (price is not None)
    assert f"Spot, at most 3.5 {currency}" in card(describe("", change, "en"), None)["price"]


async def test_the_page_tells_the_price_until_the_automatic_stop(desk: Desk) -> None:
    load = Load(stops_after=8 * 3600)
    _, html, _ = await desk.get((await desk.ask(create_a10().model_copy(update={"load": load})))[1])
    assert "Until it stops itself, in 8 hours <strong>76.24 CNY</strong>" in html
    assert "A day <strong>228.72 CNY</strong>" in html
    assert "forgotten week" not in html


async def test_a_language_that_was_chosen_for_the_server_is_not_the_browsers_to_change(desk: Desk) -> None:
    approval, _ = await desk.ask()
    chosen = ApprovalPage(desk.journal, "zh", browser_decides=False)
    url = await chosen.url(approval)
    pages = [(await desk.get(url + query, **{"Accept-Language": "en"}))[1] for query in ("", "?lang=en")]
    await chosen.close()
    assert ['<html lang="zh-CN">' in html for html in pages] == [True, False]


async def begin(desk: Desk, approval: Approval) -> None:
    await desk.journal.begin(
        approval_id=approval.approval_id,
        operation_id="op-1",
        fingerprint="seen-1",
        scope=approval.change.scope,
        deadline_seconds=30,
        channels=frozenset({"page"}),
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_who_adds_words_to_an_answer_that_comes_too_late_learns_that_they_are_not_passed_on(
    desk: Desk, lang: Language
) -> None:
    _, url = await desk.ask()
    token = token_in((await desk.get(url))[1])
    desk.clock[0] += 600
    late = [
        (await desk.answer(f"{url}?lang={lang}", decision="reject", token=token, feedback=words))[1]
        for words in ("", "take the cheaper one")
    ]
    assert [say("page_late_words", lang, why="").strip() in html for html in late] == [False, True]


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_a_rename_wants_the_present_name(desk: Desk, lang: Language) -> None:
    _, html, _ = await desk.get(f"{(await desk.ask(update_to_larger()))[1]}?lang={lang}")
    label = re.findall(r'<label for="instance_name">(.*?)</label>', html)[0]
    assert re.sub("<.*?>", "", label) == say("page_present_name", lang, instance_name="llm_finetune_a10")
