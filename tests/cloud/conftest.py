"""The cloud layer, pointed at the emulator."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_emulator.serve import Emulator
from tests.cloud.machine import Machine

CloudAs = Callable[..., Cloud]


@pytest.fixture
def cloud_as(emulator: Emulator) -> CloudAs:
    """A cloud for one of the emulator's users; whoever calls it closes it."""

    def make(name: str, **options: Any) -> Cloud:
        user = emulator.user(name)
        key = (user.access_key_id, user.access_key_secret)
        return Cloud(CloudOptions(endpoint=emulator.url, test_access_key=key, **options))

    return make


@pytest.fixture
async def cloud(cloud_as: CloudAs) -> AsyncIterator[Cloud]:
    async with cloud_as("admin") as cloud:
        yield cloud


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine of its own, without credentials."""
    return Machine(tmp_path, monkeypatch)
