"""Who is asked again and again says yes in the end: after several noes in a row nobody is asked for a while."""

from typing import Final

from pai_dsw_mcp.gate.outcome import WriteResult, result
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.model.change import Change

_REJECTIONS_BEFORE_PAUSE: Final = 3
_FIRST_PAUSE: Final = 60.0
_LONGEST_PAUSE: Final = 600.0
_ROW_LASTS: Final = 3600.0
"""Seconds after which a no belongs to another occasion."""


async def pause(services: Services, principal: str) -> WriteResult | None:
    """The answer of a call for which nobody is asked now; None where somebody may be.

    A question that is declined, or whose form is closed, counts over all tools; a yes ends the row. The pause doubles
    with each further no.
    """
    noes, seconds_ago = await services.journal.refusals(principal, within=_ROW_LASTS)
    if noes < _REJECTIONS_BEFORE_PAUSE:
        return None
    left = min(_FIRST_PAUSE * 2 ** (noes - _REJECTIONS_BEFORE_PAUSE), _LONGEST_PAUSE) - seconds_ago
    return result("declined", "result_paused", noes=noes, wait=round(left)) if left > 0 else None


def asks_nobody(services: Services, latest: Approval, change: Change, *, is_answer: bool) -> bool:
    """Whether the question was put before, and has its answer already or with this call."""
    is_same = latest.change.fingerprint == change.fingerprint
    return is_same and (latest.is_approved(services.channels) or (latest.state == "waiting" and is_answer))
