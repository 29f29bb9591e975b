"""A few scenarios as they are in life: the server as a process on stdio, or behind Streamable HTTP."""

import pytest

from evals.cloud import Clouds
from evals.links import Link
from evals.loading import scenario
from evals.play import play_one
from evals.scenario import Era
from tests.support.programs import PYTHON

pytestmark = pytest.mark.anyio


SCENARIOS = ("create-cpu-notebook", "stop-declined", "create-approved-on-the-page")
ERAS: tuple[Era, ...] = ("legacy", "modern")
RUNS: list[tuple[str, Link, Era]] = [
    *((each, "http", era) for each in SCENARIOS for era in ERAS),
    # Each is a process: every scenario and both eras, but not each in each.
    *((each, "stdio", era) for each, era in zip(SCENARIOS, ("legacy", "modern", "legacy"), strict=True)),
]


@pytest.mark.parametrize(("scenario_id", "link", "era"), RUNS)
async def test_a_scenario_comes_out_the_same_over(
    scenario_id: str, link: Link, era: Era, clouds: Clouds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", PYTHON)
    run = await play_one(scenario(scenario_id), era, clouds, link)
    assert run.verdict.passed, "\n".join(run.verdict.problems())
