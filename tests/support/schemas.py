"""The SDK's client checks a tool's schema in every connection, which takes longer than most calls."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry


@contextmanager
def each_checked_once() -> Generator[None]:
    """Within the block, an equal schema is checked only once; what it describes is validated every time."""
    check = Draft202012Validator.check_schema
    valid: set[str] = set()

    def check_once(schema: dict[str, Any]) -> None:
        text = json.dumps(schema)
        if text not in valid:
            check(schema)
            valid.add(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Draft202012Validator, "check_schema", check_once)
        yield


def validate(schema: dict[str, Any], value: object) -> None:
    """Raises `ValidationError` for a value that the schema does not allow."""
    # Untyped there.
    _validator(json.dumps(schema)).validate(value)  # pyright: ignore[reportUnknownMemberType]


@cache
def _validator(schema: str) -> Draft202012Validator:
    """What validates against this schema, which is checked itself; its references stay within it."""
    read = json.loads(schema)
    Draft202012Validator.check_schema(read)
    return Draft202012Validator(read, registry=Registry())
