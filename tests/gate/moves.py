"""What may happen in a conversation: moves of assistants, of persons, and of a nemesis."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pai_emulator.faults.model import Fault
from tests.support.desk import Answer

Seat: TypeAlias = Literal["legacy", "modern", "bare", "second"]
Forgery: TypeAlias = Literal["no state", "state of another", "other arguments", "tampered"]


@dataclass(frozen=True, slots=True)
class Call:
    """A call; forms are answered at once, those of a modern client perhaps not at all (None)."""

    seat: Seat
    tool: str
    arguments: tuple[tuple[str, Any], ...]
    answer: Answer | None = "yes"


@dataclass(frozen=True, slots=True)
class Again:
    """The last call once more, as an impatient assistant does it."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a question that was left open, or the replay of one that was answered."""

    which: int
    answer: Answer = "yes"


@dataclass(frozen=True, slots=True)
class Forge:
    """A yes that nobody said, under a state that does not belong to it."""

    which: int
    how: Forgery


@dataclass(frozen=True, slots=True)
class Page:
    """Somebody decides on the page."""

    which: int
    approve: bool


@dataclass(frozen=True, slots=True)
class Together:
    """Calls at the same time."""

    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """Somebody else changes an instance."""

    which: int
    field: str
    value: Any


@dataclass(frozen=True, slots=True)
class Wait:
    """Time goes by."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """The next request of this operation meets a fault."""

    fault: Fault


Step: TypeAlias = Call | Again | Reply | Forge | Page | Together | Edit | Wait | Trouble
