"""Runs one verb of the command, and ends it well: with an exit code, a sentence, and nothing left behind."""

import importlib
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import FrameType

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.errors import ErrorKind, PaiDswError
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import render


def run(settings: Settings, emulator: EmbeddedEmulator | None) -> int:
    """Returns the exit code. The emulator, where there is one, ends with the verb."""
    with ExitStack() as stack:
        if emulator is not None:
            stack.enter_context(emulator)
            if settings.state_dir_is_default:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pai-dsw-mcp-"))
                settings = replace(settings, state_dir=Path(folder))
        # Each verb imports only what it needs: `serve` must be up before a person notices.
        verb = importlib.import_module(f"pai_dsw_mcp.commands.{settings.verb}")
        try:
            if settings.verb == "serve":
                _end_on_signals(stack)
                return verb.serve(settings, emulator)
            return getattr(verb, settings.verb)(settings)
        except PaiDswError as error:
            # Without the hints of `explain`, which speak to a model.
            sys.stderr.write(f"pai-dsw-mcp: {render(error.sentence, settings.lang)}\n")
            return 2 if error.kind == ErrorKind.ENDPOINT_REFUSED else 1


def _end_on_signals(stack: ExitStack) -> None:
    """Ctrl-C and SIGTERM end the server at once, although a thread still waits for stdin.

    A write that is under way stays marked as sent in the journal, and its outcome is found out by the next call.
    """

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what the signal module passes
        stack.close()
        os._exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        stack.callback(signal.signal, number, signal.signal(number, end))
