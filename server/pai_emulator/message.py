"""An HTTP message as the gateway sees it, apart from any HTTP server."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    """A request. `target` is the raw request target, percent-encoding untouched; `headers` has lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @cached_property
    def path(self) -> str:
        """The raw path, without query, and without scheme and host where a proxy was spoken to."""
        path = self.target.partition("?")[0]
        scheme, separator, rest = path.partition("://")
        if separator and "/" not in scheme:
            return "/" + rest.partition("/")[2]
        return path

    @cached_property
    def query(self) -> dict[str, str]:
        """The decoded query; `+` is a space, as the synchronous SDK sends it, and blank values are kept."""
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Hold:
    """How long a reply is held back: `seconds` of real time, or of the emulator's."""

    seconds: float
    unit: Literal["real", "emulator"] = "real"


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is ready to be written in one piece."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Instead of a reply the connection is closed; with `reset` by a TCP reset, else by an orderly end."""

    reset: bool
    hold: Hold | None = None


def json_reply(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON reply in the compact UTF-8 form of the real gateway."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, content, {"content-type": "application/json;charset=utf-8", **(headers or {})})
