"""Renders an answer: the structured result in its shortest form, and the text that is made from it.

The text has our sentences first, then every fact of the structured result under the same name.
"""

import re
from collections.abc import Container, Mapping, Sequence
from typing import Any, Final, cast

from pai_dsw_mcp.model.sanitize import one_line
from pai_dsw_mcp.texts.render import say

_BARE: Final = re.compile(r"[A-Za-z0-9_.:/*\-]+|https?://[A-Za-z0-9_.:/*\-?#=&%]+")
_CAP: Final = 10_000
"""Longer than any field may be: what the structured result cuts, it cut already."""
_LONG: Final = 12
"""Characters from which a value is taken for the same wherever it stands: an id, an address, a sentence."""

Json = dict[str, Any]


def tell(key: str, **values: object) -> str:
    """A sentence of `texts.reading` for the model; always in English, like the tool descriptions."""
    return say(key, **values)


def marked(text: str | None) -> str:
    """Untrusted text, in quotation marks it cannot close, which also show its outer spaces.

    A plain word stays bare, an empty text is a dash.
    """
    shown = one_line(text or "", _CAP)
    if not shown or _BARE.fullmatch(shown):
        return shown or "-"
    return '"' + shown.replace('"', "'") + '"'


def number(value: float) -> str:
    """A number in up to ten significant digits."""
    return f"{value:.10g}"


def paragraphs(*parts: str | None) -> str:
    """The parts that say something, one below the other."""
    return "\n".join(part for part in parts if part)


def said_once(shown: Json, *, rows: str) -> Json:
    """The list without what all of its rows have in common, which stands beside them as `in_all_rows`."""
    first, *others = _rows_in(shown[rows]) or ({},)
    if not others:
        return shown
    same = {name: value for name, value in first.items() if all(name in row and row[name] == value for row in others)}
    if not same:
        return shown
    left = [{name: value for name, value in row.items() if name not in same} for row in (first, *others)]
    return {**{name: value for name, value in shown.items() if name != rows}, "in_all_rows": same, rows: left}


def tidy(value: Any) -> Any:
    """The value with its numbers in their shortest form: 30 and not 30.0."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(number(value))
    if isinstance(value, list):
        return [tidy(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: tidy(each) for name, each in cast("Json", value).items()}
    return value


def text_of(shown: Mapping[str, Any], ours: Container[str] = (), always: Container[str] = ()) -> str:
    """The text of a structured result; the fields `ours` hold sentences and not facts.

    A fact is one `name: value`, a list of objects is a table. What the sentences say already is not said again, except
    in the fields `always`.
    """
    said = paragraphs(*(value for name, value in shown.items() if name in ours))
    facts: list[str] = []
    blocks: list[str] = []
    for name, value in shown.items():
        is_said = isinstance(value, str) and len(value) >= _LONG and value in said and name not in always
        if name in ours or value in ([], {}) or is_said:
            continue
        if rows := _rows_in(value):
            blocks.append(f"{name}:\n{_table(rows)}")
        elif isinstance(value, dict) and any(map(_rows_in, cast("Json", value).values())):
            blocks.append(f"{name}:\n{text_of(cast('Json', value))}")
        else:
            facts.append(f"{name}: {_fact(value)}")
    return paragraphs(said, "; ".join(facts), *blocks)


def _rows_in(value: Any) -> Sequence[Json]:
    """The rows of a list of objects; none of anything else."""
    rows = cast("list[Any]", value) if isinstance(value, list) else []
    return rows if rows and isinstance(rows[0], dict) else ()


def _table(rows: Sequence[Json]) -> str:
    """A line for the names of the columns that any row fills, and one a row; no cell holds a separator of its own."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [[_fact(row[name]).replace("|", "/") if name in row else "" for name in columns] for row in rows]
    return "\n".join("|".join(line) for line in [columns, *lines])


def _fact(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{marked(name)}={_fact(part)}" for name, part in cast("Json", value).items())
    if isinstance(value, list):
        return ", ".join(map(_fact, cast("list[Any]", value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    # Not a dash, which may be a value itself: a label `k=` is not `k=-`.
    return marked(str(value)) if value else '""'
