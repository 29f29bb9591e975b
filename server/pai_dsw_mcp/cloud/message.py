"""A request on its way out, and the whole reply to it."""

from collections.abc import Mapping
from dataclasses import dataclass


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
