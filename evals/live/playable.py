"""Which scenarios a live assistant can play, and why it cannot play the others."""

from collections.abc import Iterable, Mapping
from typing import Final

from evals.loading import ScenarioError, scenario, scenarios
from evals.scenario import Advance, Meddle, Misbehave, Model, Restart, Scenario

_OBSTACLES: Final[Mapping[type[Model], str]] = {
    Advance: "time passes at a moment that its script chooses",
    Meddle: "somebody else changes an instance at a moment that its script chooses",
    Misbehave: "the cloud goes wrong at a moment that its script chooses",
    Restart: "the server starts again at a moment that its script chooses",
}


def obstacle(one: Scenario) -> str | None:
    """Why nobody but its script can play a scenario; None when a live assistant can."""
    if one.assistant.character != "good":
        return f"it is about an assistant that is {one.assistant.character}"
    return next((_OBSTACLES[type(step)] for step in one.assistant.script if type(step) in _OBSTACLES), None)


def playable() -> list[Scenario]:
    """Every scenario that a live assistant can play."""
    return [each for each in scenarios() if obstacle(each) is None]


def chosen(ids: Iterable[str]) -> list[Scenario]:
    """The scenarios of these ids, all playable ones when none is given; raises ScenarioError for any other."""
    wanted = [scenario(each) for each in ids]
    for each in wanted:
        reason = obstacle(each)
        if reason is not None:
            raise ScenarioError(f"{each.id} cannot be played live: {reason}")
    return wanted or playable()
