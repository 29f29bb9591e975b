"""Ids become part of a request's path, so each is matched in full before a path is built.

The SDK percent-encodes a slash and not a dot: an id of `..` would make another call of it.
"""

import re
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.model.plain import plain

IdKind: TypeAlias = Literal["instance_id", "workspace_id", "image_id", "dataset_id"]

PATTERNS: Final = {
    "instance_id": r"dsw-[a-z0-9]{4,64}",
    "workspace_id": r"[0-9]{1,20}",
    "image_id": r"image-[A-Za-z0-9]{4,64}",
    "dataset_id": r"d-[A-Za-z0-9]{4,64}",
}
"""Source: the examples of the API documents."""


def checked(kind: IdKind, value: str) -> str:
    """The same id, once it is known to be one.

    Raises:
        InputError: It is not an id of this kind.
    """
    if re.fullmatch(PATTERNS[kind], value) is None:
        raise InputError("id_invalid", name=kind, value=plain(value, 64))
    return value
