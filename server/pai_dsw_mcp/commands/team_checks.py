"""What `pai-dsw-mcp doctor` checks of a server for several people: the sign-in, the database, and its audit."""

from typing import Any

from anyio import to_thread

from pai_dsw_mcp.commands.place import audit_of, journal_of
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.http.keys import ProviderUnavailableError, SigningKeys
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.schema import NEWEST
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.render import render, say
from pai_dsw_mcp.texts.text import Language
from pai_dsw_mcp.tools._diagnosis import Found


async def examine(settings: Settings) -> dict[str, Found]:
    """What was found, by the name of the check; of what these settings do not name, nothing. Nothing is changed."""
    found: dict[str, Found] = {}
    if settings.oidc_issuer is not None:
        found["sign_in"] = await _sign_in(settings.oidc_issuer, settings.lang)
    if settings.database is not None:
        found |= await to_thread.run_sync(_database, settings)
    return found


async def _sign_in(issuer: str, language: Language) -> Found:
    keys = SigningKeys(issuer)
    try:
        await keys.provider()
    except ProviderUnavailableError:
        return "mend", say("found_no_provider", language, issuer=issuer), "do_provider"
    if keys.count == 0:
        return "mend", say("found_no_signing_keys", language, issuer=issuer), "do_signing_keys"
    return "ok", say("found_provider", language, issuer=issuer, count=keys.count)


def _database(settings: Settings) -> dict[str, Found]:
    """The sentence of an error says what to do itself."""
    examined = "audit"
    try:
        audit = audit_of(settings)
        examined = "database"
        # Its class is loaded only where a database is named.
        database: Any = journal_of(settings).database
        version = database.version()
    except PaiDswError as error:
        return {examined: ("mend", render(error.sentence, settings.lang))}
    if version < NEWEST:
        older = say("found_database_older", settings.lang, version=version, known=NEWEST)
        found: dict[str, Found] = {"database": ("ok", older)}
        if audit is not None:
            found["audit"] = "unknown", say("found_audit_no_tables", settings.lang)
        return found
    found = {"database": ("ok", say("found_database", settings.lang, version=version))}
    try:
        database.check()
    except JournalError as error:
        found["audit"] = "mend", render(error.sentence, settings.lang)
    else:
        if audit is not None:
            begun = "found_audit" if database.is_audited() else "found_audit_not_begun"
            found["audit"] = "ok", say(begun, settings.lang)
    database.close()
    return found
