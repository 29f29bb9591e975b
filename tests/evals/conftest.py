"""One set of clouds for all scenarios of a worker."""

from collections.abc import Generator
from pathlib import Path

import pytest

from evals.cloud import Clouds


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Evaluations prove nothing by the lines they pass: coverage comes from the tests of each part."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def clouds() -> Generator[Clouds]:
    with Clouds() as shared:
        yield shared
