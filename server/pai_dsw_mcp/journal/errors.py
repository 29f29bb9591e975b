"""Failures of the journal.

PaiDswError
  · JournalError          the file or database cannot be used; nothing was recorded, so nothing was sent
    - JournalFileError    it is a file on this machine
    - DatabaseAwayError   the database is not there, or does not answer in time
  · AlreadyDecidedError   the approval is no longer waiting
  · WrongChannelError        the approval waits for its answer at another channel
  · NotApprovedError      there is no unused yes for exactly this change
  · ScopeBusyError        an earlier write to the same target has not ended
  · RateError             a person did this as often as the operator allows, for now
"""

import math

from pai_dsw_mcp.errors import PaiDswError, RefusedError
from pai_dsw_mcp.journal.records import Approval, Operation
from pai_dsw_mcp.model.change import Sentence
from pai_dsw_mcp.texts.render import render


class JournalError(PaiDswError):
    """The file or database cannot be used; nothing was recorded, so nothing was sent."""


class JournalFileError(JournalError):
    """The file cannot be used. That nothing was sent is told of a call alone: the start of a server sends nothing."""

    def _next_step(self) -> tuple[str, ...]:
        return (render(Sentence(key="nothing_was_sent")), *super()._next_step())


class DatabaseAwayError(JournalError):
    """The database is not there, or does not answer in time; a little later it may."""

    def __init__(self, reason: str) -> None:
        super().__init__("database_failed", reason=reason)


class AlreadyDecidedError(RefusedError):
    """The approval is no longer waiting; `approval` is its current state."""

    def __init__(self, approval: Approval) -> None:
        self.approval = approval
        super().__init__("approval_already_decided", reference=approval.reference, state=approval.state)


class WrongChannelError(RefusedError):
    """The approval waits for its answer at another channel: one asked in a form is answered in that form alone."""

    def __init__(self, approval: Approval) -> None:
        self.approval = approval
        super().__init__("approval_other_channel", reference=approval.reference, channel=approval.channel)


class NotApprovedError(RefusedError):
    """There is no unused, unexpired yes for exactly this change; `approval` is what there is instead."""

    def __init__(self, approval: Approval | None) -> None:
        self.approval = approval
        super().__init__("approval_missing")


class ScopeBusyError(RefusedError):
    """An earlier write to the same target has not ended; `operation` is that write."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        super().__init__("scope_busy", instance_name=operation.target_name, reference=operation.reference)


class RateError(RefusedError):
    """A person did this as often as the operator allows; the next time is in `wait` seconds."""

    def __init__(self, key: str, *, most: int, wait: float) -> None:
        super().__init__(key, most=most, wait=math.ceil(wait))
