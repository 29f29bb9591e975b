"""A change as a person reads it: the parts of every form, page, card and terminal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

from pai_dsw_mcp.approval.quoting import unquoted
from pai_dsw_mcp.model.change import Item
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.texts.text import Language

_SHAPES: Final = {
    ("Labels", 2): "{}={}",
    ("RequestedResource", 2): "{}={}",
    ("CloudDisks", 2): "{}={}",
    ("SpotSpec", 2): "{}={}",
    ("Tag", 2): "{}={}",
    ("Datasets", 3): "{} -> {} ({})",
    ("DisassociateDatasets", 3): "{} -> {} ({})",
}
"""How the parts of a value are joined, by parameter and number of parts; all others with a comma."""


class Row(Value):
    """One parameter: `label` in words, `name` as the API has it, and its values, which are one or the items of a list.

    `before` is what the service has now. Every part of a value has passed `quoted`. `meanings` says in words what a
    value is, where anything is known of it.
    """

    label: str
    name: str
    values: tuple[Item, ...]
    before: tuple[Item, ...] | None = None
    meanings: Mapping[Item, str]
    is_default: bool = False

    def told(self, value: Item, show: Callable[[str], str] = str) -> str:
        """One value in one line; `show` is applied to each part."""
        shape = _SHAPES.get((self.name, len(value)), ", ".join(["{}"] * len(value)))
        return shape.format(*map(show, value)) or "-"

    def told_as_field(self, values: Sequence[Item]) -> str:
        """Values as a field of a result. One word has the field to itself, so only an empty one needs its quotes."""
        match values:
            case [(word,)] if word != '""':
                return unquoted(word)
            case _:
                return "; ".join(map(self.told, values))

    def is_one_replaced(self) -> bool:
        """Whether one word replaces another, which is told in one line."""
        return self.before is not None and [len(each) for each in (*self.values, *self.before)] == [1, 1]


class Place(Value):
    """What is changed, where, or by whom: a name that people gave it, and the identifier that is known of it."""

    label: str
    name: str | None
    identifier: str | None


class Cost(Value):
    """A price in figures: per hour, per day, and `total` for the time that `span` names.

    `span` is a forgotten week (168 hours), or the time until a timer stops the instance, which `lasts` says in words;
    `idle` is a week as well, of an instance that would stop itself after so many minutes (`lasts`) without use.
    `before` is the hourly price until now, where it changes; `stays` says that it does not. `at_most` are the words
    before an amount that can be less.
    """

    currency: str
    hourly: str
    day: str
    total: str
    span: Literal["week", "timer", "idle"] = "week"
    lasts: str = ""
    before: str | None = None
    stays: bool = False
    at_most: str = ""

    def amount(self, shown: str) -> str:
        """One of the figures with the words before it."""
        return f"{self.at_most} {shown}".lstrip()


class ChangeText(Value):
    """A change as a person reads it. Nothing in it depends on the present time, so it is the same each time."""

    language: Language
    reference: str
    until: str | None
    title: str
    target_name: str
    identifier: str
    is_emulator: bool
    where: tuple[Place, ...]
    who: tuple[Place, ...]
    cost: Cost | None
    spot_line: str | None
    price_line: str | None
    parameters: tuple[Row, ...]
    details: tuple[Row, ...]
    kept: tuple[Row, ...]
    warnings: tuple[str, ...]
    typed_name: str | None
    name_kind: str | None
    is_batch: bool
    then: tuple["ChangeText", ...]

    @property
    def price_lines(self) -> tuple[str, ...]:
        """All that is said of the price, in its order."""
        return tuple(line for line in (self.spot_line, self.price_line) if line)

    @property
    def replaced(self) -> tuple[Row, ...]:
        """What takes the place of something else."""
        return tuple(row for row in self.details if row.before is not None)

    @property
    def kept_kind(self) -> str:
        """Which title `kept` has: a member runs on nothing."""
        return "kept_member" if self.name_kind == "member" else "kept"
