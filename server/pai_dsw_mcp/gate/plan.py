"""What a writing tool plans: how to read the cloud, and what it would then send."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.gate.outcome import ReadBack, WriteResult
from pai_dsw_mcp.model.change import Change, scope_of
from pai_dsw_mcp.model.writes import Action, ApiWrite, Request, TargetKind


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change, and the requests that carry it out, in the order of sending.

    `then` makes the plan of each follow-up in `change.then`, once the id of the target is known; `then_writes` are the
    operations of each, where it does not need all of its action. `read_back`, given the
    same id, looks afterwards what really changed, where the service drops what it does not know without a word.
    `not_asked` is why nobody is asked about it any more; what was approved before is still sent.
    """

    change: Change
    requests: tuple[Request, ...] = ()
    then: tuple[Callable[[str], "Plan"], ...] = ()
    then_writes: tuple[tuple[ApiWrite, ...], ...] = ()
    read_back: Callable[[str], Awaitable[ReadBack]] | None = None
    not_asked: InputError | None = None


Look: TypeAlias = "Callable[[], Awaitable[Proposal | WriteResult]]"
"""Reads the cloud anew on each call and proposes a change, or answers that there is nothing to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The target of a change, and how to read its state. Only reads.

    `target_id` is set for an existing target, `new_name` for one to be created. An update that renames has both.
    `action` is set where a later call tells what became of one whose outcome was unknown. `then`, given the id of the
    target, makes the plan of the follow-up that this call asks for.
    """

    region_id: str
    kind: TargetKind = "instance"
    target_id: str | None = None
    new_name: str | None = None
    look: Look
    action: Action | None = None
    then: Callable[[str], "Plan"] | None = None

    @property
    def scope(self) -> str:
        """What no concurrent write may touch: the target, or the name of what is created."""
        return scope_of(self.region_id, self.kind, target_id=self.target_id, name=self.new_name)

    @property
    def write_locks(self) -> frozenset[str]:
        """The scope, and the new name if an update renames."""
        renamed = {scope_of(self.region_id, self.kind, name=self.new_name)} if self.new_name is not None else set[str]()
        return frozenset({self.scope, *renamed})
