"""The page over real HTTP: what it shows, what it records, and what it says when there is nothing to decide."""

import re
import sys
from html import escape
from urllib.parse import urlsplit

import anyio
import pytest

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.page import ApprovalPage
from pai_dsw_mcp.model.change import Parameter
from tests.approval.changes_to_show import create_a10, create_cpu, stop, update_to_larger
from tests.approval.page_desk import Desk, token_in

pytestmark = pytest.mark.anyio


async def test_the_page_shows_the_whole_change(desk: Desk) -> None:
    _, url = await desk.ask(create_a10())
    status, html, _ = await desk.get(url)
    assert status == 200
    for shown in ("Create instance", "llm_finetune_a10", "China (Hangzhou)", "vision_team", "9.53", "1,601.04 CNY"):
        assert shown in html
    for parameter in create_a10().parameters:
        assert f"<code>{parameter.name}</code>" in html
        parts = [parameter.value] if isinstance(parameter.value, str) else parameter.value[0]
        assert [part for part in parts if f'<bdi dir="ltr">{part}</bdi>' not in html] == []
    # The visibility, and the label of the operation.
    assert html.count('<span class="default">default</span>') == 2
    assert "It is charged from the start until it is stopped" in html


async def test_nothing_is_ever_shortened_on_the_page(desk: Desk) -> None:
    items = [[(f"oss://bucket{row}_{n}/{'p' * 480}", f"/mnt/{row}_{n}", "RW") for n in range(20)] for row in range(12)]
    parameters = tuple(
        Parameter(name=f"Unheard{row}", value=tuple(of_row[:10]), before=tuple(of_row[10:]))
        for row, of_row in enumerate(items)
    )
    warnings = (*update_to_larger().warnings, *stop().warnings)
    change = update_to_larger().model_copy(update={"parameters": parameters, "warnings": warnings})
    _, url = await desk.ask(change)
    _, html, _ = await desk.get(url)
    assert [part for of_row in items for item in of_row for part in item if f">{part}</bdi>" not in html] == []
    assert [each for each in describe("", change, "en").warnings if f"<li>{escape(each)}</li>" not in html] == []
    assert html.count("<li>") == len(warnings)


async def test_an_update_shows_what_was_before(desk: Desk) -> None:
    _, html, _ = await desk.get((await desk.ask(update_to_larger()))[1])
    before, now = (f'<bdi dir="ltr">{spec}</bdi>' for spec in ("ecs.gn7i-c8g1.2xlarge", "ecs.gn7i-c32g1.16xlarge"))
    assert f"<s>{before}</s>→ {now}" in html
    assert "<s>9.53</s> <strong>26.61</strong>" in html


async def test_a_stop_leads_with_what_may_be_lost(desk: Desk) -> None:
    _, html, _ = await desk.get((await desk.ask(stop()))[1])
    assert '<section class="notes lead"><h2>What this means</h2><ul><li>Everything that runs' in html
    assert 'class="cost"' not in html
    assert "dsw-7k2m9p4q8r" in html


async def test_what_others_wrote_is_text_and_never_markup(desk: Desk) -> None:
    hostile = '"><script>alert(1)</script>\u202e\n<b>'
    change = create_a10().model_copy(
        update={
            "target_name": hostile,
            "workspace_name": hostile,
            "parameters": (Parameter(name=hostile, value=hostile, before=hostile),),
            "warnings": tuple(
                each.model_copy(update={"values": dict.fromkeys(each.values, hostile)})
                for each in stop().warnings
                if "duration" not in each.values
            ),
        }
    )
    approval, url = await desk.ask(change)
    pages = [(await desk.get(url))[1], (await desk.answer(url, decision="reject", feedback=hostile))[1]]
    assert (await desk.state(approval)).state == "rejected"
    for html in pages:
        assert "<script" not in html
        assert "<b>" not in html
        assert "\u202e" not in html


