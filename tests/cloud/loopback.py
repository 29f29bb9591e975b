"""A small real HTTP server for what a well-behaved emulator does not do, and what arrived at it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions

TEST_KEY = ("TESTloopback", "TESTsecret")


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    names: list[str] = field(default_factory=list[str])

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def operation(self) -> str:
        return self.headers["x-acs-action"]


Answer = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


def raw(data: bytes) -> Answer:
    """These bytes, and then the end of the connection."""

    async def answer(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return answer


def http(status: int, body: bytes, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Some", f"content-length: {len(body)}", "content-type: application/json"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def reply(body: Any, status: int = 200, **headers: str) -> Answer:
    """A whole reply; the connection stays open for the next request."""
    data = http(status, json.dumps(body).encode(), **headers)

    async def answer(_received: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return answer


def dsw(body: dict[str, Any]) -> Answer:
    return reply({"RequestId": "REQ-1", "Success": True, "Code": None, "Message": None, **body})


async def hang(_received: Received, writer: asyncio.StreamWriter) -> None:
    """No answer until the client goes away."""
    await writer.wait_closed()


async def reset(_received: Received, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


class Loopback:
    """Gives the answers one after another, the last one again and again."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.received: list[Received] = []
        self.connections = 0
        self.url = ""
        self.arrival = asyncio.Event()
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in self._open.values():
            writer.transport.abort()
        await asyncio.gather(*self._open, return_exceptions=True)

    def cloud(self, **options: Any) -> Cloud:
        settings: dict[str, Any] = {"endpoint": self.url, "test_access_key": TEST_KEY, **options}
        return Cloud(CloudOptions(**settings))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        self.connections += 1
        try:
            while not writer.is_closing():
                received = await _receive(reader)
                if received is None:
                    break
                self.received.append(received)
                self.arrival.set()
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                await answer(received, writer)
        except OSError:
            pass
        finally:
            del self._open[task]
            writer.close()


async def _receive(reader: asyncio.StreamReader) -> Received | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    except asyncio.IncompleteReadError:
        return None
    method, target, _ = head[0].split(" ")
    pairs = [line.split(": ", 1) for line in head[1:] if line]
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, target, headers, body, [name for name, _ in pairs])
