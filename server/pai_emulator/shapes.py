"""The shape of a request body, and the check of a body against it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

from pai_emulator.errors import validation_error
from pai_emulator.types import JsonObject

Shape: TypeAlias = "type[str | int | bool | dict[str, Any]] | list[Shape] | Mapping[str, Shape]"
"""A type for a scalar, `dict` for any JSON object, a list of one shape, or an object by its fields."""

_NAMES: Final = MappingProxyType({str: "a string", int: "an integer", bool: "a boolean", dict: "an object"})


def checked(value: Any, shape: Shape, name: str = "body") -> Any:
    """The value without nulls and without fields that the shape does not know; raises `ValidationError`.

    That unknown fields are ignored and that types are strict is assumed.
    """
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise _wrong_type(name, "a list")
        items = cast("list[Any]", value)
        return [checked(item, shape[0], f"{name}[{position}]") for position, item in enumerate(items)]
    if isinstance(shape, Mapping):
        if not isinstance(value, dict):
            raise _wrong_type(name, "an object")
        fields = cast("JsonObject", value)
        return {
            key: checked(fields[key], inner, f"{name}.{key}" if name != "body" else key)
            for key, inner in shape.items()
            if fields.get(key) is not None
        }
    # In Python a boolean is an integer; in JSON it is not.
    if not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        raise _wrong_type(name, _NAMES[shape])
    return cast("Any", value)


def _wrong_type(name: str, wanted: str) -> Exception:
    return validation_error(f"{name} must be {wanted}.")
