"""Both languages say the same, and every failure has words."""

from collections import Counter
from string import Formatter

import pytest

from pai_dsw_mcp.errors import ErrorKind
from pai_dsw_mcp.texts import approval, changes, demo, errors, hints, prompts, reading, refusals, results
from pai_dsw_mcp.texts.render import CATALOGUE
from pai_dsw_mcp.texts.text import Text

FILES = (errors, hints, changes, approval, results, refusals, reading, demo, prompts)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_both_languages_have_the_same_places(key: str) -> None:
    text: Text = CATALOGUE[key]
    assert places(text.en) == places(text.zh)


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_both_languages_are_written(key: str) -> None:
    text: Text = CATALOGUE[key]
    assert text.en.strip()
    words = "".join(literal for literal, _, _, _ in Formatter().parse(text.en)).strip(" :.,()")
    assert any("\u4e00" <= character <= "\u9fff" for character in text.zh) or not words or text.zh == text.en


def test_a_key_stands_in_one_file_only() -> None:
    counts = Counter(key for file in FILES for key in file.TEXTS)
    assert [key for key, count in counts.items() if count > 1] == []


def test_every_kind_of_error_has_a_hint() -> None:
    assert {f"hint_{kind}" for kind in ErrorKind} == {key for key in hints.TEXTS if key.startswith("hint_")}
