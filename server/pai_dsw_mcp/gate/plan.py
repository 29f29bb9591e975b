"""What a writing tool plans: how to read the cloud, and what it would then send."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.model.change import Change, scope_of
from pai_dsw_mcp.model.writes import Request


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change, and the requests that carry it out, in the order of sending."""

    change: Change
    requests: tuple[Request, ...]


Look: TypeAlias = "Callable[[], Awaitable[Proposal | WriteResult]]"
"""Reads the cloud anew on each call and proposes a change, or answers that there is nothing to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The target of a change, and how to read its state. Only reads.

    `target_id` is set for an existing target, `new_name` for one to be created. An update that renames has both.
    """

    region_id: str
    target_id: str | None = None
    new_name: str | None = None
    look: Look

    @property
    def scope(self) -> str:
        """What no concurrent write may touch: the target, or the name of what is created."""
        return scope_of(self.region_id, target_id=self.target_id, name=self.new_name)

    @property
    def write_locks(self) -> frozenset[str]:
        """The scope, and the new name if an update renames."""
        renamed = {scope_of(self.region_id, name=self.new_name)} if self.new_name is not None else set[str]()
        return frozenset({self.scope, *renamed})


def digest(facts: Any) -> str:
    """SHA-256 of the canonical JSON of these facts."""
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def arguments_digest(change: Change) -> str:
    """Identifies what an approval covers: the action, its target and every value that is sent, and nothing else.

    A value given explicitly is the same as an equal default.
    """
    told = ("fingerprint", "warnings", "price", "price_before", "kept", "meanings", "origin")
    left_out: dict[str, Any] = dict.fromkeys(told, True)
    return digest(change.model_dump(mode="json", exclude={**left_out, "parameters": {"__all__": {"is_default"}}}))
