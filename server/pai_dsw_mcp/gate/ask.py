"""Asks a person: in a form where the client has one, else through a channel outside the conversation."""

from dataclasses import dataclass, replace
from typing import Any

import anyio
from mcp.server.elicitation import (
    AcceptedElicitation,
    AcceptedUrlElicitation,
    DeclinedElicitation,
    ElicitationResult,
)
from mcp.server.mcpserver import Elicit
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel

from pai_dsw_mcp.approval.decision import Decision, judge
from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.plain_text import as_plain_text, fits_a_message
from pai_dsw_mcp.approval.quoting import quoted
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.caller import name_of_caller
from pai_dsw_mcp.gate.cards import answers_on_cards
from pai_dsw_mcp.gate.forms import (
    FormAnswer,
    can_open_url,
    can_show_form,
    form_model,
    is_answered_with_nothing,
    is_modern,
    read_form,
    rejection_in,
)
from pai_dsw_mcp.gate.outcome import WriteResult, declined, result, with_words
from pai_dsw_mcp.gate.permit import Permit
from pai_dsw_mcp.gate.plan import Plan
from pai_dsw_mcp.gate.services import Services, ToolContext
from pai_dsw_mcp.journal.errors import AlreadyDecidedError
from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.texts.render import say

GateOutcome = Permit | WriteResult
"""A permit, or the answer of a call that ends without sending anything."""


@dataclass(frozen=True, slots=True)
class PendingApproval:
    """A plan and its approval, as read from the cloud and the journal before anybody is asked."""

    plan: Plan
    approval: Approval
    is_new: bool


@dataclass(frozen=True, slots=True)
class ChannelAnswer:
    """An answer that did not come through the SDK's `Elicit`: a form's content, or the outcome of the call."""

    form: FormAnswer | None = None
    outcome: GateOutcome | None = None


async def ask_person(
    services: Services, pending: PendingApproval, context: ToolContext
) -> Elicit[BaseModel] | ChannelAnswer:
    """Asks in a form if this client can show one, else through a channel outside the conversation."""
    approval = pending.approval
    refusal = rejection_in(context)
    if refusal is not None:
        # A rejection counts even if its question has expired or was superseded.
        return ChannelAnswer(form=refusal)
    if approval.state == "approved":
        return ChannelAnswer(outcome=Permit(services=services, plan=pending.plan, approval=approval))
    text = as_plain_text(
        describe(approval.reference, approval.change, services.language, expires_at=approval.expires_at)
    )
    if not await _ask_by_form(services, approval, context, text):
        has_link = services.page.has_link(approval)
        answer = await _ask_elsewhere(services, pending)
        if answer.approve_url is not None and not has_link and can_open_url(context):
            await _open_page(services, approval, context, answer.approve_url)
        return ChannelAnswer(outcome=answer)
    if is_answered_with_nothing(context):
        return ChannelAnswer(form=FormAnswer())
    if approval.channel != "form":
        # A server with other settings asked through another channel; this one accepts an answer from a form only.
        await services.journal.move(approval.approval_id, "form")
    form = form_model(services.language, name_kind=approval.change.name_kind)
    if is_modern(context):
        return Elicit(text, form)
    with anyio.move_on_after(services.form_patience):
        # Of one connection: a form in another window may be seen by nobody, so it keeps nobody waiting.
        conversation = id(context.session.client_params)
        async with services.turns.turn(f"{conversation}/{approval.approval_id}") as had_to_wait:
            outcome = await _answered_meanwhile(services, pending) if had_to_wait else None
            if outcome is None:
                given = await _elicit(context, text, form)
                # Recorded before an equal call has its turn, however little of the patience is left.
                with anyio.CancelScope(shield=True):
                    outcome = await _answered(services, pending, given)
            return ChannelAnswer(outcome=outcome)
    return ChannelAnswer(outcome=await _form_failed(services, pending, "result_form_unanswered"))


