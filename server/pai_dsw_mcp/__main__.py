"""The command `pai-dsw-mcp`: arguments and environment become settings, settings become one verb."""

import gc
import os
import sys
from collections.abc import Sequence

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.logs import configure_logs
from pai_dsw_mcp.settings import read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one verb; returns the exit code: 0 well, 1 failed, 2 wrong use."""
    settings = read_settings(sys.argv[1:] if arguments is None else arguments)
    # Started first, so that it comes up while everything else is imported.
    emulator = EmbeddedEmulator(speed=settings.emulator_speed).start() if settings.emulator else None
    # Imports create thousands of long-lived objects; garbage collection among them only costs time.
    gc.disable()
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    configure_logs()
    from pai_dsw_mcp.commands.run import run  # noqa: PLC0415  # not before the emulator starts

    return run(settings, emulator)


if __name__ == "__main__":
    sys.exit(main())
