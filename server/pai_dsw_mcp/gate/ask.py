"""The gate: puts a proposed change before a person, through the door that this client and this server have."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Final

import anyio
from mcp.server.elicitation import AcceptedElicitation, DeclinedElicitation, ElicitationResult
from mcp.server.mcpserver import Elicit, Resolve
from mcp.shared.exceptions import MCPError
from mcp_types import ElicitResult
from mcp_types.version import is_version_at_least
from pydantic import BaseModel

from pai_dsw_mcp.approval.decision import judge
from pai_dsw_mcp.approval.describe import as_plain_text, describe, fits_a_message
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.fatigue import asks_nobody, pause
from pai_dsw_mcp.gate.forms import FormAnswer, form_model, read_form
from pai_dsw_mcp.gate.outcome import WriteResult, result
from pai_dsw_mcp.gate.permit import Permit
from pai_dsw_mcp.gate.plan import Plan, arguments_digest
from pai_dsw_mcp.gate.reconcile import settle_open_operation, with_warning
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.journal.errors import AlreadyDecidedError
from pai_dsw_mcp.journal.records import Approval, Door
from pai_dsw_mcp.texts.render import say

Ruling = Permit | WriteResult
"""A permit, or the answer of a call that ends without sending anything."""

_NO_IS_NO: Final = 60.0
"""Seconds in which the same change is not asked again after a no."""
_MOST_WAITING: Final = 10
_INPUT_REQUIRED: Final = "2026-07-28"


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of the cloud and of the journal before anybody is asked."""

    plan: Plan
    approval: Approval
    is_new: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What came through a door without the SDK's help: a form's answer, or the end of the call."""

    form: FormAnswer | None = None
    ruling: Ruling | None = None


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
        return await _ruling(services_of(context), sight, given)

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
            return _declined(latest, "result_declined_before")
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


async def ask_somebody(services: Services, sight: Sight, context: ToolContext) -> Elicit[BaseModel] | Given:
    """Through the form where this client has one, else through the door that waits elsewhere."""
    approval = sight.approval
    refusal = _refusal(context)
    if refusal is not None:
        # A no counts, whatever became of its question meanwhile.
        return Given(form=refusal)
    if approval.state == "approved":
        return Given(ruling=Permit(services=services, plan=sight.plan, approval=approval))
    text = as_plain_text(describe(approval.reference, approval.change, services.language))
    if not await _ask_by_form(services, approval, context, text):
        return Given(ruling=await _ask_elsewhere(services, sight))
    if _answered_with_nothing(context):
        return Given(form=FormAnswer())
    if approval.door != "form":
        # Asked elsewhere before, by a server that was told so; this one takes an answer from a form only.
        await services.journal.move(approval.approval_id, "form")
    form = form_model(services.language, with_name=approval.change.typed_name is not None)
    if _is_modern(context):
        return Elicit(text, form)
    with anyio.move_on_after(services.form_patience):
        try:
            given = await context.elicit(text, form)
        except (MCPError, ValueError):
            return Given(form=FormAnswer())
        return await _given_by_legacy_form(services, sight, given)
    return Given(ruling=await _form_failed(services, sight, "result_form_unanswered"))


async def _given_by_legacy_form(services: Services, sight: Sight, given: ElicitationResult[BaseModel]) -> Given:
    if isinstance(given, AcceptedElicitation):
        return Given(form=read_form(given.data))
    if isinstance(given, DeclinedElicitation):
        return Given(form=FormAnswer(decision="reject"))
    return Given(ruling=await _form_dismissed(services, sight))


def _refusal(context: ToolContext) -> FormAnswer | None:
    """The no that this call carries, if it carries one."""
    answers = [each for each in (context.input_responses or {}).values() if isinstance(each, ElicitResult)]
    if any(each.action == "decline" for each in answers):
        return FormAnswer(decision="reject")
    contents = [each.content for each in answers if each.action == "accept" and each.content]
    return next((FormAnswer.model_validate(each) for each in contents if each.get("decision") == "reject"), None)


async def _ask_by_form(services: Services, approval: Approval, context: ToolContext, text: str) -> bool:
    """Whether this client is asked in a form, which must have the room to show everything.

    Raises:
        RefusedError: Only a form may be used, and this client has none, or the change does not fit into one.
    """
    if services.approve not in ("auto", "form"):
        return False
    able, whole = _can_show_form(context), fits_a_message(text)
    if services.approve == "form":
        if not (able and whole):
            raise RefusedError("form_too_small" if able else "form_unavailable")
        return True
    waited = await services.journal.time() - approval.asked_at
    never_answered = context.input_responses is None and waited >= services.form_patience
    return able and whole and approval.door == "form" and not never_answered


def _can_show_form(context: ToolContext) -> bool:
    capabilities = context.client_capabilities
    elicitation = capabilities.elicitation if capabilities else None
    if elicitation is None or (elicitation.form is None and elicitation.url is not None):
        return False
    return _is_modern(context) or context.session.can_send_request


def _is_modern(context: ToolContext) -> bool:
    version = context.protocol_version
    return version is not None and is_version_at_least(version, _INPUT_REQUIRED)


def _answered_with_nothing(context: ToolContext) -> bool:
    """A client that accepts for a person without showing anything sends no content, or an empty one."""
    answers = (context.input_responses or {}).values()
    return any(isinstance(each, ElicitResult) and each.action == "accept" and not each.content for each in answers)


async def _ruling(services: Services, sight: Sight, given: ElicitationResult[Any]) -> Ruling:
    if not isinstance(given, AcceptedElicitation):
        # A decline was read before the question was asked again (`_refusal`): this form was closed.
        return await _form_dismissed(services, sight)
    answer: Given | BaseModel = given.data
    if isinstance(answer, Given) and answer.ruling is not None:
        return answer.ruling
    form = (answer.form or FormAnswer()) if isinstance(answer, Given) else read_form(answer)
    return await _judged(services, sight, form)


async def _judged(services: Services, sight: Sight, form: FormAnswer) -> Ruling:
    decision = judge(
        sight.approval.change, decision=form.decision, instance_name=form.instance_name, feedback=form.feedback
    )
    if decision.problem == "empty":
        return await _form_failed(services, sight, "result_form_empty")
    if decision.problem == "wrong_name":
        return _declined(sight.approval, "result_wrong_name")
    if not decision.approve:
        return await _refused(services, sight, decision.feedback)
    try:
        approval = await services.journal.decide(sight.approval.approval_id, approve=True, door="form")
    except AlreadyDecidedError as error:
        approval = error.approval
    return _after_decision(services, sight.plan, approval)


async def _refused(services: Services, sight: Sight, feedback: str | None) -> Ruling:
    """Records a no, which also ends a yes that nothing was sent with yet."""
    try:
        approval = await services.journal.refuse(sight.approval.approval_id, door="form", feedback=feedback)
    except AlreadyDecidedError as error:
        approval = error.approval
    if approval.state == "used":
        return _after_decision(services, sight.plan, approval)
    return _declined(approval, "result_declined")


def _after_decision(services: Services, plan: Plan, approval: Approval) -> Ruling:
    if approval.state in ("approved", "used"):
        # Of a used approval nothing is left to consume: the permit follows the call that used it.
        return Permit(services=services, plan=plan, approval=approval)
    if approval.state == "rejected":
        return _declined(approval, "result_declined")
    return result("approval_needed", "result_approval_expired", change=approval.change)


async def _form_dismissed(services: Services, sight: Sight) -> WriteResult:
    """A person closed the form; where no other door may take over, that ends the question."""
    if services.approve == "form":
        with suppress(AlreadyDecidedError):
            await services.journal.decide(sight.approval.approval_id, approve=False, door="form")
    else:
        await services.journal.dismiss(sight.approval.approval_id)
    return await _form_failed(services, sight, "result_form_dismissed")


async def _form_failed(services: Services, sight: Sight, key: str) -> WriteResult:
    """No yes and no clear no came from the form: another door takes over, where that is allowed."""
    if services.approve == "form":
        return _declined(sight.approval, key)
    elsewhere = await _ask_elsewhere(services, sight)
    why = result("approval_needed", key).message
    return elsewhere.model_copy(update={"message": f"{why} {elsewhere.message}"})


async def _ask_elsewhere(services: Services, sight: Sight) -> WriteResult:
    """The answer of a call that waits for a yes outside this conversation, or (chat) in it.

    Raises:
        RefusedError: Only the chat may be used, and the change does not fit into it.
    """
    approval = sight.approval
    had_link = not sight.is_new and approval.door == "page" and not services.page.has_link(approval)
    door: Door = "page" if services.approve == "auto" else services.approve
    if approval.door != door:
        approval = await services.journal.move(approval.approval_id, door)
    waiting = result("approval_needed", "result_waiting", change=approval.change).model_copy(
        update={"reference": approval.reference}
    )
    told = as_plain_text(describe(approval.reference, approval.change, "en"))
    if services.approve == "chat" and not fits_a_message(told):
        raise RefusedError("chat_too_small")
    if services.approve == "terminal":
        how, url = result("approval_needed", "result_how_terminal").message, None
    elif services.approve == "chat":
        how, url = result("approval_needed", "result_how_chat", code=approval.reference).message, None
    else:
        url = await services.page.url(approval)
        how = result("approval_needed", "result_how_page", url=url).message
        if had_link:
            how = f"{how} {say('result_link_replaced')}"
    message = f"{waiting.message}\n{how}\n{told}"
    return waiting.model_copy(update={"message": message, "approve_url": url})


def _declined(approval: Approval, key: str) -> WriteResult:
    return result("declined", key, change=approval.change).model_copy(
        update={"feedback": approval.feedback, "reference": approval.reference}
    )
