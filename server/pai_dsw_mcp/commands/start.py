"""Arguments and environment become settings, settings become one verb."""

import codecs
import gc
import json
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from io import TextIOWrapper

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.front import Front
from pai_dsw_mcp.logs import configure_logs
from pai_dsw_mcp.settings import read_settings


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""What an encoding lacks as `\uXXXX`: in JSON still the same text, which `\xXX` of `backslashreplace` is not."""
    assert isinstance(error, UnicodeEncodeError)  # noqa: S101  # only what writes to stdout names this
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _write_everything() -> None:
    """No text ends a command because stdout has another encoding than UTF-8. The protocol does not go through it."""
    codecs.register_error("pai-dsw-mcp", _escaped)
    stdout: object = sys.stdout
    if isinstance(stdout, TextIOWrapper):  # pragma: no branch  # a program without a console has none
        stdout.reconfigure(errors="pai-dsw-mcp")


def start(arguments: Sequence[str], front: Front | None) -> int:
    """Runs one verb; returns the exit code."""
    _write_everything()
    settings = read_settings(arguments)
    emulator = EmbeddedEmulator(speed=settings.emulator_speed) if settings.emulator else None
    # Started first, so that it comes up while everything else is imported; Ctrl-C may come meanwhile.
    with emulator or nullcontext():
        # Imports create thousands of long-lived objects; garbage collection among them only costs time.
        gc.disable()
        os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
        configure_logs(settings.log_level, settings.log_format)
        from pai_dsw_mcp.commands.run import run  # noqa: PLC0415  # not before the emulator starts

        return run(settings, emulator, front)
