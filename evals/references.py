"""`${saved.field[0].name}` in a script: a value of an earlier result."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import JsonValue

_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_]\w*)((?:\.\w+|\[-?\d+\])*)\}")
_PART: Final = re.compile(r"\.(\w+)|\[(-?\d+)\]")


class UnknownReferenceError(LookupError):
    """A script speaks of a value that no earlier result has."""


def resolve(value: JsonValue, saved: Mapping[str, Any]) -> Any:
    """The value with every reference in it replaced; one that stands alone keeps its type.

    Raises:
        UnknownReferenceError: No earlier result has it.
    """
    if isinstance(value, Mapping):
        return {name: resolve(part, saved) for name, part in value.items()}
    if isinstance(value, list):
        return [resolve(part, saved) for part in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole is not None:
        return _look_up(whole, saved)
    return _REFERENCE.sub(lambda found: str(_look_up(found, saved)), value)


def _look_up(found: re.Match[str], saved: Mapping[str, Any]) -> Any:
    name, path = found[1], found[2]
    try:
        value: Any = saved[name]
        for key, position in _PART.findall(path):
            value = value[key or int(position)]
    except (LookupError, TypeError):
        raise UnknownReferenceError(f"{found[0]}: no earlier result has it") from None
    return value
