"""A harmless look before a person is asked: whether the service will probably deny what they approve."""

from contextlib import suppress
from typing import Final

import anyio

from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.change import Change, Sentence
from pai_dsw_mcp.model.roles import candidates

_FRESH_SECONDS: Final = 60.0


async def rights_warning(services: Services, change: Change) -> tuple[Sentence, ...]:
    """A warning if no role of these credentials in the workspace carries what the change, or one of a batch, needs.

    Never more than a warning, because a RAM policy may allow what no role does. What cannot be read in time is no
    reason for one.
    """
    return tuple([each for part in (change, *change.then) for each in await _warning(services, part)])


async def _warning(services: Services, change: Change) -> tuple[Sentence, ...]:
    workspace_id = change.target_id if change.spec.target == "workspace" else change.workspace_id
    if workspace_id is None:
        return ()
    points = await _points(services, change.region_id, workspace_id)
    actions = _actions(change)
    if points is None or points & {action.casefold() for action in actions}:
        return ()
    values = {"action": actions[0], "workspace": change.workspace_name or workspace_id}
    return (Sentence(key="warn_probably_denied", values=values),)


def _actions(change: Change) -> tuple[str, ...]:
    """What the change may need, under every name that it may have; on a quota it has one of its own."""
    actions = candidates(" ".join(write.ram_action for write in change.spec.requests))
    is_on_quota = any(each.name == "ResourceId" for each in (*change.parameters, *change.kept))
    return (*actions, *(each.replace("PostPaid", "PrePaid") for each in actions)) if is_on_quota else actions


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
