"""A harmless look before a person is asked: whether the service will probably deny what they approve."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import anyio

from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.gate.plan import Proposal
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.change import Change, Sentence
from pai_dsw_mcp.model.roles import candidates
from pai_dsw_mcp.model.writes import ApiWrite

_FRESH_SECONDS: Final = 60.0


async def rights_warning(services: Services, proposal: Proposal) -> tuple[Sentence, ...]:
    """A warning for each action that the change needs and no role of these credentials in the workspace carries.

    Never more than a warning, because a RAM policy may allow what no role does. What cannot be read in time is no
    reason for one.
    """
    change = proposal.change
    of_then = proposal.then_writes or tuple(each.spec.requests for each in change.then)
    own = tuple(each.write for each in proposal.requests)
    parts = ((change, own), *zip(change.then, of_then, strict=True))
    return tuple([each for part, writes in parts for each in await _warning(services, part, writes)])


async def _warning(services: Services, change: Change, writes: Sequence[ApiWrite]) -> tuple[Sentence, ...]:
    workspace_id = change.target_id if change.spec.target == "workspace" else change.workspace_id
    if workspace_id is None:
        return ()
    points = await _points(services, change.region_id, workspace_id)
    if points is None:
        return ()
    needed = dict.fromkeys(_actions(change, write) for write in writes)
    missing = [names[0] for names in needed if not points & {name.casefold() for name in names}]
    workspace = change.workspace_name or workspace_id
    return tuple(
        Sentence(key="warn_probably_denied", values={"action": each, "workspace": workspace}) for each in missing
    )


def _actions(change: Change, write: ApiWrite) -> tuple[str, ...]:
    """What the write may need, under every name that it may have; on a quota it has one of its own."""
    actions = candidates(write.ram_action)
    return (*actions, *(each.replace("PostPaid", "PrePaid") for each in actions)) if change.is_on_quota else actions


async def _points(services: Services, region_id: str, workspace_id: str) -> frozenset[str] | None:
    """The permission points by role, in lower case; None if they could not be read. Asked once a minute."""
    principal = (await services.cloud.identity()).principal
    place = (principal, region_id, workspace_id)
    points, asked_at = services.points.get(place, (None, float("-inf")))
    if services.now() - asked_at >= _FRESH_SECONDS:
        points = None
        with suppress(CloudError), anyio.move_on_after(services.account_patience):
            found = await services.cloud.list_permissions(region_id, workspace_id)
            points = frozenset(map(str.casefold, found))
        services.points[place] = (points, services.now())
    return points
