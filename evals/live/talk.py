"""A conversation with a server under test whose assistant is not scripted; it keeps the same records as a replay."""

import json
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from evals.cloud import CloudInUse
from evals.harness import Conversation
from evals.live.person import reply_to
from evals.records import Event
from evals.scenario import Era, Scenario

Sees: TypeAlias = Literal["both", "text", "structured"]
"""What a host hands its model of a result: hosts differ."""


class Seen(NamedTuple):
    """What a model reads of an answer."""

    text: str
    is_error: bool


class Talk(Conversation):
    """One conversation that a model leads, in the memory of this process."""

    def __init__(self, scenario: Scenario, era: Era, cloud: CloudInUse, folder: Path, sees: Sees = "both") -> None:
        super().__init__(scenario, era, cloud, folder, "memory")
        self._one = scenario
        self._sees: Sees = sees
        self._turn = 0

    async def use(self, tool: str, arguments: dict[str, Any]) -> Seen:
        """Calls a tool; what the host would show to the model."""
        return as_seen(await self.call(tool, arguments), self._sees)

    def reply(self, said: str) -> str | None:
        """What the person says to the words with which the assistant ends its turn; None when nothing."""
        reply = reply_to(self._one, said, self.questions, self._turn)
        if reply is not None:
            self._turn += 1
            self.hear(reply)
        return reply


def as_seen(answer: Event, sees: Sees) -> Seen:
    """An answer as a host shows it. An error is a text on every host, and so is a result that is nothing else."""
    structured = json.dumps(answer.result, ensure_ascii=False)
    if answer.is_error or not answer.result or sees == "text":
        return Seen(answer.text, answer.is_error)
    return Seen(structured if sees == "structured" else f"{answer.text}\n\n{structured}", is_error=False)
