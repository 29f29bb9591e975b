"""One good run of a scenario, for tests that change its records and look what the verdict then says."""

import anyio

from evals.cloud import Clouds
from evals.loading import scenario
from evals.play import play_one
from evals.records import Question, Records
from evals.scenario import Era
from evals.verdict import Verdict, judge


def played(clouds: Clouds, scenario_id: str, era: Era = "modern") -> Records:
    """Its records."""
    return anyio.run(play_one, scenario(scenario_id), era, clouds).records


def judged(records: Records) -> Verdict:
    """The verdict on records, however they came about."""
    return judge(scenario(records.scenario), records)


def saying(question: Question, old: str, new: str) -> None:
    """Puts other words into a question; the old ones must be there."""
    assert old in question.text
    question.text = question.text.replace(old, new)
