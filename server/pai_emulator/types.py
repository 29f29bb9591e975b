"""The types that everything in the emulator speaks of."""

from typing import Any, Literal, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
"""A decoded JSON object with the wire's own names."""

Product: TypeAlias = Literal["pai-dsw", "aiworkspace", "pai", "sts"]
