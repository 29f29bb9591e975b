"""One set of clouds for all scenarios of a worker."""

from collections.abc import Generator

import pytest

from evals.cloud import Clouds
from tests.support.unmeasured import unmeasured


@pytest.fixture(autouse=True)
def without_coverage() -> Generator[None]:
    """Evaluations prove nothing by the lines they pass: coverage comes from the tests of each part."""
    with unmeasured():
        yield


@pytest.fixture(scope="session")
def clouds() -> Generator[Clouds]:
    with Clouds() as shared:
        yield shared
