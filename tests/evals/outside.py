"""A harness from outside: the standard library, MCP over stdio, and the commands in evals/README.md. Nothing else."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

from tests.support.programs import PYTHON
from tests.support.unmeasured import UNMEASURED

HOME: Final = Path(__file__).parents[2]
_COMMAND: Final = [PYTHON, "-m", "evals"]
Json: TypeAlias = dict[str, Any]
Answerer: TypeAlias = Callable[[str], Json]
"""From what a form says to the reply of a person."""


def approve(name: str | None = None) -> Answerer:
    """A person who says yes, and types a name where one is wanted."""
    content = {"decision": "approve", "instance_name": name} if name else {"decision": "approve"}
    return lambda _: {"action": "accept", "content": content}


class Outside:
    """One conversation with `python -m evals serve`. Its record is there once it is closed."""

    def __init__(self, scenario: str, record: Path, person: Answerer | None) -> None:
        self._record = record
        self._person = person
        self._number = 0
        self._server = subprocess.Popen(
            [*_COMMAND, "serve", scenario, "--record", str(record)],
            cwd=HOME,
            env=UNMEASURED,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        capabilities: Json = {"elicitation": {}} if person else {}
        about = {"protocolVersion": "2025-11-25", "capabilities": capabilities}
        self._ask("initialize", {**about, "clientInfo": {"name": "outside", "version": "1"}})
        self._send({"method": "notifications/initialized"})
        self.tools = [each["name"] for each in self._ask("tools/list", {})["tools"]]

    def call(self, tool: str, arguments: Json) -> Json:
        """Calls a tool; gives the structured result."""
        result = self._ask("tools/call", {"name": tool, "arguments": arguments})
        structured: Json = result.get("structuredContent") or {}
        return structured

    def close(self) -> None:
        """Ends stdin, which ends the server."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.wait(timeout=120)
        self._server.stdout.close()

    def grade(self, said: str) -> tuple[int, Json]:
        """The exit code and the verdict."""
        command = [*_COMMAND, "grade", str(self._record), "--said", said]
        graded = subprocess.run(
            command, cwd=HOME, env=UNMEASURED, capture_output=True, encoding="utf-8", timeout=120, check=False
        )
        return graded.returncode, json.loads(graded.stdout)

    def _ask(self, method: str, parameters: Json) -> Json:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": parameters})
        assert self._server.stdout
        for line in self._server.stdout:
            message: Json = json.loads(line)
            if message.get("method") == "elicitation/create":
                assert self._person
                self._send({"id": message["id"], "result": self._person(message["params"]["message"])})
            elif message.get("id") == self._number and "method" not in message:
                result: Json = message["result"]
                return result
        raise EOFError(method)

    def _send(self, message: Json) -> None:
        assert self._server.stdin
        self._server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._server.stdin.flush()
