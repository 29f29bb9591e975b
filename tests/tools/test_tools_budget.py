"""The list of tools, and what they answer, stay within what they may cost in a model's context."""

from typing import Any

import pytest

from tests.bench.tokens import ALL_SEEN_LIMIT, FULL_LIMIT, SEEN_LIMIT, count, list_tools, seen_by_the_model
from tests.tools.reading_desk import REGION, Desk, Told

pytestmark = pytest.mark.anyio

MOST = 10_000
"""Tokens of either side of any answer."""


async def test_the_model_pays_no_more_than_its_share_for_the_tool_list() -> None:
    assert count(seen_by_the_model(await list_tools())) <= SEEN_LIMIT


async def test_every_toolset_together_stays_within_its_limit() -> None:
    assert count(seen_by_the_model(await list_tools("all"))) <= ALL_SEEN_LIMIT


async def test_the_whole_tool_list_stays_within_its_limit() -> None:
    assert count(await list_tools()) <= FULL_LIMIT


def costs(told: Told) -> tuple[int, int]:
    """Tokens of the text and of the structure."""
    return count(told.text), count(told.result)


def hundred_instances(desk: Desk) -> None:
    """Created one batch an hour, so that their dates differ as they do in life."""
    for _ in range(10):
        desk.emulator.world.generate_instances(REGION, 10)
        desk.emulator.clock.advance(3600)


@pytest.mark.parametrize(
    ("tool", "arguments", "rows", "text", "structure"),
    [
        ("list_ecs_specs", {"accelerator_type": "GPU"}, 36, 1_500, 2_200),
        ("list_images", {}, 14, 850, 1_000),
        ("list_instances", {}, 100, 6_000, 9_000),
    ],
    ids=["specs", "images", "instances"],
)
async def test_a_whole_list_costs_little(
    desk: Desk, tool: str, arguments: dict[str, Any], rows: int, text: int, structure: int
) -> None:
    hundred_instances(desk)
    async with desk.client() as call:
        told = await call(tool, **arguments, limit=100)
    assert (told.result["total"], "next_cursor" in told.result) == (rows, False)
    text_costs, structure_costs = costs(told)
    assert text_costs <= text
    assert structure_costs <= structure


WORDY = {
    "Latin": "The quick brown fox jumps over the lazy dog; " * 2,
    "Chinese": "这个实例属于视觉组，请不要停止它，除非先问过我们。" * 3,
    "hexadecimal": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "base64": "aGVsbG8gd29ybGQsIHRoaXMgaXMgYSBsb25nIGxhYmVsIHRoYXQgbm9ib2R5IHJlYWRz",
}


@pytest.mark.parametrize("words", WORDY.values(), ids=list(WORDY))
@pytest.mark.usefixtures("without_coverage")
async def test_no_answer_is_longer_than_ten_thousand_tokens_and_the_pages_give_every_row_once(
    desk: Desk, words: str
) -> None:
    for position in range(60):
        labels = [{"Key": f"k{number}", "Value": f"{position} {number} {words}"[:128]} for number in range(8)]
        desk.add(f"one_{position}", Labels=labels)
    seen: list[str] = []
    cursor: dict[str, str] = {}
    async with desk.client() as call:
        while True:
            told = await call("list_instances", detail="full", limit=100, **cursor)
            assert max(costs(told)) < MOST
            seen += [row["instance_name"] for row in told.rows("instances")]
            if "next_cursor" not in told.result:
                break
            cursor = {"cursor": told.result["next_cursor"]}
    assert sorted(seen) == sorted(f"one_{position}" for position in range(60))


async def test_a_row_that_is_too_long_by_itself_is_shown_all_the_same(desk: Desk) -> None:
    names = [f"VARIABLE_{'X' * 200}_{number}" for number in range(2)]
    labels = [{"Key": f"{number}", "Value": "\u9f98" * 128} for number in range(200)]
    for name in names:
        desk.add(name[:20] + name[-1], Labels=labels)
    async with desk.client() as call:
        told = await call("list_instances", detail="full")
    assert (len(told.rows("instances")), told.result["next_cursor"]) == (1, "1")
