"""answer_card: the card's Approve and Reject. Registered only with --approve card; not for models."""

from typing import Annotated, Final, Literal, TypeAlias

from mcp_types import CallToolResult

from pai_dsw_mcp.approval.decision import judge
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.caller import name_of_caller
from pai_dsw_mcp.gate.cards import with_card
from pai_dsw_mcp.gate.outcome import WriteResult, declined, result
from pai_dsw_mcp.gate.services import ToolContext, client_of, services_of
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.texts.render import render
from pai_dsw_mcp.tools._tool import StrictTool, answer_with_card, tool, writes

_Answer: TypeAlias = Literal["approve", "reject", ""]
"""Any other word is a wrong argument, and nobody's no."""
_REFERENCE_CAP: Final = 20


async def answer_card(
    context: ToolContext,
    reference: str = "",
    secret: str = "",
    decision: _Answer = "",
    instance_name: str = "",
    leave_out: str = "",
    feedback: str = "",
) -> Annotated[CallToolResult, WriteResult]:
    """For the card that a person sees, never for you: without the card's secret it decides nothing and is recorded."""
    services, client = services_of(context), client_of(context)
    approval = services.card_secrets.take(reference, secret, client)
    if approval is None:
        await services.journal.record_attempt(client=client, reference=sanitize(reference, _REFERENCE_CAP) or None)
        raise RefusedError("card_secret_wrong")
    ruled = judge(
        approval.change,
        decision=decision,
        instance_name=instance_name,
        feedback=feedback,
        leave_out=leave_out,
    )
    if ruled.problem is not None:
        problem = " ".join(render(each, services.language) for each in ruled.why)
        told = result("approval_needed", "card_not_counted", approval=approval)
        return answer_with_card(with_card(services, approval, told, context, problem))
    approval = await services.journal.decide(
        approval.approval_id,
        approve=ruled.approve,
        channel="card",
        feedback=ruled.feedback,
        left_out=ruled.left_out,
        by=name_of_caller(),
    )
    if ruled.approve:
        return answer_with_card(result("approved", "card_approved_now", approval=approval, tool=approval.tool))
    return answer_with_card(declined(approval, "result_declined"))


def tools() -> list[StrictTool]:
    """The tool of this file."""
    made = tool(answer_card, title="Answer on a card", annotations=writes(destructive=True))
    made.meta = {**(made.meta or {}), "ui": {"visibility": ["app"]}}
    return [made]
