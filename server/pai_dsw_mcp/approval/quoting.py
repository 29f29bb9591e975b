"""Text that others wrote, as a person may read it.

It is untrusted: hidden characters are escaped, and anything but a plain word is quoted. So a value cannot hide or add a
line, look like two values, or pass for the server's words.
"""

import re
import unicodedata
from typing import Final

from pai_dsw_mcp.model.sanitize import is_hidden

_WORD: Final = re.compile(r"[A-Za-z0-9_.:/*+\-]+|[0-9.,]+ [A-Z]{3}")
"""A plain word or an amount of money: it contains none of our separators, so it needs no quotation marks."""
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})


def quoted(text: str) -> str:
    """A plain word unchanged; anything else escaped, in quotation marks that it cannot close."""
    return text if _WORD.fullmatch(text) else '"' + visible(text).replace('"', '\\"') + '"'


def unquoted(shown: str) -> str:
    """What `quoted` returned, without its quotation marks: for a place that says by itself where the text ends."""
    return shown[1:-1].replace('\\"', '"') if shown.startswith('"') else shown


def visible(text: str) -> str:
    """The text on one line, with every character that is not plainly visible escaped."""
    return "".join(character if _is_seen(character) else _number(character) for character in text)


def _is_seen(character: str) -> bool:
    return character.isprintable() and not is_hidden(character) and character != "\\"


def left_to_right(text: str) -> str:
    """The text with every letter escaped that is written from right to left."""
    return "".join(_number(each) if unicodedata.bidirectional(each) in _RIGHT_TO_LEFT else each for each in text)


def _number(character: str) -> str:
    return "\\\\" if character == "\\" else f"\\u{{{ord(character):x}}}"
