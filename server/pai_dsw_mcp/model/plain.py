"""Makes a string that other people wrote safe to show: one line, no invisible or direction-changing characters."""

import unicodedata
from typing import Final

_CAP: Final = 256
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidi, zero width, tags), surrogates, private use, unassigned, line and paragraph separators."""


def plain(text: str, cap: int = _CAP) -> str:
    """The text on one line, without hidden characters, cut to `cap` characters (an ellipsis marks the cut).

    Newlines and tabs become spaces, so that nobody can add a line of their own to what a person reads.
    Applying it twice changes nothing.
    """
    shown = "".join(
        " " if character in "\n\r\t" else character
        for character in unicodedata.normalize("NFC", text)
        if character in "\n\r\t" or unicodedata.category(character) not in _HIDDEN_CATEGORIES
    )
    shown = " ".join(shown.split())
    return shown if len(shown) <= cap else shown[: cap - 1].rstrip() + "…"
