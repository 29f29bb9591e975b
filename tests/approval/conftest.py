"""A page over a journal of its own, for every test that asks for it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.approval.page_desk import Desk, page_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with page_desk(tmp_path) as served:
        yield served
