"""What the approval page shows and takes, whatever serves it: loopback, or a server over HTTP behind its sign-in."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from pai_dsw_mcp.approval.decision import FEEDBACK_CAP, judge
from pai_dsw_mcp.approval.page_parts import SignedIn
from pai_dsw_mcp.approval.page_view import Ending, Given, ending, question, style_hash
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.journal.errors import AlreadyDecidedError, DatabaseAwayError
from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.texts.render import render, say
from pai_dsw_mcp.texts.text import Language

BODY_CAP: Final = 16 * 1024
"""Bytes of an answer: a note of 1,000 characters, percent-encoded, fits."""
_NAME_CAP: Final = 300
_SPOKEN: Final[dict[str, Language]] = {"en": "en", "zh": "zh"}
_POLICY: Final = "default-src 'none'; style-src '{}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
_HEADERS: Final = {
    # Not `no-referrer`: browsers would then send `Origin: null` with the answer.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "pai-dsw-mcp",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A reply in HTML; `left` are the seconds that its countdown shows."""

    status: int
    html: str
    left: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Those of every page: nothing is loaded, framed or kept."""
        return {**_HEADERS, "Content-Security-Policy": _POLICY.format(style_hash(self.left))}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the page of one approval.

    `token` stands in the forms of this page and reader alone (against CSRF). `channel` is that of their decision.
    """

    language: Language
    token: str
    channel: Channel
    signed_in: SignedIn | None = None

    @property
    def name(self) -> str | None:
        """What they are called, where they signed in."""
        return self.signed_in.name if self.signed_in else None

    @property
    def may_approve(self) -> bool:
        """Whether a yes of this reader counts; everybody who sees the change may say no."""
        return self.signed_in is None or self.signed_in.waits_for is None

    def end(self, status: int, which: Ending, *, approval: Approval | None = None, text: str | None = None) -> Page:
        """A page with nothing to decide. A yes that is not used yet can be taken back there."""
        token = self.token if which in ("approved", "now_approved") else None
        shown = ending(which, self.language, approval=approval, text=text, token=token, signed_in=self.signed_in)
        return Page(status, shown)


def language_of(wished: str, accepted: str, usual: Language, *, browser_decides: bool) -> Language:
    """The language chosen on the page, else the server's; the browser's where nobody chose the server's.

    `accepted` is the header Accept-Language.
    """
    for tag in (wished, *(_preferred(accepted) if browser_decides else [])):
        language = _SPOKEN.get(tag.lower().partition("-")[0])
        if language is not None:
            return language
    return usual


def _preferred(header: str) -> list[str]:
    """The language tags of Accept-Language, the most wanted first."""
    weighted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((float(weight or 1), tag))
        except ValueError:
            continue
    return [tag for _, tag in sorted(weighted, key=lambda each: -each[0])]


def comes_from_the_page(headers: Mapping[str, str], origins: list[str], own: str) -> bool:
    """Whether a browser sends this from the page itself (against CSRF); `headers` are found in any case."""
    return (
        origins == [own]
        and headers.get("sec-fetch-site", "same-origin") == "same-origin"
        and headers.get("content-type", "").partition(";")[0].strip() == "application/x-www-form-urlencoded"
    )


async def show(journal: Journal, approval: Approval, reader: Reader) -> Page:
    """The change with Approve and Reject while it waits, else what became of it."""
    if approval.state != "waiting":
        return _closed(approval, reader)
    return await _asked(journal, approval, reader)


async def answer(journal: Journal, approval: Approval, reader: Reader, body: bytes) -> Page:
    """Records what a form of this page says."""
    # A form of this page is UTF-8, whatever its header says.
    fields = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    form = dict(fields)
    wants = form.get("decision")
    has_token = hmac.compare_digest(form.get("token", "").encode(), reader.token.encode())
    if not has_token or (wants == "approve" and not reader.may_approve):
        return reader.end(403, "foreign")
    if wants == "take_back":
        return await _take_back(journal, approval, reader)
    name, note = form.get("instance_name", ""), form.get("feedback", "")
    kept = {value for field, value in fields if field == "keep"}
    decision = judge(
        approval.change,
        decision=wants,
        instance_name=name,
        feedback=note,
        leave_out=",".join(each.target_id or "" for each in approval.change.then if each.target_id not in kept),
    )
    if decision.problem is not None and approval.state == "waiting":
        given = Given(decision, note[:FEEDBACK_CAP], name[:_NAME_CAP], kept)
        return await _asked(journal, approval, reader, given)
    try:
        if reader.may_approve:
            approval = await journal.decide(
                approval.approval_id,
                approve=decision.approve,
                channel=reader.channel,
                feedback=decision.feedback,
                left_out=decision.left_out,
                by=reader.name,
            )
        else:
            approval = await journal.refuse(
                approval.approval_id, channel=reader.channel, feedback=decision.feedback, by=reader.name
            )
    except AlreadyDecidedError as refusal:
        return _closed(refusal.approval, reader, has_late_words=decision.feedback is not None)
    return reader.end(200, "now_approved" if decision.approve else "now_rejected", approval=approval)


def failed(failure: PaiDswError, reader: Reader) -> Page:
    """Where the journal cannot be used."""
    if isinstance(failure, DatabaseAwayError):
        return reader.end(503, "database_away")
    return reader.end(500, "failed", text=render(failure.sentence, reader.language))


async def _asked(journal: Journal, approval: Approval, reader: Reader, given: Given | None = None) -> Page:
    left = max(0, round(approval.expires_at - await journal.time()))
    shown = question(approval, reader.language, token=reader.token, left=left, given=given, signed_in=reader.signed_in)
    return Page(200 if given is None else 422, shown, left)


async def _take_back(journal: Journal, approval: Approval, reader: Reader) -> Page:
    """Revokes an approval that is not used yet."""
    try:
        approval = await journal.refuse(approval.approval_id, channel=reader.channel, by=reader.name)
    except AlreadyDecidedError as refusal:
        return _closed(refusal.approval, reader)
    return reader.end(200, "now_taken_back", approval=approval)


def _closed(approval: Approval, reader: Reader, *, has_late_words: bool = False) -> Page:
    which = "expired" if approval.state == "waiting" else approval.state
    text = say(f"page_{which}_text", reader.language)
    if has_late_words:
        text = say("page_late_words", reader.language, why=text)
    return reader.end(410, which, approval=approval, text=text)
