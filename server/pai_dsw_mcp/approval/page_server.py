"""The approval page over HTTP: on loopback, for one link at a time, and for answers that come from the page itself."""

import hashlib
import hmac
import re
import secrets
import socket
from typing import Final
from urllib.parse import parse_qsl

from aiohttp import hdrs, web

from pai_dsw_mcp.approval.decision import FEEDBACK_CAP, judge
from pai_dsw_mcp.approval.page_connections import MOST, Connections
from pai_dsw_mcp.approval.page_view import ending, question, style_hash
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.journal.errors import AlreadyDecidedError
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.texts.render import render, say
from pai_dsw_mcp.texts.text import Language

_LINK: Final = re.compile(r"/approve/([A-Za-z0-9_-]{22})")
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


class PageServer:
    """Serves the approvals that this process asked for, until it is stopped.

    The key in a link is made by this process and kept only in memory. An old link is useless to whoever takes over the
    port later, or serves the same journal.
    """

    def __init__(self, journal: Journal, language: Language, host: str, *, browser_decides: bool) -> None:
        self._journal = journal
        self._language: Language = language
        self._browser_decides = browser_decides
        self._host = host
        self._authority = host
        # For the CSRF token in each page, which only this process can make.
        self._secret = secrets.token_bytes(32)
        self._link_keys: dict[str, str] = {}
        self._runner = web.ServerRunner(Connections(self._respond, self._refused), shutdown_timeout=1.0)

    async def start(self) -> None:
        """Listens on a port that the system chooses; raises OSError where it gives none."""
        # Not `TCPSite`: it starts even if it gets no socket.
        listening = socket.create_server((self._host, 0))
        await self._runner.setup()
        await web.SockSite(self._runner, listening, backlog=MOST).start()
        # asyncio accepts up to `backlog` connections at once; those queued in the kernel cost no descriptor.
        listening.listen(socket.SOMAXCONN)
        self._authority = f"{self._host}:{listening.getsockname()[1]}"

    async def stop(self) -> None:
        """Closes the port and every connection."""
        await self._runner.cleanup()

    def has_link(self, approval: Approval) -> bool:
        """Whether this process has given a link to it."""
        return approval.approval_id in self._link_keys

    def url(self, approval: Approval) -> str:
        """The page of one approval."""
        key = self._link_keys.setdefault(approval.approval_id, secrets.token_urlsafe(16))
        return f"http://{self._authority}/approve/{key}"

    async def _respond(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers only to its own Host header, against DNS rebinding."""
        language = self._language_of(request)
        if request.headers.getall(hdrs.HOST, []) != [self._authority]:
            return _page(421, ending("malformed", language))
        if request.method not in (hdrs.METH_GET, hdrs.METH_POST):
            return _page(405, ending("malformed", language))
        try:
            approval = await self._find(request)
            if approval is None:
                return _page(404, ending("unknown", language))
            return await (self._show if request.method == hdrs.METH_GET else self._answer)(request, approval)
        except web.HTTPException as refusal:
            return _page(refusal.status, ending("malformed", language))
        except (web.RequestPayloadError, ConnectionError):
            return self._refused(400)
        except PaiDswError as failure:
            return _page(500, ending("failed", language, text=render(failure.sentence, language)))

    def _refused(self, status: int) -> web.Response:
        return _page(status, ending("malformed", self._language))

    async def _show(self, request: web.BaseRequest, approval: Approval) -> web.Response:
        language = self._language_of(request)
        if approval.state != "waiting":
            return self._closed(approval, language)
        left = await self._left(approval)
        return _page(200, question(approval, language, token=self._token(approval), left=left), left)

    async def _answer(self, request: web.BaseRequest, approval: Approval) -> web.Response:
        language = self._language_of(request)
        if not self._is_own(request):
            return _page(403, ending("foreign", language))
        # A form of this page is UTF-8, whatever its header says.
        fields = parse_qsl((await request.read()).decode(errors="replace"), keep_blank_values=True)
        form = dict(fields)
        if not hmac.compare_digest(form.get("token", "").encode(), self._token(approval).encode()):
            return _page(403, ending("foreign", language))
        if form.get("decision") == "take_back":
            return await self._take_back(approval, language)
        name, note = form.get("instance_name", ""), form.get("feedback", "")
        kept = {value for field, value in fields if field == "keep"}
        decision = judge(
            approval.change,
            decision=form.get("decision"),
            instance_name=name,
            feedback=note,
            leave_out=",".join(each.target_id or "" for each in approval.change.then if each.target_id not in kept),
        )
        if decision.problem is not None and approval.state == "waiting":
            left = await self._left(approval)
            asked_again = question(
                approval,
                language,
                token=self._token(approval),
                left=left,
                problem=decision.problem,
                feedback=note[:FEEDBACK_CAP],
                typed=name[:_NAME_CAP],
                kept=kept,
            )
            return _page(422, asked_again, left)
        try:
            approval = await self._journal.decide(
                approval.approval_id,
                approve=decision.approve,
                channel="page",
                feedback=decision.feedback,
                left_out=decision.left_out,
            )
        except AlreadyDecidedError as refusal:
            return self._closed(refusal.approval, language, has_late_words=decision.feedback is not None)
        if decision.approve:
            return _page(200, ending("now_approved", language, approval=approval, token=self._token(approval)))
        return _page(200, ending("now_rejected", language, approval=approval))

    async def _take_back(self, approval: Approval, language: Language) -> web.Response:
        """Revokes an approval that is not used yet."""
        try:
            approval = await self._journal.refuse(approval.approval_id, channel="page")
        except AlreadyDecidedError as refusal:
            return self._closed(refusal.approval, language)
        return _page(200, ending("now_taken_back", language, approval=approval))

    async def _left(self, approval: Approval) -> int:
        """Seconds in which it can be decided."""
        return max(0, round(approval.expires_at - await self._journal.time()))

    async def _find(self, request: web.BaseRequest) -> Approval | None:
        """The approval whose link this is, if this process gave it."""
        link = _LINK.fullmatch(request.path)
        if link is None:
            return None
        # Every key is compared, each in constant time.
        found = [known for known, key in self._link_keys.items() if secrets.compare_digest(key, link[1])]
        return await self._journal.get(found[0]) if found else None

    def _is_own(self, request: web.BaseRequest) -> bool:
        """Whether a browser sends this from the page itself (against CSRF)."""
        return (
            request.headers.getall(hdrs.ORIGIN, []) == [f"http://{self._authority}"]
            and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
            and request.content_type == "application/x-www-form-urlencoded"
        )

    def _closed(self, approval: Approval, language: Language, *, has_late_words: bool = False) -> web.Response:
        which = "expired" if approval.state == "waiting" else approval.state
        # A yes that is not used yet can be taken back, also from a page that is opened again.
        token = self._token(approval) if which == "approved" else None
        text = say(f"page_{which}_text", language)
        if has_late_words:
            text = say("page_late_words", language, why=text)
        return _page(410, ending(which, language, approval=approval, text=text, token=token))

    def _token(self, approval: Approval) -> str:
        return hmac.new(self._secret, approval.approval_id.encode(), hashlib.sha256).hexdigest()

    def _language_of(self, request: web.BaseRequest) -> Language:
        """The language chosen on the page, else the server's; the browser's where nobody chose the server's."""
        preferred = _preferred(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")) if self._browser_decides else []
        wished = [request.query.get("lang", ""), *preferred]
        for tag in wished:
            language = _SPOKEN.get(tag.lower().partition("-")[0])
            if language is not None:
                return language
        return self._language


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


def _page(status: int, html: str, left: int | None = None) -> web.Response:
    headers = {**_HEADERS, "Content-Security-Policy": _POLICY.format(style_hash(left))}
    page = web.Response(status=status, text=html, content_type="text/html", charset="utf-8", headers=headers)
    page.force_close()
    return page
