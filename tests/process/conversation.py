"""A client in raw JSON-RPC, of either protocol era, with a person behind it or without."""

import re
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from tests.process.processes import DEADLINE, Message, ServerProcess
from tests.support.desk import with_region

Era: TypeAlias = Literal["2025-11-25", "2026-07-28"]
Answer: TypeAlias = Callable[[Message], Message]

LEGACY: Final[Era] = "2025-11-25"
MODERN: Final[Era] = "2026-07-28"
REGION: Final = "cn-hangzhou"
_NAMESPACE: Final = "io.modelcontextprotocol"
_NAME_LINE: Final = re.compile(r"^(?:Instance: |实例：|Member: |How many: )(\S+)", re.MULTILINE)
"""Where the name stands that is typed back; of a batch, how many changes it holds."""
_CLIENT: Final = {"name": "raw", "version": "1"}


def yes(question: Message) -> Message:
    """Approves, and types the name back where the form asks for it, as a person reads it off the question."""
    content = {"decision": "approve"}
    for name in {"instance_name", "remaining"} & question["requestedSchema"]["properties"].keys():
        found = _NAME_LINE.search(question["message"])
        assert found is not None, question
        content[name] = found[1]
    return {"action": "accept", "content": content}


def no(_: Message) -> Message:
    return {"action": "decline"}


def empty(_: Message) -> Message:
    return {"action": "accept", "content": {}}


@dataclass
class Conversation:
    """`answer` is what becomes of a form; a client without one declares no forms."""

    server: ServerProcess
    era: Era
    answer: Answer | None = None
    questions: list[Message] = field(default_factory=list[Message])

    def open(self) -> Message:
        """The first exchange of the era; returns what the server says of itself."""
        if self.era == MODERN:
            return self.ask("server/discover", {})
        self.take_over()
        told = self.ask(
            "initialize",
            {"protocolVersion": LEGACY, "capabilities": self._capabilities, "clientInfo": _CLIENT},
        )
        self.server.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return told

    def take_over(self) -> None:
        """From now on this client answers what the server asks in the middle of a call."""
        self.server.answer = lambda request: self._put(request["params"])

    def answered(self, method: str, params: Message) -> Message:
        """The whole JSON-RPC message that answers a request."""
        return self.server.ask(method, self._with_meta(params))

    def ask(self, method: str, params: Message) -> Message:
        """The result of a request.

        Raises:
            AssertionError: It ended with a JSON-RPC error.
        """
        answered = self.answered(method, params)
        assert "result" in answered, answered
        return answered["result"]

    def begin(self, tool: str, **arguments: Any) -> Future[Message]:
        """Calls a tool without waiting; of use where no form is expected, or the era asks while the call runs."""
        params = {"name": tool, "arguments": with_region(arguments)}
        return self.server.begin("tools/call", self._with_meta(params))

    def call(self, tool: str, **arguments: Any) -> Message:
        """The result of a call to its end, with every form answered that is asked for on the way.

        An argument that is None is left out.
        """
        given = {name: value for name, value in with_region(arguments).items() if value is not None}
        params: Message = {"name": tool, "arguments": given}
        result = self.ask("tools/call", params)
        while result.get("resultType") == "input_required":
            answers = {key: self._put(asked["params"]) for key, asked in result["inputRequests"].items()}
            result = self.ask(
                "tools/call", {**params, "inputResponses": answers, "requestState": result["requestState"]}
            )
        return result

    def told(self, tool: str, **arguments: Any) -> Message:
        """The structured result of a call that is no error."""
        result = self.call(tool, **arguments)
        assert not result.get("isError"), result
        return result["structuredContent"]

    def tools(self) -> list[Message]:
        return self.ask("tools/list", {})["tools"]

    @property
    def _capabilities(self) -> Message:
        return {} if self.answer is None else {"elicitation": {"form": {}}}

    def _with_meta(self, params: Message) -> Message:
        if self.era == LEGACY:
            return params
        meta = {
            f"{_NAMESPACE}/protocolVersion": MODERN,
            f"{_NAMESPACE}/clientInfo": _CLIENT,
            f"{_NAMESPACE}/clientCapabilities": self._capabilities,
        }
        return {**params, "_meta": meta}

    def _put(self, question: Message) -> Message:
        assert self.answer is not None, "a client that declares no forms was asked"
        self.questions.append(question)
        return self.answer(question)


def text_of(result: Message) -> str:
    """What the model reads."""
    return "\n".join(block["text"] for block in result["content"])


def finished(call: Future[Message]) -> Message:
    """The result of a call that was begun."""
    return call.result(DEADLINE)["result"]
