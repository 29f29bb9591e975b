"""The page over real HTTP: the answers that it does not take."""

from pathlib import Path
from urllib.parse import urlsplit

import anyio
import pytest

from pai_dsw_mcp.approval.page import ApprovalPage
from tests.approval.changes_to_show import create_cpu
from tests.approval.page_desk import Desk, origin, token_in

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/", "/approve/", "/approve/AAAAAAAAAAAAAAAAAAAAAA", "/approve/../approve"])
async def test_an_unknown_link_is_not_found(desk: Desk, path: str) -> None:
    _, url = await desk.ask()
    status, html, response = await desk.get(origin(url) + path)
    assert status == 404
    assert "Nothing waits under this link" in html
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_no_other_method_is_served(desk: Desk, method: str) -> None:
    approval, url = await desk.ask()
    async with desk.session.request(method, url) as response:
        assert response.status == 405
        assert "Content-Security-Policy" in response.headers
    assert (await desk.state(approval)).state == "waiting"


async def test_opening_the_link_decides_nothing(desk: Desk) -> None:
    approval, url = await desk.ask()
    await desk.get(f"{url}?decision=approve")
    assert (await desk.state(approval)).state == "waiting"


@pytest.mark.parametrize("host", ["evil.example", "localhost", "127.0.0.1", "evil.example:80"])
async def test_a_foreign_host_is_refused(desk: Desk, host: str) -> None:
    approval, url = await desk.ask()
    named = f"localhost:{urlsplit(url).port}" if host == "localhost" else host
    status, html, _ = await desk.get(url, Host=named)
    assert status == 421
    assert approval.reference not in html
    status, _ = await desk.answer(url, {"Host": named}, decision="approve")
    assert status == 421
    assert (await desk.state(approval)).state == "waiting"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ""},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Content-Type": "text/plain"},
    ],
)
async def test_an_answer_from_anywhere_else_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    approval, url = await desk.ask()
    status, html = await desk.answer(url, headers, decision="approve")
    assert status == 403
    assert "This answer was refused" in html
    assert (await desk.state(approval)).state == "waiting"


async def test_a_browser_that_says_same_origin_is_believed(desk: Desk) -> None:
    approval, url = await desk.ask()
    status, _ = await desk.answer(url, {"Sec-Fetch-Site": "same-origin"}, decision="approve")
    assert status == 200
    assert (await desk.state(approval)).state == "approved"


async def test_an_answer_needs_the_token_of_its_own_page(desk: Desk) -> None:
    approval, url = await desk.ask(create_cpu())
    other = await desk.journal.ask(
        principal="ada",
        tool="t",
        arguments_digest="another",
        change=create_cpu(),
        channel="page",
        channels=frozenset({"page"}),
    )
    of_another = token_in((await desk.get(await desk.page.url(other)))[1])
    for token in ("", "0" * 64, of_another, "ü"):
        status, _ = await desk.answer(url, decision="approve", token=token)
        assert status == 403
    assert (await desk.state(approval)).state == "waiting"


async def test_the_token_of_another_process_is_refused(desk: Desk) -> None:
    approval, url = await desk.ask()
    elsewhere = ApprovalPage(desk.journal, "en")
    token = token_in((await desk.get(await elsewhere.url(approval)))[1])
    await elsewhere.close()
    status, _ = await desk.answer(url, decision="approve", token=token)
    assert status == 403
    assert (await desk.state(approval)).state == "waiting"


async def test_a_file_in_place_of_a_word_is_no_answer(desk: Desk) -> None:
    approval, url = await desk.ask()
    status, _ = await desk.answer(url, {"Content-Type": "multipart/form-data; boundary=x"}, decision="approve")
    assert status == 403
    assert (await desk.state(approval)).state == "waiting"


async def test_a_huge_answer_is_refused(desk: Desk) -> None:
    approval, url = await desk.ask()
    status, _ = await desk.answer(url, decision="approve", feedback="x" * 20_000)
    assert status == 413
    assert (await desk.state(approval)).state == "waiting"


async def test_a_journal_that_fails_is_told_and_decides_nothing(desk: Desk, tmp_path: Path) -> None:
    _, url = await desk.ask()
    desk.journal.close()
    await anyio.Path(tmp_path).chmod(0o755)
    status, html, _ = await desk.get(url)
    assert status == 500
    assert "The answer could not be recorded" in html
    assert "chmod 700" in html
    await anyio.Path(tmp_path).chmod(0o700)
