"""Every scenario holds, the eras taking turns, and every server that is broken on purpose is caught."""

import json
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from evals.broken.catalogue import BROKEN
from evals.broken.server import Broken
from evals.cloud import Clouds
from evals.loading import scenario, scenarios
from evals.play import play_one, try_broken
from evals.rules.catalogue import SERVER_RULES
from evals.scenario import Era, Scenario
from pai_dsw_mcp.settings import ResultMode

pytestmark = pytest.mark.anyio


def runs() -> Iterator[Any]:
    """Each scenario once, in which eras and forms of answers take turns; `make evals` plays each of them in all."""
    for number, each in enumerate(scenarios()):
        eras, arms = each.client.eras, get_args(ResultMode)
        era, arm = eras[number % len(eras)], arms[number // 2 % len(arms)]
        yield pytest.param(each, era, arm, id=f"{each.id}-{era}-{arm}")


@pytest.mark.parametrize(("scenario", "era", "arm"), list(runs()))
async def test_a_scenario_comes_out_as_it_says(scenario: Scenario, era: Era, arm: ResultMode, clouds: Clouds) -> None:
    run = await play_one(scenario, era, clouds, arm=arm)
    assert run.verdict.passed, "\n".join(run.verdict.problems())


@pytest.mark.parametrize("arm", ["text", "structured"])
async def test_who_reads_one_form_of_an_answer_gets_nothing_of_the_other(arm: ResultMode, clouds: Clouds) -> None:
    run = await play_one(scenario("find-cpu-image"), "modern", clouds, arm=arm)
    (answer,) = (event for event in run.records.events if event.who == "answer")
    sent = json.loads(answer.raw)
    texts = [block["text"] for block in sent["content"]]
    assert answer.result["total"] == ("2" if arm == "text" else 2)
    assert (sent["structured_content"] is None) == (arm == "text")
    assert ([answer.text] == texts) == (arm == "text")
    assert "modelscope" in answer.text


@pytest.mark.parametrize(("scenario", "era"), [(scenarios()[0], era) for era in scenarios()[0].client.eras])
async def test_the_same_scenario_twice_is_the_same(scenario: Scenario, era: Era, clouds: Clouds) -> None:
    first, second = await play_one(scenario, era, clouds), await play_one(scenario, era, clouds)
    ids = [[request.request_id for request in run.records.requests] for run in (first, second)]
    assert ids[0] == ids[1] != []
    assert [row["InstanceId"] for row in first.records.instances] == [
        row["InstanceId"] for row in second.records.instances
    ]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda each: each.name)
async def test_a_broken_server_is_caught_by_the_rule_that_is_meant_to(broken: Broken, clouds: Clouds) -> None:
    control = await try_broken(broken, clouds)
    assert broken.caught_by in control.failed


def test_every_rule_about_the_server_catches_a_broken_one() -> None:
    assert set(SERVER_RULES) <= {broken.caught_by for broken in BROKEN}
