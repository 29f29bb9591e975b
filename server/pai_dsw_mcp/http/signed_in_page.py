"""The approval page of a server over HTTP, behind the identity provider: each person sees what they asked for.

Nothing is kept in memory: a link names an approval in the journal, and sealed cookies say who looks. Any replica with
the same keys serves any of it.
"""

import hmac
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from mcp.server.transport_security import RequestBodyLimitMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pai_dsw_mcp.approval.page_answers import (
    BODY_CAP,
    Page,
    Reader,
    answer,
    comes_from_the_page,
    failed,
    language_of,
    show,
)
from pai_dsw_mcp.approval.page_parts import SignedIn
from pai_dsw_mcp.approval.page_view import Ending
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.gate.caller import is_of_person
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.http.authorization_code import AuthorizationCode, client_secret
from pai_dsw_mcp.http.cookies import Cookies, Session, SharedKeys, SignIn
from pai_dsw_mcp.http.keys import ProviderUnavailableError, SigningKeys
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.text import Language

CALLBACK: Final = "/sign-in/callback"
"""Where the provider sends people back to."""
_SIGN_OUT: Final = "/sign-out"
_APPROVAL: Final = "/approve/{approval_id}"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInPage:
    """Gives the links, and answers to them. `public` is the address of the server, as people know it."""

    journal: Journal
    language: Language
    browser_decides: bool
    public: str
    cookies: Cookies
    provider: AuthorizationCode

    async def url(self, approval: Approval) -> str:
        """The link that a person opens to decide; without their sign-in it shows nothing."""
        return f"{self.public}/approve/{approval.approval_id}"

    def has_link(self, approval: Approval) -> bool:  # noqa: ARG002  # every link holds, whichever process gave it
        """Always: a link dies with no process."""
        return True

    async def close(self) -> None:
        """Nothing: the server itself serves it."""

    def routes(self) -> list[Route]:
        """What people open in a browser."""
        return [
            self._route(_APPROVAL, self._show, "GET"),
            self._route(_APPROVAL, self._answer, "POST"),
            self._route(CALLBACK, self._signed_in, "GET"),
            self._route(_SIGN_OUT, self._sign_out, "POST"),
        ]

    def _route(self, path: str, handle: Callable[[Request, Reader], Awaitable[Response]], method: str) -> Route:
        async def endpoint(request: Request) -> Response:
            reader = self._reader(request)
            # Cookies and the address that the provider knows belong to one name of the server.
            if request.headers["host"].lower() != urlsplit(self.public).netloc:
                return _sent(reader.end(421, "malformed"))
            try:
                return await handle(request, reader)
            except ClientDisconnect:
                return _sent(reader.end(400, "malformed"))
            except ProviderUnavailableError:
                return _sent(reader.end(503, "provider_away"))
            except PaiDswError as failure:
                return _sent(failed(failure, reader))

        route = Route(path, endpoint, methods=[method])
        route.app = RequestBodyLimitMiddleware(route.app, BODY_CAP)
        return route

    async def _show(self, request: Request, reader: Reader) -> Response:
        session = self.cookies.read(request.cookies, Session)
        if session is None:
            where, begun = await self.provider.begin(request.url.path)
            redirect = RedirectResponse(where, 303, {"Cache-Control": "no-store"})
            self.cookies.write(redirect, begun)
            return redirect
        found = await self._found(request, session)
        if found is None:
            return _sent(self._as(session, reader).end(404, "not_yours"))
        return _sent(await show(self.journal, found, self._as(session, reader, found)))

    async def _answer(self, request: Request, reader: Reader) -> Response:
        session = self.cookies.read(request.cookies, Session)
        if session is None:
            return _sent(reader.end(401, "sign_in_over"))
        reader = self._as(session, reader)
        if not self._is_own(request):
            return _sent(reader.end(403, "foreign"))
        found = await self._found(request, session)
        if found is None:
            return _sent(reader.end(404, "not_yours"))
        return _sent(await answer(self.journal, found, self._as(session, reader, found), await request.body()))

    async def _signed_in(self, request: Request, reader: Reader) -> Response:
        """The browser comes back from the provider."""
        begun = self.cookies.read(request.cookies, SignIn)
        returned = request.query_params
        session = None
        which: Ending = "sign_in_failed"
        # Who did not begin here is not let in: else somebody could sign others in under their own name.
        if begun is not None and hmac.compare_digest(returned.get("state", "").encode(), begun.state.encode()):
            session = await self.provider.complete(begun, returned)
            which = "sign_in_refused" if "error" in returned else which
        if begun is None or session is None:
            response = _sent(reader.end(403, which))
        else:
            response = RedirectResponse(begun.path, 303, {"Cache-Control": "no-store"})
            self.cookies.write(response, session)
        self.cookies.drop(response, SignIn)
        return response

    async def _sign_out(self, request: Request, reader: Reader) -> Response:
        session = self.cookies.read(request.cookies, Session)
        token = dict(parse_qsl((await request.body()).decode(errors="replace"))).get("token", "")
        if session is not None and not (
            self._is_own(request) and hmac.compare_digest(token.encode(), session.token(_SIGN_OUT).encode())
        ):
            return _sent(self._as(session, reader).end(403, "foreign"))
        response = _sent(reader.end(200, "signed_out"))
        self.cookies.drop(response, Session)
        return response

    async def _found(self, request: Request, session: Session) -> Approval | None:
        """The approval of this link if this person asked for it, or may approve it in place of who asked."""
        approval_id = str(request.path_params["approval_id"])
        approval = await self.journal.get(approval_id) if _ID.fullmatch(approval_id) else None
        if approval is None:
            return None
        is_second = approval.channel == "second_person" and session.is_approver
        return approval if is_second or is_of_person(approval.principal, session.person) else None

    def _as(self, session: Session, reader: Reader, approval: Approval | None = None) -> Reader:
        """The reader as whom they signed in, and what they may do with this approval."""
        signed_in = SignedIn(session.name, urlsplit(self.public).netloc, session.token(_SIGN_OUT))
        if approval is None:
            return replace(reader, signed_in=signed_in)
        token = session.token(approval.approval_id)
        if approval.channel != "second_person":
            return replace(reader, signed_in=signed_in, token=token)
        if is_of_person(approval.principal, session.person):
            return replace(
                reader, signed_in=replace(signed_in, waits_for=self.provider.approver_group or ""), token=token
            )
        return replace(reader, signed_in=signed_in, token=token, channel="second_person")

    def _reader(self, request: Request) -> Reader:
        wished = request.query_params.get("lang", "")
        accepted = request.headers.get("accept-language", "")
        language = language_of(wished, accepted, self.language, browser_decides=self.browser_decides)
        return Reader(language, "", "http_page")

    def _is_own(self, request: Request) -> bool:
        return comes_from_the_page(request.headers, request.headers.getlist("origin"), self.public)


def _sent(page: Page) -> HTMLResponse:
    return HTMLResponse(page.html, page.status, page.headers)


def page_behind_sign_in(
    services: Services, settings: Settings, public: str, keys: SigningKeys, page_keys: SharedKeys
) -> SignedInPage:
    """The page that these settings ask for.

    Raises:
        RefusedError: The file of the client's secret cannot be used.
    """
    return SignedInPage(
        journal=services.journal,
        language=settings.lang,
        browser_decides=settings.lang_is_default,
        public=public,
        cookies=Cookies(page_keys, is_https=public.startswith("https:"), now=services.now),
        provider=AuthorizationCode(
            keys=keys,
            issuer=settings.oidc_issuer or "",
            client_id=settings.oidc_client_id or "",
            secret=client_secret(settings.oidc_client_secret_file),
            redirect_uri=f"{public}{CALLBACK}",
            approver_group=settings.approver_group,
        ),
    )
