"""The gate: reviews what a tool plans, has a person asked, and gives a permit. Nothing is sent without one."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from mcp.server.elicitation import ElicitationResult
from mcp.server.mcpserver import Elicit, Resolve
from pydantic import BaseModel

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.ask import Given, Ruling, Sight, ask_somebody, decide
from pai_dsw_mcp.gate.fatigue import asks_nobody, pause
from pai_dsw_mcp.gate.outcome import WriteResult, declined
from pai_dsw_mcp.gate.plan import Plan, arguments_digest
from pai_dsw_mcp.gate.reconcile import settle_open_operation, with_warning
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.journal.records import Door

_NO_IS_NO: Final = 60.0
"""Seconds in which the same change is not asked again after a no."""
_MOST_WAITING: Final = 10


def gate(plan: Callable[..., Awaitable[Plan]]) -> Callable[..., Awaitable[Ruling]]:
    """The resolver that turns a tool's plan into a `Permit`, or into the answer why there is none.

    The model supplies none of it and sees none of it: resolved parameters are not part of a tool's schema.
    """

    async def see(planned: Annotated[Plan, Resolve(plan)], context: ToolContext) -> Sight | WriteResult:
        return await first_sight(services_of(context), planned, is_answer=bool(context.input_responses))

    async def ask(
        sight: Annotated[Sight | WriteResult, Resolve(see)], context: ToolContext
    ) -> Elicit[BaseModel] | Given:
        if isinstance(sight, WriteResult):
            return Given(ruling=sight)
        return await ask_somebody(services_of(context), sight, context)

    async def rule(
        given: Annotated[ElicitationResult[Any], Resolve(ask)],
        sight: Annotated[Sight | WriteResult, Resolve(see)],
        context: ToolContext,
    ) -> Ruling:
        if isinstance(sight, WriteResult):
            return sight
        return await decide(services_of(context), sight, given)

    # The key of the question on the wire, the same for every tool.
    ask.__qualname__ = "approval"
    return rule


async def first_sight(services: Services, plan: Plan, *, is_answer: bool) -> Sight | WriteResult:
    """Brings what is unfinished to its end, looks at the cloud, and finds or opens the approval for what it proposes.

    `is_answer`: this call brings the answer to a form that it was given before.

    Raises:
        CloudError: The cloud could not be read.
        RefusedError: The plan cannot be carried out, or too many approvals wait already.
    """
    principal = (await services.cloud.identity()).principal
    past = await settle_open_operation(services, principal, plan.scope)
    if past.unsettled is not None:
        return past.unsettled
    proposal = await plan.look()
    if isinstance(proposal, WriteResult):
        return proposal
    change = proposal.change
    if past.lost is not None:
        change = with_warning(change, past.lost, await services.journal.time())
    asked = arguments_digest(change)
    latest = await services.journal.find(principal=principal, tool=change.action, arguments_digest=asked)
    if latest is not None and latest.state == "rejected" and latest.change.fingerprint == change.fingerprint:
        decided = latest.decided_at or latest.asked_at
        if await services.journal.time() - decided < _NO_IS_NO:
            return declined(latest, "result_declined_before")
    is_open = latest is not None and (latest.state == "waiting" or latest.is_approved(services.doors))
    if latest is None or not asks_nobody(services, latest, change, is_answer=is_answer):
        paused = await pause(services, principal)
        if paused is not None:
            return paused
    if not is_open and await services.journal.pending_count(principal) >= _MOST_WAITING:
        raise RefusedError("too_many_waiting", most=_MOST_WAITING)
    door: Door = "form" if services.approve in ("auto", "form") else services.approve
    approval = await services.journal.ask(
        principal=principal,
        tool=change.action,
        arguments_digest=asked,
        change=change,
        door=door,
        doors=services.doors,
    )
    is_new = latest is None or latest.approval_id != approval.approval_id
    return Sight(plan=plan, approval=approval, is_new=is_new)
