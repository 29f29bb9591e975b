"""The approval page in HTML: everything in one reply, no script, nothing loaded from anywhere."""

import base64
import hashlib
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Final, Literal

from pai_dsw_mcp.approval.decision import FEEDBACK_CAP, Problem
from pai_dsw_mcp.approval.describe import ChangeText, Cost, Place, Row, describe, visible
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.texts.text import Language

_STYLE: Final = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
STYLE_HASH: Final = "sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
"""The one style that the page's content security policy allows."""

_LANGUAGES: Final[dict[Language, str]] = {"en": "English", "zh": "中文"}

Ending = Literal[
    "now_approved",
    "now_rejected",
    "approved",
    "rejected",
    "used",
    "expired",
    "superseded",
    "unknown",
    "foreign",
    "malformed",
    "failed",
]
"""Why a page has no buttons: the decision just made, an earlier outcome, or what is wrong with the request."""


def question(
    approval: Approval, language: Language, *, token: str, problem: Problem | None = None, feedback: str = ""
) -> str:
    """The change with Approve and Reject; after an invalid answer, with the problem and the note that was written."""
    text = describe(approval.reference, approval.change, language)
    return _document(
        language,
        title=f"{text.title}: {text.target_name}",
        card=_heading(text) + _cost(text) + _notes(text) + _sent(text) + _form(text, token, problem, feedback),
        reference=approval.reference,
        until=datetime.fromtimestamp(approval.expires_at, UTC).astimezone().strftime("%H:%M"),
    )


def ending(which: Ending, language: Language, *, approval: Approval | None = None, text: str | None = None) -> str:
    """A page without buttons: what was decided, or why there is nothing to decide."""
    title = say(f"page_{which}", language)
    about = ""
    if approval is not None:
        action = say(f"action_{approval.change.action}", language)
        name = _isolated(visible(approval.change.target_name))
        about = f'<p class="about">{escape(action)} <span class="mono">{name}</span></p>'
    tone = which.removeprefix("now_") if which.startswith("now_") else "closed"
    card = (
        f'<section class="end {tone}"><h1 class="name">{escape(title)}</h1>'
        f"<p>{escape(text or say(f'page_{which}_text', language))}</p>{about}</section>"
    )
    return _document(language, title=title, card=card, reference=approval.reference if approval else None)


def _document(language: Language, *, title: str, card: str, reference: str | None, until: str | None = None) -> str:
    def part(key: str, **values: object) -> str:
        return escape(say(key, language, **values))

    switch = " · ".join(
        f'<span lang="{code}" aria-current="true">{name}</span>'
        if code == language
        else f'<a href="?lang={code}" lang="{code}" hreflang="{code}">{name}</a>'
        for code, name in _LANGUAGES.items()
    )
    asks = part("page_asks" if until else "page_asked")
    facts = [part("page_until", time=until)] if until else []
    facts += [f'{part("change_reference")} <span class="mono">{escape(reference)}</span>'] if reference else []
    return f"""<!doctype html>
<html lang="{"zh-CN" if language == "zh" else "en"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<div class="page">
<header class="top"><span>{asks}</span><nav aria-label="{part("page_language")}">{switch}</nav></header>
<main class="card">{card}</main>
<footer><span>{part("page_local")}</span><span>{" · ".join(facts)}</span></footer>
</div>
</body>
</html>
"""


def _heading(text: ChangeText) -> str:
    instance, *around = text.where
    identifier = f'<p class="id mono">{_isolated(instance.identifier)}</p>' if instance.identifier else ""
    return (
        f'<section class="what"><h1>{escape(text.title)} <span class="name mono">{_isolated(text.target_name)}</span>'
        f'</h1>{identifier}<dl class="where">{"".join(_place(place) for place in around)}</dl></section>'
    )


def _place(place: Place) -> str:
    name = f"<dd>{_isolated(place.name)}</dd>" if place.name else ""
    identifier = f'<dd class="id mono">{_isolated(place.identifier)}</dd>' if place.identifier else ""
    return f"<div><dt>{escape(place.label)}</dt>{name}{identifier}</div>"


def _cost(text: ChangeText) -> str:
    if text.cost is None:
        return ""
    cost: Cost = text.cost
    before = f"<s>{escape(cost.before)}</s> " if cost.before else ""
    per_hour = escape(say("page_per_hour", text.language, currency=cost.currency))
    week = escape(say("page_week", text.language))
    return (
        f'<section class="cost">'
        f'<p class="hourly">{before}<strong>{escape(cost.hourly)}</strong> <span>{per_hour}</span></p>'
        f'<p class="week">{week} <strong>{escape(cost.week)} {escape(cost.currency)}</strong></p>'
        f"</section>"
    )


def _notes(text: ChangeText) -> str:
    if not text.warnings:
        return ""
    items = "".join(f"<li>{escape(warning)}</li>" for warning in text.warnings)
    lead = "" if text.cost else " lead"
    return f'<section class="notes{lead}"><h2>{escape(say("page_notes", text.language))}</h2><ul>{items}</ul></section>'


def _sent(text: ChangeText) -> str:
    rows = "".join(_rows(row, text.language) for row in text.parameters)
    return f'<section class="sent"><h2>{escape(say("page_sent", text.language))}</h2><dl>{rows}</dl></section>'


def _rows(row: Row, language: Language) -> str:
    """A row for each value; the first also shows the current one."""
    before = (
        "".join(f"<s>{row.told(each, _isolated)}</s>" for each in row.before or ((),)) if row.before is not None else ""
    )
    default = f'<span class="default">{escape(say("change_default", language))}</span>' if row.is_default else ""
    label = f"<dt>{escape(row.label)} <code>{escape(row.name)}</code></dt>"
    firsts = [f"{before}→ " if before else "", *[""] * (len(row.values) - 1)]
    return "".join(
        f'<div>{label}<dd><span class="mono">{first}{row.told(value, _isolated)}</span>{default}</dd></div>'
        for first, value in zip(firsts, row.values, strict=True)
    )


def _isolated(foreign: str) -> str:
    """Untrusted text in bidi isolation: it neither reorders its surroundings nor is reordered itself."""
    return f'<bdi dir="ltr">{escape(foreign)}</bdi>'


def _form(text: ChangeText, token: str, problem: Problem | None, feedback: str) -> str:
    def part(key: str) -> str:
        return escape(say(key, text.language))

    complaint = f'<p class="problem" role="alert" id="problem">{part(f"page_{problem}")}</p>' if problem else ""
    name = ""
    if text.typed_name is not None:
        wrong = ' aria-invalid="true" aria-describedby="problem"' if problem == "wrong_name" else ""
        name = (
            f'<label for="instance_name">{part("page_name")}</label><input class="mono" id="instance_name"'
            ' name="instance_name" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false"'
            f" required{wrong}>"
        )
    # Enter in the name field presses the first button; the note is a text area, where Enter is only a new line.
    return (
        f'<form method="post" action="?lang={text.language}"><input type="hidden" name="token" value="{escape(token)}">'
        f"{complaint}{name}"
        f"<details{' open' if feedback else ''}><summary>{part('page_feedback')}</summary>"
        f'<label for="feedback">{part("page_feedback_hint")}</label>'
        f'<textarea id="feedback" name="feedback" maxlength="{FEEDBACK_CAP}">{escape(feedback)}</textarea></details>'
        f'<div class="answer"><button class="yes" name="decision" value="approve">{part("page_approve")}</button>'
        f'<button class="no" name="decision" value="reject" formnovalidate>{part("page_reject")}</button></div>'
        f'<p class="hint">{part("page_nothing_yet")}</p></form>'
    )
