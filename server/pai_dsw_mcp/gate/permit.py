"""The only way to a `Writer`: an approval, consumed in the transaction that marks the write as sent (at-most-once).

Another process may write between our last read and our request (time-of-check/time-of-use). The journal orders them:
`begin` is one transaction, so one of two writes is always earlier. The earlier one goes on, the later sends nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import anyio

from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError, ConnectionFailedError, PaiDswError, RefusedError
from pai_dsw_mcp.gate.budget import Budget, BudgetError, budget_for
from pai_dsw_mcp.gate.done import done
from pai_dsw_mcp.gate.named import NEWEST
from pai_dsw_mcp.gate.outcome import FollowUp, ReadBack, WriteResult, answered, result, with_words
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.reconcile import reconcile, settle_open_operation, unknown
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.errors import JournalError, NotApprovedError, RateError, ScopeBusyError
from pai_dsw_mcp.journal.records import Approval, Operation, OperationState
from pai_dsw_mcp.model.change import Change, scope_of
from pai_dsw_mcp.model.writes import CLEAR_AUTO_STOP, SET_AUTO_STOP
from pai_dsw_mcp.texts.render import say

_OPEN: Final = frozenset({"sent", "unknown"})
_TAKEN_AWAY: Final = frozenset(each.operation for each in CLEAR_AUTO_STOP.requests)


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to send exactly one approved change. Only the gate makes one."""

    services: Services
    plan: Plan
    approval: Approval

    async def run(self) -> WriteResult:
        """Reads the cloud again, and sends the change only if its fingerprint still matches (optimistic concurrency).

        A write that has begun is finished even if the caller goes away, so that the journal knows its outcome. The
        person's words are told, whatever the outcome.

        Raises:
            PaiDswError: The write was refused and certainly had no effect.
        """
        words = self.approval.feedback
        try:
            return with_words(await self._run(), words)
        except PaiDswError as error:
            if words:
                error.add_note(say("result_note", feedback=words))
            raise

    async def _run(self) -> WriteResult:
        try:
            ended = await _ended_operations(self.services)
            seen = await self.plan.look()
            budget = None if isinstance(seen, WriteResult) else await budget_for(self.services, seen.change)
        except PaiDswError as error:
            if self.approval.state == "approved":
                error.add_note(say("note_approval_kept", answered=answered(self.approval)))
            raise
        if isinstance(seen, WriteResult):
            return seen
        if seen.change.fingerprint != self.approval.change.fingerprint:
            return result("approval_needed", "result_changed_since", change=seen.change)
        return await _finished(self._carry_out(seen, ended, budget))

    async def _carry_out(self, proposal: Proposal, ended: frozenset[str], budget: Budget | None) -> WriteResult:
        try:
            operation = await self.services.journal.begin(
                approval_id=self.approval.approval_id,
                operation_id=self.approval.reference,
                fingerprint=proposal.change.fingerprint,
                scope=self.plan.scope,
                deadline_seconds=self.services.write_deadline * max(1, len(proposal.requests)),
                channels=self.services.channels_for(proposal.change),
                check=budget.check if budget else None,
                recent_seconds=self.services.settle,
                writes_per_hour=self.services.rates.writes_per_hour,
            )
        except (NotApprovedError, ScopeBusyError):
            return await self._follow_the_other(proposal)
        except (BudgetError, RateError) as error:
            error.add_note(say("note_approval_kept", answered=answered(self.approval)))
            raise
        faster = await _earlier_operation(self.services, operation, self.plan.write_locks, ended)
        if faster is not None:
            await self.services.journal.end(operation.operation_id, "rejected", code="overtaken")
            return await self._follow_the_other(proposal, faster)
        change = proposal.change
        writer = Writer(self.services.cloud, operation_id=operation.operation_id, before_next=self._check_is_open)
        try:
            created = await writer.send(change.spec, change.region_id, change.target_id, proposal.requests)
        except PaiDswError as error:
            return await self._failed(error, operation, writer, proposal)
        target_id = created or change.target_id
        await self._note(operation, "done", target_id=target_id, request_id=writer.request_ids)
        read_back = await _read_back(proposal, target_id or "")
        return done(self.approval, target_id, await self._follow_ups(proposal, target_id), read_back)

    async def _check_is_open(self) -> None:
        """Raises a RefusedError where this process stood still for so long that others have given the change up."""
        operation = await self.services.journal.operation_of(self.approval.approval_id)
        if operation is None or operation.state not in _OPEN:
            raise RefusedError("write_given_up")

    async def _follow_ups(self, proposal: Proposal, target_id: str | None) -> tuple[FollowUp, ...]:
        """Carries out what the same yes also covers, all at once; each is a change of its own from here on."""
        approved = [
            (change.for_target(target_id or ""), plan)
            for change, plan in zip(proposal.change.then, proposal.then, strict=True)
            if self.approval.covers(change)
        ]
        return tuple(await gather(*(self.follow_up(change, plan) for change, plan in approved)))

    async def follow_up(self, change: Change, plan: Callable[[str], Plan]) -> FollowUp:
        """Sends one follow-up under the same yes, if it is not sent yet; the plan has to be of the same values."""
        try:
            approval = await self.services.journal.find(
                principal=self.approval.principal, tool=change.action, arguments_digest=change.arguments_digest
            )
            if approval is None or not approval.is_approved(self.services.channels_for(change)):
                return FollowUp.of(change, "approval_needed", say("follow_up_not_approved", tool=change.action))
            permit = Permit(services=self.services, plan=plan(change.target_id or ""), approval=approval)
            ended = await permit.run()
        except PaiDswError as error:
            return FollowUp.of(change, "refused", str(error), error.remedy)
        return FollowUp.of(change, ended.status, None if ended.status == "done" else ended.message)

    async def _note(self, operation: Operation, state: OperationState, **facts: str | None) -> None:
        """Records the outcome. If that fails, the caller still gets its result, and a later call asks the cloud."""
        with suppress(JournalError):
            await self.services.journal.end(operation.operation_id, state, **facts)

    async def _failed(
        self, error: PaiDswError, operation: Operation, writer: Writer, proposal: Proposal
    ) -> WriteResult:
        """Records how the write ended.

        Raises:
            PaiDswError: The write certainly had no effect.
        """
        if writer.accepted and error.outcome == "none":
            await self._note(operation, "partial", code=error.kind, request_id=writer.request_ids)
            accepted, why = ", ".join(writer.accepted), f"{error} {error.remedy}" if error.remedy else str(error)
            is_gap = proposal.change.action == SET_AUTO_STOP.action and list(writer.accepted)[-1] in _TAKEN_AWAY
            key = "result_not_replaced" if is_gap else "result_partly_done"
            return result("partly_done", key, approval=self.approval, accepted=accepted, why=why)
        state: OperationState = "unknown"
        if error.outcome == "none":
            # A connection error has this outcome only if the connection was never made, so nothing was sent.
            state = "not_sent" if isinstance(error, ConnectionFailedError) else "rejected"
        code, request_id = (error.code, error.request_id) if isinstance(error, CloudError) else (None, None)
        await self._note(operation, state, code=code or error.kind, request_id=request_id)
        if state != "unknown":
            key = "note_approval_kept" if state == "not_sent" else "note_approval_used"
            error.add_note(say(key, answered=answered(self.approval)))
            raise error
        with suppress(CloudError, JournalError):
            found = await reconcile(self.services, operation)
            ended = await self.services.journal.operation_of(operation.approval_id)
            if found == "done" and ended is not None and ended.target_id is not None:
                await self.services.journal.tell(operation.approval_id)
                return done(self.approval, ended.target_id, await self._follow_ups(proposal, ended.target_id))
        why = f"{error} RequestId: {request_id}." if request_id else str(error)
        if writer.accepted:
            why = f"{say('result_taken_before', accepted=', '.join(writer.accepted))} {why}"
        return unknown(self.services, operation, "result_unknown", approval=self.approval, why=why)

    async def _follow_the_other(self, proposal: Proposal, faster: Operation | None = None) -> WriteResult:
        """Reports on a concurrent call that used the approval or is changing the target."""
        principal, scope = self.approval.principal, self.plan.scope
        if faster is not None:
            principal, scope = faster.principal, faster.scope
        past = await settle_open_operation(self.services, principal, scope)
        if past.unsettled is not None:
            return past.unsettled
        seen = await self.plan.look()
        if isinstance(seen, WriteResult):
            return seen
        return result("approval_needed", "result_approval_used", change=proposal.change)


