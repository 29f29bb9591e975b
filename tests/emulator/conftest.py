"""Clients of the emulator that need no SDK."""

from collections.abc import Iterator

import pytest

from pai_emulator.serve import Emulator
from tests.emulator.raw_client import RawClient


@pytest.fixture(scope="module")
def running_emulator() -> Iterator[Emulator]:
    """Measured, and made anew for every module, because an unmeasured test in between would end that."""
    with Emulator(seed=0) as emulator:
        yield emulator


@pytest.fixture
def admin(emulator: Emulator) -> Iterator[RawClient]:
    with RawClient(emulator.url, emulator.user("admin")) as client:
        yield client


@pytest.fixture
def viewer(emulator: Emulator) -> Iterator[RawClient]:
    with RawClient(emulator.url, emulator.user("viewer")) as client:
        yield client
