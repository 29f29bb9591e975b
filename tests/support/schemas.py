"""The SDK's client checks a tool's schema in every connection, which takes longer than most calls."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from jsonschema import Draft202012Validator


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
