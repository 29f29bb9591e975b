"""The list of tools stays within what it may cost in a model's context."""

import pytest

from tests.bench.tokens import FULL_LIMIT, SEEN_LIMIT, count, list_tools, seen_by_the_model


@pytest.mark.anyio
async def test_the_model_pays_at_most_three_thousand_tokens_for_the_tool_list() -> None:
    assert count(seen_by_the_model(await list_tools())) <= SEEN_LIMIT


@pytest.mark.anyio
async def test_the_whole_tool_list_has_at_most_six_thousand_tokens() -> None:
    assert count(await list_tools()) <= FULL_LIMIT
