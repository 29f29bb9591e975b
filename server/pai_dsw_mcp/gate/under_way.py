"""What is on its way to a quota as this server's journal knows it, and the quota may not show yet."""

from collections.abc import Sequence
from typing import Final

from pai_dsw_mcp.gate.budget import targets_of
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.records import Operation
from pai_dsw_mcp.model.change import Change, scope_of
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.quota import Amount
from pai_dsw_mcp.model.status import HOLDING, STARTABLE, STARTING_UP

_SHOWS_LATER: Final = STARTING_UP - HOLDING


async def under_way(services: Services, quota_id: str | None = None, *, itself: str | None = None) -> dict[str, Amount]:
    """By quota: what in all a person is asked about, has approved, or was sent in the last minutes.

    Of this quota alone where one is named, and without the scope `itself`. It is read before the quota, so that what
    runs by then shows there. Names are not told: they may be of others.

    Raises:
        CloudError: It could not be read whether something that was sent runs.
    """
    recent = await services.journal.recent(within=services.settle)
    sent = [(operation, change) for operation, change in recent if _takes_of(quota_id, change)]
    targets = await targets_of(services, sent)
    asked = [each.change for each in await services.journal.open_approvals()]
    coming = {each.scope: each.load for each in asked if _takes_of(quota_id, each)}
    for operation, change in sent:
        if _is_coming(operation, targets.get(operation.target_id or "")):
            scope = scope_of(operation.region_id, "instance", target_id=operation.target_id, name=change.target_name)
            coming[scope] = change.load
    coming.pop(itself or "", None)
    shares: dict[str, list[Amount]] = {}
    for load in filter(None, coming.values()):
        shares.setdefault(load.quota_id or "", []).append(load.share)
    return {each: _sum_of(amounts) for each, amounts in shares.items()}


def _takes_of(quota_id: str | None, change: Change) -> bool:
    return change.load is not None and change.load.quota_id is not None and quota_id in (None, change.load.quota_id)


def _sum_of(amounts: Sequence[Amount]) -> Amount:
    return Amount(
        cpu=sum(each.cpu or 0 for each in amounts),
        gpu=sum(each.gpu or 0 for each in amounts),
        memory=sum(each.memory or 0 for each in amounts),
    )


def _is_coming(operation: Operation, target: Instance | None) -> bool:
    """Whether the quota does not show it yet; `target` is None where it is not known or cannot be seen."""
    if target is None or target.status in _SHOWS_LATER:
        return True
    return operation.ended_at is None and target.status in STARTABLE
