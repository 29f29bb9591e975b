"""Breaks text into the lines of a terminal. Rich breaks only at spaces, and a Chinese list has none."""

import re
from collections.abc import Generator
from typing import Final

from rich.cells import cell_len, chop_cells

_PIECE: Final = re.compile(r"（*(?:[一-鿿]|[^\s一-鿿、，；：。（）]+)?[、，；：。）]*\s*")
"""What stays on one line: a Chinese character or a word, with its punctuation."""


def wrapped(text: str, width: int) -> Generator[str]:
    """The lines of the text, each of at most `width` cells; what is longer without a place to break is cut."""
    for paragraph in text.splitlines() or [""]:
        line = ""
        for piece in _PIECE.findall(paragraph):
            if cell_len((line + piece).rstrip()) <= width:
                line += piece
                continue
            if line.strip():
                yield line.strip()
            *whole, line = chop_cells(piece, width)
            yield from whole
        yield line.rstrip()
