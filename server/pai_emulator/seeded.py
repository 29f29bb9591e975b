"""Everything that looks random in the world, drawn from the seed by the purpose it is for.

A value depends on the seed and its purpose alone, so the same requests give the same ids in every run.
"""

import hashlib


class Seeded:
    """A source of reproducible values. `purpose` names what a value is for; the same purpose gives the same value."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def fraction(self, *purpose: object) -> float:
        """A number of at least 0 and less than 1."""
        return (self._number(purpose) >> 203) / 2**53

    def hexadecimal(self, length: int, *purpose: object) -> str:
        """`length` characters of 0-9 and a-f, 64 at most."""
        return f"{self._number(purpose):064x}"[:length]

    def _number(self, purpose: tuple[object, ...]) -> int:
        text = "/".join(map(str, (self._seed, *purpose)))
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=32).digest())
