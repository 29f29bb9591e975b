"""What answers at /mcp: the SDK's Streamable HTTP without sessions, behind the checks of this server."""

from collections.abc import Collection
from typing import Final, cast

from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.auth.middleware.bearer_auth import BearerAuthBackend, RequireAuthMiddleware
from mcp.server.auth.provider import TokenVerifier
from mcp.server.auth.routes import build_resource_metadata_url, create_protected_resource_routes
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import RequestBodyLimitMiddleware, TransportSecuritySettings
from pydantic import AnyHttpUrl
from starlette.applications import Starlette
from starlette.authentication import AuthenticationError
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.flag_values import Address
from pai_dsw_mcp.gate.caller import READ, WRITE
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.http.challenge import Challenge, WritingCalls
from pai_dsw_mcp.http.connections import HEADERS_CAP
from pai_dsw_mcp.http.cookies import SharedKeys
from pai_dsw_mcp.http.keys import SigningKeys
from pai_dsw_mcp.http.sign_in import AccessTokens, SharedToken
from pai_dsw_mcp.http.signed_in_page import page_behind_sign_in
from pai_dsw_mcp.http.told_replies import ToldReplies
from pai_dsw_mcp.settings import Settings

PATH: Final = "/mcp"
BODY_CAP: Final = 256 * 1024
"""Bytes of a request; a call of any tool takes a few thousand."""
_SINGLE: Final = ("host", "origin", "authorization", "content-length", "mcp-protocol-version")
"""Headers whose repetition could mean one thing to a proxy and another one here."""


class Guard:
    """Refuses what no MCP client sends: other names of this server (DNS rebinding), foreign pages, doubled headers."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], origins: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        if sum(len(name) + len(value) for name, value in headers.raw) > HEADERS_CAP:
            return PlainTextResponse("The headers are too long.\n", 431)
        doubled = [name for name in _SINGLE if len(headers.getlist(name)) > 1]
        if doubled:
            return PlainTextResponse(f"There may be only one {doubled[0]} header.\n", 400)
        if headers.get("host", "").lower() not in self._hosts:
            return PlainTextResponse("This server does not go by that name; the operator sets --allow-host.\n", 421)
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            return PlainTextResponse("Pages of that origin may not call; the operator sets --allow-origin.\n", 403)
        return None


def hosts_of(settings: Settings, listening: Address) -> tuple[str, ...]:
    """The names under which clients may reach this server."""
    if not listening.is_loopback:
        return settings.allow_host
    return (*settings.allow_host, str(listening), *(f"{name}:{listening.port}" for name in ("localhost", "127.0.0.1")))


def application(
    server: MCPServer[Services],
    services: Services,
    settings: Settings,
    listening: Address,
    *,
    keys: SigningKeys | None = None,
    page_keys: SharedKeys,
) -> Starlette:
    """The application of a server that listens at this address.

    `page_keys` seal the cookies of the approval page, the first of them new ones; all replicas have the same.

    Raises:
        RefusedError: The file of the token or of the client's secret cannot be used.
    """
    # `Guard` has checked host and origin of every path, and before anything else.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        max_request_body_size=BODY_CAP,
        transport_security=security,
    )
    manager = server.session_manager
    public = f"https://{settings.allow_host[0]}" if settings.allow_host else f"http://{listening}"
    # Besides, the page posts to itself; nothing of it calls /mcp, and no browser has the token for that.
    origins = (*settings.allow_origin, public) if settings.oidc_client_id is not None else settings.allow_origin
    middleware = [Middleware(Guard, hosts=hosts_of(settings, listening), origins=origins), *_cors(settings)]
    endpoint: ASGIApp = manager.asgi_app
    routes: list[Route] = []
    if settings.bearer_token_file is not None:
        middleware += _signed_in(SharedToken(settings.bearer_token_file))
        endpoint = RequireAuthMiddleware(endpoint, [READ])
    elif settings.oidc_issuer is not None:
        issuer, audience = settings.oidc_issuer, settings.oidc_audience or ""
        keys = keys or SigningKeys(issuer)
        middleware += _signed_in(AccessTokens(keys, issuer=issuer, audience=audience, owner_claim=settings.owner_claim))
        endpoint, routes = _resource_server(endpoint, settings, public)
        if settings.oidc_client_id is not None:
            page = page_behind_sign_in(services, settings, public, keys, page_keys)
            services.page, routes = page, [*routes, *page.routes()]
    # There are no sessions to listen to or to end, so GET and DELETE have nothing to say.
    routes.append(Route(PATH, endpoint=endpoint, methods=["POST"]))
    middleware.insert(0, Middleware(ToldReplies, routes=routes))
    app = Starlette(routes=routes, middleware=middleware, lifespan=lambda _: manager.run())
    # Behind a proxy that ends TLS, a redirect would send the token over plain HTTP.
    app.router.redirect_slashes = False
    return app


def _signed_in(verifier: TokenVerifier) -> list[Middleware]:
    """Finds out who calls; it refuses nobody."""
    backend = BearerAuthBackend(verifier)
    return [
        Middleware(AuthenticationMiddleware, backend=backend, on_error=_unavailable),
        Middleware(AuthContextMiddleware),
    ]


def _unavailable(_: HTTPConnection, __: AuthenticationError) -> Response:
    return PlainTextResponse("The identity provider cannot be reached.\n", 503, headers={"Retry-After": "10"})


def _resource_server(endpoint: ASGIApp, settings: Settings, public: str) -> tuple[ASGIApp, list[Route]]:
    """The endpoint behind its scopes, and the metadata that tells a client where to sign in."""
    writing = [tool.name for tool in tools_for(settings) if not tool.only_reads]
    scopes = [READ, WRITE] if writing else [READ]
    # Its fields keep an address as it is written; the audience is checked with the rest of the token.
    auth = AuthSettings.model_validate(
        {"issuer_url": settings.oidc_issuer, "resource_server_url": public + PATH, "validate_token_resource": False}
    )
    resource = cast("AnyHttpUrl", auth.resource_server_url)
    metadata = build_resource_metadata_url(resource)
    calls = WritingCalls(endpoint, metadata=str(metadata), tools=writing)
    # Before anything of a body is kept here.
    limited = RequestBodyLimitMiddleware(calls, BODY_CAP)
    challenge = Challenge(RequireAuthMiddleware(limited, [READ], metadata), metadata=str(metadata), scopes=scopes)
    return challenge, create_protected_resource_routes(resource, [auth.issuer_url], scopes)


def _cors(settings: Settings) -> list[Middleware]:
    if not settings.allow_origin:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=settings.allow_origin,
            allow_methods=["POST"],
            allow_headers=["*"],
            expose_headers=["WWW-Authenticate"],
        )
    ]
