"""Whether what is there contains what was wanted."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from evals.answers import in_words, spread
from evals.records import Event
from evals.scenario import Expected
from pai_dsw_mcp.settings import ResultMode


def contains(found: Any, wanted: Any) -> bool:
    """Mappings may hold more than is wanted, lists and values may not."""
    if isinstance(wanted, Mapping):
        fields = cast("Mapping[str, Any]", wanted)
        if not isinstance(found, Mapping):
            return False
        there = cast("Mapping[str, Any]", found)
        return all(name in there and contains(there[name], part) for name, part in fields.items())
    if isinstance(wanted, list):
        parts = cast("list[Any]", wanted)
        if not isinstance(found, list):
            return False
        rows = cast("list[Any]", found)
        return len(rows) == len(parts) and all(map(contains, rows, parts))
    # True is no number here, although Python counts with it.
    return isinstance(found, bool) == isinstance(wanted, bool) and bool(found == wanted)


def unmet_in(expected: Expected, answer: Event, arm: ResultMode) -> list[str]:
    """What an answer lacks, in words. A text may say in its sentences what a structure has in a field."""
    text, result = answer.text, spread(answer.result)
    unmet: list[str] = []
    if answer.is_error != expected.error:
        unmet.append(f"is {'an' if answer.is_error else 'no'} error: {text[:300]}")
    for name, wanted in expected.result.items():
        is_met = contains(result.get(name), in_words(wanted) if arm == "text" else wanted)
        if not is_met and not (arm == "text" and isinstance(wanted, str) and wanted in result.get("message", "")):
            unmet.append(f"{name} is {str(result.get(name))[:200]}, not {wanted}")
    unmet += [f"does not say {part!r}: {text[:300]}" for part in expected.text if part.lower() not in text.lower()]
    return unmet


def same_rows(found: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each wanted row is found exactly once and no row is left over."""
    left = list(found)
    # The most exact wishes choose first.
    for row in sorted(wanted, key=len, reverse=True):
        chosen = next((each for each in left if contains(each, row)), None)
        if chosen is None:
            return False
        left.remove(chosen)
    return not left
