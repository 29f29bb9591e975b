"""Hides who people are: ids and names of accounts stay recognisable to those who know them, and to nobody else."""

import re
from typing import Final

from pai_dsw_mcp.model.plain import plain

_HIDDEN: Final = "****"
"""Always four, so that the length of what is hidden does not show."""
_ACCOUNT_ID: Final = re.compile(r"\d{12,20}")
"""Alibaba Cloud account and user ids are long numbers."""
_NAMES_SOMEBODY: Final = re.compile(r"(owner|user|creator|account|uid)", re.IGNORECASE)


def mask(identifier: str) -> str:
    """The identifier with its middle hidden: two characters at each end, or less of a short one."""
    shown = plain(identifier)
    if len(shown) >= 8:
        return f"{shown[:2]}{_HIDDEN}{shown[-2:]}"
    return f"{shown[:1]}{_HIDDEN}" if len(shown) >= 3 else _HIDDEN


def mask_label(key: str, value: str) -> str:
    """The value of a label, masked when the label names a person.

    DSW puts such labels on instances itself, for example `stsTokenOwner` with the id of a user (GetInstance).
    """
    if value and (_ACCOUNT_ID.fullmatch(value) or _NAMES_SOMEBODY.search(key)):
        return mask(value)
    return plain(value)
