"""What a page says in English, its Chinese version says as well."""

import re

import pytest

from tests.skill.pages import Page, Table, name_of, spans_of, translated

PAIRS = pytest.mark.parametrize(("english", "chinese"), translated(), ids=[name_of(pair[1]) for pair in translated()])

CHINESE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
REGIONS_BY_NUMBER = re.compile(r"华[东北南中]\d|华东\d|华北\d|China North \d")
"""The vendor numbers its regions, in one language more often than in the other."""


def numbers(cell: str) -> list[str]:
    return sorted(NUMBER.findall(REGIONS_BY_NUMBER.sub("", cell)))


def columns(table: Table) -> list[list[str]]:
    return [list(column) for column in zip(*table[1:], strict=True)]


@PAIRS
def test_both_languages_have_the_same_tables_and_codes(english: Page, chinese: Page) -> None:
    assert [(len(table), len(table[0])) for table in chinese.tables] == [
        (len(table), len(table[0])) for table in english.tables
    ]
    assert set(chinese.code_spans) == set(english.code_spans)


@PAIRS
def test_a_row_has_the_same_codes_and_numbers_in_both_languages(english: Page, chinese: Page) -> None:
    for ours, theirs in zip(english.tables, chinese.tables, strict=True):
        for row, other in zip(ours, theirs, strict=True):
            assert sorted(spans_of(" ".join(row))) == sorted(spans_of(" ".join(other)))
            assert [numbers(cell) for cell in row] == [numbers(cell) for cell in other], row[0]


@PAIRS
def test_cells_that_say_the_same_in_english_say_the_same_in_chinese(english: Page, chinese: Page) -> None:
    for ours, theirs in zip(english.tables, chinese.tables, strict=True):
        for column, other in zip(columns(ours), columns(theirs), strict=True):
            said = set(zip(column, other, strict=True))
            assert len(said) == len(set(column)) == len(set(other)), ours[0]


@PAIRS
def test_both_languages_have_the_same_headings_and_blocks(english: Page, chinese: Page) -> None:
    def levels(page: Page) -> list[int]:
        return [len(level) for level in re.findall(r"^(#+) ", page.prose, re.MULTILINE)]

    def languages(page: Page) -> list[str]:
        return re.findall(r"^```(\w+)$", page.text, re.MULTILINE)

    assert levels(chinese) == levels(english)
    assert languages(chinese) == languages(english)


@PAIRS
def test_each_version_leads_to_the_other(english: Page, chinese: Page) -> None:
    assert ("中文", chinese.path.name) in english.links
    assert ("English", english.path.name) in chinese.links


@PAIRS
def test_a_link_from_chinese_to_a_page_in_english_says_so(english: Page, chinese: Page) -> None:
    local = [(said, target.partition("#")[0]) for said, target in chinese.links if "://" not in target]
    foreign = [said for said, path in local if path.endswith(".md") and not path.endswith(".zh-CN.md")]
    assert [said for said in foreign if said != "English" and not said.endswith("（英文）")] == []


@PAIRS
def test_chinese_keeps_a_space_to_latin_text_and_uses_its_own_punctuation(english: Page, chinese: Page) -> None:
    text = REGIONS_BY_NUMBER.sub("", chinese.plain)
    touching = re.findall(r"[\u4e00-\u9fff][A-Za-z0-9]\w*|[A-Za-z0-9%]+[\u4e00-\u9fff]", text)
    assert touching == []
    assert re.findall(r"[\u4e00-\u9fff] ?[,;:!?()]|[,;:!?(] ?[\u4e00-\u9fff]", text) == []


@PAIRS
def test_no_line_ends_within_a_chinese_sentence(english: Page, chinese: Page) -> None:
    # A reader of the rendered page would see a space there.
    assert re.findall(rf"^.*[{CHINESE}]\n *[{CHINESE}].*$", chinese.prose, re.MULTILINE) == []
