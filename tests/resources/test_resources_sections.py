"""A part of a page by the anchor of its heading, or by a name or code from one of its tables."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from pai_dsw_mcp.resources.sections import anchor, sections
from tests.resources.ask import BASE, Reader, files

PAGE = """\
# Errors: what happened, and what to do

| Kind | Meaning |
|---|---|
| [`timeout`](#timeout) | too slow |

## Kinds

### timeout

Wait.

```sh
# not a heading
| `not` | a row |
|---|---|
| `neither` | this |
```

### not_found

Look again.

## Codes

| HTTP | Code | Kind |
|---|---|---|
| 404 | `Gone.Away` | `not_found` |
| 500 | `Oh` | `timeout` |
| 400 | `Oh` | `not_found` |
| 400 | a \\| b | `timeout` |

| Reason | Meaning |
|---|---|
| `Oh` | something else |

## 中文 标题
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Kinds", "kinds"),
        ("Why an instance failed", "why-an-instance-failed"),
        ("`create_instance`", "create_instance"),
        ("The service's own codes", "the-services-own-codes"),
        ("中文：标题", "中文标题"),
    ],
)
def test_a_heading_has_the_anchor_that_github_gives_it(words: str, expected: str) -> None:
    assert anchor(words) == expected


def test_headings_come_first_then_codes_each_once() -> None:
    assert list(sections(PAGE)) == [
        "errors-what-happened-and-what-to-do",
        "kinds",
        "timeout",
        "not_found",
        "codes",
        "中文-标题",
        "Gone.Away",
        "Oh",
    ]


def test_a_section_ends_at_the_next_heading_of_its_level_or_above() -> None:
    assert sections(PAGE)["not_found"] == "### not_found\n\nLook again."
    assert sections(PAGE)["kinds"].startswith("## Kinds\n\n### timeout")
    assert sections(PAGE)["kinds"].endswith("Look again.")


def test_a_code_brings_the_head_of_its_table_and_what_it_names() -> None:
    assert sections(PAGE)["Gone.Away"] == (
        "| HTTP | Code | Kind |\n|---|---|---|\n| 404 | `Gone.Away` | `not_found` |\n\n### not_found\n\nLook again."
    )


def test_a_code_with_several_rows_brings_all_of_them() -> None:
    codes, reasons, *named = sections(PAGE)["Oh"].split("\n\n")
    assert codes.splitlines()[2:] == ["| 500 | `Oh` | `timeout` |", "| 400 | `Oh` | `not_found` |"]
    assert reasons.splitlines()[2:] == ["| `Oh` | something else |"]
    assert [line for line in named if line.startswith("#")] == ["### timeout", "### not_found"]


def test_fenced_code_holds_neither_headings_nor_rows() -> None:
    assert not {"not-a-heading", "not", "neither"} & sections(PAGE).keys()


def names_by_a_markdown_parser(text: str) -> set[str]:
    """The anchors of all headings, and of every row below a table's head the first cell that is code alone."""
    nodes = list(SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(text)).walk())
    headings = {anchor(node.children[0].content) for node in nodes if node.type == "heading"}
    rows = [row for body in nodes if body.type == "tbody" for row in body.children]
    cells = [[cell.children[0].children for cell in row.children] for row in rows]
    codes = [[parts[0].content for parts in row if [part.type for part in parts] == ["code_inline"]] for row in cells]
    return headings | {row[0] for row in codes if row}


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_a_page_has_the_parts_that_a_markdown_parser_finds(file: Path) -> None:
    text = file.read_text("utf-8").removeprefix("---\n").rpartition("\n---\n")[2]
    assert set(sections(text)) == names_by_a_markdown_parser(text)


@pytest.mark.anyio
async def test_a_section_is_read_by_its_address(asking: Reader) -> None:
    text = await asking.read(f"{BASE}/references/errors.md#throttled")
    assert text.startswith("### throttled\n")
    assert "\n### " not in text


@pytest.mark.anyio
async def test_a_section_may_be_written_with_escapes(asking: Reader) -> None:
    plain = await asking.read(f"{BASE}/references/errors.md#Forbidden.RAM")
    assert await asking.read(f"{BASE}/references/errors.md#Forbidden%2ERAM") == plain
    assert plain.startswith("|")
    assert "`Forbidden.RAM`" in plain
