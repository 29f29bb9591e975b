"""What an answer holds where the person who starts the server wants its text or its structure alone."""

from collections.abc import Callable

import pytest

from tests.gate.cases import new_notebook
from tests.support.desk import Desk, Era, Person, text_of

pytestmark = pytest.mark.anyio
EACH_ERA = pytest.mark.parametrize("era", ["legacy", "modern"])


@EACH_ERA
async def test_text_alone_has_neither_a_structure_nor_schemas_for_one(new_desk: Callable[..., Desk], era: Era) -> None:
    both, desk = new_desk(), new_desk(result="text")
    async with both.client(era, None) as client:
        assert all(each.output_schema for each in (await client.list_tools()).tools)
    async with desk.client(era, Person()) as client:
        assert not any(each.output_schema for each in (await client.list_tools()).tools)
        looked = await client.call_tool("list_workspaces", {"region_id": "cn-hangzhou"})
        written = await client.call_tool("create_instance", {"region_id": "cn-hangzhou", **new_notebook()})
    assert (looked.structured_content, written.structured_content) == (None, None)
    assert "40001" in text_of(looked)
    assert "status: done" in text_of(written)


@EACH_ERA
async def test_structure_alone_leaves_the_text_to_errors(new_desk: Callable[..., Desk], era: Era) -> None:
    desk = new_desk(result="structured")
    async with desk.client(era, Person()) as client:
        assert all(each.output_schema for each in (await client.list_tools()).tools)
        looked = await client.call_tool("list_workspaces", {"region_id": "cn-hangzhou"})
        written = await client.call_tool("create_instance", {"region_id": "cn-hangzhou", **new_notebook()})
        failed = await client.call_tool("get_workspace", {"region_id": "cn-hangzhou", "workspace_id": "99999"})
    assert (looked.structured_content or {})["total"] == 2
    assert (written.structured_content or {})["status"] == "done"
    assert text_of(looked) == text_of(written) == "See structuredContent."
    assert failed.is_error
    assert "list_workspaces" in text_of(failed)
