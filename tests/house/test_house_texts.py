"""What people read says the same in both languages, and every failure has words."""

from collections import Counter
from string import Formatter

from pai_dsw_mcp.errors import ErrorKind
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.texts import hints
from pai_dsw_mcp.texts.render import CATALOGUE, FILES
from pai_dsw_mcp.texts.text import Text


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def is_written(text: Text) -> bool:
    """Whether there is English and Chinese; a text of punctuation and places alone is the same in both."""
    words = "".join(literal for literal, _, _, _ in Formatter().parse(text.en)).strip(" :;.,()")
    has_chinese = any("\u4e00" <= character <= "\u9fff" for character in text.zh)
    return bool(text.en.strip()) and (has_chinese or not words or text.zh == text.en)


FOR_PEOPLE = {key: text for key, text in CATALOGUE.items() if isinstance(text, Text)}
"""What a person reads; what only a model reads is a plain English string."""


def test_both_languages_have_the_same_places() -> None:
    assert [key for key, text in FOR_PEOPLE.items() if places(text.en) != places(text.zh)] == []


def test_both_languages_are_written() -> None:
    assert [key for key, text in FOR_PEOPLE.items() if not is_written(text)] == []


def test_a_key_stands_in_one_file_only() -> None:
    counts = Counter(key for file in FILES for key in file.TEXTS)
    assert [key for key, count in counts.items() if count > 1] == []


def test_a_next_step_of_its_own_belongs_to_an_error_that_there_is() -> None:
    steps = [key for key in CATALOGUE if key.startswith("next_")]
    assert steps
    assert [key for key in steps if key.removeprefix("next_") not in CATALOGUE] == []


def test_every_kind_of_error_has_a_hint() -> None:
    assert {f"hint_{kind}" for kind in ErrorKind} == {key for key in hints.TEXTS if key.startswith("hint_")}


def test_a_database_that_is_away_is_not_told_to_be_useless_to_ask_again() -> None:
    told = JournalError("database_failed", reason="OperationalError").explain()
    assert hints.TEXTS["retry_will_not_help"] not in told
