"""Where the journal is: in a file on this machine, or in a database that several servers share."""

from importlib import import_module

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings


def journal_of(settings: Settings) -> Journal:
    """The journal that these settings name; nothing is opened yet.

    Raises:
        RefusedError: It is in PostgreSQL, and what speaks to that is not installed.
    """
    if settings.database is None:
        return Journal(settings.journal_path)
    try:
        postgres = import_module("pai_dsw_mcp.journal.postgres")
    except ModuleNotFoundError:
        postgres = None
    if postgres is None:
        raise RefusedError("database_extra_missing")
    return Journal(postgres.Postgres(settings.database, settings.database_password_file))
