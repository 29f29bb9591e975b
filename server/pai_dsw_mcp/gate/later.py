"""The answer of a later call, once it is known that a write whose outcome was unknown was carried out."""

from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.gate.done import done
from pai_dsw_mcp.gate.outcome import FollowUp, WriteResult
from pai_dsw_mcp.gate.permit import Permit
from pai_dsw_mcp.gate.plan import Plan
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.records import Approval, Operation
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.texts.render import say


async def told_later(services: Services, plan: Plan, earlier: Operation | None, seen: WriteResult) -> WriteResult:
    """That the write was carried out, as approved, and what becomes of its follow-ups; told once.

    `seen` is what this call found to be so already. It is the answer where it is not what `earlier` made of the target,
    or a caller was told already.

    Raises:
        JournalError: The journal cannot be read or written.
    """
    target_id = seen.workspace_id if plan.kind == "workspace" else seen.instance_id
    is_of_it = earlier is not None and (earlier.action, earlier.target_id) == (plan.action, target_id)
    if earlier is None or target_id is None or not is_of_it or seen.status != "nothing_to_do":
        return seen
    approval = await services.journal.get(earlier.approval_id)
    if approval is None or not await services.journal.tell(approval.approval_id):
        return seen
    covered = [each.for_target(target_id) for each in approval.change.then if approval.covers(each)]
    follow_ups = await gather(*(_follow_up(services, plan, approval, each) for each in covered))
    return done(approval, target_id, follow_ups, seen=seen)


async def _follow_up(services: Services, plan: Plan, approval: Approval, change: Change) -> FollowUp:
    """Sends it if this call asks for the very values that were approved; nobody may have called since with them."""
    try:
        if plan.then is None:
            return await _not_asked_for(services, approval, change)
        wanted = await plan.then(change.target_id or "").look()
        if isinstance(wanted, WriteResult):
            return FollowUp.of(change, wanted.status)
        if wanted.change.arguments_digest != change.arguments_digest:
            return await _not_asked_for(services, approval, change)
        return await Permit(services=services, plan=plan, approval=approval).follow_up(change, plan.then)
    except PaiDswError as error:
        return FollowUp.of(change, "refused", str(error), error.remedy)


async def _not_asked_for(services: Services, approval: Approval, change: Change) -> FollowUp:
    """Of a follow-up that this call does not ask for: whether another call has sent it."""
    yes = await services.journal.find(
        principal=approval.principal, tool=change.action, arguments_digest=change.arguments_digest
    )
    sent = await services.journal.operation_of(yes.approval_id) if yes is not None else None
    if sent is not None and sent.state == "done":
        return FollowUp.of(change, "done")
    return FollowUp.of(change, "approval_needed", say("follow_up_not_approved", tool=change.action))
