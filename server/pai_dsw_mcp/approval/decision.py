"""What counts as a yes."""

import re
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.approval.quoting import quoted
from pai_dsw_mcp.model.change import Change, Sentence
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.value import Value

Problem: TypeAlias = Literal["wrong_name", "wrong_count", "unknown_left_out", "nothing_left", "empty"]
FEEDBACK_CAP: Final = 1000
_NAME_CAP: Final = 300
_SEPARATORS: Final = re.compile(r"[\s,;\u3001\uff0c\uff1b]+")


class Decision(Value):
    """A person's answer. `problem` is why an answer that may have been meant as a yes does not count.

    `why` says that to the person. `left_out` has the ids of the changes of a batch that are not to be carried out.
    """

    approve: bool
    feedback: str | None = None
    problem: Problem | None = None
    why: tuple[Sentence, ...] = ()
    left_out: tuple[str, ...] = ()


def words(feedback: str | None) -> str | None:
    """What a person wrote beside an answer, if anything."""
    return sanitize(feedback or "", FEEDBACK_CAP) or None


def judge(
    change: Change,
    *,
    decision: str | None,
    instance_name: str | None,
    feedback: str | None,
    leave_out: str | None = None,
) -> Decision:
    """Only the exact word and, where required, the exact name count as a yes.

    `leave_out` names what a person strikes out of a batch, by names or ids. To approve a batch they type how many are
    left.
    """
    said = words(feedback)
    if not decision:
        return _not_counted("empty", said)
    if decision != "approve":
        return Decision(approve=False, feedback=said)
    if change.spec.is_batch:
        return _judge_batch(change, instance_name, said, leave_out or "")
    if change.typed_name is not None and instance_name != change.typed_name:
        return _not_counted("wrong_name", said, difference((instance_name or "")[:_NAME_CAP], change.typed_name))
    return Decision(approve=True, feedback=said)


def _judge_batch(change: Change, typed: str | None, said: str | None, leave_out: str) -> Decision:
    named = dict.fromkeys(name for name in _SEPARATORS.split(leave_out) if name)
    known = {name for each in change.then for name in (each.target_id, each.target_name)}
    unknown = [quoted(name) for name in named if name not in known]
    if unknown:
        return _not_counted("unknown_left_out", said, names=", ".join(unknown))
    left_out = tuple(each.target_id or "" for each in change.then if named.keys() & {each.target_id, each.target_name})
    left = len(change.then) - len(left_out)
    if not left:
        return _not_counted("nothing_left", said)
    typed = (typed or "").strip()
    if typed != str(left):
        return _not_counted("wrong_count", said, typed=quoted(typed[:_NAME_CAP]), left=str(left))
    return Decision(approve=True, feedback=said, left_out=left_out)


def _not_counted(problem: Problem, said: str | None, *more: Sentence, **values: str) -> Decision:
    why = (Sentence(key=f"page_{problem}", values=values), *more)
    return Decision(approve=False, feedback=said, problem=problem, why=why)


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