async def _finished(work: Awaitable[WriteResult]) -> WriteResult:
    """Finishes the work even if the task that awaits it is cancelled."""
    task = asyncio.ensure_future(work)
    with anyio.CancelScope(shield=True):
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as cancelled:
            # Ctrl-C cancels a task past every scope, and a request that is cut off has an unknown outcome.
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError:
                task.cancel()
                await asyncio.wait({task})
                raise
            raise cancelled from task.exception()
    return task.result()


async def _read_back(proposal: Proposal, target_id: str) -> ReadBack | None:
    if proposal.read_back is None:
        return None
    try:
        return await proposal.read_back(target_id)
    except CloudError as error:
        return ReadBack(is_so=True, told=say("read_back_failed", why=str(error)))


async def _ended_operations(services: Services) -> frozenset[str]:
    """The ids of the operations that have ended: a read that begins now sees their effects."""
    known = await services.journal.operations(limit=NEWEST)
    return frozenset(each.operation_id for each in known if each.state not in _OPEN)


async def _earlier_operation(
    services: Services, operation: Operation, write_locks: frozenset[str], ended: frozenset[str]
) -> Operation | None:
    """An operation on the same instance or name that began earlier, and whose effect our read may have missed.

    `ended` is what `_ended_operations` returned before that read.
    """
    newest_first = await services.journal.operations(limit=NEWEST)
    ids = [each.operation_id for each in newest_first]
    for earlier in newest_first[ids.index(operation.operation_id) + 1 :]:
        is_over = earlier.operation_id in ended or earlier.state in ("rejected", "not_sent")
        if not is_over and not write_locks.isdisjoint(await _write_locks_of(services, earlier)):
            return earlier
    return None


async def _write_locks_of(services: Services, operation: Operation) -> frozenset[str]:
    """Its scope, and the new name if it renames an instance."""
    approval = await services.journal.get(operation.approval_id)
    parameters = approval.change.parameters if approval is not None else ()
    names = (str(each.value) for each in parameters if each.name == operation.spec.name_parameter)
    scopes = (scope_of(operation.region_id, operation.spec.target, name=name) for name in names)
    return frozenset({operation.scope, *scopes})
