"""One set of clouds for all scenarios of a worker."""

from collections.abc import Generator

import pytest

from evals.cloud import Clouds


@pytest.fixture(autouse=True)
def evaluations_count_for_no_coverage(without_coverage: None) -> None:
    """They prove nothing by the lines they pass: coverage comes from the tests of each part."""


@pytest.fixture(scope="session")
def clouds() -> Generator[Clouds]:
    with Clouds() as shared:
        yield shared
