"""Good runs of scenarios, for tests that change their records and look what the verdict then says."""

import anyio

from evals.cloud import Clouds
from evals.harness import replay
from evals.loading import scenario
from evals.records import Question, Records
from evals.scenario import Era
from evals.verdict import Verdict, judge

_PLAYED: dict[tuple[str, Era], Records] = {}
"""Each is played once; what a test changes is a copy."""


def played(clouds: Clouds, scenario_id: str, era: Era = "modern") -> Records:
    """Its records."""
    key = (scenario_id, era)
    if key not in _PLAYED:
        _PLAYED[key] = anyio.run(replay, scenario(scenario_id), era, clouds)
    return _PLAYED[key].model_copy(deep=True)


def judged(records: Records) -> Verdict:
    """The verdict on records, however they came about."""
    return judge(scenario(records.scenario), records)


def saying(question: Question, old: str, new: str) -> None:
    """Puts other words into a question; the old ones must be there."""
    assert old in question.text
    question.text = question.text.replace(old, new)
