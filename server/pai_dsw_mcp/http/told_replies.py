"""Tells how long each HTTP request took, and with which status it was answered."""

import logging
import time
from collections.abc import Sequence
from typing import Final

from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pai_dsw_mcp import telemetry

_OTHER: Final = "_OTHER"
"""OpenTelemetry's word for a name that is not known; how many there are must not depend on clients."""
_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})


class ToldReplies:
    """Around everything else, so that refusals are told as well. Paths are told as the routes are written."""

    def __init__(self, app: ASGIApp, *, routes: Sequence[Route]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        route = next((each.path for each in self._routes if each.matches(scope)[0] != Match.NONE), _OTHER)
        facts = {"http.request.method": method, "http.route": route, "url.scheme": "http"}
        began = time.perf_counter()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts["http.response.status_code"] = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, told)
        finally:
            seconds = time.perf_counter() - began
            telemetry.tell("http.server.request.duration", f"{method} {route}", seconds, facts, logging.DEBUG)
