"""The change as rows that form, page, terminal and chat show in their own way. Nothing is ever shortened.

What the server knows (what, where, price) comes first and in its own words. Text that others wrote is untrusted: hidden
characters are escaped, and anything but a plain word is quoted. So a value cannot hide or add a line, look like two
values, or pass for the server's words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from pai_dsw_mcp.model.change import OPERATION_LABEL, Change, Item, Parameter, Price, Sentence
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.sanitize import is_hidden, look_alikes
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.texts.render import CATALOGUE, render, say
from pai_dsw_mcp.texts.text import Language

MESSAGE_BYTES: Final = 2048
_WORD: Final = re.compile(r"[A-Za-z0-9_.:/*\-]+|[0-9.,]+ [A-Z]{3}")
"""A plain word or an amount of money: it contains none of our separators, so it needs no quotation marks."""
_SHAPES: Final = {
    ("Labels", 2): "{}={}",
    ("Datasets", 3): "{} -> {} ({})",
    ("DisassociateDatasets", 3): "{} -> {} ({})",
}
"""How the parts of a value are joined, by parameter and number of parts; all others with a comma."""
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_MOST_LETTERS: Final = 3


class Row(Value):
    """One parameter: `label` in words, `name` as the API has it, and its values, which are one or the items of a list.

    `before` is what the service has now. Every part of a value has passed `quoted`.
    """

    label: str
    name: str
    values: tuple[Item, ...]
    before: tuple[Item, ...] | None = None
    is_default: bool = False

    def told(self, value: Item, show: Callable[[str], str] = str) -> str:
        """One value in one line; `show` is applied to each part."""
        shape = _SHAPES.get((self.name, len(value)), ", ".join(["{}"] * len(value)))
        return shape.format(*map(show, value)) or "-"


class Place(Value):
    """What is changed, or where: a name that people gave it, and the identifier that the service knows."""

    label: str
    name: str | None
    identifier: str | None


class Cost(Value):
    """A price in figures, per hour and for a forgotten week (168 hours); `before` is the hourly price until now."""

    currency: str
    hourly: str
    week: str
    before: str | None = None


class ChangeText(Value):
    """A change as a person reads it. Nothing in it depends on a clock, so the same change gives the same text."""

    language: Language
    reference: str
    title: str
    target_name: str
    where: tuple[Place, ...]
    cost: Cost | None
    price_line: str | None
    parameters: tuple[Row, ...]
    details: tuple[Row, ...]
    warnings: tuple[str, ...]
    typed_name: str | None


def describe(approval_reference: str | None, change: Change, language: Language) -> ChangeText:
    """The change in one language; there is no reference before anybody is asked.

    `parameters` is everything that will be sent; `details` omits what `where` (instance, region, workspace) shows.
    """
    cost = _cost(change)
    sent = (*change.parameters, *_operation_label(approval_reference, change))
    notes = (*change.warnings, *_look_alikes(change))
    return ChangeText(
        language=language,
        reference=approval_reference or "",
        title=say(f"action_{change.action}", language),
        target_name=visible(change.target_name),
        where=_where(change, language),
        cost=cost,
        price_line=_price_line(cost, language),
        parameters=tuple(_row(each, language) for each in sent),
        details=tuple(_row(each, language) for each in sent if not _is_told_by_where(each, change)),
        warnings=tuple(render(note, language) for note in _joined(notes)),
        typed_name=change.typed_name,
    )


def as_plain_text(text: ChangeText) -> str:
    """The change for a form, a terminal or a chat: one value a line, every parameter in full.

    These channels cannot isolate right-to-left text from its surroundings, so it is escaped.
    """

    def part(key: str, **values: object) -> str:
        return say(key, text.language, **values)

    def line(label: str, value: str) -> str:
        return part("change_line", label=label, value=value)

    sent = [f"- {line(label, value)}" if label else f"  {value}" for label, value in _lines(text)]
    written = [
        text.title,
        *([text.price_line] if text.price_line else []),
        *(line(place.label, " · ".join(filter(None, (place.name, place.identifier)))) for place in text.where),
        *([part("change_sent"), *sent] if sent else []),
        *([part("change_warnings"), *(f"! {warning}" for warning in text.warnings)] if text.warnings else []),
        *([part("change_type_name", instance_name=visible(text.typed_name))] if text.typed_name else []),
        line(part("change_reference"), text.reference),
    ]
    return _left_to_right("\n".join(written))


def fits_a_message(written: str) -> bool:
    """Whether the text fits into a form or a chat; longer text belongs on the page."""
    return len(written.encode()) <= MESSAGE_BYTES


def quoted(text: str) -> str:
    """A plain word unchanged; anything else escaped, in quotation marks that it cannot close."""
    return text if _WORD.fullmatch(text) else '"' + visible(text).replace('"', '\\"') + '"'


def visible(text: str) -> str:
    """The text on one line, with every character that is not plainly visible escaped."""
    return "".join(character if _is_seen(character) else _number(character) for character in text)


def figure(value: float) -> str:
    """An amount of money: two digits, up to four where the price has them, with separators for thousands."""
    digits = f"{value:,.4f}"
    return digits[:-2] if digits.endswith("00") else digits.rstrip("0")


def _is_seen(character: str) -> bool:
    return character.isprintable() and not is_hidden(character) and character != "\\"


def _left_to_right(text: str) -> str:
    return "".join(_number(each) if unicodedata.bidirectional(each) in _RIGHT_TO_LEFT else each for each in text)


def _number(character: str) -> str:
    return "\\\\" if character == "\\" else f"\\u{{{ord(character):x}}}"


def _where(change: Change, language: Language) -> tuple[Place, ...]:
    region = REGIONS.get(change.region_id)
    region_name = (region.zh if language == "zh" else region.en) if region else None
    places = (
        (f"change_{change.spec.target}", quoted(change.target_name), change.target_id),
        ("change_region", region_name, change.region_id),
        ("change_workspace", change.workspace_name and quoted(change.workspace_name), change.workspace_id),
    )
    return tuple(
        Place(label=say(key, language), name=name, identifier=identifier and quoted(identifier))
        for key, name, identifier in places
        if name or identifier
    )


def _operation_label(approval_reference: str | None, change: Change) -> tuple[Parameter, ...]:
    """The label by which a new instance is recognised if the reply is lost; it is sent, so it is shown."""
    if not change.spec.creates or approval_reference is None:
        return ()
    return (Parameter(name="Labels", value=((OPERATION_LABEL, approval_reference),), is_default=True),)


def _is_told_by_where(parameter: Parameter, change: Change) -> bool:
    told = {
        "RegionId": change.region_id,
        "WorkspaceId": change.workspace_id,
        change.spec.id_parameter: change.target_id,
        change.spec.name_parameter: change.target_name,
    }
    return parameter.value == told.get(parameter.name)


def _cost(change: Change) -> Cost | None:
    if change.price is None:
        return None
    before = change.price_before
    return Cost(
        currency=visible(change.price.currency),
        hourly=figure(change.price.hourly),
        week=figure(round(change.price.weekly, 2)),
        before=None if before is None or before == change.price else _with_currency(before, change.price),
    )


def _with_currency(before: Price, now: Price) -> str:
    shown = figure(before.hourly)
    return shown if before.currency == now.currency else f"{shown} {visible(before.currency)}"


def _price_line(cost: Cost | None, language: Language) -> str | None:
    if cost is None:
        return None
    shown = f"{cost.before} -> {cost.hourly}" if cost.before else cost.hourly
    return say("price_line", language, hourly=shown, week=cost.week, currency=cost.currency)


def _row(parameter: Parameter, language: Language) -> Row:
    key = f"parameter_{parameter.name}"
    return Row(
        label=say(key, language) if key in CATALOGUE else quoted(parameter.name),
        name=quoted(parameter.name),
        # An empty list is sent too, so it gets one empty value to show.
        values=_items(parameter.value) or ((),),
        before=None if parameter.before is None else _items(parameter.before),
        is_default=parameter.is_default,
    )


def _items(value: str | tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(tuple(map(quoted, item)) for item in _raw_items(value))


def _raw_items(value: str | tuple[Item, ...]) -> tuple[Item, ...]:
    return ((value,),) if isinstance(value, str) else value


def _look_alikes(change: Change) -> Iterator[Sentence]:
    """A warning about every name or value with homoglyphs: letters that can be taken for others."""
    sent = (part for each in change.parameters for item in _raw_items(each.value) for part in item)
    said = (value for warning in change.warnings for value in warning.values.values())
    for text in dict.fromkeys((change.target_name, change.workspace_name or "", *sent, *said)):
        if letters := look_alikes(text)[:_MOST_LETTERS]:
            named = ", ".join(f"{each} {unicodedata.name(each, '')}" for each in letters)
            yield Sentence(key="warn_look_alikes", values={"text": text, "letters": named})


def _joined(warnings: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Warnings of the same kind become one, so that ten mounts are one sentence."""
    joined: dict[str, dict[str, list[str]]] = {}
    for sentence in warnings:
        values = joined.setdefault(sentence.key, {})
        for name, value in sentence.values.items():
            seen = values.setdefault(name, [])
            if value not in seen:
                seen.append(value)
    return tuple(
        Sentence(key=key, values={name: _left_to_right(", ".join(map(quoted, seen))) for name, seen in values.items()})
        for key, values in joined.items()
    )


def _lines(text: ChangeText) -> Iterator[tuple[str, str]]:
    """What will be sent, as lines of label and value; a current value on a line of its own has no label."""
    for row in text.details:
        default = f" ({say('change_default', text.language)})" if row.is_default else ""
        before = [] if row.before is None else [row.told(each) for each in row.before or ((),)]
        is_one_word = row.before is not None and [len(each) for each in (*row.values, *row.before)] == [1, 1]
        arrow = f"{before.pop()} -> " if is_one_word else ""
        yield from ((row.label, f"{arrow}{row.told(each)}{default}") for each in row.values)
        yield from (("", say("change_now", text.language, value=each)) for each in before)
