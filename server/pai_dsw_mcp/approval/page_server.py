"""The approval page over HTTP: on loopback, for one link at a time, and for answers that come from the page itself."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web

from pai_dsw_mcp.approval.decision import FEEDBACK_CAP, judge
from pai_dsw_mcp.approval.page_view import STYLE_HASH, ending, question
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.journal.errors import AlreadyDecidedError
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.texts.text import Language

_BODY_CAP: Final = 16 * 1024
"""Bytes of an answer: a note of 1,000 characters, percent-encoded, fits."""

_SPOKEN: Final[dict[str, Language]] = {"en": "en", "zh": "zh"}

_HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src '{STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
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
    """Serves the waiting approvals of the journal until it is stopped."""

    def __init__(self, journal: Journal, language: Language, host: str) -> None:
        self._journal = journal
        self._language: Language = language
        self._host = host
        self._authority = host
        # A page of this process carries a token that only this process can make.
        self._secret = secrets.token_bytes(32)
        application = web.Application(middlewares=[self._guard], client_max_size=_BODY_CAP)
        path = "/approve/{approval_id:[A-Za-z0-9_-]{22}}"
        application.router.add_get(path, self._show, allow_head=False)
        application.router.add_post(path, self._answer)
        # No access log: the path is the key to the approval.
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)

    async def start(self) -> None:
        """Listens on a port that the system chooses."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, 0).start()
        self._authority = f"{self._host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Closes the port and every connection."""
        await self._runner.cleanup()

    def url(self, approval: Approval) -> str:
        """The page of one approval."""
        return f"http://{self._authority}/approve/{approval.approval_id}"

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answers only to its own name, so that no name of somebody else's can be pointed at it."""
        language = self._language_of(request)
        if request.headers.getall(hdrs.HOST, []) != [self._authority]:
            response: web.StreamResponse = _page(421, ending("malformed", language))
        else:
            try:
                response = await handler(request)
            except web.HTTPNotFound:
                response = _page(404, ending("unknown", language))
            except web.HTTPException as refusal:
                response = _page(refusal.status, ending("malformed", language))
            except PaiDswError as failure:
                response = _page(500, ending("failed", language, text=failure.explain(language)))
        response.headers.update(_HEADERS)
        return response

    async def _show(self, request: web.Request) -> web.Response:
        approval = await self._find(request)
        language = self._language_of(request)
        if approval.state != "waiting":
            return _closed(approval, language)
        return _page(200, question(approval, language, token=self._token(approval)))

    async def _answer(self, request: web.Request) -> web.Response:
        approval = await self._find(request)
        language = self._language_of(request)
        if not self._is_own(request):
            return _page(403, ending("foreign", language))
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        if not hmac.compare_digest(form.get("token", "").encode(), self._token(approval).encode()):
            return _page(403, ending("foreign", language))
        decision = judge(
            approval.change,
            decision=form.get("decision"),
            instance_name=form.get("instance_name"),
            feedback=form.get("feedback"),
        )
        if decision.problem is not None and approval.state == "waiting":
            note = form.get("feedback", "")[:FEEDBACK_CAP]
            asked_again = question(
                approval, language, token=self._token(approval), problem=decision.problem, feedback=note
            )
            return _page(422, asked_again)
        try:
            approval = await self._journal.decide(
                approval.approval_id, approve=decision.approve, door="page", feedback=decision.feedback
            )
        except AlreadyDecidedError as refusal:
            return _closed(refusal.approval, language)
        return _page(200, ending("now_approved" if decision.approve else "now_rejected", language, approval=approval))

    async def _find(self, request: web.Request) -> Approval:
        approval = await self._journal.get(request.match_info["approval_id"])
        if approval is None:
            raise web.HTTPNotFound
        return approval

    def _is_own(self, request: web.Request) -> bool:
        """Whether a browser sends this from the page itself and from nowhere else."""
        return (
            request.headers.getall(hdrs.ORIGIN, []) == [f"http://{self._authority}"]
            and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
            and request.content_type == "application/x-www-form-urlencoded"
        )

    def _token(self, approval: Approval) -> str:
        return hmac.new(self._secret, approval.approval_id.encode(), hashlib.sha256).hexdigest()

    def _language_of(self, request: web.Request) -> Language:
        """As the link says, else as the browser prefers, else as the server speaks."""
        wished = [request.query.get("lang", ""), *_preferred(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))]
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


def _page(status: int, html: str) -> web.Response:
    return web.Response(status=status, text=html, content_type="text/html", charset="utf-8")


def _closed(approval: Approval, language: Language) -> web.Response:
    which = "expired" if approval.state == "waiting" else approval.state
    return _page(410, ending(which, language, approval=approval))
