"""Gates that do not hold."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from pai_dsw_mcp.approval.decision import Decision, judge
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.gate.ask import ChannelAnswer, PendingApproval, ask_person
from pai_dsw_mcp.gate.budget import Budget
from pai_dsw_mcp.gate.done import done
from pai_dsw_mcp.gate.forms import FormAnswer
from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.gate.permit import Permit
from pai_dsw_mcp.gate.plan import Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext
from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.tools._tool import carry_out

_STARTING: Final = 180.0

AskSomebody = Callable[[Services, PendingApproval, ToolContext], Awaitable[Any]]


async def ask_nobody(_services: Services, pending: PendingApproval, _context: ToolContext) -> ChannelAnswer:
    """Takes a yes for granted."""
    return ChannelAnswer(form=FormAnswer(decision="approve", instance_name=pending.approval.change.typed_name))


def always_yes(_change: Change, **_: object) -> Decision:
    """Whatever is answered is a yes."""
    return Decision(approve=True)


def any_name(change: Change, **answer: Any) -> Decision:
    """The name that was typed is taken for the right one."""
    return judge(change, **{**answer, "instance_name": change.typed_name})


def empty_is_yes(change: Change, **answer: Any) -> Decision:
    """Only a clear no is a no."""
    return judge(change, **{**answer, "decision": answer["decision"] or "approve", "instance_name": change.typed_name})


def remember_the_yes() -> AskSomebody:
    """Asks for a change once, and never again."""
    approved: set[str] = set()

    async def ask(services: Services, pending: PendingApproval, context: ToolContext) -> Any:
        key = pending.approval.arguments_digest
        if key in approved:
            return ChannelAnswer(outcome=Permit(services=services, plan=pending.plan, approval=pending.approval))
        if context.input_responses is not None:
            approved.add(key)
        return await ask_person(services, pending, context)

    return ask


async def carry_out_without_using_up(
    permit: Permit, proposal: Proposal, _ended: frozenset[str], _budget: Budget | None
) -> WriteResult:
    """Sends without asking the journal."""
    reference = permit.approval.reference
    change, writer = proposal.change, Writer(permit.services.cloud, operation_id=reference)
    created = await writer.send(change.spec, change.region_id, change.target_id, proposal.requests)
    return done(permit.approval, created or change.target_id)


async def any_spec(cloud: Cloud, region_id: str, ecs_spec: str) -> EcsSpec | None:
    """Whether it can be had is not looked at."""
    return await cloud.find_ecs_spec(region_id, ecs_spec)


async def carry_out_and_wait(outcome: Permit | WriteResult) -> Any:
    """Answers when the notebook runs."""
    answer = await carry_out(outcome)
    if isinstance(outcome, Permit):
        await outcome.services.sleep(_STARTING)
    return answer


async def pretend(outcome: Permit | WriteResult) -> Any:
    """Says that it is done."""
    if not isinstance(outcome, Permit):
        return await carry_out(outcome)
    seen = await outcome.plan.look()
    return await carry_out(seen if isinstance(seen, WriteResult) else done(outcome.approval, "dsw-0123456789abcdef"))
