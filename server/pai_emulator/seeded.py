"""Everything that looks random in the world, drawn from the seed by the purpose it is for.

A value depends on the seed and its purpose alone, so the same requests give the same ids in every run.
"""

import hashlib
from typing import Final

_HEXADECIMAL: Final = "0123456789abcdef"
_ALPHANUMERIC: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = "0123456789"


class Seeded:
    """A source of reproducible values. `purpose` names what a value is for; the same purpose gives the same value."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def fraction(self, *purpose: object) -> float:
        """A number of at least 0 and less than 1."""
        return self._number(purpose) / 2**256

    def hexadecimal(self, length: int, *purpose: object) -> str:
        """`length` characters of 0-9 and a-f."""
        return self._text(_HEXADECIMAL, length, purpose)

    def alphanumeric(self, length: int, *purpose: object) -> str:
        """`length` characters of 0-9 and a-z."""
        return self._text(_ALPHANUMERIC, length, purpose)

    def digits(self, length: int, *purpose: object) -> str:
        """`length` digits."""
        return self._text(_DIGITS, length, purpose)

    def _number(self, purpose: tuple[object, ...]) -> int:
        text = "/".join(map(str, (self._seed, *purpose)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=32).digest())

    def _text(self, alphabet: str, length: int, purpose: tuple[object, ...]) -> str:
        number = self._number(purpose)
        characters: list[str] = []
        for _ in range(length):
            number, position = divmod(number, len(alphabet))
            characters.append(alphabet[position])
        return "".join(characters)
