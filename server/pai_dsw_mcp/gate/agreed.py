"""Changes that a person at this terminal agreed to all at once, when a command showed what it would do.

Each has its own approval and its own operation in the journal, as if it had been asked for by itself. No tool gets
here.
"""

from collections.abc import Callable

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.gate import review
from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.gate.permit import Permit
from pai_dsw_mcp.gate.plan import Plan
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.change import Change


async def carry_out(services: Services, plan: Plan, client: str, covers: Callable[[Change], bool]) -> WriteResult:
    """Reviews the plan, and sends it if it is one that the person agreed to.

    Raises:
        RefusedError: They did not, or it cannot be carried out.
        CloudError: The cloud could not be read, or refused the change.
    """
    pending = await review(services, plan, is_answer=False, client=client)
    if isinstance(pending, WriteResult):
        return pending
    approval = pending.approval
    if not covers(approval.change):
        raise RefusedError("not_agreed_to", action=approval.change.action, target=approval.change.target_name)
    if approval.state == "waiting":
        approval = await services.journal.decide(approval.approval_id, approve=True, channel="terminal")
    return await Permit(services=services, plan=plan, approval=approval).run()
