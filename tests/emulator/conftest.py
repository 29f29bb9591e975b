"""Clients of the emulator that need no SDK."""

from collections.abc import Iterator

import pytest

from pai_emulator.serve import Emulator
from tests.emulator.raw_client import RawClient


@pytest.fixture
def admin(emulator: Emulator) -> Iterator[RawClient]:
    with RawClient(emulator.url, emulator.user("admin")) as client:
        yield client


@pytest.fixture
def viewer(emulator: Emulator) -> Iterator[RawClient]:
    with RawClient(emulator.url, emulator.user("viewer")) as client:
        yield client
