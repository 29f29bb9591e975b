"""What a tool plans: how to look at the cloud, and what it would then send."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.gate.outcome import WriteResult
from pai_dsw_mcp.model.change import Change


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change, the one write that carries it out, and the answer once that is done.

    `send` gets the Writer and the value of the operation label, and returns the id of a new instance.
    """

    change: Change
    send: Callable[[Writer, str], Awaitable[str | None]]
    done: Callable[[str | None], WriteResult]


Look: TypeAlias = "Callable[[], Awaitable[Proposal | WriteResult]]"
"""Reads the cloud, as often as it is called, and proposes a change; or answers that there is nothing to change."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a change will take place, and how to look at it. Only reads. `new_name` is what an update renames to."""

    scope: str
    look: Look
    new_name: str | None = None

    @property
    def claims(self) -> frozenset[str]:
        """What no other write may touch meanwhile: the scope, and the name that an update is about to give."""
        region_id = self.scope.partition("/")[0]
        return frozenset({self.scope} if self.new_name is None else {self.scope, f"{region_id}/name:{self.new_name}"})


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
