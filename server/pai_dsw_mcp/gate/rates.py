"""How often a person may call, over all servers that share a journal."""

from contextlib import suppress

from pai_dsw_mcp.gate.caller import who_calls
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.journal.errors import JournalError


async def count_call(context: ToolContext) -> None:
    """Counts this call. The answer to a form is never too much: a no would be lost. Without the database reads go on.

    Raises:
        RateError: It is one too many.
    """
    services = services_of(context)
    most = services.rates.reads_per_minute
    if most and not context.input_responses:
        with suppress(JournalError):
            await services.journal.count_call(person=who_calls(), most=most)