async def test_the_page_loads_nothing_and_may_be_framed_by_nobody(desk: Desk) -> None:
    _, url = await desk.ask()
    _, html, response = await desk.get(url)
    policy = response.headers["Content-Security-Policy"]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action 'self'; frame-ancestors 'none';"
        r" base-uri 'none'",
        policy,
    )
    told = {name: response.headers[name] for name in ("Referrer-Policy", "Cache-Control", "X-Content-Type-Options")}
    assert told == {
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    assert response.headers["X-Frame-Options"] == "DENY"
    assert not re.search(r"<script|<img|<link|@import|url\(|https?://", html)


async def test_approve_is_recorded_with_its_note(desk: Desk) -> None:
    approval, url = await desk.ask()
    status, html = await desk.answer(url, decision="approve", feedback="and tell me when it runs")
    assert status == 200
    assert '<h1 class="name">Approved</h1>' in html
    assert "Return to the chat" in html
    decided = await desk.state(approval)
    assert (decided.state, decided.decided_channel, decided.feedback) == (
        "approved",
        "page",
        "and tell me when it runs",
    )


@pytest.mark.parametrize("is_emulator", [True, False])
async def test_an_emulator_is_marked_before_and_after_the_answer(desk: Desk, is_emulator: bool) -> None:
    change = create_cpu()
    origin = change.origin.model_copy(update={"is_emulator": is_emulator})
    _, url = await desk.ask(change.model_copy(update={"origin": origin}))
    _, asked, _ = await desk.get(url)
    _, answered = await desk.answer(url, decision="approve")
    assert ["EMULATOR: not the real cloud" in html for html in (asked, answered)] == [is_emulator] * 2


async def test_reject_needs_no_name(desk: Desk) -> None:
    approval, url = await desk.ask(create_a10())
    status, html = await desk.answer(url, decision="reject", instance_name="", feedback="")
    assert status == 200
    assert "Rejected" in html
    assert "Nothing was changed" in html
    assert (await desk.state(approval)).state == "rejected"


async def test_the_name_is_asked_for_only_where_it_is_needed(desk: Desk) -> None:
    _, with_name, _ = await desk.get((await desk.ask(create_a10()))[1])
    _, without, _ = await desk.get((await desk.ask(create_cpu()))[1])
    assert 'name="instance_name"' in with_name
    assert 'name="instance_name"' not in without


async def test_a_wrong_name_approves_nothing_and_keeps_the_note(desk: Desk) -> None:
    approval, url = await desk.ask(create_a10())
    status, html = await desk.answer(url, decision="approve", instance_name="llm_finetune", feedback="my <note>")
    assert status == 422
    assert "That is not the name of this instance" in html
    assert "my &lt;note&gt;</textarea>" in html
    assert (await desk.state(approval)).state == "waiting"
    status, _ = await desk.answer(
        url, decision="approve", instance_name="llm_finetune_a10", feedback="", token=token_in(html)
    )
    assert status == 200
    assert (await desk.state(approval)).state == "approved"


async def test_an_answer_without_a_decision_is_asked_again(desk: Desk) -> None:
    approval, url = await desk.ask()
    status, html = await desk.answer(url, feedback="hm")
    assert status == 422
    assert "Choose Approve or Reject" in html
    assert (await desk.state(approval)).state == "waiting"


async def test_a_second_answer_is_refused(desk: Desk) -> None:
    approval, url = await desk.ask()
    token = token_in((await desk.get(url))[1])
    await desk.answer(url, decision="reject", token=token)
    status, html = await desk.answer(url, decision="approve", token=token)
    assert status == 410
    assert "This was rejected already" in html
    assert (await desk.state(approval)).state == "rejected"


async def test_of_answers_at_the_same_moment_one_counts(desk: Desk) -> None:
    approval, url = await desk.ask()
    token = token_in((await desk.get(url))[1])
    said: list[tuple[int, str]] = []

    async def answer(decision: str) -> None:
        said.append(((await desk.answer(url, decision=decision, token=token))[0], decision))

    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(answer, "approve" if number % 2 else "reject")
    counted = [decision for status, decision in said if status == 200]
    assert len(counted) == 1
    assert sorted({status for status, _ in said}) == [200, 410]
    assert (await desk.state(approval)).state == {"approve": "approved", "reject": "rejected"}[counted[0]]


@pytest.mark.parametrize(
    ("fate", "told"),
    [
        ("approved", "This was approved already"),
        ("rejected", "This was rejected already"),
        ("used", "This approval was used"),
        ("expired", "The time for this is over"),
        ("superseded", "There is a newer request"),
    ],
)
async def test_a_link_that_is_done_with_says_so_and_has_no_buttons(desk: Desk, fate: str, told: str) -> None:
    approval, url = await desk.ask()
    if fate == "expired":
        desk.clock[0] += 600
    elif fate == "superseded":
        await desk.ask(create_cpu().model_copy(update={"fingerprint": "seen-2"}))
    else:
        await desk.journal.decide(approval.approval_id, approve=fate != "rejected", channel="terminal")
    if fate == "used":
        await desk.journal.begin(
            approval_id=approval.approval_id,
            operation_id="op-1",
            fingerprint="seen-1",
            scope=approval.change.scope,
            deadline_seconds=30,
            channels=frozenset({"terminal"}),
        )
    status, html, _ = await desk.get(url)
    assert status == 410
    assert told in html
    # Of an approval that is not used yet one thing is left to do.
    assert re.findall(r'<button[^>]* value="(\w+)"', html) == (["take_back"] if fate == "approved" else [])
    assert "notes" in html
    assert approval.reference in html


async def test_an_answer_that_comes_too_late_is_refused(desk: Desk) -> None:
    approval, url = await desk.ask()
    token = token_in((await desk.get(url))[1])
    desk.clock[0] += 600
    status, html = await desk.answer(url, decision="approve", token=token)
    assert status == 410
    assert "The time for this is over" in html
    assert (await desk.state(approval)).state == "expired"


@pytest.mark.parametrize(
    ("query", "accepted", "spoken"),
    [
        ("", "", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("", "fr, en-GB;q=0.5, zh;q=0.7", "zh-CN"),
        ("", "fr", "en"),
        ("", "zh;q=high, en;q=0.1", "en"),
        ("?lang=zh", "en", "zh-CN"),
        ("?lang=en", "zh", "en"),
        ("?lang=tlh", "zh", "zh-CN"),
    ],
)
async def test_the_page_speaks_the_language_of_its_reader(desk: Desk, query: str, accepted: str, spoken: str) -> None:
    _, url = await desk.ask()
    _, html, _ = await desk.get(url + query, **({"Accept-Language": accepted} if accepted else {}))
    assert f'<html lang="{spoken}">' in html
    assert ("创建实例" in html) == (spoken == "zh-CN")
    other = "en" if spoken == "zh-CN" else "zh"
    assert f'<a href="?lang={other}"' in html


async def test_without_a_wish_the_page_speaks_as_the_server_does(desk: Desk) -> None:
    approval, _ = await desk.ask()
    chinese = ApprovalPage(desk.journal, "zh")
    _, html, _ = await desk.get(await chinese.url(approval))
    await chinese.close()
    assert '<html lang="zh-CN">' in html


async def test_nothing_listens_before_the_first_link_and_all_links_share_one_server(desk: Desk) -> None:
    approval, _ = await desk.ask()
    page = ApprovalPage(desk.journal, "en")
    await page.close()
    links: list[str] = []

    async def link() -> None:
        links.append(await page.url(approval))

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(link)
    assert len(set(links)) == 1
    parts = urlsplit(links[0])
    assert parts.hostname == "127.0.0.1"
    assert re.fullmatch(r"/approve/[A-Za-z0-9_-]{22}", parts.path)
    assert approval.approval_id not in parts.path
    await page.close()
    with pytest.raises(OSError, match="connect"):
        await anyio.connect_tcp("127.0.0.1", parts.port or 0)


async def test_the_web_server_is_not_imported_with_the_page() -> None:
    code = "import sys, pai_dsw_mcp.approval.page; sys.exit('aiohttp' in sys.modules)"
    assert (await anyio.run_process([sys.executable, "-c", code], check=False)).returncode == 0
