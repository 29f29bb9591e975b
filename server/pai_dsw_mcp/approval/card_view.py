"""The change as data for the card that a client draws: what the approval page shows, in the same words."""

from typing import Any, TypeAlias

from pai_dsw_mcp.approval.change_text import ChangeText, Place, Row
from pai_dsw_mcp.approval.quoting import visible
from pai_dsw_mcp.model.change import Item
from pai_dsw_mcp.texts.render import say

Json: TypeAlias = dict[str, Any]


def card(text: ChangeText, url: str | None) -> Json:
    """Everything that the card shows; it holds words alone, no HTML."""
    language = text.language
    sections = (
        ("page_changes", [_row(each) for each in text.replaced]),
        ("page_kept", [_row(each) for each in text.kept]),
        ("page_sent", [_row(each) for each in text.parameters]),
        ("page_who", [_place(each) for each in text.who]),
    )
    shown = {
        "title": text.title,
        "name": text.target_name,
        "emulator": text.is_emulator,
        "places": [_place(each) for each in text.where],
        "price": " ".join(text.price_lines) or None,
        "notes": list(text.warnings),
        "then": [_change(each) for each in text.then],
        "is_batch": text.is_batch,
        "sections": [{"title": say(key, language), "rows": rows} for key, rows in sections if rows],
        "until": say("page_until", language, time=text.until),
        "reference": text.reference,
        "url": url,
    }
    return {name: value for name, value in shown.items() if value not in (None, [], False)}


def wanted_name(text: ChangeText) -> str | None:
    """What a person is asked to type back for a yes."""
    return text.name_kind and say(f"page_{text.name_kind}", text.language, instance_name=visible(text.typed_name or ""))


def _change(text: ChangeText) -> Json:
    rows = [*map(_place, text.where), *map(_row, (*text.details, *text.kept))]
    return {
        "id": text.identifier,
        "title": text.title,
        "name": text.target_name,
        "rows": rows,
        "notes": list(text.warnings),
    }


def _place(place: Place) -> Json:
    return {"label": place.label, "values": [{"text": each} for each in (place.name, place.identifier) if each]}


def _row(row: Row) -> Json:
    def value(item: Item) -> Json:
        return {"text": row.told(item), "meaning": row.meanings.get(item)}

    return {
        "label": row.label,
        "name": row.name,
        "before": None if row.before is None else [row.told(each) for each in row.before or ((),)],
        "values": [value(each) for each in row.values],
        "default": row.is_default,
    }
