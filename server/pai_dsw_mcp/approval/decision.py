"""What counts as a yes."""

from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.value import Value

Problem: TypeAlias = Literal["wrong_name", "empty"]
FEEDBACK_CAP: Final = 1000


class Decision(Value):
    """A person's answer. `problem` says why an answer that may have been meant as a yes does not count."""

    approve: bool
    feedback: str | None = None
    problem: Problem | None = None


def judge(change: Change, *, decision: str | None, instance_name: str | None, feedback: str | None) -> Decision:
    """Only the exact word and, where required, the exact name count as a yes."""
    said = sanitize(feedback or "", FEEDBACK_CAP) or None
    if not decision:
        return Decision(approve=False, feedback=said, problem="empty")
    if decision != "approve":
        return Decision(approve=False, feedback=said)
    if change.typed_name is not None and instance_name != change.typed_name:
        return Decision(approve=False, feedback=said, problem="wrong_name")
    return Decision(approve=True, feedback=said)
