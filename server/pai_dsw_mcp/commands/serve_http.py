"""`pai-dsw-mcp --http`: speaks MCP over Streamable HTTP until a signal ends it."""

import gc
import sys
from contextlib import ExitStack
from importlib import import_module
from typing import Any, cast

import anyio
from anyio import to_thread

from pai_dsw_mcp.app import build_server
from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.commands.place import audit_of
from pai_dsw_mcp.commands.serve import assemble
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.flag_values import Address
from pai_dsw_mcp.http.application import PATH, application
from pai_dsw_mcp.http.listening import listen, serve_until_ended
from pai_dsw_mcp.http.states import SharedStates
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import say


def exporters_of(settings: Settings) -> Any:
    """What measures, where somebody looks at it; nothing of it is loaded otherwise.

    Raises:
        RefusedError: There is a collector, and what speaks to that is not installed.
    """
    if settings.admin_listen is None and settings.otlp_endpoint is None:
        return None
    try:
        exporters = import_module("pai_dsw_mcp.http.exporters")
    except ModuleNotFoundError:
        exporters = None
    if exporters is not None:
        return exporters.Exporters(settings.otlp_endpoint)
    if settings.otlp_endpoint is None:
        return None
    raise RefusedError("otel_extra_missing")


def serve_http(settings: Settings, emulator: EmbeddedEmulator | None, stack: ExitStack) -> int:
    """Serves until a signal ends it, which also closes the stack; returns the exit code."""
    services = assemble(settings, emulator)
    states = SharedStates(services.journal, audit_of(settings))
    server = build_server(settings, services, states)
    exporters = exporters_of(settings)
    if exporters is not None:
        stack.callback(exporters.close)
    public, address = listen(cast("Address", settings.http))
    stack.enter_context(public)
    admin = [listen(settings.admin_listen)] if settings.admin_listen is not None else []
    said = [
        say("serve_http", settings.lang, url=f"http://{address}{PATH}"),
        *(say("serve_admin", settings.lang, address=at) for _, at in admin),
    ]
    supervised = [stack.enter_context(listening) for listening, _ in admin]
    app = application(server, services, settings, address, page_keys=lambda: states.keys)

    async def check() -> None:
        if not settings.read_only:
            await services.journal.check()

    async def run() -> None:
        # Nobody waits for a first answer here: so the vendor's SDK is loaded before somebody does.
        await to_thread.run_sync(services.cloud.warm)
        if not settings.read_only:
            await states.refresh()
        # Not before: who waits for these lines may come now.
        sys.stderr.writelines(f"{line}\n" for line in said)
        async with anyio.create_task_group() as tasks:
            if not settings.read_only:
                tasks.start_soon(states.keep_fresh, anyio.sleep)
            await serve_until_ended(app, public, supervised, check=check, scrape=exporters and exporters.scrape)

    gc.freeze()
    gc.enable()
    anyio.run(run)
    return 0  # pragma: no cover  # the signal has ended the process before
