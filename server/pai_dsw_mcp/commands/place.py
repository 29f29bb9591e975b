"""Where the journal is: in a file on this machine, or in a database that several servers share."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.postgres_audit import Audit
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings


def journal_of(settings: Settings) -> Journal:
    """The journal that these settings name; nothing is opened yet.

    Raises:
        RefusedError: It is in PostgreSQL, and what speaks to that is not installed, or a file of its audit cannot be
            used.
    """
    if settings.database is None:
        return Journal(settings.journal_path)
    try:
        postgres = import_module("pai_dsw_mcp.journal.postgres")
    except ModuleNotFoundError:
        postgres = None
    if postgres is None:
        raise RefusedError("database_extra_missing")
    audit = audit_of(settings)
    return Journal(postgres.Postgres(settings.database, settings.database_password_file, audit=audit))


def writes_journal(settings: Settings) -> bool:
    """Whether a server with these settings writes to its journal; one that only reads needs no place for it."""
    return not settings.read_only or settings.reads_per_minute > 0


@contextmanager
def left_as_found(folder: Path) -> Generator[None]:
    """Removes what was made of this path meanwhile, where nothing is in it."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        yield
    finally:
        # Somebody else may use it by now.
        with suppress(OSError):
            for each in made:
                each.rmdir()


def audit_of(settings: Settings) -> Audit | None:
    """The audit whose key and checkpoint these settings name; None where they name none.

    Raises:
        RefusedError: A file of it cannot be used.
    """
    key, checkpoint = settings.audit_key_file, settings.audit_checkpoint_file
    return None if key is None or checkpoint is None else Audit(key, checkpoint)
