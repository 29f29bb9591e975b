"""Somebody at a real terminal."""

import fcntl
import io
import os
import pty
import select
import signal
import struct
import termios
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import get_args

from pai_dsw_mcp.texts.approval import TEXTS
from pai_dsw_mcp.texts.text import Language
from pai_dsw_mcp.texts.verify import TEXTS as VERIFY

ASKS = tuple(
    (TEXTS[key].en if language == "en" else TEXTS[key].zh).partition("{")[0]
    for key in (
        "terminal_question",
        "terminal_name",
        "terminal_present_name",
        "terminal_leave_out",
        "terminal_count",
        "terminal_feedback",
    )
    for language in get_args(Language)
) + tuple(
    (VERIFY[key].en if language == "en" else VERIFY[key].zh).rpartition("}")[2]
    for key in ("verify_image_url", "verify_type_name", "verify_stop_or_name")
    for language in get_args(Language)
)
"""What the command shows before it waits for a line."""
CLOSED = "\x04"
INTERRUPTED = "Ctrl-C"


class NoTerminal(io.StringIO):
    """Calls itself a terminal and is none."""

    def isatty(self) -> bool:
        return True


class Person:
    """Somebody at a real terminal, who answers a question after reading it."""

    def __init__(self, columns: int = 0) -> None:
        self._desk, tty = pty.openpty()
        fcntl.ioctl(tty, termios.TIOCSWINSZ, struct.pack("HHHH", 0, columns, 0, 0))
        self.stdin = os.fdopen(os.dup(tty), encoding="utf-8")
        self.stdout = os.fdopen(tty, "w", encoding="utf-8")
        self.shown = ""

    def type(self, text: str) -> None:
        os.write(self._desk, text.encode())

    def answer(self, *answers: str) -> None:
        """Reads up to each question and answers it, then reads to the end."""
        for each in answers:
            self.shown += read_until(self._desk, *ASKS)
            if each == INTERRUPTED:
                self._wait_until_read()
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            else:
                self.type(each if each == CLOSED else f"{each}\n")
        rest = b""
        # Linux ends the reading of a terminal that nobody writes to any more with an error, others with nothing.
        with suppress(OSError):
            while chunk := os.read(self._desk, 4096):
                rest += chunk
        self.shown += rest.decode()

    def _wait_until_read(self) -> None:
        """Until the main thread waits for the line: a signal just before the read began would not end it.

        Linux tells in which call a thread waits, and of which descriptor.
        """
        call = Path(f"/proc/self/task/{threading.main_thread().native_id}/syscall")
        while call.exists() and call.read_text("ascii").split()[1:2] != [hex(self.stdin.fileno())]:
            os.sched_yield()

    @contextmanager
    def answering(self, *answers: str, type_ahead: str = "") -> Generator[None]:
        """Sits there until the command has ended. More than a terminal takes at once is typed as it takes it."""
        pasting = threading.Thread(target=self.type, args=(type_ahead,))
        reading = threading.Thread(target=self.answer, args=answers)
        pasting.start()
        reading.start()
        try:
            yield
        finally:
            self.stdin.close()
            self.stdout.close()
            pasting.join()
            reading.join()
            os.close(self._desk)


def read_until(descriptor: int, *words: str) -> str:
    """What a terminal shows up to one of the words; fails after 30 seconds of silence."""
    shown = b""
    while not any(word.encode() in shown for word in words):
        ready, _, _ = select.select([descriptor], [], [], 30)
        assert ready, shown
        shown += os.read(descriptor, 4096)
    return shown.decode()
