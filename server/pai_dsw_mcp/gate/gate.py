"""The gate: reviews a tool's plan, asks a person, and issues a permit. No write is sent without one."""

import math
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from mcp.server.elicitation import ElicitationResult
from mcp.server.mcpserver import Elicit, Resolve
from pydantic import BaseModel

from pai_dsw_mcp.approval.decision import words
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.gate.ask import ChannelAnswer, GateOutcome, PendingApproval, ask_person, decide
from pai_dsw_mcp.gate.budget import budget_for
from pai_dsw_mcp.gate.caller import name_of_caller, principal_of
from pai_dsw_mcp.gate.cards import with_card
from pai_dsw_mcp.gate.context import with_context
from pai_dsw_mcp.gate.fatigue import asks_nobody, pause
from pai_dsw_mcp.gate.forms import FormAnswer, rejection_in, words_in
from pai_dsw_mcp.gate.later import told_later
from pai_dsw_mcp.gate.outcome import WriteResult, declined, declined_before, with_words
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.reconcile import settle_open_operation, with_warning
from pai_dsw_mcp.gate.services import Services, ToolContext, client_of, services_of
from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.texts.render import say

_REJECTION_COOLDOWN_SECONDS: Final = 60.0
"""Seconds after a rejection in which nobody is asked about the same change again."""
_ANSWER_SECONDS: Final = 3600.0
"""Seconds after a rejection in which a call that was not told of it yet gets it as its answer."""
_MOST_WAITING: Final = 10


def gate(plan: Callable[..., Awaitable[Plan]]) -> Callable[..., Awaitable[GateOutcome]]:
    """The resolver that turns a tool's plan into a `Permit`, or into the result that says why there is none.

    The model neither supplies nor sees any of this: resolved parameters are not part of a tool's schema.
    """

    async def see(planned: Annotated[Plan, Resolve(plan)], context: ToolContext) -> PendingApproval | WriteResult:
        is_answer = bool(context.input_responses)
        services, refusal = services_of(context), rejection_in(context)
        try:
            refused = await _refused_unread(services, planned, refusal) if refusal is not None else None
            return refused or await review(services, planned, is_answer=is_answer, client=client_of(context))
        except PaiDswError as error:
            error.add_note(say("note_answer_unused" if is_answer else "note_nobody_asked"))
            if said := words_in(context):
                error.add_note(say("result_note", feedback=said))
            raise

    async def ask(
        pending: Annotated[PendingApproval | WriteResult, Resolve(see)], context: ToolContext
    ) -> Elicit[BaseModel] | ChannelAnswer:
        if isinstance(pending, WriteResult):
            return ChannelAnswer(outcome=pending)
        return await ask_person(services_of(context), pending, context)

    async def rule(
        given: Annotated[ElicitationResult[Any], Resolve(ask)],
        pending: Annotated[PendingApproval | WriteResult, Resolve(see)],
        context: ToolContext,
    ) -> GateOutcome:
        if isinstance(pending, WriteResult):
            return with_words(pending, words_in(context))
        outcome = await decide(services_of(context), pending, given)
        if isinstance(outcome, WriteResult):
            return with_card(services_of(context), pending.approval, outcome, context)
        return outcome

    # The key of the question on the wire, the same for every tool.
    ask.__qualname__ = "approval"
    return rule


async def _refused_unread(services: Services, plan: Plan, refusal: FormAnswer) -> WriteResult | None:
    """The no of a form, recorded before the cloud is read: it counts whether or not the cloud can be.

    None where no question of a form waits: it has expired, or something else was decided.
    """
    refused = await services.journal.refuse_in_form(
        principal=await principal_of(services.cloud),
        scope=plan.scope,
        feedback=words(refusal.feedback),
        by=name_of_caller(),
    )
    return declined(refused[0], "result_declined") if refused else None


