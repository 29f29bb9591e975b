"""People who read on and on, and never a second time, while servers come and go."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import anyio
from httpx2 import HTTPError
from mcp.shared.exceptions import MCPError

from tests.support.desk import REGION, text_of
from tests.team.replicas import Entrance

READERS: Final = 6
_CALLS: Final = 20
"""Calls over one connection: people come and go."""


@dataclass
class Rolling:
    """What they were answered."""

    entrances: Sequence[Entrance]
    answered: int = 0
    failed: list[str] = field(default_factory=list[str])
    _ended: bool = False
    _read: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(0))

    @asynccontextmanager
    async def readers(self) -> AsyncGenerator[None]:
        """They read while the block runs, and each of them at least once."""
        async with anyio.create_task_group() as tasks:
            for number in range(READERS):
                tasks.start_soon(self._read_on, number)
            yield
            self._ended = True

    async def answers(self, more: int) -> None:
        """Waits until they have so many more, with or without an answer."""
        for _ in range(more):
            await self._read.acquire()

    async def _read_on(self, number: int) -> None:
        turn = number
        while not self._ended:
            turn += 1
            try:
                async with self.entrances[turn % len(self.entrances)].client() as client:
                    for _ in range(_CALLS):
                        listed = await client.call_tool("list_instances", {"region_id": REGION, "limit": 20})
                        self.answered += 1
                        if listed.is_error:
                            self.failed.append(text_of(listed)[:200])
                        self._read.release()
            except* (MCPError, HTTPError) as errors:
                self.failed.append(repr(errors.exceptions)[:200])
                self._read.release()
