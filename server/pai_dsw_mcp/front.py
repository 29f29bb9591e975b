"""Answers a client's first lines while the server is imported, which takes most of a second; then hands them over.

A thread reads stdin and answers what has a ready-made answer. It ends with the first line that has none: from there on
the server reads, and first hears again what opened the conversation. Imports nothing but the standard library.
"""

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from pai_dsw_mcp.answers import Answers, answers_for
from pai_dsw_mcp.language import language_of
from pai_dsw_mcp.stdin import read_line, take_stdin

_PROMPT: Final = 0.0005  # seconds for which imports hold the interpreter at a time: a client waits for this thread


class Front:
    """Speaks until `hand_over`, or until `refuse` where the server does not start."""

    def __init__(self, answers: Answers) -> None:
        self.wire = take_stdin()
        self.replayed: Final = f"replayed-{os.urandom(8).hex()}"
        """The id of the request that is replayed: its reply is not for the client, who has one."""
        self._stdout = os.fdopen(os.dup(1), "wb")  # its own: the SDK moves file descriptor 1 while it serves
        self._answers = answers
        self._waiting = b""
        self._is_over = False
        self._thread = threading.Thread(target=self._speak, daemon=True)
        self._thread.start()

    def _speak(self) -> None:
        usual = sys.getswitchinterval()
        sys.setswitchinterval(_PROMPT)
        line = b""
        # Where stdout is closed, the server meets the same.
        with suppress(OSError):
            while (line := read_line(self.wire)) and (reply := self._answers.reply(line)) is not None:
                self._write(reply)
        self._waiting = line
        sys.setswitchinterval(usual)

    def _write(self, reply: bytes) -> None:
        self._stdout.write(reply)
        self._stdout.flush()

    def hand_over(self) -> list[bytes]:
        """Waits for the first line that has no ready-made answer. Returns what the server has to read before stdin."""
        self._thread.join()
        self._is_over = True
        replay = [json.dumps({**each, "id": self.replayed} if "id" in each else each) for each in self._answers.replay]
        return [*(line.encode() for line in replay), *([self._waiting] if self._waiting else [])]

    def refuse(self) -> None:
        """Answers the requests that still wait, as the process ends; nothing once the server has taken over."""
        if self._is_over or self._thread.is_alive():
            return
        with suppress(OSError):
            self._write(_refusal(self._waiting))
            if sys.platform == "win32":
                return  # only POSIX reads what is there without waiting for more
            os.set_blocking(self.wire.fileno(), False)
            while line := read_line(self.wire):
                self._write(_refusal(line))


def _refusal(line: bytes) -> bytes:
    with suppress(ValueError, RecursionError):
        match json.loads(line):
            case {"method": str(), "id": int() | str() as number}:
                text = "The server could not start, and nothing was done. stderr says why; mend that, then start again."
                error = {"code": -32603, "message": text}
                return json.dumps({"jsonrpc": "2.0", "id": number, "error": error}).encode() + b"\n"
            case _:
                pass
    return b""


def open_front(arguments: Sequence[str], environ: Mapping[str, str]) -> Front | None:
    """A front for a client; None for a person at a terminal, and where the server has to answer itself."""
    is_set = any(name.upper().replace("-", "_").startswith("PAI_DSW_MCP") for name in environ)
    answers = None if is_set or os.isatty(0) else answers_for(language_of(environ), arguments)
    return answers and Front(answers)
