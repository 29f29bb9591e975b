"""How often a person may call, over all servers that share a journal."""

from pai_dsw_mcp.gate.caller import who_calls
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.journal.errors import JournalError, RateError


async def too_many_calls(context: ToolContext) -> RateError | None:
    """Counts this call; why it is one too many, or None.

    The answer to a form is never too much: a no would be lost. Without the database reads go on uncounted.
    """
    services = services_of(context)
    most = services.rates.reads_per_minute
    if most and not context.input_responses:
        try:
            await services.journal.count_call(person=who_calls(), most=most)
        except RateError as error:
            return error
        except JournalError:
            return None
    return None
