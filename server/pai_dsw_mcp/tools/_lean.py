"""Schemas in fewer tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast

JsonSchema = dict[str, Any]

_OMITTED: Final = frozenset({"title", "pattern", "minLength", "maxLength", "$defs"})
_OMITTED_FROM_RESULTS: Final = _OMITTED | {"description", "default", "additionalProperties"}
_NULL: Final[JsonSchema] = {"type": "null"}


def lean(schema: JsonSchema) -> JsonSchema:
    """The schema of arguments in fewer tokens. Every rule is still checked; a refusal names the one that was broken.

    Left out are generated titles, and string patterns and lengths: a model copies ids instead of composing them, and
    the description says what it has to know of a format. Definitions are inlined, which more clients understand than
    references. Optional values may be null, because strict hosts make every property required; for the same hosts a
    default that says something stands in the description, as some of them refuse the keyword.
    """
    return _Lean(schema.get("$defs", {}), _OMITTED, optional=_nullable).node(schema)


def lean_result(schema: JsonSchema) -> JsonSchema:
    """The schema of a result in fewer tokens: as `lean`, without nulls, because a field without a value is left out.

    There are no descriptions and types of map values either: field names must be clear alone.
    """
    return _Lean(schema.get("$defs", {}), _OMITTED_FROM_RESULTS, optional=lambda node: node).node(schema)


def _nullable(node: JsonSchema) -> JsonSchema:
    """The same that may be null as well, written so that OpenAI's strict mode and Gemini take it."""
    kept = {key: value for key, value in node.items() if key != "default"}
    if node.get("default"):
        kept["description"] = f"{node.get('description', '')} Default: {node['default']}.".lstrip()
    if "enum" not in kept:
        return {**kept, "type": [kept["type"], "null"]}
    choice = {key: kept.pop(key) for key in ("type", "enum")}
    return {"anyOf": [choice, _NULL], **kept}


@dataclass(frozen=True, slots=True)
class _Lean:
    """Walks a schema."""

    definitions: JsonSchema
    omitted: frozenset[str]
    optional: Callable[[JsonSchema], JsonSchema]
    """What becomes of a property that is not required."""

    def node(self, node: JsonSchema) -> JsonSchema:
        """The schema without what is left out, in place of a reference what it refers to."""
        kept = {key: self._value(key, value, node) for key, value in node.items() if key not in self.omitted}
        if "$ref" in kept:
            definition = self.definitions[str(kept.pop("$ref")).rpartition("/")[2]]
            kept = {**self.node(definition), **kept}
        choices = [choice for choice in kept.pop("anyOf", []) if choice != _NULL]
        if choices:
            kept = {**choices[0], **kept} if len(choices) == 1 else {**kept, "anyOf": choices}
        return kept

    def _value(self, key: str, value: Any, node: JsonSchema) -> Any:
        if key == "properties":
            required = node.get("required", [])
            lean_ones = {name: self.node(each) for name, each in value.items()}
            return {name: each if name in required else self.optional(each) for name, each in lean_ones.items()}
        if isinstance(value, dict):
            return self.node(cast("JsonSchema", value))
        if key == "anyOf":
            return [self.node(each) for each in value]
        return value
