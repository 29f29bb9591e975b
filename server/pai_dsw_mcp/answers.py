"""Which of a client's first lines have a ready-made answer: one that the server itself gave, before it was packaged.

The first line of `answers.jsonl` says which server gave them and where they stand. Each further line is one result.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from glob import glob
from typing import Any, Final, TypeAlias

FILE: Final = f"{__file__.removesuffix('.py')}.jsonl"
_CARDS: Final = "io.modelcontextprotocol/ui"
_DRAWN: Final = {"mimeTypes": ["text/html;profile=mcp-app"]}
_DRAWING: Final = ("", " with cards")  # a client that draws them gets answers of its own
Results: TypeAlias = Mapping[str, int]  # of each method with an answer, which of the results it is


def answers_for(language: str, arguments: Sequence[str]) -> "Answers | None":
    """The answers of the server with these arguments; None where there are none, or where they are of another."""
    with open(FILE, "rb") as file:  # noqa: PTH123  # importing pathlib takes longer than all of this
        index, *results = file.read().splitlines()
    given = json.loads(index)
    eras = given["variants"].get(json.dumps([language, *arguments]))
    return Answers(eras, results) if eras and all(_is_here(*made) for made in given["with"].items()) else None


def _is_here(name: str, version: str) -> bool:
    """Whether this version is installed; `importlib.metadata` too takes long to import."""
    for folder in sys.path:
        for found in glob(f"{name}-*.dist-info", root_dir=folder or "."):  # noqa: PTH207  # as above
            return found.startswith(f"{name}-{version}.")
    return False


class Answers:
    """The answers of one conversation, to plain requests alone: what is unusual is for the server to judge."""

    def __init__(self, eras: Mapping[str, Mapping[str, Results]], results: Sequence[bytes]) -> None:
        self._eras = eras
        self._results = results
        self._agreed: Results = {}
        self.replay: list[dict[str, Any]] = []  # what the server has to hear: the protocol, and who the client is

    def reply(self, line: bytes) -> bytes | None:
        """The reply, empty to a notification; None where the server has to answer."""
        # JSON parsers do not agree on all escapes, nor on how deep values may be nested.
        if b"\\" in line or line.count(b"{") + line.count(b"[") > 100:
            return None
        try:
            message = json.loads(line.decode())
        except ValueError:
            return None
        match message:
            case {"jsonrpc": "2.0", "method": "notifications/initialized", **rest} if self._agreed and not rest:
                self.replay.append(message)
                return b""
            case {"jsonrpc": "2.0", "id": number, "method": str(method), **rest} if rest.keys() <= {"params"}:
                result = self._known(method, rest.get("params", {})).get(method)
                if result is None or type(number) not in {int, str}:
                    return None
            case _:
                return None
        self.replay = self.replay or [message]
        head = f'{{"jsonrpc":"2.0","id":{json.dumps(number, ensure_ascii=False)},"result":'
        return head.encode() + self._results[result] + b"}\n"

    def _known(self, method: str, params: Any) -> Results:
        """What is answered in the protocol version that the request speaks."""
        match params:
            case {"protocolVersion": str(version), "clientInfo": client, "capabilities": able, **rest} if (
                method == "initialize" and not self.replay and not rest and _are_plain(client, able)
            ):
                self._agreed = self._eras["handshake" + _DRAWING[_CARDS in able.get("extensions", {})]].get(version, {})
                return self._agreed
            case {
                "_meta": {
                    "io.modelcontextprotocol/protocolVersion": str(version),
                    "io.modelcontextprotocol/clientInfo": client,
                    "io.modelcontextprotocol/clientCapabilities": able,
                    **others,
                },
                **rest,
            } if not self._agreed and not rest and not others and _are_plain(client, able):
                return self._eras["envelope" + _DRAWING[_CARDS in able.get("extensions", {})]].get(version, {})
            case {**rest} if not rest and method != "initialize":
                return self._agreed
            case _:
                return {}


def _are_plain(client: Any, capabilities: Any) -> bool:
    """Whether they are certainly valid."""
    match client, capabilities:
        case {"name": str(), "version": str(), **more}, {**able}:
            known = more.keys() <= {"title", "description", "websiteUrl"} and {*map(type, more.values())} <= {str}
            return known and all(map(_is_plain, able, able.values()))
        case _:
            return False


def _is_plain(capability: str, value: Any) -> bool:
    match capability, value:
        case "elicitation" | "experimental" | "extensions" | "sampling", {**parts}:
            return parts.get(_CARDS, _DRAWN) == _DRAWN and all(type(part) is dict for part in parts.values())
        case "roots", {**parts}:
            return parts.keys() <= {"listChanged"} and all(type(part) is bool for part in parts.values())
        case "tasks", {**parts}:
            return all(_is_plain("tasks", part) for part in parts.values())
        case _:
            return False
