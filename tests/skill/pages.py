"""Reads the Markdown of the skill and its references: tables, code spans, links, headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.tools._tool import StrictTool

ROOT = Path(__file__).resolve().parents[2]
SKILL = ROOT / "SKILL.md"
TOOLS: dict[str, StrictTool] = {tool.name: tool for tool in tools_for(Settings(approve="chat", toolsets=("all",)))}

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_CELLS = re.compile(r"(?<!\\)\|")
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")

Table = list[list[str]]


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def prose(self) -> str:
        """Without fenced code."""
        return _FENCE.sub("", self.text)

    @cached_property
    def code_spans(self) -> list[str]:
        return _SPAN.findall(self.prose)

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """What is written, and where it leads."""
        return _LINK.findall(self.prose)

    @cached_property
    def plain(self) -> str:
        """The prose without code, and of links only what is written."""
        return _LINK.sub(r"\1", _SPAN.sub(" ", self.prose))

    @cached_property
    def anchors(self) -> set[str]:
        """Of its headings, as GitHub makes them."""
        headings = re.findall(r"^#+ (.+)$", self.prose, re.MULTILINE)
        return {_NOT_IN_ANCHORS.sub("", heading.lower()).replace(" ", "-") for heading in headings}

    @cached_property
    def tables(self) -> list[Table]:
        """The rows of every table, the first one its head; the line below the head is left out."""
        found: list[Table] = []
        for block in re.findall(r"(?:^\|.*\|$\n?)+", self.prose, re.MULTILINE):
            rows = [[cell.strip() for cell in _CELLS.split(line)[1:-1]] for line in block.splitlines()]
            found.append([rows[0], *rows[2:]])
        return found

    def section(self, heading: str) -> "Page":
        """What stands below a heading, up to the next one of its level or above."""
        level = heading.split(" ", 1)[0]
        after = self.text.partition(f"{heading}\n")[2]
        found = re.split(rf"^#{{1,{len(level)}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]
        part = Page(self.path)
        part.__dict__["text"] = found
        return part


def readmes() -> list[Page]:
    """The front page, in both languages."""
    return [Page(ROOT / "README.md"), Page(ROOT / "README.zh-CN.md")]


def references() -> list[Page]:
    """Every reference page, in both languages."""
    return [Page(path) for path in sorted((ROOT / "references").glob("*.md"))]


def reference(name: str) -> Page:
    """One reference page."""
    return Page(ROOT / "references" / name)


def translated() -> list[tuple[Page, Page]]:
    """Every page that has a Chinese version, with it."""
    folders = (ROOT / "docs", ROOT / "references")
    chinese = [*(path for folder in folders for path in sorted(folder.glob("*.zh-CN.md"))), ROOT / "README.zh-CN.md"]
    return [(Page(path.with_name(path.name.replace(".zh-CN", ""))), Page(path)) for path in chinese]


def skill_folders(page: Page, checkout: str | Path) -> list[str]:
    """What the page gives to the skill tool: in the checkout, and elsewhere."""
    told = re.findall(r"`npx skills add (\S+)`", page.text)
    return [each.replace("/path/to/pai-dsw-mcp", str(checkout)) for each in told]


def name_of(page: Page) -> str:
    """What a test calls the page."""
    return page.path.name


def spans_of(cell: str) -> list[str]:
    """The code spans of one cell."""
    return _SPAN.findall(cell)


def names_in(schema: Any) -> Iterator[str]:
    """Every property and every enumerated value of a JSON Schema."""
    if isinstance(schema, list):
        for each in cast("list[Any]", schema):
            yield from names_in(each)
    if isinstance(schema, dict):
        node = cast("dict[str, Any]", schema)
        yield from cast("dict[str, Any]", node.get("properties", {})).keys()
        yield from (str(value) for value in node.get("enum", []))
        for each in node.values():
            yield from names_in(each)
