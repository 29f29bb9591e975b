"""Parts of the approval page: places, rows of values, and the changes that the same yes covers."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from html import escape

from pai_dsw_mcp.approval.change_text import ChangeText, Place, Row
from pai_dsw_mcp.model.change import Item
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who reads the page of a server over HTTP, and what that server is called.

    `token` stands in the form that ends the sign-in. `waits_for` is the group of which another member has to approve.
    """

    name: str
    host: str
    token: str
    waits_for: str | None = None


def foot(language: Language, signed_in: SignedIn | None) -> str:
    """Where the page comes from, and who reads it."""
    if signed_in is None:
        return f"<span>{escape(say('page_local', language))}</span>"
    served = escape(say("page_served", language, host=signed_in.host, name="{}")).format(isolated(signed_in.name))
    return (
        f'<form method="post" action="/sign-out?lang={language}"><span>{served}</span>'
        f'<input type="hidden" name="token" value="{escape(signed_in.token)}">'
        f"<button>{escape(say('page_sign_out', language))}</button></form>"
    )


def place(place: Place) -> str:
    name = f"<dd>{isolated(place.name)}</dd>" if place.name else ""
    identifier = f'<dd class="id mono">{isolated(place.identifier)}</dd>' if place.identifier else ""
    return f"<div><dt>{escape(place.label)}</dt>{name}{identifier}</div>"


def table(title: str, rows: tuple[Row, ...], language: Language, *, is_sent: bool = True) -> str:
    shown = "".join(_row(row, language, is_sent=is_sent) for row in rows)
    return f'<section class="sent"><h2>{escape(say(title, language))}</h2><dl>{shown}</dl></section>' if rows else ""


def _row(row: Row, language: Language, *, is_sent: bool) -> str:
    """A row for each value; the first also shows the current one. The API's name stands beside what is sent."""
    before = (
        "".join(f"<s>{row.told(each, isolated)}</s>" for each in row.before or ((),)) if row.before is not None else ""
    )
    default = f'<span class="default">{escape(say("change_default", language))}</span>' if row.is_default else ""
    name = f" <code>{escape(row.name)}</code>" if is_sent else ""
    label = f"<dt>{escape(row.label)}{name}</dt>"
    firsts = [f"{before}→ " if before else "", *[""] * (len(row.values) - 1)]
    return "".join(
        f'<div>{label}<dd><span class="mono">{first}{row.told(value, isolated)}</span>{default}'
        f"{meaning_of(row, value)}</dd></div>"
        for first, value in zip(firsts, row.values, strict=True)
    )


def meaning_of(row: Row, value: Item) -> str:
    meaning = row.meanings.get(value)
    return f'<p class="meaning">{escape(meaning)}</p>' if meaning else ""


def isolated(foreign: str) -> str:
    """Untrusted text in bidi isolation: it neither reorders its surroundings nor is reordered itself."""
    return f'<bdi dir="ltr">{escape(foreign)}</bdi>'


def follow_ups(text: ChangeText) -> str:
    """What the same yes covers besides the change itself."""
    if text.is_batch or not text.then:
        return ""
    shown = "".join(f"<div><dt>{escape(each.title)}</dt><dd>{_details(each)}</dd></div>" for each in text.then)
    return f'<section class="sent then"><h2>{escape(say("change_then", text.language))}</h2><dl>{shown}</dl></section>'


def choices(text: ChangeText, kept: AbstractSet[str] | None) -> str:
    """The changes of a batch, each of which can be struck out; all are chosen at first."""
    if not text.is_batch:
        return ""
    rows = "".join(
        f'<div class="choice"><input type="checkbox" name="keep" id="{escape(each.identifier)}"'
        f' value="{escape(each.identifier)}"{" checked" if kept is None or each.identifier in kept else ""}>'
        f'<div><label for="{escape(each.identifier)}">{escape(each.title)} <span class="mono">'
        f"{isolated(each.target_name)}</span></label>{_details(each)}</div></div>"
        for each in text.then
    )
    return f"<fieldset><legend>{escape(say('page_keep', text.language))}</legend>{rows}</fieldset>"


def _details(text: ChangeText) -> str:
    places = "".join(place(each) for each in text.where)
    rows = "".join(_row(row, text.language, is_sent=False) for row in (*text.details, *text.kept))
    notes = "".join(f'<p class="note">{escape(warning)}</p>' for warning in text.warnings)
    return f'<dl class="where">{places}</dl><dl>{rows}</dl>{notes}'
