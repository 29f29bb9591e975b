"""Serves over stdin and stdout: a line takes bounded memory, and a malformed one is answered with an error.

The SDK reads lines of any length and drops malformed ones without a reply, which leaves a client waiting.
"""

import json
import re
from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Any, Final, Self, cast

from anyio import AsyncFile, to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared._stream_protocols import WriteStream
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, RequestId, jsonrpc_message_adapter
from pydantic import ValidationError
from pydantic_core import from_json

from pai_dsw_mcp.front import Front
from pai_dsw_mcp.stdin import LONGEST, read_line, take_stdin

_HALF_A_CHARACTER: Final = re.compile(r"\\u[dD][89a-fA-F]")


async def serve_over_stdio(server: Server[Any], front: Front | None = None) -> None:
    """Serves until the client goes away: stdin ends, or nobody reads stdout.

    Reads all of stdin, or from where the front hands over.
    """
    wire = take_stdin() if front is None else front.wire

    async def lines() -> AsyncGenerator[bytes]:
        for line in await to_thread.run_sync(front.hand_over) if front else ():
            yield line
        while line := await to_thread.run_sync(read_line, wire):
            yield line

    async def messages() -> AsyncGenerator[str]:
        async for line in lines():
            text, refusal = _read(line)
            if refusal is None:
                yield text
            else:
                await write.send(SessionMessage(refusal))

    # The SDK only iterates over what it is given as stdin.
    try:
        async with stdio_server(stdin=cast("AsyncFile[str]", messages())) as (read, write):
            replies = write if front is None else _Unheard(write, front.replayed)
            await server.run(read, replies, server.create_initialization_options())
    except* BrokenPipeError:
        # A client that goes away closes both. Which of them is noticed first is chance, so both end alike.
        pass


class _Unheard:
    """Sends replies, but none to a request that is replayed: the client has had it from the front."""

    def __init__(self, write: WriteStream[SessionMessage], replayed: str) -> None:
        self._write = write
        self._replayed = replayed

    async def send(self, item: SessionMessage, /) -> None:
        """Sends it, or not."""
        if getattr(item.message, "id", None) != self._replayed:
            await self._write.send(item)

    async def aclose(self) -> None:
        """As the stream below."""
        await self._write.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc_val: BaseException | None, exc_tb: TracebackType | None
    ) -> None:
        await self.aclose()


def _read(line: bytes) -> tuple[str, JSONRPCError | None]:
    """The line, and the reply where it is no JSON-RPC message."""
    if len(line) > LONGEST:
        return "", _error(None, INVALID_REQUEST, f"A line has at most {LONGEST} bytes; this one was not read.")
    text = line.decode("utf-8", "replace")
    refusal = _refusal(text)
    if refusal is not None and _HALF_A_CHARACTER.search(text):
        text = _with_whole_characters(text)
        refusal = _refusal(text)
    return text, refusal


def _with_whole_characters(text: str) -> str:
    """The same JSON with U+FFFD for half a character, as JavaScript writes one that was cut; pydantic takes none."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return text
    written = json.dumps(message, ensure_ascii=False)
    return written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _refusal(text: str) -> JSONRPCError | None:
    try:
        jsonrpc_message_adapter.validate_json(text, by_name=False)
    except ValidationError:
        return _malformed(text)
    return None


def _malformed(text: str) -> JSONRPCError:
    try:
        message = from_json(text)
    except ValueError:
        return _error(None, PARSE_ERROR, "The line is not JSON.")
    # Without a method it may be a response: its id is one of ours, and the client may use the same one.
    asked = cast("dict[str, Any]", message) if isinstance(message, dict) and "method" in message else {}
    number = asked.get("id")
    return _error(number if type(number) in {int, str} else None, INVALID_REQUEST, "This is no JSON-RPC 2.0 message.")


def _error(number: RequestId | None, code: int, message: str) -> JSONRPCError:
    return JSONRPCError(jsonrpc="2.0", id=number, error=ErrorData(code=code, message=message))
