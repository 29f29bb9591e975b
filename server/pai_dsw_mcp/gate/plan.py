"""What a writing tool plans: how to look at the cloud, and what it would then send."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.model.change import Change, scope_of
from pai_dsw_mcp.model.value import Value


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change, and the one request that carries it out; None where the operation takes none."""

    change: Change
    request: Value | None = None


Look: TypeAlias = "Callable[[], Awaitable[Proposal | WriteResult]]"
"""Reads the cloud, as often as it is called, and proposes a change; or answers that there is nothing to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where a change will take place, and how to look at it. Only reads.

    Either `target_id` names what is changed, or `new_name` what is made. An update that renames has both.
    """

    region_id: str
    target_id: str | None = None
    new_name: str | None = None
    look: Look

    @property
    def scope(self) -> str:
        """What no other write may touch meanwhile: the target, or the name of what is made."""
        return scope_of(self.region_id, target_id=self.target_id, name=self.new_name)

    @property
    def write_locks(self) -> frozenset[str]:
        """The scope, and the name that an update is about to give."""
        renamed = {scope_of(self.region_id, name=self.new_name)} if self.new_name is not None else set[str]()
        return frozenset({self.scope, *renamed})


def digest(facts: Any) -> str:
    """A digest of facts that are equal exactly when their canonical JSON is."""
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def arguments_digest(change: Change) -> str:
    """What a yes is for: the action, its target and every value that is sent, and nothing else.

    A value that somebody asked for is the same as the default that it equals.
    """
    left_out = {"fingerprint": True, "warnings": True, "price": True, "price_before": True}
    return digest(change.model_dump(mode="json", exclude={**left_out, "parameters": {"__all__": {"is_default"}}}))
