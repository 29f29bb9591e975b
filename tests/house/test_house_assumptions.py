"""What the emulator's README tells of its behaviour is what its assumptions say."""

import re
from typing import Final, get_args

from pai_emulator.assumptions import Standing, assumptions
from tests.house.assumptions import PAGE, redrawn

EMULATOR: Final = PAGE.parent


def test_the_tables_of_the_readme_are_drawn_from_the_assumptions() -> None:
    page = PAGE.read_text("utf-8")
    assert redrawn(page) == page, "after a wanted change: make docs"


def test_every_assumption_says_how_it_is_known() -> None:
    for name, each in assumptions().items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert each.standing in get_args(Standing), name
        assert each.sentence or each.code, name
        # What nobody says has what suggests it.
        assert each.source.removeprefix("none: "), name
        assert each.source.startswith("none: ") is (each.standing == "assumed"), name


def test_what_is_reported_has_a_chinese_sentence() -> None:
    assert [name for name, each in assumptions().items() if bool(each.zh) is not bool(each.probe)] == []


def test_the_default_is_one_of_the_alternatives() -> None:
    for name, each in assumptions().items():
        assert not each.plays if not each.alternatives else each.plays in each.alternatives, name
        assert len(each.alternatives) != 1, name


def test_every_alternative_is_played_somewhere() -> None:
    code = "".join(path.read_text("utf-8") for path in EMULATOR.rglob("*.py"))
    for name, each in assumptions().items():
        assert not each.alternatives or f'"{name}"' in code, name
