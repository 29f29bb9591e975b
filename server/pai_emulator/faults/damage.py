"""Replies that are not what a client may expect."""

import json
from collections.abc import Callable
from typing import Any, cast

from pai_emulator.faults.model import Damage
from pai_emulator.types import JsonObject

_HUGE = 8 * 1024 * 1024


def damaged(damage: Damage, body: JsonObject) -> bytes:
    """The bytes to send in place of `body`, with status 200."""
    return _DAMAGES[damage](body)


def _encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _truncated(body: JsonObject) -> bytes:
    content = _encode(body)
    return content[: len(content) // 2]


def _wrong_types(value: Any) -> Any:
    """Lists become objects, numbers and booleans become text."""
    if isinstance(value, dict):
        return {name: _wrong_types(field) for name, field in cast("JsonObject", value).items()}
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return {str(position): _wrong_types(item) for position, item in enumerate(items)}
    return str(value) if isinstance(value, int | float) else value


def _wrong_case(value: Any) -> Any:
    """Every field name starts with a lower-case letter."""
    if isinstance(value, dict):
        fields = cast("JsonObject", value)
        return {name[:1].lower() + name[1:]: _wrong_case(field) for name, field in fields.items()}
    if isinstance(value, list):
        return [_wrong_case(item) for item in cast("list[Any]", value)]
    return value


def _success_false(body: JsonObject) -> bytes:
    return _encode(
        {
            "RequestId": body["RequestId"],
            "Success": False,
            "Code": "InternalError",
            "Message": "The request processing has failed due to some unknown error.",
            "HttpStatusCode": 500,
        }
    )


_DAMAGES: dict[Damage, Callable[[JsonObject], bytes]] = {
    "truncated": _truncated,
    "wrong_types": lambda body: _encode(_wrong_types(body)),
    "success_false": _success_false,
    "null": lambda _: b"null",
    "missing_total": lambda body: _encode({name: field for name, field in body.items() if name != "TotalCount"}),
    "wrong_case": lambda body: _encode(_wrong_case(body)),
    "empty": lambda _: b"",
    "huge": lambda body: _encode({**body, "Padding": "x" * _HUGE}),
}
