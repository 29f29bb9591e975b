"""Lists that are verified to be complete: a caller has to be able to rely on "there is no such name"."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Final, TypeVar

from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.errors import ErrorKind, ReplyError, ServiceError

ItemT = TypeVar("ItemT")

PAGE_SIZE: Final = 100
"""Rows asked for at a time. No document names a maximum; if the service gives fewer, its number is used."""
_SMALLER: Final = (50, 10)
"""Asked for in turn where the service refuses more. 10 is its own default."""

_READINGS: Final = 4
"""Where a whole team creates and stops, a list of several pages often changes while it is read."""
_IN_FLIGHT: Final = 12
_PAGES: Final = 2000
"""More pages than any account has rows for; a count beyond it is not believed."""


class _UnstableError(Exception):
    """The pages do not fit together."""


async def read_all(
    operation: str,
    fetch: Callable[[int, int], Awaitable[tuple[tuple[ItemT, ...], int]]],
    identify: Callable[[ItemT], str],
) -> tuple[ItemT, ...]:
    """Every row of a list. `fetch` gives the rows and the total count of a page, counted from 1, of a size.

    The list counts as complete when every page was read, each gave the same total, none was short and no row came
    twice. Rows that move between pages while they are read break this; then everything is read anew.

    Raises:
        CloudError: LIST_UNVERIFIED when it did not fit together in any of four readings, or what `fetch` raises.
    """
    reason = ""
    for _ in range(_READINGS):
        try:
            return await _read_once(fetch, identify)
        except _UnstableError as error:
            reason = str(error)
    raise ReplyError(ErrorKind.LIST_UNVERIFIED, operation=operation, message=reason)


async def _read_once(
    fetch: Callable[[int, int], Awaitable[tuple[tuple[ItemT, ...], int]]], identify: Callable[[ItemT], str]
) -> tuple[ItemT, ...]:
    (first, total), size = await _read_first(fetch)
    pages = [first]
    if len(first) < total:
        if not first:
            raise _UnstableError(f"the first page is empty, the count is {total}")
        stride = len(first)
        count = -(-total // stride)
        if count > _PAGES:
            raise _UnstableError(f"the count of {total} is not plausible")
        pages += await _read_rest(lambda number: fetch(number, size), count, total)
    rows = tuple(row for page in pages for row in page)
    if len(rows) != total:
        raise _UnstableError(f"{len(rows)} rows came, the count is {total}")
    if len({identify(row) for row in rows}) != total:
        raise _UnstableError("a row came twice")
    return rows


async def _read_first(
    fetch: Callable[[int, int], Awaitable[tuple[tuple[ItemT, ...], int]]],
) -> tuple[tuple[tuple[ItemT, ...], int], int]:
    """The first page, and the largest size that is not refused; what is refused in every size is raised."""
    size = PAGE_SIZE
    for smaller in _SMALLER:
        try:
            return await fetch(1, size), size
        except ServiceError as error:
            if error.kind is not ErrorKind.INVALID_PARAMETER:
                raise
            size = smaller
    return await fetch(1, size), size


async def _read_rest(
    fetch: Callable[[int], Awaitable[tuple[tuple[ItemT, ...], int]]], count: int, total: int
) -> list[tuple[ItemT, ...]]:
    """Pages 2 to `count`, several at a time; each page is kept as parsed rows, without its raw reply."""
    pages: dict[int, tuple[ItemT, ...]] = {}
    numbers = iter(range(2, count + 1))

    async def work(numbers: Iterator[int]) -> None:
        for number in numbers:
            rows, count_now = await fetch(number)
            if count_now != total:
                raise _UnstableError(f"the count changed from {total} to {count_now}")
            pages[number] = rows

    await gather(*(work(numbers) for _ in range(min(_IN_FLIGHT, count - 1))))
    return [pages[number] for number in range(2, count + 1)]
