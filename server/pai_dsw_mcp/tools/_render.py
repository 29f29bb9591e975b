"""Renders the answers of reading tools: sentences of `texts`, small tables, and quotes around untrusted text."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.texts.render import say

_BARE: Final = re.compile(r"[A-Za-z0-9_.:/*\-]+")


def tell(key: str, **values: object) -> str:
    """A sentence of `texts.reading` for the model; always in English, like the tool descriptions."""
    return say(key, **values)


def marked(text: str | None, cap: int = 80) -> str:
    """Untrusted text, in quotation marks it cannot close; a plain word stays bare, an empty text is a dash."""
    shown = sanitize(text or "", cap)
    if not shown or _BARE.fullmatch(shown):
        return shown or "-"
    return '"' + shown.replace('"', "'") + '"'


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str | None:
    """One line for the column names, one for each row; cells hold no separator of their own. None without rows."""
    lines = [[cell.replace("|", "/") for cell in row] for row in rows]
    return "\n".join(" | ".join(line) for line in [columns, *lines]) if lines else None


def number(value: float | None) -> str:
    """A number in up to ten significant digits; a dash when there is none."""
    return "-" if value is None else f"{value:.10g}"


def yes(condition: object) -> str:
    """Yes or no, for a table."""
    return "yes" if condition else "no"


def paragraphs(*parts: str | None) -> str:
    """The parts that say something, one below the other."""
    return "\n".join(part for part in parts if part)
