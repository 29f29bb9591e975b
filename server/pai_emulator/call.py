"""What passes between the HTTP side and the operations: a verified call in, a reply out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from pai_emulator.world import World

JsonObject: TypeAlias = dict[str, Any]
"""A decoded JSON object with the wire's own names."""

Product: TypeAlias = Literal["pai-dsw", "aiworkspace"]


@dataclass(frozen=True, slots=True)
class User:
    """A test user: who may sign, and what the RAM policy lets them do.

    `rights` are RAM actions such as `paidsw:ListInstances`; a trailing `*` matches any suffix.
    """

    name: str
    user_id: str
    access_key_id: str
    access_key_secret: str
    rights: tuple[str, ...]


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


Handler: TypeAlias = "Callable[[World, Call], JsonObject]"
"""Carries an operation out and returns the reply without its envelope; raises `errors.ApiError`."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the route table. `path` is a template such as `/api/v2/instances/{InstanceId}/start`."""

    name: str
    product: Product
    method: Literal["GET", "POST", "PUT"]
    path: str
    handler: Handler
    action: str | None
    """The RAM action that allows it; None where the operation is allowed unless denied."""
