"""What counts as a yes."""

from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.approval.quoting import quoted
from pai_dsw_mcp.model.change import Change, Sentence
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


def difference(typed: str, name: str) -> Sentence:
    """How what was typed differs from the name, for somebody who looks at both."""
    if not typed:
        return Sentence(key="differs_empty")
    if typed.strip() == name:
        return Sentence(key="differs_spaces")
    if typed.casefold() == name.casefold():
        return Sentence(key="differs_case")
    pairs = enumerate(zip(typed, name, strict=False))
    same = next((place for place, pair in pairs if pair[0] != pair[1]), min(len(typed), len(name)))
    values = {
        "position": f"{same + 1}",
        "typed": quoted(typed),
        "rest": quoted(typed[same:]),
        "name": quoted(name[same:]),
    }
    return Sentence(key="differs_from", values=values)
