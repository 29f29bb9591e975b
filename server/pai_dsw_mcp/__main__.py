"""The command `pai-dsw-mcp`: arguments and environment become settings, settings become one verb."""

import gc
import importlib
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.logs import configure_logs
from pai_dsw_mcp.settings import Settings, read_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one verb; returns the exit code: 0 well, 1 failed, 2 wrong use."""
    settings = read_settings(sys.argv[1:] if arguments is None else arguments)
    # Importing builds thousands of objects that all stay; collecting among them only costs time.
    gc.disable()
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    configure_logs()
    with ExitStack() as stack:
        try:
            if settings.verb == "serve":
                return _serve(settings, stack)
            # Each verb imports only what it needs: `serve` must be up before a person notices.
            verb = importlib.import_module(f"pai_dsw_mcp.commands.{settings.verb}")
            return getattr(verb, settings.verb)(settings)
        # Looked up when something was raised, and by then it is imported.
        except importlib.import_module("pai_dsw_mcp.errors").PaiDswError as error:
            # Without the hints of `explain`, which speak to a model.
            render = importlib.import_module("pai_dsw_mcp.texts.render").render
            sys.stderr.write(f"pai-dsw-mcp: {render(error.sentence, settings.lang)}\n")
            return 2 if error.kind == "endpoint_refused" else 1


def _serve(settings: Settings, stack: ExitStack) -> int:
    emulator = None
    if settings.emulator:
        # Started first, so that it comes up while everything else is imported.
        emulator = EmbeddedEmulator(speed=settings.emulator_speed).start()
        if settings.state_dir_is_default:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pai-dsw-mcp-"))
            settings = replace(settings, state_dir=Path(folder))
    return importlib.import_module("pai_dsw_mcp.commands.serve").serve(settings, emulator)


if __name__ == "__main__":
    sys.exit(main())
