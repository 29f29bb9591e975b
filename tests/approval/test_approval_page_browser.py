"""The page in a real browser, as a person meets it."""

from collections.abc import Generator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pai_dsw_mcp.model.change import Parameter
from tests.approval.changes_to_show import create_a10, create_cpu, create_that_stops_itself, stop, update_to_larger
from tests.approval.page_pictures import SCHEMES, Desk, browser, desk
from tests.support.chromium import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def chromium() -> Generator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def asked(tmp_path: Path) -> Generator[Desk]:
    with desk(tmp_path) as served:
        yield served


@pytest.fixture
def page(chromium: Browser) -> Generator[Page]:
    context = chromium.new_context(locale="en-US")
    yield context.new_page()
    context.close()


def test_a_person_reads_the_change_and_approves_it(asked: Desk, page: Page) -> None:
    url, approval_id = asked.ask(create_a10())
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(url)
    expect(page.get_by_role("heading", name="Create instance llm_finetune_a10")).to_be_visible()
    expect(page.get_by_text("9.53", exact=True)).to_be_visible()
    expect(page.get_by_text("1,601.04 CNY")).to_be_visible()
    expect(page.get_by_text("ecs.gn7i-c8g1.2xlarge")).to_be_visible()
    page.get_by_label("To approve, type the instance name").fill("llm_finetune_a10")
    page.get_by_text("Add a note for the assistant").click()
    page.get_by_label("The assistant reads it").fill("run the notebook next")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    expect(page.get_by_text("Return to the chat")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    assert asked.state(approval_id) == ("approved", "run the notebook next")
    assert [text for text in complaints if "favicon" not in text and "404" not in text] == []


def test_a_person_rejects_without_typing_the_name(asked: Desk, page: Page) -> None:
    url, approval_id = asked.ask(stop())
    page.goto(url)
    expect(page.get_by_text("Everything that runs in llm_finetune_a10 ends")).to_be_visible()
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("heading", name="Rejected")).to_be_visible()
    assert asked.state(approval_id) == ("rejected", None)


