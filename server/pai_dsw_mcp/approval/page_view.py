"""The approval page in HTML: everything in one reply, no script, nothing loaded from anywhere."""

import base64
import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final, Literal

from pai_dsw_mcp.approval.change_text import ChangeText, Cost, Row
from pai_dsw_mcp.approval.decision import FEEDBACK_CAP, Decision
from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.page_parts import SignedIn, choices, follow_ups, foot, isolated, meaning_of, place, table
from pai_dsw_mcp.approval.quoting import visible
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.model.change import Item
from pai_dsw_mcp.texts.render import render, say
from pai_dsw_mcp.texts.text import Language

_STYLE: Final = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
_LANGUAGES: Final[dict[Language, str]] = {"en": "English", "zh": "中文"}

Ending = Literal[
    "now_approved",
    "now_rejected",
    "now_taken_back",
    "approved",
    "rejected",
    "used",
    "expired",
    "superseded",
    "unknown",
    "foreign",
    "malformed",
    "failed",
    "database_away",
    "not_yours",
    "sign_in_failed",
    "sign_in_refused",
    "sign_in_over",
    "signed_out",
    "provider_away",
]
"""Why a page has no buttons: the decision just made, an earlier outcome, or what is wrong with the request."""


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that does not count, and why: what was written stays in the page."""

    decision: Decision
    feedback: str
    typed: str
    kept: AbstractSet[str]


def style_hash(left: int | None) -> str:
    """The hash of the one style that the content security policy of a page allows."""
    return "sha256-" + base64.b64encode(hashlib.sha256(_style(left).encode()).digest()).decode()


def _style(left: int | None) -> str:
    """The style of a page; with a countdown of so many seconds."""
    return (
        _STYLE
        if left is None
        else f"{_STYLE}@keyframes countdown {{ from {{ --left: {left}; }} }}\n:root {{ --seconds: {left}s; }}\n"
    )


def question(
    approval: Approval,
    language: Language,
    *,
    token: str,
    left: int,
    given: Given | None = None,
    signed_in: SignedIn | None = None,
) -> str:
    """The change with Approve and Reject; after an invalid answer, with the problem and what was written."""
    text = describe(approval.reference, approval.change, language, expires_at=approval.expires_at)
    is_leading = bool(text.replaced)
    parts = [
        _emulator(text.language) if text.is_emulator else "",
        _heading(text),
        _changes(text) if is_leading else "",
        _cost(text),
        follow_ups(text),
        _notes(text),
        table(f"page_{text.kept_kind}", text.kept, language, is_sent=False),
        table("page_sent", text.parameters, language),
        _who(text),
        _form(text, token, given, signed_in.waits_for if signed_in else None),
    ]
    return _document(
        language,
        title=f"{text.title}: {text.target_name}",
        card="".join(parts),
        reference=approval.reference,
        left=left,
        signed_in=signed_in,
    )


def ending(
    which: Ending,
    language: Language,
    *,
    approval: Approval | None = None,
    text: str | None = None,
    token: str | None = None,
    signed_in: SignedIn | None = None,
) -> str:
    """A page with nothing to decide: what was decided, or why not. With a token, an approval can be taken back."""
    title = say(f"page_{which}", language)
    about = mark = ""
    if approval is not None:
        action = say(f"action_{approval.change.action}", language)
        name = isolated(visible(approval.change.target_name))
        mark = _emulator(language) if approval.change.origin.is_emulator else ""
        about = f'<p class="about">{escape(action)} <span class="mono">{name}</span></p>'
    tone = which.removeprefix("now_") if which.startswith("now_") else "closed"
    card = (
        f'{mark}<section class="end {tone}"><h1 class="name">{escape(title)}</h1>'
        f"<p>{escape(text or say(f'page_{which}_text', language))}</p>{about}</section>"
    )
    if token is not None:
        card += (
            f'<form method="post" action="?lang={language}"><input type="hidden" name="token" value="{escape(token)}">'
            f'<div class="answer"><button class="no" name="decision" value="take_back">'
            f"{escape(say('page_take_back', language))}</button></div>"
            f'<p class="hint">{escape(say("page_take_back_hint", language))}</p></form>'
        )
    reference = approval.reference if approval else None
    return _document(language, title=title, card=card, reference=reference, signed_in=signed_in)


def _document(
    language: Language,
    *,
    title: str,
    card: str,
    reference: str | None,
    left: int | None = None,
    signed_in: SignedIn | None = None,
) -> str:
    def part(key: str, **values: object) -> str:
        return escape(say(key, language, **values))

    switch = " · ".join(
        f'<span lang="{code}" aria-current="true">{name}</span>'
        if code == language
        else f'<a href="?lang={code}" lang="{code}" hreflang="{code}">{name}</a>'
        for code, name in _LANGUAGES.items()
    )
    asks = part("page_asked" if left is None else "page_asks")
    number = f'{part("change_reference")} <span class="mono">{escape(reference)}</span>' if reference else ""
    return f"""<!doctype html>
