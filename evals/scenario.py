"""What a scenario is: one person's wish, a cloud, a client, a scripted assistant, and what must hold in the end."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Discriminator, Field, JsonValue, PositiveFloat, Tag, model_validator

from pai_emulator.faults.model import Fault
from pai_emulator.fixture import Fixture

Era: TypeAlias = Literal["legacy", "modern"]
"""The protocol: `legacy` shakes hands (2025-11-25), `modern` does not (2026-07-28)."""
ClientKind: TypeAlias = Literal["form", "page", "chat", "none"]
"""How a person can be reached: in a form, on the approval page, in the conversation with a code, or not at all."""
Family: TypeAlias = Literal[
    "find",
    "create",
    "reuse",
    "update",
    "start_stop",
    "wait",
    "recover",
    "permission",
    "workspace",
    "refuse",
    "injection",
    # Their tools come later.
    "save",
    "auto_stop",
    "cost",
    "members",
]
Language: TypeAlias = Literal["en", "zh"]
AnswerKind: TypeAlias = Literal[
    "approve",
    "reject",
    "close",
    "accept_empty",
    "no_decision",
    "wrong_name",
    "similar_name",
    "no_name",
    "never",
]
Character: TypeAlias = Literal["good", "careless", "hostile"]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CloudStart(Model):
    """The cloud before the first word is said."""

    fixture: str | Fixture | None = Field(
        default=None, description="A file in evals/fixtures, without .json, or a fixture."
    )
    seed: int = 0
    user: Literal["admin", "developer", "viewer", "nobody"] = Field(
        default="admin", description="Whose rights the server has; `nobody` has a key that the cloud does not know."
    )
    faults: list[Fault] = []
    hostile_words: list[str] = Field(default=[], description="In the fixture: text that gives orders or misleads.")
    secrets: list[str] = Field(default=[], description="Text in the fixture that nobody may ever be shown.")


class ClientSide(Model):
    """The client, and how the server behind it was started."""

    kind: ClientKind = "form"
    eras: list[Era] = Field(default=["legacy", "modern"], min_length=1)
    approve: Literal["auto", "form"] = Field(default="auto", description="`form` refuses where no form can be shown.")
    read_only: bool = False
    flags: list[str] = Field(default=[], description="Further flags of the operator, such as `--max-running=1`.")
    cost_line: PositiveFloat = Field(default=50.0, description="Price per hour from which the name is typed back.")
    environment: dict[str, str] = Field(default={}, description="Variables of the operator's --env-file, by name.")
    image_auths: dict[str, str] = Field(
        default={}, description="Sign-ins of the operator's --image-auth-file: user:password by host."
    )


class Answer(Model):
    """How the person answers the questions that contain `to`; the first answer that fits is taken."""

    answer: AnswerKind
    to: str = Field(default="", description="Part of the question, in either case; empty fits every question.")
    times: int | None = Field(default=None, ge=1, description="So often; without it always.")
    feedback: str | None = None
    leaves_out: list[str] = Field(default=[], description="Of a batch: the ids of the instances to strike out.")


class Person(Model):
    """Rejects whatever no answer fits."""

    answers: list[Answer] = []
    reads_first: int = Field(default=1, ge=1, description="So many forms are open before the first one is answered.")
    knows: dict[str, str] = Field(default={}, description="What the person can tell when a live assistant asks.")


class Expected(Model):
    """What a call must come to. Judged in replay only, because a live assistant makes other calls."""

    error: bool = False
    result: dict[str, JsonValue] = Field(default={}, description="Part of the structured result.")
    text: list[str] = Field(default=[], description="Parts of the text, in either case.")


class Call(Model):
    """The assistant calls a tool. `${saved.field}` in an argument stands for a value of an earlier result."""

    call: str
    arguments: dict[str, JsonValue] = {}
    save: str | None = None
    expect: Expected = Expected()


class Together(Model):
    """Several calls at the same time."""

    together: list[Call] = Field(min_length=2)


class Say(Model):
    """The assistant says something. A link in it is opened by a person who is at a page; a code is read in a chat."""

    say: str


class Hear(Model):
    """The person says something."""

    person: str


class Advance(Model):
    """Time passes, in seconds."""

    advance: PositiveFloat


class Meddle(Model):
    """Somebody else overwrites fields of an instance (its name or its id)."""

    meddle: str
    set: dict[str, JsonValue]


class Misbehave(Model):
    """From here on the cloud has these faults and no others."""

    faults: list[Fault]


class Restart(Model):
    """The server ends and starts again, with the same journal."""

    restart: Literal[True]


STEPS: Mapping[str, type[Model]] = {
    "call": Call,
    "together": Together,
    "say": Say,
    "person": Hear,
    "advance": Advance,
    "meddle": Meddle,
    "faults": Misbehave,
    "restart": Restart,
}


def _kind_of_step(value: Any) -> str | None:
    given = cast("Mapping[str, Any]", value if isinstance(value, dict) else vars(value))
    return next((name for name in STEPS if name in given), None)


Step: TypeAlias = Annotated[
    Annotated[Call, Tag("call")]
    | Annotated[Together, Tag("together")]
    | Annotated[Say, Tag("say")]
    | Annotated[Hear, Tag("person")]
    | Annotated[Advance, Tag("advance")]
    | Annotated[Meddle, Tag("meddle")]
    | Annotated[Misbehave, Tag("faults")]
    | Annotated[Restart, Tag("restart")],
    Discriminator(_kind_of_step),
]


class Assistant(Model):
    """The scripted assistant. A good one breaks no rule; what the others break is declared in `expect.breaches`."""

    character: Character = "good"
    script: list[Step] = Field(min_length=1)


class Between(Model):
    """A number of requests, both ends included."""

    at_least: int = 0
    at_most: int | None = None


class Expect(Model):
    """What must hold when all is said and done."""

    instances: list[dict[str, JsonValue]] | Literal["unchanged"] = Field(
        default="unchanged",
        description="Every instance there is, as far as given, in the wire's names; order does not matter.",
    )
    workspaces: list[dict[str, JsonValue]] = Field(
        default=[],
        description="Every workspace that is not as it was, as far as given, in the wire's names; Members has the roles"
        " by name, Configs the values by category and key. None unless given.",
    )
    requests: dict[str, int | Between] = Field(default={}, description="By operation. A write not named is never sent.")
    told: list[str | list[str]] = Field(
        default=[],
        description="What the person must have been told, of a list any; the server must have said it before.",
    )
    not_told: list[str] = []
    questions: int | None = Field(default=None, description="How often the person was asked to approve.")
    tool_calls: Between | None = None
    breaches: list[str] = Field(
        default=[], description="The rules that are broken in the end: this assistant breaks them."
    )


class Scenario(Model):
    """One scenario, which is one YAML file."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    family: Family
    language: Language
    shows: str = Field(description="One sentence: what this scenario is there for.")
    acceptance: list[str] = Field(default=[], description="Acceptance criteria that this scenario is.")
    request: str = Field(description="The wish, in the person's words.")
    cloud: CloudStart = CloudStart()
    client: ClientSide = ClientSide()
    person: Person = Person()
    assistant: Assistant
    expect: Expect = Expect()

    @model_validator(mode="after")
    def _breaches_are_declared_by_those_who_break(self) -> Self:
        if self.expect.breaches and self.assistant.character == "good":
            message = "a good assistant breaks no rule"
            raise ValueError(message)
        return self
