"""The reference of the tools, drawn from what a client is told. Run this module to write the page anew."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import anyio

from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.toolsets import PARAMETERS
from tests.house.surface import listed

PAGE: Final = Path(__file__).parents[2] / "references" / "tools.md"

Schema: TypeAlias = Mapping[str, Any]

_INTRODUCTION: Final = """\
Tools whose row says "after a yes" send something only after a person has agreed to exactly that change; how, is in
[security.md](security.md). With `--read-only` they are not offered at all. `confirm_change` exists only under
`--approve chat`. `answer_card` exists only under `--approve card`, for cards and never for models.

Types, limits and defaults stand in the schemas that a client gets with the list of tools; what the parameters mean is
in [parameters.md](parameters.md). Answers come as text and as a structured result; both hold the fields named here,
under the same names. A field that has no value is left out, and what all rows of a list have in common stands in
`in_all_rows` instead of in each. Times are in UTC.

This page is generated from the server: `make docs` writes it, `make check` compares.
"""


def page(tools: list[dict[str, Any]]) -> str:
    """The whole page, for these tools as a client lists them."""
    overview = ["| tool | what it does | changes something |", "|---|---|---|"]
    overview += [
        f"| [`{tool['name']}`](#{tool['name']}) | {_cell(tool['title'])} | {_changes(tool)} |" for tool in tools
    ]
    return "\n\n".join(("# Tools", "\n".join(overview), _INTRODUCTION.strip(), *map(_section, tools))) + "\n"


def _changes(tool: Schema) -> str:
    if tool["annotations"]["readOnlyHint"]:
        return "no"
    return "passes a person's code on" if tool["name"] == "confirm_change" else "after a yes"


def _section(tool: Schema) -> str:
    schema: Schema = tool["inputSchema"]
    required = schema.get("required", [])
    extra = {toolset: tools[tool["name"]] for toolset, tools in PARAMETERS.items() if tool["name"] in tools}
    apart = {*required, *(name for names in extra.values() for name in names)}
    lines = [
        f"- needs: {_names(required)}",
        f"- takes: {_names(name for name in schema['properties'] if name not in apart)}",
        *(f"- takes with the toolset `{toolset}`: {_names(names)}" for toolset, names in extra.items()),
        f"- answers: {', '.join(_answer(tool['outputSchema']))}",
    ]
    told = "\n".join(line for line in lines if not line.endswith(": "))
    return f"## {tool['name']}\n\n{tool['description']}\n\n{told}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _answer(schema: Schema) -> Iterator[str]:
    """The fields of an answer; those of a part stand after it in parentheses."""
    for name, one in schema["properties"].items():
        part = one.get("items", one)
        inside = f" ({', '.join(_answer(part))})" if "properties" in part else ""
        yield f"`{name}`{inside}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(anyio.run(listed, Settings(approve="chat", toolsets=("all",)))), "utf-8")
