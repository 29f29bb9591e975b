"""Every criterion of references/acceptance-criteria.md is a scenario."""

import re
from typing import get_args

from evals.loading import HOME, scenarios
from evals.scenario import AnswerKind

PAGE = HOME.parent / "references" / "acceptance-criteria.md"


def criteria() -> set[str]:
    return set(re.findall(r"(?m)^\| (A\d+) \|", PAGE.read_text(encoding="utf-8")))


def test_every_criterion_is_held_by_a_good_assistant_or_tried_by_another() -> None:
    assert len(criteria()) > 20
    assert {each for scenario in scenarios() for each in scenario.acceptance} == criteria()


def test_there_are_scenarios_of_every_family_client_and_character() -> None:
    assert len(scenarios()) > 50
    families = {each.family for each in scenarios()}
    assert families == {
        *("find", "create", "reuse", "update", "start_stop", "wait"),
        *("recover", "permission", "workspace", "refuse", "injection", "save", "auto_stop", "members", "cost"),
    }
    assert {each.client.kind for each in scenarios()} == {"form", "page", "chat", "none"}
    assert {each.assistant.character for each in scenarios()} == {"good", "careless", "hostile"}
    answers = {answer.answer for each in scenarios() for answer in each.person.answers}
    assert answers == set(get_args(AnswerKind))
