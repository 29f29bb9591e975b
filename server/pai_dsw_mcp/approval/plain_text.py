"""The change as plain text: for a form, a terminal or a chat."""

from collections.abc import Iterable, Iterator
from typing import Final

from pai_dsw_mcp.approval.change_text import ChangeText, Place, Row
from pai_dsw_mcp.approval.quoting import left_to_right, visible
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language

MESSAGE_BYTES: Final = 2048


def as_plain_text(text: ChangeText, *, can_type: bool = True) -> str:
    """The change for a form, a terminal or a chat: one value a line, every parameter in full.

    These channels cannot isolate right-to-left text from its surroundings, so it is escaped. In a chat a person cannot
    type a name back or leave something out (`can_type`).
    """

    def part(key: str, **values: object) -> str:
        return say(key, text.language, **values)

    def line(label: str, value: str) -> str:
        return part("change_line", label=label, value=value)

    def block(title: str, lines: Iterable[str]) -> list[str]:
        shown = list(lines)
        return [part(title), *shown] if shown else []

    def places(shown: Iterable[Place]) -> list[str]:
        return [line(each.label, " · ".join(filter(None, (each.name, each.identifier)))) for each in shown]

    target, *around = places(text.where)
    price = text.price_lines
    sent = block("change_sent", _row_lines(text.details, text.language, "-"))
    kept = block(f"change_{text.kept_kind}", _row_lines(text.kept, text.language, "·"))
    notes = block("change_warnings", (f"! {warning}" for warning in text.warnings))
    # What changes comes first, or what ends; before something begins, its price does.
    begins = text.cost is not None and not text.replaced
    then = block("change_batch" if text.is_batch else "change_then", _follow_up_lines(text))
    body = [*price, *around, *sent, *then, *kept, *notes] if begins else [*sent, *then, *notes, *kept, *price, *around]
    name = visible(text.typed_name or "")
    wanted = [part(f"change_type_{text.name_kind}", instance_name=name)] if text.name_kind and can_type else []
    written = [
        text.title,
        *([part("change_emulator")] if text.is_emulator else []),
        target,
        *body,
        *places(text.who),
        *([line(part("change_until"), text.until)] if text.until else []),
        *wanted,
        line(part("change_reference"), text.reference),
    ]
    return left_to_right("\n".join(written))


def _follow_up_lines(text: ChangeText) -> Iterator[str]:
    """Every change that the same yes covers, with what belongs to it indented below."""
    for each in text.then:
        places = (" · ".join(filter(None, (place.name, place.identifier))) for place in each.where)
        yield f"+ {say('change_line', text.language, label=each.title, value=' · '.join(places))}"
        for line in _row_lines((*each.details, *each.kept), text.language, "-"):
            yield f"  {line}"
        yield from (f"  ! {warning}" for warning in each.warnings)


def fits_a_message(written: str) -> bool:
    """Whether the text fits into a form or a chat; longer text belongs on the page."""
    return len(written.encode()) <= MESSAGE_BYTES


def _row_lines(rows: tuple[Row, ...], language: Language, bullet: str) -> Iterator[str]:
    """Rows as lines; what a value means, and what is now, stand below it on lines of their own."""
    mark = say("change_default", language)
    in_brackets = f"（{mark}）" if language == "zh" else f" ({mark})"
    for row in rows:
        default = in_brackets if row.is_default else ""
        before = row.before or ((),)
        old = [] if row.before is None else [row.told(each) for each in before]
        arrow = f"{old.pop()} -> " if row.is_one_replaced() else ""
        for value in row.values:
            shown = f"{arrow}{row.told(value)}{default}"
            yield f"{bullet} {say('change_line', language, label=row.label, value=shown)}"
            meanings = [row.meanings.get(each) for each in ((*before, value) if arrow else (value,))]
            if any(meanings):
                yield f"  = {' -> '.join(each or '?' for each in meanings)}"
        yield from (f"  {say('change_now', language, value=each)}" for each in old)
