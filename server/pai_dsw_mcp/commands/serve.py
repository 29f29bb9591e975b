"""`pai-dsw-mcp`: speaks MCP on stdin and stdout until the client goes away."""

import gc
import os
import threading
from contextlib import ExitStack

from pai_dsw_mcp.app import build_server, build_services
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings


def cloud_options(settings: Settings, endpoint: str | None) -> CloudOptions:
    """What the cloud layer needs of the settings."""
    return CloudOptions(
        endpoint=endpoint,
        read_only=settings.read_only,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        network=settings.network,
    )


def serve(settings: Settings, emulator: EmbeddedEmulator | None) -> int:
    """Serves until stdin ends; returns the exit code."""
    with ExitStack() as stack:
        endpoint = settings.endpoint
        if emulator is not None:
            stack.enter_context(emulator)
            endpoint = emulator.url
            # The vendor's chain reads its variables once, when it is imported; that is later than here.
            os.environ.update(emulator.user.as_environment())
        cloud = Cloud(cloud_options(settings, endpoint))
        server = build_server(settings, build_services(settings, cloud, Journal(settings.journal_path)))
        gc.freeze()
        gc.enable()
        # The vendor's SDK takes as long to import as all the rest: it gets ready while the client says hello.
        threading.Thread(target=cloud.warm, name="warm", daemon=True).start()
        server.run("stdio")
    return 0
