"""Serves over stdin and stdout: a line takes bounded memory, and a malformed one is answered with an error.

The SDK reads lines of any length and drops malformed ones without a reply, which leaves a client waiting.
"""

import os
from collections.abc import AsyncGenerator
from typing import Any, BinaryIO, Final, cast

from anyio import AsyncFile, to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, RequestId, jsonrpc_message_adapter
from pydantic import ValidationError
from pydantic_core import from_json

LONGEST: Final = 4 * 1024 * 1024
"""Bytes in a line; a call of any tool takes a few thousand."""


async def serve_over_stdio(server: Server[Any]) -> None:
    """Serves until stdin ends."""
    wire = _take_stdin()

    async def messages() -> AsyncGenerator[str]:
        while line := await to_thread.run_sync(_read_line, wire):
            refusal = _refusal(line)
            if refusal is None:
                yield line.decode("utf-8", "replace")
            else:
                await write.send(SessionMessage(refusal))

    # The SDK only iterates over what it is given as stdin.
    async with stdio_server(stdin=cast("AsyncFile[str]", messages())) as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _take_stdin() -> BinaryIO:
    """Takes stdin for this module alone: any other reader, such as a child process, gets end-of-file.

    Never closed: a thread may still be blocked in a read when everything else has ended.
    """
    wire = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return os.fdopen(wire, "rb", closefd=False)


def _read_line(wire: BinaryIO) -> bytes:
    """The next line, empty at the end. One that is too long is cut just beyond the limit; the rest is dropped."""
    line = rest = wire.readline(LONGEST + 1)
    while len(line) > LONGEST and rest and not rest.endswith(b"\n"):
        rest = wire.readline(LONGEST)
    return line


def _refusal(line: bytes) -> JSONRPCError | None:
    """The reply to a line that is no JSON-RPC message; None where it is one."""
    if len(line) > LONGEST:
        return _error(None, INVALID_REQUEST, f"A line has at most {LONGEST} bytes; this one was not read.")
    text = line.decode("utf-8", "replace")
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
