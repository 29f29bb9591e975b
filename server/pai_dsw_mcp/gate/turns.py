"""One after the other, where several calls want the same at the same time."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio


class Turns:
    """A lock for each key, which is there only while somebody has it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[str, anyio.Lock] = {}

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncGenerator[bool]:
        """Waits for the turn; gives whether somebody had one before."""
        lock = self._locks.setdefault(key, anyio.Lock())
        had_to_wait = lock.locked()
        try:
            async with lock:
                yield had_to_wait
        finally:
            if not lock.locked():
                self._locks.pop(key, None)