async def review(
    services: Services, plan: Plan, *, is_answer: bool, client: str | None
) -> PendingApproval | WriteResult:
    """Settles an open operation, reads the cloud, and finds or opens the approval for the proposed change.

    Where that operation is done, it is the answer, and what the same yes also covers is sent.
    `is_answer`: this call carries the answer to an earlier form. `client` is what the client calls itself.

    Raises:
        CloudError: The cloud could not be read.
        RefusedError: The plan cannot be carried out, it would pass a limit, too many approvals wait already, several
            questions in a row were declined just now, or the caller may only read.
    """
    principal = await principal_of(services.cloud)
    began = await services.journal.time()
    past = await settle_open_operation(services, principal, plan.scope)
    if past.unsettled is not None:
        return past.unsettled
    proposal = await plan.look()
    if isinstance(proposal, WriteResult):
        return await told_later(services, plan, past.done, proposal)
    change = proposal.change
    if past.lost is not None:
        change = with_warning(change, past.lost, await services.journal.time())
    asked = change.arguments_digest
    latest = await services.journal.find(principal=principal, tool=change.action, arguments_digest=asked)
    if latest is not None and latest.state == "rejected":
        rejection = await _rejection(services, latest, change)
        if rejection is not None:
            return rejection
    channels = services.channels_for(change)
    if latest is None or not asks_nobody(services, latest, change, is_answer=is_answer):
        paused = await pause(services, principal)
        if paused is not None:
            raise paused
    if latest is None or not (latest.state == "waiting" or latest.is_approved(channels)):
        await _check_new_question(services, proposal)
    overtaken = await _overtaken(services, principal, change)
    approval = await services.journal.ask(
        principal=principal,
        tool=change.action,
        arguments_digest=asked,
        change=await with_context(services, change, proposal, principal, client),
        channel=_first_channel(services, change),
        channels=channels,
        since=began,
        client=client,
        rates=services.rates,
        most_waiting=_MOST_WAITING,
    )
    if approval.state == "used":
        # A concurrent call used the approval, and our read may predate its write.
        return await review(services, plan, is_answer=is_answer, client=client)
    is_new = latest is None or latest.approval_id != approval.approval_id
    return PendingApproval(plan=plan, approval=approval, is_new=is_new, overtaken=overtaken if is_new else None)


async def _overtaken(services: Services, principal: str, change: Change) -> Approval | None:
    """An unused yes to another version of this change, which does not cover this one."""
    about = _targets(change)
    for each in await services.journal.open_approvals():
        is_like_it = (each.state, each.principal, each.change.action) == ("approved", principal, change.action)
        if is_like_it and each.change.fingerprint != change.fingerprint and not about.isdisjoint(_targets(each.change)):
            return each
    return None


def _targets(change: Change) -> set[str]:
    return {each.scope for each in change.then} if change.spec.is_batch else {change.scope}


def _first_channel(services: Services, change: Change) -> Channel:
    """Where the question waits at first; `ask_person` moves it to where this client can be asked."""
    if services.needs_second_person(change):
        return "second_person"
    if services.approve == "page":
        return services.page_channel
    return "form" if services.approve in ("auto", "card") else services.approve


async def _check_new_question(services: Services, proposal: Proposal) -> None:
    """Whether anybody may be asked.

    Raises:
        InputError: Nobody is asked about this.
        CloudError: What runs could not be read, and so the limits not be checked.
        RefusedError: The change would pass a limit.
    """
    if proposal.not_asked is not None:
        raise proposal.not_asked
    budget = await budget_for(services, proposal.change)
    if budget is not None:
        budget.check(await services.journal.recent(within=services.settle))


async def _rejection(services: Services, rejected: Approval, change: Change) -> WriteResult | None:
    """The no, or the closed form, as the answer of this call; None where a person may be asked again."""
    seconds = await services.journal.time() - (rejected.decided_at or rejected.dismissed_at or rejected.asked_at)
    if seconds < _ANSWER_SECONDS and await services.journal.tell(rejected.approval_id):
        return declined(rejected, "result_declined")
    if seconds < _REJECTION_COOLDOWN_SECONDS and rejected.change.fingerprint == change.fingerprint:
        paused = await pause(services, rejected.principal)
        if paused is not None:
            return declined_before(rejected, str(paused), is_pause=True)
        wait = math.ceil(_REJECTION_COOLDOWN_SECONDS - seconds)
        return declined_before(rejected, say("declined_same", wait=wait), is_pause=False)
    return None
