"""The one way to a `Writer`: a yes that is consumed in the same transaction that marks the write as sent."""

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass

import anyio

from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError, ConnectionFailedError, PaiDswError
from pai_dsw_mcp.gate.claims import ended_operations, faster_operation
from pai_dsw_mcp.gate.outcome import WriteResult, result
from pai_dsw_mcp.gate.proposal import Plan, Proposal
from pai_dsw_mcp.gate.reconcile import reconcile, settle_open_operation
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.errors import JournalError, NotApprovedError, ScopeBusyError
from pai_dsw_mcp.journal.records import Approval, Operation, OperationState


@dataclass(frozen=True, slots=True)
class Permit:
    """An approval for exactly one change. Made by the gate alone."""

    services: Services
    plan: Plan
    approval: Approval

    async def run(self) -> WriteResult:
        """Looks once more, and sends what was approved if the cloud still is as it was when it was approved.

        A write that has begun is finished even if the caller goes away, so that the journal knows its end.

        Raises:
            PaiDswError: The write was refused, and surely nothing happened.
        """
        ended = await ended_operations(self.services)
        seen = await self.plan.look()
        if isinstance(seen, WriteResult):
            return seen
        if seen.change.fingerprint != self.approval.change.fingerprint:
            return result("approval_needed", "result_changed_since", change=seen.change)
        return await _to_its_end(self._carry_out(seen, ended))

    async def _carry_out(self, proposal: Proposal, ended: frozenset[str]) -> WriteResult:
        try:
            operation = await self.services.journal.begin(
                approval_id=self.approval.approval_id,
                operation_id=self.approval.reference,
                fingerprint=proposal.change.fingerprint,
                scope=self.plan.scope,
                deadline_seconds=self.services.write_deadline,
                doors=self.services.doors,
            )
        except (NotApprovedError, ScopeBusyError):
            return await self._follow_the_other(proposal)
        faster = await faster_operation(self.services, operation, self.plan.claims, ended)
        if faster is not None:
            await self.services.journal.end(operation.operation_id, "rejected", code="overtaken")
            return await self._follow_the_other(proposal, faster)
        writer = Writer(self.services.cloud, operation_id=operation.operation_id)
        try:
            created = await proposal.send(writer, operation.operation_id)
        except PaiDswError as error:
            return await self._failed(error, proposal, operation)
        instance_id = created or proposal.change.instance_id
        await self._note(operation, "done", instance_id=instance_id)
        return proposal.done(instance_id)

    async def _note(self, operation: Operation, state: OperationState, **facts: str | None) -> None:
        """Writes the end down. Where that fails, what is known is told all the same; a later call asks the cloud."""
        with suppress(JournalError):
            await self.services.journal.end(operation.operation_id, state, **facts)

    async def _failed(self, error: PaiDswError, proposal: Proposal, operation: Operation) -> WriteResult:
        """Records how the write ended.

        Raises:
            PaiDswError: When surely nothing happened.
        """
        state: OperationState = "unknown"
        if error.outcome == "none":
            # Of a write whose connection failed this is known only where the connection was never made.
            state = "not_sent" if isinstance(error, ConnectionFailedError) else "rejected"
        code, request_id = (error.code, error.request_id) if isinstance(error, CloudError) else (None, None)
        await self._note(operation, state, code=code or error.kind, request_id=request_id)
        if state != "unknown":
            raise error
        with suppress(CloudError, JournalError):
            found = await reconcile(self.services, operation)
            ended = await self.services.journal.operation_of(operation.approval_id)
            if found == "done" and ended is not None and ended.instance_id is not None:
                return proposal.done(ended.instance_id)
        return result("unknown", "result_unknown", change=proposal.change, why=error.explain()).model_copy(
            update={"reference": operation.reference}
        )

    async def _follow_the_other(self, proposal: Proposal, faster: Operation | None = None) -> WriteResult:
        """The approval was used, or the target is being changed, by a call that was a moment faster."""
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


async def _to_its_end(work: Awaitable[WriteResult]) -> WriteResult:
    """Finishes the work even if whoever waits for it is cancelled meanwhile."""
    ended: list[WriteResult] = []
    with anyio.CancelScope(shield=True):
        ended.append(await work)
    return ended[0]
