"""What was asked of the emulator and what became of it: the ground truth for tests and evaluations."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, cast

from pai_emulator.types import JsonObject, Product

Outcome: TypeAlias = Literal[
    "applied",
    "refused",
    "disconnected",
    "applied, reply lost",
    "applied, error replied",
    "refused, reply lost",
    "broken",
]
"""`applied`: the handler ran and its reply was sent. `refused`: an error was sent and nothing happened.
`disconnected`: the connection was closed and nothing happened. `broken`: the emulator itself failed, effect unknown.
The others say what happened, then what was sent."""

_SECRET_FIELDS = frozenset({"ImageAuth", "CodeServerPassword", "JupyterServerPassword", "SecurityToken"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `time` is the emulator's; `parameters` joins path, query and body, without secrets.

    `operation`, `product` and `user` are None where the request was refused before they were known.
    """

    sequence: int
    time: str
    user: str | None
    region_id: str | None
    product: Product | None
    operation: str | None
    method: str
    path: str
    parameters: JsonObject
    status: int | None
    code: str | None
    request_id: str
    write: bool
    outcome: Outcome

    @property
    def applied(self) -> bool:
        """Whether the operation took effect, whatever the caller was told."""
        return self.outcome.startswith("applied")


class Journal:
    """The entries in the order of arrival; `sequence` starts at 1."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def writes(self) -> list[Entry]:
        """Every request that asked for a change, whether or not it was applied."""
        return [entry for entry in self.entries if entry.write]

    def add(self, entry: Entry) -> None:
        """Append an entry."""
        self.entries.append(entry)

    def clear(self) -> None:
        """Start over; the next entry is the first again."""
        self.entries.clear()

    def to_json(self, after: int = 0) -> list[JsonObject]:
        """The entries whose `sequence` is greater than `after`, as JSON objects with `applied` spelled out."""
        return [{**asdict(entry), "applied": entry.applied} for entry in self.entries[after:]]


def without_secrets(value: Any) -> Any:
    """A copy of decoded JSON in which the values of secret fields are replaced by asterisks."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return {
            name: "***" if name in _SECRET_FIELDS and field else without_secrets(field)
            for name, field in fields.items()
        }
    if isinstance(value, list):
        return [without_secrets(item) for item in cast("list[Any]", value)]
    return value
