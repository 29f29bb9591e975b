"""What a person is told besides the change itself: who pays and who asks, and what else may have been created."""

from contextlib import suppress
from typing import Final

import anyio

from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.gate.caller import name_of_caller
from pai_dsw_mcp.gate.named import NEWEST
from pai_dsw_mcp.gate.plan import Proposal
from pai_dsw_mcp.gate.reconcile import reconcile
from pai_dsw_mcp.gate.rights import rights_warning
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.records import Operation
from pai_dsw_mcp.model.change import Change, Origin, Sentence
from pai_dsw_mcp.model.sanitize import mask, sanitize

_NAME_CAP: Final = 60
_ACCOUNT_RETRY_SECONDS: Final = 60.0
"""Seconds after which an account that was not found out is asked for again."""


async def with_context(
    services: Services, change: Change, proposal: Proposal, principal: str, client: str | None
) -> Change:
    """The change of the proposal with its origin and a warning if it will probably be denied.

    Also warns about every other create whose outcome is unknown.
    """
    identity = await services.cloud.identity()
    origin = Origin(
        account=await _account(services, principal, change.region_id),
        credentials=sanitize(identity.provider, _NAME_CAP),
        client=client,
        person=name_of_caller() if services.needs_second_person(change) else None,
        is_emulator=services.cloud.options.uses_emulator,
    )
    others = await _other_creates(services, change, principal) if change.spec.creates else ()
    rights = await rights_warning(services, proposal)
    return change.model_copy(update={"origin": origin, "warnings": (*change.warnings, *rights, *others)})


async def _account(services: Services, principal: str, region_id: str) -> str | None:
    """The account, masked; None where it is not found out in time, and then the next minute does without."""
    now = await services.journal.time()
    account, asked_at = services.accounts.get(principal, (None, float("-inf")))
    if account is None and now - asked_at >= _ACCOUNT_RETRY_SECONDS:
        services.accounts[principal] = None, now
        with anyio.move_on_after(services.account_patience):
            caller = await services.cloud.caller_identity(region_id, retry=True)
            if not isinstance(caller, CloudError):
                account = mask(caller.account_id)
                services.accounts[principal] = account, now
    return account


async def _other_creates(services: Services, change: Change, principal: str) -> tuple[Sentence, ...]:
    """A warning about each create of this person, under another name, whose outcome was unknown until now."""
    now = await services.journal.time()
    return tuple(
        [
            await _may_exist(services, each, now)
            for each in await services.journal.operations(limit=NEWEST)
            if each.principal == principal
            and each.spec.creates
            and each.scope != change.scope
            and (each.state == "unknown" or (each.state == "sent" and now > each.deadline))
        ]
    )


async def _may_exist(services: Services, operation: Operation, now: float) -> Sentence:
    # Finds out the outcome for the next time. Whatever it is, nobody has told it to this person yet.
    with suppress(CloudError):
        await reconcile(services, operation)
    approval = await services.journal.get(operation.approval_id)
    price = approval.change.price if approval is not None else None
    values = {"instance_name": operation.target_name, "duration": str(now - operation.sent_at)}
    if operation.spec.target == "workspace":
        return Sentence(key="warn_other_workspace_unknown", values=values)
    if price is None:
        return Sentence(key="warn_other_create_unknown_price", values=values)
    costs = {"hourly": f"{price.hourly:.2f}", "currency": price.currency}
    key = "warn_other_create_unknown_at_most" if price.is_most else "warn_other_create_unknown"
    return Sentence(key=key, values={**values, **costs})
