"""The tables of the emulator's README, drawn from its assumptions. Run this module to write them anew."""

import re
from collections.abc import Iterator
from typing import Final

from pai_emulator.assumptions import FILE, Assumption, assumptions

PAGE: Final = FILE.with_name("README.md")
ALTERNATIVES: Final = "What can be switched"
_TABLE: Final = re.compile(r"(?<=^### )(?P<section>[^\n]+)\n\n(?:\|[^\n]*\n)+", re.MULTILINE)


def redrawn(page: str) -> str:
    """The page with its tables as the assumptions are; it has one of each section, in their order."""
    sections = list(dict.fromkeys(each.section for each in assumptions().values()))
    assert [found["section"] for found in _TABLE.finditer(page)] == [*sections, ALTERNATIVES]
    return _TABLE.sub(lambda found: f"{found['section']}\n\n" + "\n".join(_table(found["section"])) + "\n", page)


def _table(section: str) -> Iterator[str]:
    rows = [each for each in assumptions().values() if each.section == section]
    if section == ALTERNATIVES:
        yield from ("| assumption | value | behaviour |", "|---|---|---|")
        for name, each in assumptions().items():
            for value, sentence in each.alternatives.items():
                default = " (default)" if value == each.plays else ""
                yield f"| `{name}` | `{value}`{default} | {sentence} |"
    elif any(each.code for each in rows):
        yield from ("| HTTP | code | when | |", "|---|---|---|---|")
        yield from (
            f"| {each.http} | {each.code} | {each.sentence} | {_known(each)} |".replace("|  |", "| |") for each in rows
        )
    else:
        yield from ("| behaviour | |", "|---|---|")
        yield from (f"| {each.sentence} | {_known(each)} |" for each in rows)


def _known(row: Assumption) -> str:
    return f"{row.standing}; {row.remark}" if row.remark else row.standing


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text("utf-8")), "utf-8")
