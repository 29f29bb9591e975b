"""Finds out the outcome of a write whose reply was lost. It only reads the cloud."""

import math
from dataclasses import dataclass
from typing import Final

import anyio

from pai_dsw_mcp.gate.named import made_by
from pai_dsw_mcp.gate.outcome import WriteResult, result
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.clock import local_time
from pai_dsw_mcp.journal.records import Approval, Operation, OperationState
from pai_dsw_mcp.model.change import Change, Sentence
from pai_dsw_mcp.texts.render import say

_FIRST_WAIT: Final = 0.05
_LONGEST_WAIT: Final = 0.5
_FIRST_PAUSE: Final = 30.0
_LONGEST_PAUSE: Final = 120.0
"""Seconds after which a caller is told to look again: exponential backoff between these two."""


@dataclass(frozen=True, slots=True)
class EarlierWrite:
    """The outcome of an earlier write to the same target: still unknown, lost, done after it was unknown, or settled.

    No field is set where it is settled in another way, or there was none.
    """

    unsettled: WriteResult | None = None
    lost: Operation | None = None
    done: Operation | None = None


async def settle_open_operation(services: Services, principal: str, scope: str) -> EarlierWrite:
    """Settles the open operation of a scope, if the cloud shows its outcome by now.

    Raises:
        CloudError: The cloud could not be read.
    """
    operation = await _wait_for_its_end(services, principal, scope)
    if operation is None or await reconcile(services, operation) is not None:
        return await _outcome_of_last(services, principal, scope)
    return EarlierWrite(unsettled=unknown(services, operation, "result_earlier_unknown"))


def unknown(
    services: Services, operation: Operation, key: str, *, approval: Approval | None = None, why: str = ""
) -> WriteResult:
    """The answer while nobody knows the outcome: when to look again, until when at most, and what then."""
    known_by = _known_by(services, operation)
    # Not the journal's clock: the journal may be what has failed.
    waited = max(services.now() - operation.sent_at, 0.0)
    left = known_by - operation.sent_at - waited
    pause = max(math.ceil(min(max(waited, _FIRST_PAUSE), _LONGEST_PAUSE, left)), 1)
    then = say(f"unknown_{operation.action}" if operation.spec.creates else "unknown_other")
    until = local_time(known_by)
    return result(
        "unknown",
        key,
        approval=approval,
        reference=operation.reference,
        check_again_in=pause,
        known_by=until,
        action=operation.action,
        instance_name=operation.target_name,
        seconds=round(waited),
        why=why,
        finding_out=say("unknown_finding_out", pause=pause, known_by=until, then=then),
    )


def _known_by(services: Services, operation: Operation) -> float:
    """When the outcome is known at the latest.

    A create whose instance has not appeared by then counts as lost. Any other request can no longer arrive after its
    deadline: the status is final, and repeating the request is harmless.
    """
    return operation.sent_at + services.settle if operation.spec.creates else operation.deadline


async def _outcome_of_last(services: Services, principal: str, scope: str) -> EarlierWrite:
    """Whether the last create never appeared, or the last write turned out to be done.

    Read from the journal, because the call that found it out may have failed before it could say so.
    """
    last = await services.journal.last_sent(principal=principal, scope=scope)
    if last is None:
        return EarlierWrite()
    is_lost = last.spec.creates and last.state == "lost"
    return EarlierWrite(lost=last if is_lost else None, done=last if last.was_unknown else None)


def with_warning(change: Change, lost: Operation, now: float) -> Change:
    """The change with a warning that an earlier request was lost."""
    key = "warn_earlier_workspace_unknown" if change.spec.target == "workspace" else "warn_earlier_request_unknown"
    warning = Sentence(key=key, values={"duration": str(now - lost.sent_at)})
    return change.model_copy(update={"warnings": (*change.warnings, warning)})


async def _wait_for_its_end(services: Services, principal: str, scope: str) -> Operation | None:
    """The operation that is still open after a short wait for the process that may be sending it."""
    pause = _FIRST_WAIT
    with anyio.move_on_after(services.patience):
        while True:
            operation = await services.journal.open_operation(principal=principal, scope=scope)
            if operation is None or operation.state == "unknown":
                return operation
            if await services.journal.time() > operation.deadline:
                return operation
            await anyio.sleep(pause)
            pause = min(pause * 2, _LONGEST_WAIT)
    return await services.journal.open_operation(principal=principal, scope=scope)


async def reconcile(services: Services, operation: Operation) -> OperationState | None:
    """The outcome of an operation as the cloud shows it, recorded in the journal; None while it is unknown.

    Raises:
        CloudError: The cloud could not be read.
    """
    find_outcome = _outcome_of_create if operation.spec.creates else _outcome_by_status
    end, found = await find_outcome(services, operation)
    if end is not None:
        await services.journal.end(operation.operation_id, end, target_id=found)
    return end


async def _outcome_of_create(services: Services, operation: Operation) -> tuple[OperationState | None, str | None]:
    made = await made_by(services, operation)
    if made is not None:
        return "done", made
    if await services.journal.time() > _known_by(services, operation):
        return "lost", None
    return None, None


async def _outcome_by_status(services: Services, operation: Operation) -> tuple[OperationState | None, str | None]:
    if operation.spec.reached:
        instance = await services.cloud.get_instance(operation.region_id, operation.target_id or "")
        if instance.status in operation.spec.reached:
            return "done", operation.target_id
    is_settled = await services.journal.time() > _known_by(services, operation)
    return ("lost", operation.target_id) if is_settled else (None, None)
