"""The journal's tests run over both databases."""

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import Hands
from tests.support.postgres import Cluster


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def new_journal(each_database: Cluster | None, tmp_path: Path, hands: Hands) -> Generator[Callable[[], Journal]]:
    """Makes the journal of one more server process over the same state, all by the clock of the test."""
    made: list[Journal] = []

    def make() -> Journal:
        def now() -> float:
            return hands.wall

        def elapsed() -> float:
            return hands.monotonic

        path = tmp_path / "journal.sqlite3"
        made.append(
            each_database.journal(now=now, elapsed=elapsed)
            if each_database
            else Journal(path, now=now, elapsed=elapsed)
        )
        return made[-1]

    yield make
    for journal in made:
        journal.close()


@pytest.fixture
def journal(new_journal: Callable[[], Journal]) -> Journal:
    return new_journal()
