"""`pai-dsw-mcp approve`: what waits for a yes, answered in this terminal."""

from functools import partial

import anyio

from pai_dsw_mcp.approval import terminal
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings


def approve(settings: Settings) -> int:
    """Asks for each waiting change; returns the exit code."""
    journal = Journal(settings.journal_path)
    try:
        return anyio.run(partial(terminal.run, journal, settings.lang))
    finally:
        journal.close()
