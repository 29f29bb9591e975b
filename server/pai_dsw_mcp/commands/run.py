"""Runs one verb of the command, and ends it well: with an exit code, a sentence, and nothing left behind."""

import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.errors import ErrorKind, PaiDswError
from pai_dsw_mcp.front import Front
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import render

_NOBODY_READS: Final = 141
"""The exit code where the reader of stdout has gone; 1 of `audit --verify` would be an answer."""


def run(settings: Settings, emulator: EmbeddedEmulator | None, front: Front | None) -> int:
    """Returns the exit code. The emulator, where there is one, ends with the verb."""
    with ExitStack() as stack:
        if emulator is not None:
            stack.enter_context(emulator)
            if settings.state_dir_is_default:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pai-dsw-mcp-"))
                settings = replace(settings, state_dir=Path(folder), state_dir_is_default=False)
        try:
            if settings.verb == "serve":
                return _run_verb(settings, emulator, front, stack)
            return _run_for_person(settings, emulator, stack)
        except PaiDswError as error:
            # Without the hints of `explain`, which speak to a model.
            sys.stderr.write(f"pai-dsw-mcp: {render(error.sentence, settings.lang)}\n")
            # 1 of `audit --verify` is an answer: something was manipulated.
            return 2 if error.kind == ErrorKind.ENDPOINT_REFUSED or settings.verify or settings.end else 1


def _run_for_person(settings: Settings, emulator: EmbeddedEmulator | None, stack: ExitStack) -> int:
    """Ends without a traceback where the person presses Ctrl-C, or where nobody reads on, as with `| head`.

    SIGTERM ends a verb as Ctrl-C does: its children and its folder go with it.

    Raises:
        KeyboardInterrupt: Ctrl-C or SIGTERM.
        SystemExit: As the verb ended, or stdout.
    """
    stack.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, _interrupt))
    try:
        code = _run_verb(settings, emulator, None, stack)
        # At the end of Python nobody could catch it.
        sys.stdout.flush()
    except BrokenPipeError:
        return _leave_stdout()
    except BaseExceptionGroup as group:
        # What ends a task ends the group that it is in.
        found: Any = group.subgroup((KeyboardInterrupt, SystemExit))
        if found is None:  # pragma: no cover  # a fault of ours, which keeps its traceback
            raise
        while hasattr(found, "exceptions"):
            found = found.exceptions[0]
        raise found from None
    return code


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what the signal module passes
    signal.raise_signal(signal.SIGINT)


def _leave_stdout() -> int:
    """What is still buffered goes nowhere, for Python writes it as it ends."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return _NOBODY_READS


def _run_verb(settings: Settings, emulator: EmbeddedEmulator | None, front: Front | None, stack: ExitStack) -> int:
    """Each verb imports only what it needs: `serve` must be up before a person notices."""
    match settings.verb:
        case "serve" if settings.http is not None:
            from pai_dsw_mcp.commands.serve_http import serve_http

            _end_on_signals(stack)
            return serve_http(settings, emulator, stack)
        case "serve":
            from pai_dsw_mcp.commands.serve import serve

            _end_on_signals(stack)
            return serve(settings, emulator, front)
        case "demo":
            from pai_dsw_mcp.commands.demo import demo

            return demo(settings)
        case "approve":
            from pai_dsw_mcp.commands.approve import approve

            return approve(settings)
        case "doctor":
            from pai_dsw_mcp.commands.doctor import doctor

            return doctor(settings, emulator)
        case "verify-cloud":
            from pai_dsw_mcp.cloud.environment import prepare

            # What it imports are the vendor's modules too, which read the environment as they are imported.
            prepare()
            from pai_dsw_mcp.commands.verify_cloud import INTERRUPTED, verify_cloud

            code = verify_cloud(settings, emulator)
            if code == INTERRUPTED:
                # A second Ctrl-C leaves threads that nobody ends, and Python would wait for them.
                _leave(stack, code)
            return code
        case "audit":  # pragma: no branch  # there are no other verbs, and pyright knows
            from pai_dsw_mcp.commands.audit import audit

            return audit(settings)


def _leave(stack: ExitStack, code: int) -> NoReturn:
    """Ends the process without waiting for its threads."""
    stack.close()
    os._exit(code)


def _end_on_signals(stack: ExitStack) -> None:
    """Ctrl-C, SIGTERM and a closed terminal end the server at once, although a thread still waits for stdin.

    A write that is under way stays marked as sent in the journal, and its outcome is found out by the next call.
    """

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # what the signal module passes
        _leave(stack, 0)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # Windows has no SIGHUP; who starts a server with nohup wants it to outlive the terminal.
        number = signal.Signals.__members__.get(name)
        if number is not None and not (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
            stack.callback(signal.signal, number, signal.signal(number, end))
