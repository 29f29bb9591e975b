"""What nobody sees does not reach the model, whoever wrote it and wherever it stands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pai_dsw_mcp.approval.quoting import visible
from pai_dsw_mcp.model.sanitize import is_hidden, sanitize, without_hidden_in
from tests.tools.reading_desk import Desk

pytestmark = pytest.mark.anyio

HIDDEN = (
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180f\u200b\u202e\u2060\u2066\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9"
    "\U0001bca0\U0001d173\U000e0041\U000e0100\U000e01ef"
)


async def test_no_hidden_character_of_a_name_reaches_the_model(desk: Desk) -> None:
    name = "note" + "".join(f"{character}s" for character in HIDDEN)
    instance_id = desk.add(name, Labels=[{"Key": f"te{HIDDEN}am", "Value": f"vi{HIDDEN}sion"}])
    async with desk.client() as call:
        listed = await call("list_instances", detail="full")
        shown = await call("get_instance", instance_id=instance_id, detail="full")
        refused = await call("wait_for_instance", instance_id=instance_id, until=f"Run{HIDDEN}ning", **{HIDDEN: 1})
    for each in (listed, shown, refused):
        told = each.text + json.dumps(each.result, ensure_ascii=False)
        assert [character for character in told if character != "\n" and is_hidden(character)] == []
    assert listed.result["instances"][0]["instance_name"] == "note" + "s" * len(HIDDEN)
    assert listed.result["instances"][0]["labels"] == {"team": "vision"}


@pytest.mark.parametrize("character", HIDDEN)
def test_the_same_rule_holds_for_people_and_for_models(character: str) -> None:
    assert sanitize(f"a{character}b") == "ab"
    assert visible(f"a{character}b") == f"a\\u{{{ord(character):x}}}b"
    assert without_hidden_in({f"a{character}": [f"b{character}\n", 1, None]}) == {"a": ["b\n", 1, None]}


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    assert sanitize(sanitize(text)) == sanitize(text)


def test_what_was_kept_apart_by_a_hidden_character_is_joined_at_once() -> None:
    assert sanitize("e\u200b\u0301") == "\u00e9"