def test_the_enter_key_after_the_name_approves(asked: Desk, page: Page) -> None:
    url, approval_id = asked.ask(create_a10())
    page.goto(url)
    page.get_by_label("To approve, type the instance name").fill("llm_finetune_a10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    assert asked.state(approval_id)[0] == "approved"


def test_a_wrong_name_is_told_and_a_right_one_then_counts(asked: Desk, page: Page) -> None:
    url, approval_id = asked.ask(create_a10())
    page.goto(url)
    name = page.get_by_label("To approve, type the instance name")
    page.get_by_role("button", name="Approve").click()
    assert asked.state(approval_id)[0] == "waiting"
    name.fill("llm_finetune")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not the name of this instance. Nothing was approved.")
    assert asked.state(approval_id)[0] == "waiting"
    name.fill("llm_finetune_a10")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()


def test_a_second_use_is_refused(asked: Desk, page: Page) -> None:
    url, approval_id = asked.ask(create_cpu())
    page.goto(url)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    page.go_back()
    page.goto(url)
    expect(page.get_by_role("heading", name="This was approved already")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    page.get_by_role("button", name="Take the approval back").click()
    expect(page.get_by_role("heading", name="The approval was taken back")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    assert asked.state(approval_id)[0] == "rejected"


def test_a_foreign_name_for_this_machine_is_refused(asked: Desk, page: Page) -> None:
    url, _ = asked.ask(create_cpu())
    reply = page.goto(url.replace("127.0.0.1", "localhost"))
    assert reply is not None
    assert reply.status == 421
    expect(page.get_by_role("button")).to_have_count(0)


def test_a_form_of_a_foreign_page_is_refused(asked: Desk, page: Page) -> None:
    url, approval_id = asked.ask(create_cpu())
    page.goto(url)
    token = page.locator("input[name=token]").get_attribute("value")
    form = (
        f'<form method="post" action="{url}"><input name="token" value="{token}">'
        '<button name="decision" value="approve">win</button></form>'
    )
    page.route("http://evil.example/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://evil.example/")
    page.get_by_role("button", name="win").click()
    page.wait_for_load_state()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    assert asked.state(approval_id)[0] == "waiting"


def test_a_foreign_page_cannot_frame_it(asked: Desk, page: Page) -> None:
    url, _ = asked.ask(create_cpu())
    page.route(
        "http://evil.example/",
        lambda route: route.fulfill(body=f'<iframe src="{url}"></iframe>', content_type="text/html"),
    )
    page.goto("http://evil.example/")
    expect(page.frame_locator("iframe").get_by_role("button", name="Approve")).to_have_count(0)


def test_everything_works_without_javascript(asked: Desk, chromium: Browser) -> None:
    url, approval_id = asked.ask(create_a10())
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    page.locator("#instance_name").fill("llm_finetune_a10")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    context.close()
    assert asked.state(approval_id)[0] == "approved"


def test_the_reader_switches_to_chinese_and_back_and_the_answer_is_in_that_language(asked: Desk, page: Page) -> None:
    url, _ = asked.ask(create_cpu())
    page.goto(url)
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="创建实例 notes")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    page.get_by_role("link", name="中文").click()
    page.get_by_role("button", name="拒绝").click()
    expect(page.get_by_role("heading", name="已拒绝")).to_be_visible()


def test_a_chinese_browser_is_met_in_chinese(asked: Desk, chromium: Browser) -> None:
    url, _ = asked.ask(create_cpu())
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(url)
    expect(page.get_by_role("button", name="批准")).to_be_visible()
    context.close()


ORDER = """
(text) => {
  const walker = document.createTreeWalker(document.querySelector(".sent"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.data.includes(text)) continue;
    const row = walker.currentNode.parentElement.closest(".mono");
    const letters = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    const seen = [];
    while (letters.nextNode()) {
      for (let i = 0; i < letters.currentNode.data.length; i++) {
        const range = document.createRange();
        range.setStart(letters.currentNode, i);
        range.setEnd(letters.currentNode, i + 1);
        const { left, top } = range.getBoundingClientRect();
        seen.push({ left, top, letter: letters.currentNode.data[i] });
      }
    }
    return seen.sort((a, b) => a.top - b.top || a.left - b.left).map((each) => each.letter).join("");
  }
}
"""


def test_a_value_is_read_in_the_order_in_which_it_is_sent(asked: Desk, page: Page) -> None:
    mount = ("oss://b/\u05d0\u05d1 12 34 \u05d2", "/mnt/5 \u0639", "RW")
    parameter = Parameter(name="Datasets", value=(mount,))
    url, _ = asked.ask(create_cpu().model_copy(update={"parameters": (parameter,), "fingerprint": "rtl"}))
    page.goto(f"{url}?lang=en")
    assert page.evaluate(ORDER, "12 34") == f'"{mount[0]}" -> "{mount[1]}" (RW)'


def test_a_value_that_calls_itself_the_default_is_not_marked_as_one(asked: Desk, page: Page) -> None:
    labels = Parameter(name="Labels", value=(("team", "ml default"), ("size", "ml (default)")))
    url, _ = asked.ask(create_cpu().model_copy(update={"parameters": (labels,), "fingerprint": "default"}))
    page.goto(f"{url}?lang=en")
    rows = page.locator(".sent dl > div").filter(has_text="ml")
    expect(rows).to_have_count(2)
    expect(rows.locator(".default")).to_have_count(0)


CONTRAST = """
() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((c) => c / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    const color = channels(getComputedStyle(element).backgroundColor);
    return color.length === 4 && color[3] === 0 ? ground(element.parentElement) : color;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let worst = 21;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
    worst = Math.min(worst, (a + 0.05) / (b + 0.05));
  }
  return worst;
}
"""


def test_every_word_can_be_read_by_day_and_by_night(asked: Desk, page: Page) -> None:
    url, _ = asked.ask(create_a10())
    for scheme, language in product(SCHEMES, LANGUAGES):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{url}?lang={language}")
        red, green, blue = (
            int(part) for part in page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)")
        )
        assert (red + green + blue > 600) == (scheme == "light"), language
        assert page.evaluate(CONTRAST) >= 4.5, (scheme, language)


def test_nothing_runs_off_the_side(asked: Desk, page: Page) -> None:
    long = "x" * 300
    for change, language in product((create_a10(), update_to_larger(), stop()), LANGUAGES):
        worst = change.model_copy(update={"workspace_name": long, "target_name": long, "fingerprint": long})
        url, _ = asked.ask(worst, digest=f"{change.action} {language}")
        for width in (320, 375, 1280):
            page.set_viewport_size({"width": width, "height": 700})
            page.goto(f"{url}?lang={language}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (change.action, language)


BROKEN = """
() => {
  const walker = document.createTreeWalker(document.querySelector(".then"), NodeFilter.SHOW_TEXT);
  const broken = [];
  while (walker.nextNode()) {
    for (const { 0: word, index } of walker.currentNode.data.matchAll(/[A-Za-z0-9]+/g)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, index);
      range.setEnd(walker.currentNode, index + word.length);
      if (new Set([...range.getClientRects()].map((each) => each.top)).size > 1) broken.push(word);
    }
  }
  return broken;
}
"""


def test_a_follow_up_breaks_no_word(asked: Desk, page: Page) -> None:
    url, _ = asked.ask(create_that_stops_itself())
    for width, language in product((320, 900), LANGUAGES):
        page.set_viewport_size({"width": width, "height": 1500})
        page.goto(f"{url}?lang={language}")
        assert page.evaluate(BROKEN) == [], (width, language)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_approve_and_reject_are_far_apart_and_easy_to_hit(asked: Desk, page: Page) -> None:
    url, _ = asked.ask(create_a10())
    for width, apart in ((1280, 150), (375, 16)):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{url}?lang=en")
        yes = page.get_by_role("button", name="Approve").bounding_box()
        no = page.get_by_role("button", name="Reject").bounding_box()
        assert yes is not None
        assert no is not None
        gap = max(no["x"] - yes["x"] - yes["width"], no["y"] - yes["y"] - yes["height"])
        assert gap >= apart
        assert min(yes["height"], no["height"]) >= 44
        assert (yes["width"] > width * 0.7) == (width == 375)
