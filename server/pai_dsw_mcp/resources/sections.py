"""Parts of a page by name, so that a reader can have the few lines that matter instead of all.

A name is the anchor of a heading, as GitHub makes it, or what stands as code in a row of a table: `throttled`,
`Forbidden.RAM`. Rows come with the head of their table, and with the sections of the headings that they name.

Supported is the part of Markdown that our own pages use. A full parser takes about 80 ms to import, and the first
error that a tool answers would wait for that. A test compares the result with such a parser, on every page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

_HEADING: Final = re.compile(r"^(?P<level>#{1,6}) (?P<words>.+?)\s*$")
_NOT_IN_AN_ANCHOR: Final = re.compile(r"[^\w\- ]")
_CODE_CELL: Final = re.compile(r"^`([^`]+)`$")
_CELLS: Final = re.compile(r"(?<!\\)\|")
_FENCE: Final = ("```", "~~~")
_HEAD_LINES: Final = 2
"""A table begins with its headings and a rule."""


def anchor(words: str) -> str:
    """The anchor of a heading: lower case, without punctuation, hyphens for spaces."""
    return _NOT_IN_AN_ANCHOR.sub("", words.lower()).replace(" ", "-")


@cache
def sections(text: str) -> Mapping[str, str]:
    """Every part of this page that has a name, in the order in which they appear: headings, then rows."""
    lines = text.splitlines()
    headed = dict(_headed(lines))
    tables: dict[str, dict[str, list[str]]] = {}
    for name, head, row in _rows(lines):
        if name not in headed:
            tables.setdefault(name, {}).setdefault(head, []).append(row)
    named = {name: "\n\n".join([*_tables(parts), *_also(parts, headed)]) for name, parts in tables.items()}
    return MappingProxyType({**headed, **named})


def _plain_lines(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines outside of fenced code, with their numbers."""
    fenced = False
    for number, line in enumerate(lines):
        if line.startswith(_FENCE):
            fenced = not fenced
        elif not fenced:
            yield number, line


def _headed(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each heading's anchor, with everything up to the next heading of its level or above."""
    headings = [(number, found) for number, line in _plain_lines(lines) if (found := _HEADING.match(line))]
    for place, (number, heading) in enumerate(headings):
        level = len(heading["level"])
        later = (end for end, other in headings[place + 1 :] if len(other["level"]) <= level)
        yield anchor(heading["words"]), "\n".join(lines[number : next(later, len(lines))]).strip()


def _rows(lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Of each row that has a cell of code: the code, the head of its table, and the row."""
    table: list[str] = []
    for _, line in _plain_lines(lines):
        table = [*table, line] if line.startswith("|") else []
        codes = _codes(line) if len(table) > _HEAD_LINES else []
        if codes:
            yield codes[0], "\n".join(table[:_HEAD_LINES]), line


def _codes(row: str) -> list[str]:
    """The cells of a row that hold code and nothing else."""
    cells = (_CODE_CELL.match(cell.strip()) for cell in _CELLS.split(row))
    return [found[1] for found in cells if found]


def _tables(parts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Rows under the heads of their tables."""
    for head, rows in parts.items():
        yield "\n".join((head, *rows))


def _also(parts: Mapping[str, Sequence[str]], headed: Mapping[str, str]) -> Iterator[str]:
    """The sections of the headings that these rows name as code."""
    named = dict.fromkeys(code for rows in parts.values() for row in rows for code in _codes(row))
    for name in named:
        if name in headed:
            yield headed[name]
