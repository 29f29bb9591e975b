"""An answer as an assistant reads it: from the structured result, or from the text where a host shows nothing else."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, cast

from mcp_types import CallToolResult

from pai_dsw_mcp.settings import ResultMode

_VALUE: Final = r'(?:"[^"]*"|[^";])+'
_FACT: Final = re.compile(rf"([a-z_]+): ({_VALUE})(?:; |$)")
_FACTS: Final = re.compile(rf"(?:[a-z_]+: {_VALUE}(?:; |$))+")
_BLOCK: Final = re.compile(r"([a-z_]+):")
_FIELD: Final = re.compile(r'("[^"]*"|[\w.\-]+)=("[^"]*"|[^,]*)(?:, |$)')
SENTENCES: Final = ("message", "note", "meaning")
"""The fields that hold sentences; which of them an answer has, its text does not say."""
_FORMS: Final = {
    "instance_id": re.compile(r"\bdsw-[0-9a-z]{16}\b"),
    "approve_url": re.compile(r"http://127\.0\.0\.1:\d+/approve/[A-Za-z0-9_-]{22}"),
}
"""A text does not repeat as a fact what its sentences say: these are known there by how they look."""
_IN_ALL_ROWS: Final = "in_all_rows"


def read(answer: CallToolResult, arm: ResultMode) -> tuple[str, dict[str, Any]]:
    """The text and the fields that an assistant gets of an answer."""
    text = "\n".join(block.text for block in answer.content if block.type == "text")
    structure: dict[str, Any] = answer.structured_content or {}
    if answer.is_error or arm == "both":
        return text, structure
    return (text, read_text(text)) if arm == "text" else (json.dumps(structure, ensure_ascii=False), structure)


def read_text(text: str) -> dict[str, Any]:
    """The fields of an answer, whose values are the words that stand there: sentences first, then facts and tables."""
    lines = text.splitlines()
    first = next((number for number in range(len(lines)) if _begins_facts(lines[number:])), len(lines))
    sentences = "\n".join(lines[:first])
    said = dict.fromkeys(SENTENCES, sentences) if sentences else {}
    seen = {name: found[0] for name, form in _FORMS.items() if (found := form.search(sentences))}
    return {**said, **seen, **_fields(lines[first:])}


def spread(result: Mapping[str, Any]) -> dict[str, Any]:
    """The result with what all of its rows have in common in each of them."""
    if _IN_ALL_ROWS not in result:
        return dict(result)
    same, names = result[_IN_ALL_ROWS], list(result)
    rows = names[names.index(_IN_ALL_ROWS) + 1]
    return {**result, rows: [{**same, **row} for row in result[rows]]}


def in_words(value: Any) -> Any:
    """A value as a text has it."""
    if isinstance(value, Mapping):
        return {name: in_words(part) for name, part in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [in_words(part) for part in cast("list[Any]", value)]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.10g}" if isinstance(value, int | float) else value


def _begins_facts(lines: list[str]) -> bool:
    return _FACTS.fullmatch(lines[0]) is not None or (_BLOCK.fullmatch(lines[0]) is not None and len(lines) > 1)


def _fields(lines: list[str], *, of_an_object: bool = False) -> dict[str, Any]:
    """The fields in the first of these lines, which are taken away; an object has one line of facts, then tables."""
    found: dict[str, Any] = {}
    while lines:
        block = _BLOCK.fullmatch(lines[0])
        if block is None and of_an_object and found:
            break
        line = lines.pop(0)
        if block is None:
            found |= {name: _value(told) for name, told in _FACT.findall(line)}
        elif lines and _FACTS.fullmatch(lines[0]):
            found[block[1]] = _fields(lines, of_an_object=True)
        else:
            ends = (at for at, each in enumerate(lines) if _BLOCK.fullmatch(each) or _FACTS.fullmatch(each))
            end = next(ends, len(lines))
            found[block[1]] = _rows(lines[:end])
            del lines[:end]
    return found


def _rows(lines: list[str]) -> list[dict[str, Any]]:
    columns, *rows = (line.split("|") for line in lines)
    return [{name: _value(cell) for name, cell in zip(columns, cells, strict=True) if cell} for cells in rows]


def _value(told: str) -> Any:
    """A plain word, a quoted text, or an object; a list of words stays as it is written."""
    if told.startswith('"') and told.count('"') == 2 and told.endswith('"'):
        return told[1:-1]
    fields = _FIELD.findall(told)
    if fields and _FIELD.sub("", told) == "":
        return {name.strip('"'): _value(part) for name, part in fields}
    return told
