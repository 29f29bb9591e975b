"""The keys that all servers over one journal share: a new one seals only when every server has had time to read it."""

from collections.abc import Callable

import pytest

from pai_dsw_mcp.journal.state_keys import ROTATED_AFTER, SPREAD
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import Hands

pytestmark = pytest.mark.anyio


async def test_servers_that_begin_together_have_the_same_key(new_journal: Callable[[], Journal]) -> None:
    (first,) = await new_journal().state_keys()
    assert await new_journal().state_keys() == (first,)
    assert len(first) == 64


async def test_a_new_key_opens_at_once_seals_later_and_the_one_before_goes_on_opening(
    journal: Journal, hands: Hands
) -> None:
    (first,) = await journal.state_keys()
    hands.pass_seconds(ROTATED_AFTER)
    sealing, second = await journal.state_keys()
    assert sealing == first != second
    hands.pass_seconds(SPREAD - 1)
    assert await journal.state_keys() == (first, second)
    hands.pass_seconds(1)
    assert await journal.state_keys() == (second, first)
    hands.pass_seconds(ROTATED_AFTER - SPREAD - 1)
    assert await journal.state_keys() == (second, first)


async def test_a_key_that_nothing_waits_for_any_more_is_deleted(journal: Journal, hands: Hands) -> None:
    (first,) = await journal.state_keys()
    hands.pass_seconds(3 * ROTATED_AFTER)
    (second,) = await journal.state_keys()
    assert second != first