<html lang="{"zh-CN" if language == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)}</title>
<style>{_style(left)}</style>
</head>
<body>
<div class="page">
<header class="top"><span>{asks}</span><nav aria-label="{part("page_language")}">{switch}</nav></header>
<main class="card">{card}</main>
<footer>{foot(language, signed_in)}<span>{number}</span></footer>
</div>
</body>
</html>
"""


def _emulator(language: Language) -> str:
    return f'<p class="emulator">{escape(say("change_emulator", language))}</p>'


def _heading(text: ChangeText) -> str:
    instance, *around = text.where
    identifier = f'<p class="id mono">{isolated(instance.identifier)}</p>' if instance.identifier else ""
    return (
        f'<section class="what"><h1>{escape(text.title)} <span class="name mono">{isolated(text.target_name)}</span>'
        f'</h1>{identifier}<dl class="where">{"".join(place(each) for each in around)}</dl></section>'
    )


def _changes(text: ChangeText) -> str:
    """What is now, and what will be, one below the other and large."""

    def side(values: tuple[Item, ...], row: Row, tone: str) -> str:
        return "".join(
            f'<p class="{tone} mono">{row.told(each, isolated)}</p>{meaning_of(row, each)}' for each in values
        )

    rows = "".join(
        f"<div><dt>{escape(row.label)}</dt>"
        f"<dd>{side(row.before or ((),), row, 'old')}{side(row.values, row, 'new')}</dd></div>"
        for row in text.replaced
    )
    return f'<section class="changes"><h2>{escape(say("page_changes", text.language))}</h2><dl>{rows}</dl></section>'


def _cost(text: ChangeText) -> str:
    """The price large, and above it how a spot instance is bought."""
    spot = f'<p class="spot">{escape(text.spot_line)}</p>' if text.spot_line else ""
    price = "" if text.cost is None or text.cost.stays else _price(text.cost, text.language)
    return f'<section class="cost">{spot}{price}</section>' if spot or price else ""


def _price(cost: Cost, language: Language) -> str:
    before = f"<s>{escape(cost.before)}</s> " if cost.before else ""
    per_hour = escape(say("page_per_hour", language, currency=cost.currency))
    spans = ((say("page_day", language), cost.day), (say(f"page_{cost.span}", language, lasts=cost.lasts), cost.total))
    rows = "".join(
        f'<p class="span">{escape(words)} <strong>{escape(cost.amount(amount))} {escape(cost.currency)}</strong></p>'
        for words, amount in spans
    )
    most = f"<span>{escape(cost.at_most)}</span> " if cost.at_most else ""
    return f'<p class="hourly">{before}{most}<strong>{escape(cost.hourly)}</strong> <span>{per_hour}</span></p>{rows}'


def _notes(text: ChangeText) -> str:
    if not text.warnings:
        return ""
    items = "".join(f"<li>{escape(warning)}</li>" for warning in text.warnings)
    lead = "" if text.cost else " lead"
    return f'<section class="notes{lead}"><h2>{escape(say("page_notes", text.language))}</h2><ul>{items}</ul></section>'


def _who(text: ChangeText) -> str:
    stays = text.price_line if text.cost is not None and text.cost.stays else None
    price = f'<p class="stays">{escape(stays)}</p>' if stays else ""
    places = "".join(place(each) for each in text.who)
    title = escape(say("page_who", text.language))
    return f'<section class="who"><h2>{title}</h2><dl class="where">{places}</dl>{price}</section>'


def _form(text: ChangeText, token: str, given: Given | None, waits_for: str | None) -> str:
    """The answer. Of a change that waits for a yes of somebody else, it can only be a no."""

    def part(key: str) -> str:
        return escape(say(key, text.language))

    choice = name = complaint = ""
    if waits_for is None:
        choice, name = choices(text, given.kept if given else None), _name(text, given)
        yes = f'<button class="yes" name="decision" value="approve">{part("page_approve")}</button>'
    else:
        yes = ""
        complaint = f'<p class="problem">{escape(say("page_waits_for", text.language, group=waits_for))}</p>'
    if given is not None:
        why = " ".join(render(each, text.language) for each in given.decision.why)
        complaint += f'<p class="problem" role="alert" id="problem">{escape(why)}</p>'
    until = escape(say("page_until", text.language, time=text.until))
    note = given.feedback if given else ""
    # Enter in the name field presses the first button; the note is a text area, where Enter is only a new line.
    return (
        f'<form method="post" action="?lang={text.language}"><input type="hidden" name="token" value="{escape(token)}">'
        f"{complaint}{choice}{name}"
        f"<details{' open' if note else ''}><summary>{part('page_feedback')}</summary>"
        f'<label for="feedback">{part("page_feedback_hint")}</label>'
        f'<textarea id="feedback" name="feedback" maxlength="{FEEDBACK_CAP}">{escape(note)}</textarea></details>'
        f'<div class="answer">{yes}'
        f'<button class="no" name="decision" value="reject" formnovalidate>{part("page_reject")}</button></div>'
        f'<p class="hint">{part("page_nothing_yet") if yes else ""} {until}'
        f'<span aria-hidden="true"> · {part("page_left")} <span class="left"></span></span></p></form>'
    )


def _name(text: ChangeText, given: Given | None) -> str:
    """Where the name is typed back, if it has to be."""
    if text.name_kind is None:
        return ""
    is_wrong = given is not None and given.decision.problem == "wrong_name"
    wrong = ' aria-invalid="true" aria-describedby="problem"' if is_wrong else ""
    label = escape(say(f"page_{text.name_kind}", text.language, instance_name="{}")).format(
        isolated(visible(text.typed_name or ""))
    )
    return (
        f'<label for="instance_name">{label}</label><input class="mono" id="instance_name"'
        ' name="instance_name" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"'
        f' value="{escape(visible(given.typed if given else ""))}" required{wrong}>'
    )
