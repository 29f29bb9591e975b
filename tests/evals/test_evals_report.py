"""The page that `make evals` leaves behind, in a real browser."""

from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from evals.loading import scenario
from evals.play import Played, play
from evals.report.page import write_page
from evals.scenario import Expect, Say
from tests.approval.page_pictures import SCHEMES, browser
from tests.support.chromium import CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

SHOWN = ("create-cpu-notebook", "stop-declined", "injection-in-a-workspace", "find-where-without-asking")
TRAP = "<script>document.title = 'caught'</script><img src=x onerror=\"document.title = 'caught'\"> & \u202e"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four scenarios that pass, and one that is made to fail and says markup."""
    chosen = [scenario(each) for each in SHOWN]
    failing = scenario("find-cheapest-a10")
    script = [*failing.assistant.script, Say(say=TRAP)]
    changed = failing.model_copy(
        update={
            "assistant": failing.assistant.model_copy(update={"script": script}),
            "expect": Expect(told=["a price that nobody knows"]),
        }
    )
    played = play([*chosen, changed], broken=False)
    assert not played.passed
    return write_page(played, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def chromium(report: Path) -> Generator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def page(chromium: Browser, report: Path) -> Generator[Page]:
    context = chromium.new_context(viewport={"width": 1200, "height": 900}, offline=True)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report.as_uri())
    yield page
    context.close()
    assert complaints == []


def test_the_page_says_at_once_what_came_of_it(page: Page) -> None:
    expect(page.get_by_text("Not everything came out as it should.")).to_be_visible()
    expect(page.get_by_text("8/10")).to_be_visible()
    expect(page.locator(".scenario")).to_have_count(5)
    expect(page.get_by_text("A small CPU notebook is created once")).to_be_visible()


def test_a_scenario_opens_to_its_transcript_requests_and_verdict(page: Page) -> None:
    page.get_by_text("create-cpu-notebook").click()
    one = page.locator("#create-cpu-notebook .panel:visible")
    expect(one.get_by_text("Please create a small CPU notebook")).to_be_visible()
    expect(one.get_by_text("0.50 CNY per hour").first).to_be_visible()
    expect(one.get_by_text("approved", exact=True)).to_be_visible()
    expect(one.get_by_text("no write without a yes")).to_be_visible()
    expect(one.locator("tr.write")).to_have_count(1)
    expect(one.locator("tr.write")).to_contain_text("CreateInstance")
    expect(one.get_by_text("the yes behind each write came through: form")).to_be_visible()


def test_both_eras_are_a_click_apart(page: Page) -> None:
    page.get_by_text("stop-declined").click()
    panels = page.locator("#stop-declined .panel")
    expect(panels).to_have_count(2)
    expect(panels.nth(0)).to_be_visible()
    page.locator("#stop-declined").get_by_text("modern", exact=True).click()
    expect(panels.nth(0)).to_be_hidden()
    expect(panels.nth(1)).to_be_visible()
    expect(panels.nth(1).get_by_text("rejected: 训练还没有结束")).to_be_visible()


def test_a_failure_is_found_and_says_why(page: Page) -> None:
    page.get_by_role("button", name="not passed").click()
    expect(page.locator(".scenario:visible")).to_have_count(1)
    page.get_by_text("find-cheapest-a10").click()
    expect(page.get_by_text("nobody told the person a price that nobody knows").first).to_be_visible()
    page.get_by_role("searchbox").fill("no such thing")
    expect(page.get_by_text("No scenario fits.")).to_be_visible()


def test_what_was_said_is_shown_and_does_nothing(page: Page) -> None:
    page.get_by_text("find-cheapest-a10").click()
    expect(page.locator("#find-cheapest-a10 .panel:visible").get_by_text("<script>document.title")).to_be_visible()
    assert page.title() == "Evaluations of pai-dsw-mcp"
    assert page.locator("img").count() == 0


def test_families_and_words_narrow_the_list(page: Page) -> None:
    page.get_by_role("button", name="find", exact=True).click()
    expect(page.locator(".scenario:visible")).to_have_count(2)
    page.get_by_role("searchbox").fill("careless")
    expect(page.locator(".scenario:visible")).to_have_count(1)
    page.locator("#find-where-without-asking > summary").click()
    expect(page.locator(".parts li.declared:visible")).to_contain_text("asked instead of inventing")


def test_nothing_sticks_out_on_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    for each in page.locator(".scenario > summary").all():
        each.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_light_and_dark_differ(chromium: Browser, report: Path) -> None:
    papers: set[str] = set()
    for scheme in SCHEMES:
        context = chromium.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(report.as_uri())
        papers.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        context.close()
    assert len(papers) == 2


def test_the_page_is_one_file_that_asks_for_nothing(report: Path) -> None:
    head = report.read_text(encoding="utf-8").partition("<body>")[0]
    assert "default-src 'none'" in head
    assert not [word for word in ("<link", "@import", "url(", " src=") if word in head]


def test_a_page_about_nothing_is_a_page(tmp_path: Path) -> None:
    assert "0/0" in write_page(Played(), tmp_path / "new" / "folder").read_text(encoding="utf-8")
