"""Hidden characters and homoglyphs in a text: one rule for people and for models."""

import re
import unicodedata
from functools import lru_cache
from typing import Any, Final, cast

_CAP: Final = 256
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidi, zero width, tags), surrogates, private use, unassigned, line and paragraph separators."""
_IGNORABLE: Final = (
    (0x034F, 0x034F),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFFA0, 0xFFA0),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
"""Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt), as far as no category above covers it."""
_BLANK: Final = frozenset("\u2800\U00013441\U00013442\U00016fe4\U0001d159")
"""Braille blank, hieroglyph blanks, Khitan filler, null notehead: assigned, not ignorable, and drawn as nothing."""

_HIDDEN: Final = "****"
"""Always four, so that the length of what is hidden does not show."""

_ACCOUNT: Final = re.compile(r"(\bacs:[^:\s]*:[^:\s]*:)([0-9]+)|\b[0-9]{15,20}\b")

_EAST_ASIAN: Final = ("CJK ", "HIRAGANA ", "KATAKANA", "HANGUL ", "BOPOMOFO ", "IDEOGRAPHIC ")
"""How the names begin of letters that nobody takes for Latin ones."""


@lru_cache(maxsize=4096)
def is_hidden(character: str) -> bool:
    """Whether a character is invisible, or reorders others."""
    return (
        unicodedata.category(character) in _HIDDEN_CATEGORIES
        or character in _BLANK
        or any(first <= ord(character) <= last for first, last in _IGNORABLE)
    )


def sanitize(text: str, cap: int = _CAP) -> str:
    """The text on one line, without hidden characters, cut to `cap` characters (an ellipsis marks the cut).

    Spaces around it go, and those in it become one. Applying it twice changes nothing.
    """
    return _cut(" ".join(_on_one_line(text).split()), cap)


def one_line(text: str, cap: int = _CAP) -> str:
    """The same with every space, where spaces tell two values apart, such as the keys of two labels."""
    return _cut(_on_one_line(text), cap)


def _on_one_line(text: str) -> str:
    """Newlines and tabs become spaces, so that nobody can add a line of their own to what a person reads."""
    spaced = "".join(" " if character in "\n\r\t" else character for character in text)
    # Hidden characters go first: between a letter and its accent they would keep NFC from joining the two.
    return unicodedata.normalize("NFC", without_hidden(spaced))


def _cut(shown: str, cap: int) -> str:
    return shown if len(shown) <= cap else shown[: cap - 1].rstrip() + "…"


def mask(identifier: str) -> str:
    """The identifier with its middle hidden: two characters at each end, or less of a short one."""
    shown = sanitize(identifier)
    if len(shown) >= 8:
        return f"{shown[:2]}{_HIDDEN}{shown[-2:]}"
    return f"{shown[:1]}{_HIDDEN}" if len(shown) >= 3 else _HIDDEN


def mask_accounts(text: str) -> str:
    """The text with the ids of accounts and users in it masked: those in an ARN, and numbers as long as such an id."""
    return _ACCOUNT.sub(lambda found: f"{found[1]}{mask(found[2])}" if found[1] else mask(found[0]), text)


def without_hidden(text: str) -> str:
    """The text without hidden characters; its lines stay."""
    # The fast path: nearly every text is printable ASCII, and answers are long.
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(character for character in text if character == "\n" or not is_hidden(character))


def without_hidden_in(value: Any) -> Any:
    """The same for every string of a JSON value, names of fields too."""
    if isinstance(value, str):
        return without_hidden(value)
    if isinstance(value, list):
        return [without_hidden_in(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return {without_hidden(name): without_hidden_in(each) for name, each in fields.items()}
    return value


def look_alikes(text: str) -> tuple[str, ...]:
    """Letters and digits that can be taken for others: neither ASCII, nor ASCII with an accent, nor East Asian.

    Each once. A word entirely in such letters counts too, because nothing around a name gives it away.
    """
    return tuple(each for each in dict.fromkeys(text) if _is_look_alike(each))


def _is_look_alike(character: str) -> bool:
    if not character.isalnum() or character.isascii() or is_hidden(character):
        return False
    base, *accents = unicodedata.normalize("NFD", character)
    return not (accents and base.isascii()) and not unicodedata.name(character, "").startswith(_EAST_ASIAN)
