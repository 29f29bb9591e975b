"""A desk over the emulator for every test of a reading tool."""

from pathlib import Path

import pytest

from pai_emulator.serve import Emulator
from tests.tools.reading_desk import Desk


@pytest.fixture
def desk(emulator: Emulator, tmp_path: Path) -> Desk:
    return Desk(emulator, tmp_path)


@pytest.fixture(params=["legacy", "auto"])
def era(request: pytest.FixtureRequest) -> str:
    """The protocol of the handshake, and the one without."""
    return request.param