async def _open_page(services: Services, approval: Approval, context: ToolContext, url: str) -> None:
    """Has the client open a new link; who does not want that has closed the question, and the link still works."""
    change = approval.change
    targets = change.then if change.spec.is_batch else (change,)
    names = ", ".join(quoted(each.target_name) for each in targets)
    title = describe(approval.reference, change, services.language).title
    text = say("form_open_page", services.language, action=title, instance_name=names)
    with anyio.move_on_after(services.form_patience):
        try:
            given = await context.elicit_url(text, url, approval.reference)
        except (MCPError, ValueError):
            return
        if not isinstance(given, AcceptedUrlElicitation):
            await services.journal.dismiss(approval.approval_id)


async def _answered_meanwhile(services: Services, pending: PendingApproval) -> GateOutcome | None:
    """What the form of an equal call has led to; None where the question still waits for a form."""
    approval = await services.journal.get(pending.approval.approval_id) or pending.approval
    if approval.state != "waiting":
        return _after_decision(services, pending.plan, approval)
    return None if approval.channel == "form" else await _ask_elsewhere(services, replace(pending, approval=approval))


async def _elicit(context: ToolContext, text: str, form: type[BaseModel]) -> ElicitationResult[BaseModel]:
    try:
        return await context.elicit(text, form)
    except (MCPError, ValueError):
        return AcceptedElicitation[BaseModel](data=FormAnswer())


async def _answered(services: Services, pending: PendingApproval, given: ElicitationResult[BaseModel]) -> GateOutcome:
    if isinstance(given, AcceptedElicitation):
        return await _judged(services, pending, read_form(given.data))
    if isinstance(given, DeclinedElicitation):
        return await _judged(services, pending, FormAnswer(decision="reject"))
    return await _form_dismissed(services, pending)


async def _ask_by_form(services: Services, approval: Approval, context: ToolContext, text: str) -> bool:
    """Whether to ask in a form: this client must support forms, and the whole change must fit into one.

    Raises:
        RefusedError: Only a form may be used, and this client has none, or the change does not fit into one.
    """
    if services.approve not in ("auto", "card", "form") or answers_on_cards(services, context):
        return False
    if services.needs_second_person(approval.change):
        return False
    can_show, fits = can_show_form(context), fits_a_message(text)
    if services.approve == "form":
        if not (can_show and fits):
            raise RefusedError("form_too_small" if can_show else "form_unavailable")
        return True
    waited = await services.journal.time() - approval.asked_at
    never_answered = context.input_responses is None and waited >= services.form_patience
    return can_show and fits and approval.channel == "form" and not never_answered


async def decide(services: Services, pending: PendingApproval, given: ElicitationResult[Any]) -> GateOutcome:
    if not isinstance(given, AcceptedElicitation):
        # Declines were handled by `rejection_in`, so this form was closed without an answer.
        return await _form_dismissed(services, pending)
    answer: ChannelAnswer | BaseModel = given.data
    if isinstance(answer, ChannelAnswer) and answer.outcome is not None:
        return answer.outcome
    form = (answer.form or FormAnswer()) if isinstance(answer, ChannelAnswer) else read_form(answer)
    return await _judged(services, pending, form)


async def _judged(services: Services, pending: PendingApproval, form: FormAnswer) -> GateOutcome:
    decision = judge(
        pending.approval.change,
        decision=form.decision,
        instance_name=form.instance_name or form.remaining,
        feedback=form.feedback,
        leave_out=form.leave_out,
    )
    outcome = await _outcome_of(services, pending, decision)
    if isinstance(outcome, WriteResult):
        return with_words(outcome, decision.feedback)
    # The yes may be recorded with other words, or without any.
    approval = outcome.approval
    words = decision.feedback or approval.feedback
    return replace(outcome, approval=approval.model_copy(update={"feedback": words}))


