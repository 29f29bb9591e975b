"""No value can look like two values, like a word of the server, or like another value."""

import unicodedata
from typing import get_args

import pytest

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.plain_text import as_plain_text, fits_a_message
from pai_dsw_mcp.model.change import Change, Item, Parameter, Sentence
from pai_dsw_mcp.texts.text import Language
from tests.approval.changes_to_show import create_cpu


def told(change: Change) -> str:
    return as_plain_text(describe("K7Q2-9MTX", change, "en"))


def of(name: str, value: str | tuple[Item, ...]) -> str:
    """How one value is told."""
    text = told(create_cpu().model_copy(update={"parameters": (Parameter(name=name, value=value),)}))
    return text.partition("Will be sent:\n")[2].partition("\n- Label: pai-dsw-mcp-op")[0]


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Labels", (("team", "ml (default)"),), '- Label: team="ml (default)"'),
        ("Labels", (("team", "ml（默认）"),), '- Label: team="ml（默认）"'),
        ("Labels", (("a=b", 'c" (default)'),), '- Label: "a=b"="c\\" (default)"'),
        ("Labels", (("k", "… (+41)"),), '- Label: k="… (+41)"'),
        ("Datasets", (("d-1 -> /a (RO), d-2", "/b", "RX"),), '- Dataset mount: "d-1 -> /a (RO), d-2" -> /b (RX)'),
        ("Datasets", (("d-1", "/a (RO)", "RX"),), '- Dataset mount: d-1 -> "/a (RO)" (RX)'),
        ("EcsSpec", "ecs.small -> ecs.large", '- Machine type: "ecs.small -> ecs.large"'),
        ("ImageId", "", '- Image: ""'),
    ],
)
def test_no_value_looks_like_two_or_like_a_word_of_the_server(
    name: str, value: str | tuple[Item, ...], shown: str
) -> None:
    assert of(name, value) == shown


def test_a_value_with_the_sign_of_a_cut_still_fits_a_message() -> None:
    change = create_cpu().model_copy(update={"parameters": (Parameter(name="Labels", value=(("k", "… (+41)"),)),)})
    assert fits_a_message(told(change))


def test_writing_from_right_to_left_is_spelled_out_and_reorders_nothing() -> None:
    warning = Sentence(key="warn_public", values={"workspace_name": "\u05d0 12"})
    change = create_cpu().model_copy(update={"workspace_name": "\u05d0\u05d1 12", "warnings": (warning,)})
    text = told(change)
    assert 'Workspace: "\\u{5d0}\\u{5d1} 12" · 84217' in text
    assert {unicodedata.bidirectional(character) for character in text}.isdisjoint({"R", "AL", "AN"})


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("letter", ["\u0430", "\u03bf", "\uff41", "\u0261", "\u212a", "\U0001d41a"])
def test_letters_that_look_like_others_are_warned_of_wherever_they_are(letter: str, language: Language) -> None:
    name = f"p{letter}ypal"
    warning = Sentence(key="warn_external_image", values={"host": name})
    for update in (
        {"target_name": name},
        {"workspace_name": name},
        {"parameters": (Parameter(name="Labels", value=(("team", name),)),)},
        {"parameters": (Parameter(name="ImageUrl", value=name),)},
        {"warnings": (warning,)},
    ):
        text = describe("K7Q2-9MTX", create_cpu().model_copy(update=update), language)
        assert unicodedata.name(letter) in text.warnings[-1]
        assert f'"{name}"' in text.warnings[-1]


def test_accents_and_chinese_are_not_warned_of() -> None:
    change = create_cpu().model_copy(update={"workspace_name": "équipe 视觉 ひらがな カタカナ 한글 ㄅ"})
    assert describe("K7Q2-9MTX", change, "en").warnings == ()
