"""The server over Streamable HTTP on a free port of loopback, for suites that speak HTTP only. Not a way to serve.

`python -m tests.conformance.http_server` prints its address and serves until it is ended.
"""

import socket
import sys
import tempfile
from pathlib import Path
from typing import Final

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from pai_dsw_mcp.app import build_server, build_services
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings

LOOPBACK: Final = "127.0.0.1"


def app(folder: Path) -> Starlette:
    """The whole server, as an application that answers loopback names only."""
    settings = Settings(state_dir=folder)
    services = build_services(settings, Cloud(CloudOptions()), Journal(settings.journal_path))
    return build_server(settings, services).streamable_http_app(
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=[f"{LOOPBACK}:*", "localhost:*"],
            allowed_origins=[f"http://{LOOPBACK}:*", "http://localhost:*"],
        )
    )


def main() -> None:
    """Serves until somebody ends it."""
    with socket.socket() as listening, tempfile.TemporaryDirectory() as folder:
        listening.bind((LOOPBACK, 0))
        sys.stdout.write(f"http://{LOOPBACK}:{listening.getsockname()[1]}/mcp\n")
        sys.stdout.flush()
        uvicorn.Server(uvicorn.Config(app(Path(folder)), log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    main()
