"""The journal's records: who was asked, what they answered, what was sent, and its outcome.

Times are seconds since the epoch on the journal's own clock (`journal/clock.py`). The keys of approval pages
are not stored here, only in the memory of the process that asked.
"""

from typing import Literal, TypeAlias

from pydantic import Field

from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.model.writes import WRITES, Action, WriteSpec

ApprovalState: TypeAlias = Literal["waiting", "approved", "rejected", "used", "expired", "superseded"]
"""`expired` is never stored: a waiting or approved row is read as `expired` after `expires_at`."""

Channel: TypeAlias = Literal["form", "page", "card", "terminal", "chat", "http_page", "second_person"]
"""`http_page` is the page of a server over HTTP. At `second_person` only somebody else than who asked may approve."""

OperationState: TypeAlias = Literal["sent", "done", "partial", "rejected", "unknown", "lost", "not_sent"]
"""`sent` and `unknown` are open: the outcome is not known yet. The others are final.
`partial`: some of its requests took effect, and the next was refused.

`not_sent`: no connection was made, so no byte of the request left this machine, and the yes may be used again.
"""


class Approval(Value):
    """One question to a person, and the answer.

    `dismissed_at` is when a person closed its form without an answer; where that ended the question, it is `rejected`
    without a `decided_at`, because nobody said no. `told_at` is when a caller was told of a rejection, or of
    an outcome that was unknown at first.
    `decided_by` is what the person who answered is called, where they signed in.
    `client` is the name and version that the client gave of itself. `left_out` has the ids of the follow-ups that the
    person struck out; a follow-up itself names its approval in `parent`, by the reference.
    `reference` is a short code for people ("K7Q2-9MTX"); `approval_id` (128 random bits) stands in the journal, and in
    the link to a page behind a sign-in, where it opens nothing by itself.
    """

    approval_id: str = Field(repr=False)
    reference: str
    principal: str
    tool: str
    arguments_digest: str
    change: Change
    state: ApprovalState
    channel: Channel
    asked_at: float
    expires_at: float
    decided_at: float | None = None
    decided_channel: Channel | None = None
    decided_by: str | None = None
    feedback: str | None = None
    told_at: float | None = None
    dismissed_at: float | None = None
    client: str | None = None
    left_out: tuple[str, ...] = ()
    parent: str | None = None

    def is_approved(self, channels: frozenset[Channel]) -> bool:
        """Whether there is an unused yes that came through one of these channels."""
        return self.state == "approved" and self.decided_channel in channels

    @property
    def is_only_closed(self) -> bool:
        """Whether the question ended because its form was closed: no yes, and no no."""
        return self.state == "rejected" and self.decided_at is None

    @property
    def covered(self) -> Change:
        """The change without the follow-ups that the person struck out, and without the warnings about them."""
        if not self.left_out:
            return self.change
        then = tuple(each for each in self.change.then if self.covers(each))
        gone = {each.told_name for each in self.change.then} - {each.told_name for each in then}
        warnings = tuple(each for each in self.change.warnings if each.values.get("instance_name") not in gone)
        return self.change.model_copy(update={"then": then, "warnings": warnings})

    def covers(self, follow_up: Change) -> bool:
        """Whether the person left this follow-up in."""
        return follow_up.target_id not in self.left_out


class Attempt(Value):
    """An answer that came without the secret of a card, from a client as it calls itself, for this code."""

    made_at: float
    client: str | None
    reference: str | None


class Operation(Value):
    """One write that was sent, recorded before its first byte left.

    `deadline` is when the request must have ended one way or the other; `ended_at` is set with a final state.
    """

    operation_id: str
    approval_id: str = Field(repr=False)
    reference: str
    principal: str
    scope: str
    action: Action
    region_id: str
    target_name: str
    target_id: str | None = None
    state: OperationState
    sent_at: float
    deadline: float
    ended_at: float | None = None
    code: str | None = None
    request_id: str | None = None

    @property
    def was_unknown(self) -> bool:
        """Whether it is done, and the call that sent it was not told so by the service."""
        # A write that was done at once has no code, and its process records it before the deadline.
        is_found = self.code is not None or (self.ended_at or 0.0) > self.deadline
        return self.state == "done" and is_found

    @property
    def spec(self) -> WriteSpec:
        """The write that was sent."""
        return WRITES[self.action]
