"""Approval fatigue: people asked again and again say yes in the end, so several noes in a row start a pause."""

import math
from typing import Final

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.records import Approval
from pai_dsw_mcp.model.change import Change

_REJECTIONS_BEFORE_PAUSE: Final = 3
_FIRST_PAUSE: Final = 60.0
_LONGEST_PAUSE: Final = 600.0
_STREAK_SECONDS: Final = 3600.0
"""Seconds after which a rejection no longer counts."""


async def pause(services: Services, principal: str) -> RefusedError | None:
    """Why nobody is asked during a pause; None when asking is allowed.

    Declined questions and closed forms count across all tools; an approval resets the count. The pause doubles with
    each further rejection.
    """
    noes, seconds_ago = await services.journal.refusals(principal, within=_STREAK_SECONDS)
    if noes < _REJECTIONS_BEFORE_PAUSE:
        return None
    left = min(_FIRST_PAUSE * 2 ** (noes - _REJECTIONS_BEFORE_PAUSE), _LONGEST_PAUSE) - seconds_ago
    return RefusedError("asking_paused", noes=noes, wait=math.ceil(left)) if left > 0 else None


def asks_nobody(services: Services, latest: Approval, change: Change, *, is_answer: bool) -> bool:
    """Whether no new question is needed: it was asked before, and is approved or answered by this call."""
    is_same = latest.change.fingerprint == change.fingerprint
    return is_same and (latest.is_approved(services.channels_for(change)) or (latest.state == "waiting" and is_answer))
