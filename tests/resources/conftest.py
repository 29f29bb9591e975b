"""A connection in each protocol era."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.resources.ask import Reader, reader


@pytest.fixture(params=["legacy", "2026-07-28"])
async def asking(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Reader]:
    async with reader(tmp_path, request.param) as connected:
        yield connected
