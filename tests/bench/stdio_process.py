"""A server process and a client that is nothing but pipes and JSON, so that only the server's time is measured."""

import json
import re
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from tests.bench.servers import clean_environment

Era: TypeAlias = Literal["legacy", "modern"]

_CLIENT = {"name": "bench", "version": "0"}
_MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": _CLIENT,
    "io.modelcontextprotocol/clientCapabilities": {},
}


class StdioProcess:
    """Starts with the `with` block; the clock runs from the spawn."""

    def __init__(self, command: list[str], era: Era, **environment: str) -> None:
        self._command = command
        self._era = era
        self._environment = clean_environment(**environment)
        self._asked = 0

    def __enter__(self) -> Self:
        self.spawned = time.perf_counter()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        )
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=20)

    def hello(self) -> float:
        """The first exchange of the era; returns the seconds since the spawn."""
        if self._era == "modern":
            self._ask("server/discover")
            return time.perf_counter() - self.spawned
        self._ask("initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=_CLIENT)
        seconds = time.perf_counter() - self.spawned
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return seconds

    def list_tools(self) -> list[dict[str, Any]]:
        return self._ask("tools/list")["tools"]

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured result of a tool."""
        return self._ask("tools/call", name=tool, arguments=arguments)["structuredContent"]

    def call_nothing(self) -> float:
        """A call of a tool that no server has; returns the seconds from the spawn to the answer."""
        self._answered("tools/call", name="no_such_tool", arguments={})
        return time.perf_counter() - self.spawned

    def peak_memory(self) -> float:
        """The most memory that was resident at a time, in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) / 1024

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        answer = self._answered(method, **params)
        assert "result" in answer, answer
        return answer["result"]

    def _answered(self, method: str, **params: Any) -> dict[str, Any]:
        self._asked += 1
        if self._era == "modern":
            params["_meta"] = _MODERN
        self._send({"jsonrpc": "2.0", "id": self._asked, "method": method, "params": params})
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()
