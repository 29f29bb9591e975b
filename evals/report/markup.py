"""HTML out of texts: everything is escaped unless it is HTML already."""

import html
from collections.abc import Iterable
from typing import TypeAlias


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Piece: TypeAlias = "str | Html | None"


def text(value: str) -> Html:
    """Words of anybody, as words."""
    return Html(html.escape(value))


def tag(name: str, *inside: Piece, **attributes: str | None) -> Html:
    """An element; `class_` and `for_` stand for the words that Python keeps for itself, and `_` for `-`."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>{join(inside)}</{name}>")


def join(pieces: Iterable[Piece]) -> Html:
    """One after the other."""
    return Html("".join(piece if isinstance(piece, Html) else html.escape(piece) for piece in pieces if piece))


def row(cells: Iterable[Piece], *, head: bool = False, class_: str | None = None) -> Html:
    """A row of a table."""
    return tag("tr", *(tag("th" if head else "td", cell) for cell in cells), class_=class_)
