"""The reference of the tools, drawn from what a client is told. Run this module to write the page anew."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import anyio

from pai_dsw_mcp.settings import Settings
from tests.house.surface import listed

PAGE: Final = Path(__file__).parents[2] / "references" / "tools.md"

Schema: TypeAlias = Mapping[str, Any]

_INTRODUCTION: Final = """\
Tools whose row says "after a yes" send something only after a person has agreed to exactly that change; how, is in
[security.md](security.md). With `--read-only` they are not offered at all. `confirm_change` exists only under
`--approve chat`. What the parameters mean, and which values are allowed, is in [parameters.md](parameters.md).

This page is generated from the server and holds what a client is told: `make docs` writes it, `make check` compares.
"""

_ANSWERS: Final = """\
Answers come as text and as a structured result; both hold the fields named below, under the same names. A field that
has no value is left out, and what all rows of a list have in common stands in `in_all_rows` instead of in each. Times
are in UTC. `?` after a name marks a field, or a parameter of an item, that is not always there.
"""


def page(tools: list[dict[str, Any]]) -> str:
    """The whole page, for these tools as a client lists them."""
    overview = ["| tool | what it does | changes something |", "|---|---|---|"]
    overview += [
        f"| [`{tool['name']}`](#{tool['name']}) | {_cell(tool['title'])} | {_changes(tool)} |" for tool in tools
    ]
    parts = ["# Tools", "\n".join(overview), _INTRODUCTION.strip(), _ANSWERS.strip()]
    return "\n\n".join((*parts, *_sections(tools))) + "\n"


def _sections(tools: list[dict[str, Any]]) -> Iterator[str]:
    """A section a tool; an answer that two tools share is written out under the first of them."""
    written: list[dict[str, Any]] = []
    for tool in tools:
        same = next((one["name"] for one in written if one["outputSchema"] == tool["outputSchema"]), None)
        yield _section(tool, same)
        written.append(tool)


def _changes(tool: Schema) -> str:
    if tool["annotations"]["readOnlyHint"]:
        return "no"
    return "passes a person's code on" if tool["name"] == "confirm_change" else "after a yes"


def _section(tool: Schema, answers_as: str | None) -> str:
    parameters = [
        "| parameter | type | required | |",
        "|---|---|---|---|",
        *_parameter_rows(tool["inputSchema"]),
    ]
    if answers_as:
        answer = [f"Answers as [`{answers_as}`](#{answers_as}) does."]
    else:
        answer = ["| answer | type |", "|---|---|", *_answer_rows(tool["outputSchema"])]
    return "\n\n".join((f"## {tool['name']}", tool["description"], "\n".join(parameters), "\n".join(answer)))


def _parameter_rows(schema: Schema) -> Iterator[str]:
    required = schema.get("required", [])
    for name, one in schema["properties"].items():
        must = "yes" if name in required else ""
        yield f"| `{name}` | {_type(one)} | {must} | {_cell(_meaning(one))} |"


def _meaning(schema: Schema) -> str:
    """What the schema says in words, and the bounds that it sets."""
    item = cast("Schema", schema.get("items", {}))
    bounds = [f"{word} {schema[key]}." for key, word in (("minimum", "From"), ("maximum", "At most")) if key in schema]
    bounds += [f"At most {schema['maxItems']}."] if "maxItems" in schema else []
    return " ".join([*filter(None, (schema.get("description"), item.get("description"))), *bounds])


def _answer_rows(schema: Schema, prefix: str = "") -> Iterator[str]:
    """A row for every field, and for the fields of its parts right after it."""
    for name, one in schema["properties"].items():
        path = f"{prefix}{name}"
        optional = "" if name in schema.get("required", []) else "?"
        yield f"| `{path}{optional}` | {_type(one)} |"
        part = one.get("items", one)
        if "properties" in part:
            yield from _answer_rows(part, f"{path}[]." if "items" in one else f"{path}.")


def _type(schema: Schema) -> str:
    """The type without the null, which every optional parameter takes."""
    if "anyOf" in schema:
        return _type(schema["anyOf"][0])
    if isinstance(schema.get("type"), list):
        return _type({**schema, "type": schema["type"][0]})
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "items" in schema:
        return f"list of {_item(schema['items'])}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])}"
    return f"{schema['type']} ({schema['format']})" if "format" in schema else str(schema["type"])


def _item(schema: Schema) -> str:
    if "properties" not in schema:
        return _type(schema)
    if "description" not in schema and schema.get("additionalProperties") is not False:
        return "objects"
    required = schema.get("required", [])
    names = (f"`{name}{'' if name in required else '?'}`" for name in schema["properties"])
    return f"{{{', '.join(names)}}}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(anyio.run(listed, Settings(approve="chat"))), "utf-8")
