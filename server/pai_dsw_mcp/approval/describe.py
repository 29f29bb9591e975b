"""The change in words: one place for form, page, terminal and chat.

What the server knows (what, where, price) comes first and in its own words. What others wrote is shown with every
hidden character spelled out, so that nobody can hide, reorder or add a line.
"""

import unicodedata
from typing import Final

from pai_dsw_mcp.model.change import OPERATION_LABEL, Change, Parameter, Price, Sentence
from pai_dsw_mcp.model.region import REGIONS
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.texts.render import CATALOGUE, render, say
from pai_dsw_mcp.texts.text import Language

PLAIN_TEXT_BYTES: Final = 2048
_VALUE_CAPS: Final = (400, 160, 80, 40, 24, 16, 8)
_CUT: Final = "… (+"
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that `str.isprintable` accepts although nothing is seen of them; variation selectors join them."""


class Line(Value):
    """One parameter: `label` in words, `name` as the API has it, `before` where the service has something else now."""

    label: str
    name: str
    value: str
    before: str | None = None
    is_default: bool = False


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
    """A change as a person reads it. Nothing in it depends on a clock, so the same change is the same text."""

    language: Language
    reference: str
    title: str
    instance_name: str
    where: tuple[Place, ...]
    cost: Cost | None
    price_line: str | None
    parameters: tuple[Line, ...]
    details: tuple[Line, ...]
    notes: tuple[Sentence, ...]
    typed_name: str | None

    def warnings(self, cap: int = 200) -> tuple[str, ...]:
        """What to mind, in words; names in it are cut to about `cap` characters."""
        return tuple(_worded(note, cap, self.language) for note in self.notes)


def describe(approval_reference: str, change: Change, language: Language) -> ChangeText:
    """The change in one language. All values are safe to show on one line (`visible`); no parameter is shortened.

    `parameters` is everything that will be sent; `details` is what of it `where` (instance, region, workspace) leaves
    unsaid.
    """
    cost = _cost(change)
    sent = (*change.parameters, *_operation_label(approval_reference, change))
    return ChangeText(
        language=language,
        reference=approval_reference,
        title=say(f"action_{change.action}", language),
        instance_name=visible(change.instance_name),
        where=_where(change, language),
        cost=cost,
        price_line=_price_line(cost, language),
        parameters=tuple(_line(each, language) for each in sent),
        details=tuple(_line(each, language) for each in sent if not _is_told_by_where(each, change)),
        notes=_joined(change.warnings),
        typed_name=change.typed_name,
    )


def as_plain_text(text: ChangeText) -> str:
    """The change for a form, a terminal or a chat: one value a line, every parameter, at most 2 kB.

    Values are shortened only as far as that takes; each shortened value says how much is missing.
    """
    written = (_write(text, cap) for cap in _VALUE_CAPS)
    return next((each for each in written if len(each.encode()) <= PLAIN_TEXT_BYTES), _write(text, _VALUE_CAPS[-1]))


def is_whole(written: str) -> bool:
    """Whether a plain text shows every value in full; what it would cut belongs on the page, which has the room."""
    return _CUT not in written


def visible(text: str) -> str:
    """The text on one line, with every character that is not plainly seen written as its number."""
    return "".join(character if _is_seen(character) else _number(character) for character in text)


def figure(value: float) -> str:
    """An amount of money: two digits, up to four where the price has them, with separators for thousands."""
    digits = f"{value:,.4f}"
    return digits[:-2] if digits.endswith("00") else digits.rstrip("0")


def _is_seen(character: str) -> bool:
    hidden = character in _BLANK or "VARIATION SELECTOR" in unicodedata.name(character, "")
    return character.isprintable() and not hidden and character != "\\"


def _number(character: str) -> str:
    return "\\\\" if character == "\\" else f"\\u{{{ord(character):x}}}"


def _where(change: Change, language: Language) -> tuple[Place, ...]:
    region = REGIONS.get(change.region_id)
    region_name = (region.zh if language == "zh" else region.en) if region else None
    places = (
        ("change_instance", change.instance_name, change.instance_id),
        ("change_region", region_name, change.region_id),
        ("change_workspace", change.workspace_name, change.workspace_id),
    )
    return tuple(
        Place(label=say(key, language), name=name and visible(name), identifier=identifier and visible(identifier))
        for key, name, identifier in places
        if name or identifier
    )


def _operation_label(approval_reference: str, change: Change) -> tuple[Parameter, ...]:
    """The label by which a new instance is recognised if the reply is lost; it is sent, so it is shown."""
    if change.action != "create_instance":
        return ()
    return (Parameter(name="Labels", value=f"{OPERATION_LABEL}={approval_reference}", is_default=True),)


def _is_told_by_where(parameter: Parameter, change: Change) -> bool:
    told = {
        "RegionId": change.region_id,
        "WorkspaceId": change.workspace_id,
        "InstanceId": change.instance_id,
        "InstanceName": change.instance_name,
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


def _line(parameter: Parameter, language: Language) -> Line:
    key = f"parameter_{parameter.name}"
    return Line(
        label=say(key, language) if key in CATALOGUE else visible(parameter.name),
        name=visible(parameter.name),
        value=visible(parameter.value),
        before=None if parameter.before is None else visible(parameter.before),
        is_default=parameter.is_default,
    )


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
        Sentence(key=key, values={name: visible(", ".join(seen)) for name, seen in values.items()})
        for key, values in joined.items()
    )


def _worded(note: Sentence, cap: int, language: Language) -> str:
    values = {name: _short(value, cap) for name, value in note.values.items()}
    return render(Sentence(key=note.key, values=values), language)


def _short(value: str, cap: int) -> str:
    return value if len(value) <= cap + 8 else f"{value[:cap]}{_CUT}{len(value) - cap})"


def _write(text: ChangeText, cap: int) -> str:
    def part(key: str, **values: object) -> str:
        return say(key, text.language, **values)

    where = [part("change_line", label=place.label, value=_place(place, max(cap, 60))) for place in text.where]
    warnings = [f"! {warning}" for warning in text.warnings(cap)]
    sent = [
        f"- {part('change_line', label=line.label, value=_sent(line, cap, text.language))}" for line in text.details
    ]
    written = [
        text.title,
        *([text.price_line] if text.price_line else []),
        *where,
        *([part("change_sent"), *sent] if sent else []),
        *([part("change_shortened")] if any(_CUT in line for line in (*where, *sent, *warnings)) else []),
        *([part("change_warnings"), *warnings] if warnings else []),
        *([part("change_type_name", instance_name=visible(text.typed_name))] if text.typed_name else []),
        part("change_line", label=part("change_reference"), value=text.reference),
    ]
    return "\n".join(written)


def _place(place: Place, cap: int) -> str:
    return " · ".join(_short(said, cap) for said in (place.name, place.identifier) if said)


def _sent(line: Line, cap: int, language: Language) -> str:
    before = f"{_short(line.before, cap)} -> " if line.before is not None else ""
    default = f" ({say('change_default', language)})" if line.is_default else ""
    return f"{before}{_short(line.value, cap)}{default}"
