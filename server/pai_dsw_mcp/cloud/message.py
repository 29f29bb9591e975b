"""A request on its way out, and the whole reply to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

REQUEST_ID: Final = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{30,32}")


@dataclass(frozen=True, slots=True)
class Request:
    """Attributes are named as the SDK's signer reads them. `pathname` is percent-encoded, the query is not."""

    method: str
    pathname: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Reply:
    """Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def without_empty_lists(value: Any) -> Any:
    """The SDK's models add empty lists that nobody set, and the service takes an empty list as "remove all"."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {name: without_empty_lists(member) for name, member in members.items() if member != []}
    if isinstance(value, list):
        return [without_empty_lists(member) for member in cast("list[Any]", value)]
    return value
