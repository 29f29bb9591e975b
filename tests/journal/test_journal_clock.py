"""Time that is set back does not lengthen a yes."""

from collections.abc import Callable

import pytest

from pai_dsw_mcp.journal.clock import Clock
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import Hands, approved, ask

pytestmark = pytest.mark.anyio


def test_the_clock_follows_the_wall() -> None:
    hands = Hands()
    clock = Clock(lambda: hands.monotonic)
    hands.pass_seconds(10)
    assert clock.read(hands.wall) == hands.wall


def test_a_wall_clock_set_back_is_carried_on_by_the_monotonic_clock() -> None:
    hands = Hands()
    clock = Clock(lambda: hands.monotonic)
    start = clock.read(hands.wall)
    hands.wall -= 3600
    assert clock.read(hands.wall) == start
    hands.pass_seconds(5)
    assert clock.read(hands.wall) == start + 5
    hands.pass_seconds(5)
    assert clock.read(hands.wall) == start + 10


def test_a_machine_that_slept_is_believed_its_wall_clock() -> None:
    hands = Hands()
    clock = Clock(lambda: hands.monotonic)
    clock.read(hands.wall)
    hands.wall += 3600
    assert clock.read(hands.wall) == hands.wall


async def test_a_yes_ends_in_time_although_the_clock_is_set_back(journal: Journal, hands: Hands) -> None:
    approval = await approved(journal)
    hands.wall -= 3600
    hands.pass_seconds(600)
    late = await journal.get(approval.approval_id)
    assert late is not None
    assert late.state == "expired"


async def test_a_restart_does_not_turn_the_time_back(new_journal: Callable[[], Journal], hands: Hands) -> None:
    before = new_journal()
    early = await ask(before, digest="d1")
    hands.pass_seconds(590)
    await ask(before, digest="d2")
    before.close()
    hands.wall -= 7 * 24 * 3600
    after = new_journal()
    assert len(await after.waiting()) == 2
    hands.pass_seconds(10)
    assert [one.arguments_digest for one in await after.waiting()] == ["d2"]
    assert early.expires_at == 1_000_600.0


async def test_the_time_is_the_one_that_is_written_down(journal: Journal, hands: Hands) -> None:
    hands.wall += 3600
    asked = await ask(journal)
    hands.wall -= 3600
    hands.pass_seconds(5)
    assert await journal.time() == asked.asked_at + 5
