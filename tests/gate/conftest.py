"""A server over the emulator of the test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import Desk, make_desk
from tests.support.steering import Steering


@pytest.fixture
def new_desk(steering: Steering, tmp_path: Path) -> Callable[..., Desk]:
    """Makes a server with any settings over the emulator of this test."""

    def make(**settings: Any) -> Desk:
        return make_desk(steering, tmp_path, **settings)

    return make


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk()
