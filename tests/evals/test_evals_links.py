"""A few scenarios as they are in life: the server as a process on stdio, or behind Streamable HTTP."""

import pytest

from evals.cloud import Clouds
from evals.links import Link
from evals.loading import scenario
from evals.play import play_one
from evals.scenario import Era

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("era", ["legacy", "modern"])
@pytest.mark.parametrize("link", ["stdio", "http"])
@pytest.mark.parametrize("scenario_id", ["create-cpu-notebook", "stop-declined", "create-approved-on-the-page"])
async def test_a_scenario_comes_out_the_same_over(scenario_id: str, link: Link, era: Era, clouds: Clouds) -> None:
    run = await play_one(scenario(scenario_id), era, clouds, link)
    assert run.verdict.passed, "\n".join(run.verdict.problems())
