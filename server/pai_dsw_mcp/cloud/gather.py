"""Several requests at the same time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")


async def gather(*work: Coroutine[Any, Any, T]) -> list[T]:
    """The results in order. No task outlives the call, even where one fails or the call is cancelled.

    An orphaned request would open connections again after they were closed.
    """
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def both(first: Coroutine[Any, Any, A], second: Coroutine[Any, Any, B]) -> tuple[A, B]:
    """As `gather`, for two results of different types."""
    results: list[Any] = await gather(first, second)
    return results[0], results[1]
