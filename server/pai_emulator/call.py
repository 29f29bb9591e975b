"""Who may sign a request, and what an operation is given of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pai_emulator.types import JsonObject, Product


@dataclass(frozen=True, slots=True)
class User:
    """A test user: who may sign, and what the RAM policy lets them do.

    `rights` are RAM actions such as `paidsw:ListInstances`; a trailing `*` matches any suffix. `denied` are those that
    the policy denies explicitly. A session of a role is a user too, named `ROLE/SESSION`: its key counts with its
    `security_token`, until `expires_at`.
    """

    name: str
    user_id: str
    access_key_id: str
    access_key_secret: str
    rights: tuple[str, ...]
    denied: tuple[str, ...] = ()
    security_token: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request whose signature, date, nonce and right have been checked."""

    user: User
    region_id: str
    product: Product
    operation: str
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: JsonObject = field(default_factory=dict[str, Any])
