"""Arguments and environment become settings, settings become one verb."""

import gc
import os
from collections.abc import Sequence
from contextlib import nullcontext

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.front import Front
from pai_dsw_mcp.logs import configure_logs
from pai_dsw_mcp.settings import read_settings


def start(arguments: Sequence[str], front: Front | None) -> int:
    """Runs one verb; returns the exit code."""
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
