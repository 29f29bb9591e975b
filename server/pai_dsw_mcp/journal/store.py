"""The journal: the one memory that every process of this user shares.

A yes is used up, and the write it allows is marked as sent, in a single transaction before the first byte leaves.
"""

import sqlite3
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from anyio import to_thread

from pai_dsw_mcp.journal import approvals, operations
from pai_dsw_mcp.journal.database import Database, Mode
from pai_dsw_mcp.journal.records import Approval, Door, Operation, OperationState
from pai_dsw_mcp.model.change import Change

P = ParamSpec("P")
T = TypeVar("T")


class Journal:
    """Approvals and operations in one SQLite file; every method is one transaction in a worker thread.

    Safe for several processes. Every method raises JournalError where the file cannot be used.
    """

    def __init__(
        self, path: Path, *, now: Callable[[], float] = time.time, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        """Opens nothing yet: the file is made at first use. `now` and `elapsed` give seconds."""
        self._database = Database(path, now=now, elapsed=elapsed)

    async def ask(
        self, *, principal: str, tool: str, arguments_digest: str, change: Change, door: Door, doors: frozenset[Door]
    ) -> Approval:
        """The question to a person at `door`, valid for 600 seconds.

        An open one for the same call and the same fingerprint is returned as it is, whatever the door it waits at. Open
        ones that saw something else, and a yes through a door that is not one of `doors`, are superseded.
        """
        return await self._write(
            approvals.ask,
            principal=principal,
            tool=tool,
            arguments_digest=arguments_digest,
            change=change,
            door=door,
            doors=doors,
        )

    async def find(self, *, principal: str, tool: str, arguments_digest: str) -> Approval | None:
        """The newest approval of this call, in any state."""
        return await self._read(approvals.find, principal=principal, tool=tool, arguments_digest=arguments_digest)

    async def get(self, approval_id: str) -> Approval | None:
        """The approval with this id, in any state."""
        return await self._read(approvals.get, approval_id)

    async def find_by_reference(self, reference: str) -> Approval | None:
        """The approval that waits at the chat door under this code; those of other doors are not found."""
        return await self._read(approvals.find_by_reference, reference)

    async def dismiss(self, approval_id: str) -> None:
        """Notes that a person closed the form of a question that still waits; another door may take over."""
        await self._write(approvals.dismiss, approval_id)

    async def refusals(self, principal: str, *, within: float) -> tuple[int, float]:
        """How many questions were declined or dismissed since the last yes, and seconds since the last of them.

        Those that are older than `within` seconds do not count.
        """
        return await self._read(approvals.refusals, principal, within=within)

    async def waiting(self) -> tuple[Approval, ...]:
        """What waits for an answer, of all processes, oldest first."""
        return await self._read(approvals.waiting)

    async def pending_count(self, principal: str) -> int:
        """How many questions wait for this principal."""
        return await self._read(approvals.pending_count, principal)

    async def move(self, approval_id: str, door: Door) -> Approval:
        """Lets another door take over while the approval waits; one that was decided meanwhile comes back as it is."""
        return await self._write(approvals.move, approval_id, door)

    async def decide(self, approval_id: str, *, approve: bool, door: Door, feedback: str | None = None) -> Approval:
        """Records the answer, once.

        Raises:
            AlreadyDecidedError: Somebody answered before, or the time is over.
            WrongDoorError: It was asked at another door, and this one does not stand in for it.
        """
        return await self._write(approvals.decide, approval_id, approve=approve, door=door, feedback=feedback)

    async def refuse(self, approval_id: str, *, door: Door, feedback: str | None = None) -> Approval:
        """Records a no at whatever door the question waits, also after a yes that nothing was sent with yet.

        Raises:
            AlreadyDecidedError: Something was sent, a no was there before, or the time is over.
        """
        return await self._write(approvals.refuse, approval_id, door=door, feedback=feedback)

    async def begin(
        self,
        *,
        approval_id: str,
        operation_id: str,
        fingerprint: str,
        scope: str,
        deadline_seconds: float,
        doors: frozenset[Door],
    ) -> Operation:
        """Uses the approval up and marks the operation as sent, in one transaction that is on the disk on return.

        Raises:
            NotApprovedError: No unused, unexpired yes with this fingerprint through one of these doors.
            ScopeBusyError: An operation of the same principal and scope is open; the yes stays unused.
        """
        return await self._write(
            operations.begin,
            approval_id=approval_id,
            operation_id=operation_id,
            fingerprint=fingerprint,
            scope=scope,
            deadline_seconds=deadline_seconds,
            doors=doors,
        )

    async def end(
        self,
        operation_id: str,
        state: OperationState,
        *,
        instance_id: str | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> bool:
        """Records what became of an open operation; False where it had ended before and nothing was changed.

        With `not_sent`, its yes may be used again while it is valid.
        """
        return await self._write(
            operations.end, operation_id, state, instance_id=instance_id, code=code, request_id=request_id
        )

    async def open_operation(self, *, principal: str, scope: str) -> Operation | None:
        """The operation of this scope that is sent or unknown."""
        return await self._read(operations.open_operation, principal=principal, scope=scope)

    async def operation_of(self, approval_id: str) -> Operation | None:
        """What was sent with this approval."""
        return await self._read(operations.operation_of, approval_id)

    async def operations(self, *, limit: int = 100) -> tuple[Operation, ...]:
        """What was sent, newest first."""
        return await self._read(operations.operations, limit=limit)

    async def creates(self, region_id: str, instance_name: str, *, limit: int) -> tuple[Operation, ...]:
        """What was sent to create an instance of exactly this name and not rejected, newest first."""
        return await self._read(operations.creates, region_id, instance_name, limit=limit)

    async def time(self) -> float:
        """Seconds since the epoch, on the clock that every time in the journal is from: it is never set back."""
        return await self._read(lambda _, now: now)

    def close(self) -> None:
        """Closes the file; a later call opens it again."""
        self._database.close()

    async def _read(
        self, work: Callable[Concatenate[sqlite3.Connection, float, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await to_thread.run_sync(partial(self._transact, "read", work, *args, **kwargs))

    async def _write(
        self, work: Callable[Concatenate[sqlite3.Connection, float, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await to_thread.run_sync(partial(self._transact, "write", work, *args, **kwargs))

    def _transact(
        self,
        mode: Mode,
        work: Callable[Concatenate[sqlite3.Connection, float, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with self._database.transaction(mode) as (rows, now):
            return work(rows, now, *args, **kwargs)
