"""The short code by which people name an approval."""

import secrets
from typing import Final

_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without the letters and digits that people confuse."""


def new_reference() -> str:
    """A code such as `K7Q2-9MTX`."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
