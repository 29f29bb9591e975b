"""`pai-dsw-mcp`: speaks MCP on stdin and stdout until the client goes away."""

import gc
import threading
from collections.abc import Callable
from typing import Final

import anyio

from pai_dsw_mcp.app import build_server, build_services
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.people import CloudOfPeople
from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from pai_dsw_mcp.commands.introduce import introduce
from pai_dsw_mcp.commands.place import journal_of, writes_journal
from pai_dsw_mcp.front import Front
from pai_dsw_mcp.gate.caller import session_of_caller
from pai_dsw_mcp.gate.services import Services, same_time
from pai_dsw_mcp.private_values import PrivateValues, read_private_values
from pai_dsw_mcp.settings import Settings

_QUIET: Final = 2.0
"""Seconds in which a client has initialized and listed the tools; importing meanwhile would delay the answers."""


def cloud_options(
    settings: Settings, endpoint: str | None, key: tuple[str, str] | None, private: PrivateValues | None = None
) -> CloudOptions:
    """What the cloud layer needs of the settings."""
    return CloudOptions(
        endpoint=endpoint,
        read_only=settings.read_only,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        network=settings.network,
        regions=settings.regions,
        workspaces=settings.workspaces,
        test_access_key=key,
        secrets=private.texts if private else (),
    )


def cloud_of(settings: Settings, options: CloudOptions) -> Cloud:
    """The cloud under the server's own credentials, or under a role that is assumed for each person."""
    if settings.role_arn is None:
        return Cloud(options)
    return CloudOfPeople(options, settings.role_arn, session_of_caller)


def cloud_time_of(emulator: EmbeddedEmulator | None) -> Callable[[float], float]:
    """Which time a moment of the clock is in the cloud: an emulator of our own may live faster."""
    return same_time if emulator is None else emulator.time_at


def _warm_later(cloud: Cloud) -> None:
    """Imports the vendor's SDK, which takes as long as all the rest, after the first answers are out.

    A call that comes earlier loads it itself.
    """
    timer = threading.Timer(_QUIET, cloud.warm)
    timer.daemon = True
    timer.start()


def assemble(settings: Settings, emulator: EmbeddedEmulator | None) -> Services:
    """What the tools share, as these settings ask for it."""
    endpoint, key = (settings.endpoint, None) if emulator is None else (emulator.url, emulator.user.access_key)
    private = read_private_values(settings.env_file, settings.image_auth_file)
    cloud = cloud_of(settings, cloud_options(settings, endpoint, key, private))
    journal = journal_of(settings)
    if writes_journal(settings):
        journal.database.prepare()
    return build_services(settings, cloud, journal, private=private, cloud_time=cloud_time_of(emulator))


def serve(settings: Settings, emulator: EmbeddedEmulator | None, front: Front | None) -> int:
    """Serves until the client goes away; returns the exit code."""
    services = assemble(settings, emulator)
    server = build_server(settings, services)
    introduce(settings)
    gc.freeze()
    gc.enable()
    _warm_later(services.cloud)
    anyio.run(server.run_stdio_async, front)
    return 0
