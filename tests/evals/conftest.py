"""One set of clouds for all scenarios of a worker."""

from collections.abc import Generator

import pytest

from evals.cloud import Clouds


@pytest.fixture(scope="session")
def clouds() -> Generator[Clouds]:
    with Clouds() as shared:
        yield shared
