"""Requests that are sent at the same time end together."""

import anyio
import pytest

from pai_dsw_mcp.cloud.gather import gather

pytestmark = pytest.mark.anyio


class Held:
    """Work that ends only when it is told to."""

    def __init__(self) -> None:
        self.began, self.has_ended = anyio.Event(), False

    async def __call__(self) -> int:
        self.began.set()
        try:
            await anyio.sleep_forever()
        finally:
            self.has_ended = True
        return 0


async def test_what_each_came_to_is_in_order() -> None:
    first_may_end = anyio.Event()

    async def first() -> int:
        await first_may_end.wait()
        return 1

    async def second() -> int:
        first_may_end.set()
        return 2

    assert await gather(first(), second()) == [1, 2]


async def test_when_one_fails_the_others_have_ended_before_anybody_hears_of_it() -> None:
    held = Held()

    async def fail() -> int:
        await held.began.wait()
        raise ValueError("one failed")

    with pytest.raises(ValueError, match="one failed"):
        await gather(held(), fail())
    assert held.has_ended


async def test_a_call_that_is_cancelled_ends_them_all() -> None:
    one, other = Held(), Held()
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: gather(one(), other()))
        await one.began.wait()
        await other.began.wait()
        group.cancel_scope.cancel()
    assert (one.has_ended, other.has_ended) == (True, True)
