"""A link belongs to the process that asked: no other server over the same journal shows or decides it."""

from urllib.parse import urlsplit

import pytest

from pai_dsw_mcp.approval.page import ApprovalPage
from tests.approval.page_desk import Desk, origin, token_in

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("asked_there_too", [False, True])
async def test_a_link_means_nothing_to_another_server(desk: Desk, *, asked_there_too: bool) -> None:
    approval, url = await desk.ask()
    token = token_in((await desk.get(url))[1])
    await desk.page.close()
    # As whoever takes over the port learns the path from a click on the old link.
    another, other = (
        ApprovalPage(desk.journal, "en"),
        await desk.journal.ask(
            principal="ada",
            tool="t",
            arguments_digest="another",
            change=approval.change,
            channel="page",
            channels=frozenset({"page"}),
        ),
    )
    there = await another.url(approval if asked_there_too else other)
    taken_over = origin(there) + urlsplit(url).path
    status, html, _ = await desk.get(taken_over)
    assert status == 404
    assert approval.reference not in html
    for each in (token, token_in((await desk.get(there))[1])):
        assert (await desk.answer(taken_over, decision="approve", token=each))[0] == 404
    assert (await desk.state(approval)).state == "waiting"
    await another.close()


async def test_neither_the_id_in_the_journal_nor_the_reference_opens_a_page(desk: Desk) -> None:
    approval, url = await desk.ask()
    for known in (approval.approval_id, approval.reference, ""):
        assert (await desk.get(f"{origin(url)}/approve/{known}"))[0] == 404


async def test_a_new_run_gives_its_own_link_to_what_still_waits(desk: Desk) -> None:
    approval, url = await desk.ask()
    await desk.page.close()
    assert not desk.page.has_link(approval)
    again = await desk.page.url(approval)
    assert urlsplit(again).path != urlsplit(url).path
    assert (await desk.answer(again, decision="approve"))[0] == 200
    assert (await desk.state(approval)).state == "approved"
