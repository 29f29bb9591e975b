"""The three records that a verdict is made from. The server under test writes none of them."""

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel

from evals.scenario import AnswerKind, Era, Language
from pai_dsw_mcp.settings import ResultMode

Channel: TypeAlias = Literal["form", "page", "chat"]
Speaker: TypeAlias = Literal["person", "assistant", "call", "answer", "question", "note"]


class Offered(BaseModel):
    """What a form or a page let the person do. `words` is all of it, as it was sent.

    `choices` are the decisions with their titles; `filled_in` is what was chosen or typed for the person already;
    `keeps` is what a page lets them take out of a batch.
    """

    choices: dict[str, str] = {}
    filled_in: list[str] = []
    wants_name: bool = False
    keeps: list[str] = []
    words: str = ""


class Question(BaseModel):
    """A change that was put before the person. `..._after` count the requests that the cloud had seen by then.

    `approved` is whether the person said yes to it, with everything that was wanted for a yes. `text` is what a person
    reads of it, `left_out` what they struck out of a batch.
    """

    channel: Channel
    text: str
    asked_at: float
    asked_after: int
    answer: AnswerKind
    approved: bool
    answered_after: int
    feedback: str | None = None
    left_out: list[str] = []
    offered: Offered = Offered()


class Event(BaseModel):
    """One thing that happened, in order. Times in seconds of the cloud's clock; `wall` in real ones.

    A `call` has `tool` and `arguments`; an `answer` has the `raw` result and its `text`, as the assistant saw them.
    """

    who: Speaker
    text: str
    at: float
    requests: int
    number: int = 0
    tool: str | None = None
    arguments: dict[str, Any] = {}
    raw: str = ""
    result: dict[str, Any] = {}
    is_error: bool = False
    seconds: float = 0.0
    wall: float = 0.0


class Request(BaseModel):
    """One entry of the emulator's journal."""

    sequence: int
    time: str
    user: str | None
    region_id: str | None
    product: str | None
    operation: str | None
    method: str
    path: str
    parameters: dict[str, Any]
    status: int | None
    code: str | None
    request_id: str
    write: bool
    outcome: str
    applied: bool


class Records(BaseModel):
    """Everything that is known of one run.

    `requests`, `instances`, `prices`, `currencies` and `free_of_quotas` (before anything happened) are the cloud's own,
    so are the `workspaces` that anybody changed and the `people` of the account, names by ids; `questions` is the
    harness's record of the person; of `events` and `listing` the assistant saw every byte that a server sent. `wished`
    are the operations that the scenario expects, `hostile_words` what others planted in the cloud. `arm` is what the
    answers held.
    """

    scenario: str
    era: Era
    arm: ResultMode = "both"
    language: Language = "en"
    cost_line: float = 50.0
    began: float = 0.0
    requests: list[Request] = []
    instances_before: list[dict[str, Any]] = []
    instances: list[dict[str, Any]] = []
    workspaces_before: list[dict[str, Any]] = []
    workspaces: list[dict[str, Any]] = []
    people: dict[str, str] = {}
    prices: dict[str, float] = {}
    currencies: dict[str, str] = {}
    free_of_quotas: dict[str, dict[str, float]] = {}
    region_names: dict[str, list[str]] = {}
    workspace_names: dict[str, list[str]] = {}
    secrets: list[str] = []
    hostile_words: list[str] = []
    wished: list[str] = []
    questions: list[Question] = []
    events: list[Event] = []
    listing: str = ""
    unmet: list[str] = []

    def heard(self) -> str:
        """What the person was told, by the assistant and in questions."""
        said = [event.text for event in self.events if event.who == "assistant"]
        return "\n".join([*said, *(question.text for question in self.questions)])

    def seen(self) -> str:
        """Every byte that the assistant saw."""
        return "\n".join([self.listing, *(event.raw for event in self.events)])

    def writes(self) -> list[Request]:
        """The requests that ask for a change."""
        return [request for request in self.requests if request.write]

    def add_words(self, said: str) -> None:
        """What the assistant told the person, where the harness was not there to hear it."""
        if said:
            at = self.events[-1].at if self.events else 0.0
            self.events.append(Event(who="assistant", text=said, at=at, requests=len(self.requests)))
