"""What a client is told that lacks a token or a scope: where to get it, and which scopes to ask for."""

import json
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pai_dsw_mcp.gate.caller import WRITE, may_write


class Challenge:
    """Adds to the SDK's challenges the scopes to ask for; to a request without a token it says nothing of errors."""

    def __init__(self, app: ASGIApp, *, metadata: str, scopes: Collection[str]) -> None:
        self._app = app
        self._where = f'resource_metadata="{metadata}", scope="{" ".join(scopes)}"'
        self._scopes = f'scope="{" ".join(scopes)}"'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_token = "authorization" in Headers(scope=scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in {401, 403}:
                headers = MutableHeaders(raw=message["headers"])
                said = f"{headers['www-authenticate']}, {self._scopes}" if has_token else f"Bearer {self._where}"
                headers["www-authenticate"] = said
            await send(message)

        await self._app(scope, receive, answer)


class WritingCalls:
    """Refuses a call that changes something with a token that may only read, so that the client can ask for more.

    The gate refuses it as well: this only says so in the words of the protocol.
    """

    def __init__(self, app: ASGIApp, *, metadata: str, tools: Collection[str]) -> None:
        self._app = app
        self._metadata = metadata
        self._tools = frozenset(tools)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if may_write():
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        body = await request.body()
        if _called_tool(body) in self._tools:
            await self._refusal()(scope, receive, send)
            return
        is_read = False

        async def again() -> Message:
            nonlocal is_read
            if is_read:
                return await receive()
            is_read = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)

    def _refusal(self) -> JSONResponse:
        error = {"error": "insufficient_scope", "error_description": f"Required scope: {WRITE}"}
        told = ", ".join(f'{name}="{value}"' for name, value in error.items())
        header = {"WWW-Authenticate": f'Bearer {told}, resource_metadata="{self._metadata}"'}
        return JSONResponse(error, 403, headers=header)


def _called_tool(body: bytes) -> str | None:
    try:
        match json.loads(body):
            case {"method": "tools/call", "params": {"name": str(name)}}:
                return name
            case _:
                return None
    except (ValueError, RecursionError):
        return None