async def _outcome_of(services: Services, pending: PendingApproval, decision: Decision) -> GateOutcome:
    if decision.problem == "empty":
        return await _form_failed(services, pending, "result_form_empty")
    if decision.problem is not None:
        # Nobody said no: the question still waits, and the next call shows the form again.
        values: dict[str, Any] = {**decision.why[0].values}
        return result("approval_needed", f"result_{decision.problem}", approval=pending.approval, **values)
    if not decision.approve:
        return await _refused(services, pending, decision.feedback)
    try:
        approval = await services.journal.decide(
            pending.approval.approval_id,
            approve=True,
            channel="form",
            feedback=decision.feedback,
            left_out=decision.left_out,
            by=name_of_caller(),
        )
    except AlreadyDecidedError as error:
        approval = error.approval
    return _after_decision(services, pending.plan, approval)


async def _refused(services: Services, pending: PendingApproval, feedback: str | None) -> GateOutcome:
    """Records a rejection, which also revokes an approval that is not used yet."""
    try:
        approval = await services.journal.refuse(
            pending.approval.approval_id, channel="form", feedback=feedback, by=name_of_caller()
        )
    except AlreadyDecidedError as error:
        approval = error.approval
    if approval.state == "used":
        return _after_decision(services, pending.plan, approval)
    return declined(approval, "result_declined")


def _after_decision(services: Services, plan: Plan, approval: Approval) -> GateOutcome:
    if approval.state in ("approved", "used"):
        # A used approval cannot be consumed again: this permit reports what the call that used it did.
        return Permit(services=services, plan=plan, approval=approval)
    if approval.state == "rejected":
        return declined(approval, "result_declined")
    return result("approval_needed", "result_approval_expired", change=approval.change)


async def _form_dismissed(services: Services, pending: PendingApproval) -> WriteResult:
    """A person closed the form: another channel takes over; where none may, the question ends without a no."""
    if services.approve == "form":
        await services.journal.close_form(pending.approval.approval_id)
    else:
        await services.journal.dismiss(pending.approval.approval_id)
    return await _form_failed(services, pending, "result_form_dismissed")


async def _form_failed(services: Services, pending: PendingApproval, key: str) -> WriteResult:
    """The form gave neither a yes nor a clear no: another channel takes over, where that is allowed."""
    if services.approve == "form":
        return declined(pending.approval, key)
    return await _ask_elsewhere(services, pending, because=f"{say(key)} ")


async def _ask_elsewhere(services: Services, pending: PendingApproval, *, because: str = "") -> WriteResult:
    """Moves the question to page, terminal or chat; the result says how to approve it there.

    Raises:
        RefusedError: Only the chat may be used, and the change does not fit into it.
    """
    approval = pending.approval
    had_link = not pending.is_new and approval.channel == "page" and not services.page.has_link(approval)
    channel = _channel_elsewhere(services, approval)
    if approval.channel != channel:
        approval = await services.journal.move(approval.approval_id, channel)
    shown = describe(approval.reference, approval.change, "en", expires_at=approval.expires_at)
    change_text = as_plain_text(shown, can_type=channel != "chat")
    if channel == "chat" and not fits_a_message(change_text):
        raise RefusedError("chat_too_small")
    has_page = channel in ("page", "http_page", "second_person")
    url = await services.page.url(approval) if has_page else None
    second = services.second_person
    how = say(
        f"result_how_{channel}",
        url=url,
        code=approval.reference,
        command=services.approve_command,
        above=second and second.above,
        group=second and second.group,
    )
    if channel == "chat" and shown.is_batch:
        how = f"{how} {say('result_chat_batch')}"
    if channel == "page" and services.terminal_answers:
        how = f"{how} {say('result_or_terminal', command=services.approve_command)}"
    if had_link and services.terminal_answers:
        how = f"{how} {say('result_link_replaced')}"
    return result(
        "approval_needed",
        "result_waiting",
        approval=approval,
        approve_url=url,
        before=because,
        after=f"\n{how}\n{change_text}",
    )


def _channel_elsewhere(services: Services, approval: Approval) -> Channel:
    if services.needs_second_person(approval.change):
        return "second_person"
    # What a card shows is on the page as well, for a client that does not draw it.
    return services.page_channel if services.approve in ("auto", "card", "page") else services.approve
