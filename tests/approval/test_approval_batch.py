"""Several changes under one yes: each is shown, each can be struck out, and how many remain is typed."""

from pathlib import Path

import pytest

from pai_dsw_mcp.approval import terminal
from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.plain_text import as_plain_text
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change
from tests.approval.changes_to_show import create_cpu, share, stop_several
from tests.approval.page_desk import Desk
from tests.approval.person_at_terminal import Person

pytestmark = pytest.mark.anyio

IDS = [f"dsw-0000000{number}" for number in range(1, 4)]


def test_every_change_is_told_with_its_place_and_what_belongs_to_it() -> None:
    text = as_plain_text(describe("K7Q2-9MTX", stop_several(), "en"))
    assert "How many: 3" in text
    assert [line.partition(" \u00b7 ")[0] for line in text.splitlines() if line.startswith("+ ")] == [
        f"+ Stop instance: forgotten_{number}" for number in range(1, 4)
    ]
    assert all(each in text for each in IDS)


async def test_all_are_chosen_on_the_page_and_what_is_unchecked_is_left_out(desk: Desk) -> None:
    approval, url = await desk.ask(stop_several())
    html = (await desk.get(url))[1]
    assert html.count(" checked>") == 3
    status, _ = await desk.answer(url, decision="approve", instance_name="2", keep=[IDS[0], IDS[2]])
    now = await desk.state(approval)
    assert (status, now.state, now.left_out) == (200, "approved", (IDS[1],))


@pytest.mark.parametrize(("kept", "typed"), [(IDS, "2"), (IDS, ""), (IDS[:2], "3"), ([], "0"), ([], "3")], ids=str)
async def test_only_the_right_number_of_at_least_one_counts_and_the_choice_is_kept(
    desk: Desk, kept: list[str], typed: str
) -> None:
    approval, url = await desk.ask(stop_several())
    status, html = await desk.answer(url, decision="approve", instance_name=typed, keep=kept)
    assert (status, (await desk.state(approval)).state) == (422, "waiting")
    assert html.count(" checked>") == len(kept)


async def test_a_no_needs_no_number(desk: Desk) -> None:
    approval, url = await desk.ask(stop_several())
    await desk.answer(url, decision="reject", instance_name="", keep=IDS)
    assert (await desk.state(approval)).state == "rejected"


async def test_what_follows_a_change_is_shown_and_cannot_be_struck_out(desk: Desk) -> None:
    change = create_cpu().model_copy(update={"then": (share(),)})
    approval, url = await desk.ask(change)
    html = (await desk.get(url))[1]
    assert "Then, under the same yes" in html
    assert "checkbox" not in html
    await desk.answer(url, decision="approve")
    assert (await desk.state(approval)).left_out == ()


@pytest.mark.parametrize(
    ("answers", "left_out"),
    [
        (["yes", "", "3"], ()),
        (["yes", "forgotten_2", "2"], (IDS[1],)),
        (["yes", "forgotten_2\uff0cdsw-00000003", "1"], (IDS[1], IDS[2])),
        (["yes", "nobody", "3", "yes", "", "2", "yes", "forgotten_1", "2"], (IDS[0],)),
    ],
    ids=["all", "one by its name", "two", "until it is right"],
)
async def test_the_terminal_asks_what_to_leave_out_and_how_many_remain(
    tmp_path: Path, answers: list[str], left_out: tuple[str, ...]
) -> None:
    now, _ = await asked_at_the_terminal(tmp_path, stop_several(), answers)
    assert (now.state, now.left_out) == ("approved", left_out)


async def test_the_terminal_asks_for_ids_where_names_are_shared(tmp_path: Path) -> None:
    several = stop_several()
    first, second, third = several.then
    shared = {"target_name": first.target_name, "has_namesake": True}
    then = (first.model_copy(update=shared), second.model_copy(update=shared), third)
    change = several.model_copy(update={"then": then})
    now, shown = await asked_at_the_terminal(tmp_path, change, ["yes", IDS[1], "2"])
    assert now.left_out == (IDS[1],)
    assert "Leave out which? Ids, with commas (Enter = none):" in shown
    _, shown = await asked_at_the_terminal(tmp_path / "unique", several, ["yes", "", "3"])
    assert "Leave out which? Names, with commas (Enter = none):" in shown


async def asked_at_the_terminal(folder: Path, change: Change, answers: list[str]) -> tuple[Approval, str]:
    """The approval after these answers, and what the terminal showed."""
    journal = Journal(folder / "journal.sqlite3")
    approval = await journal.ask(
        principal="ada",
        tool=change.action,
        arguments_digest=change.arguments_digest,
        change=change,
        channel="terminal",
        channels=frozenset({"terminal"}),
    )
    person = Person(0)
    with person.answering(*answers):
        assert await terminal.run(journal, "en", stdin=person.stdin, stdout=person.stdout) == 0
    now = await journal.get(approval.approval_id)
    journal.close()
    assert now is not None
    return now, person.shown
