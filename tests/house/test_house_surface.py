"""What the model sees is one reviewed file: a change of it is a change that somebody looked at."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.toolsets import TOOLSETS
from tests.house.surface import REVIEWED, as_text, listed

pytestmark = pytest.mark.anyio


@pytest.fixture
async def tools(tmp_path: Path) -> list[dict[str, Any]]:
    return await listed(Settings(approve="chat", toolsets=("all",), state_dir=tmp_path))


async def test_the_tools_are_as_they_were_reviewed(tools: list[dict[str, Any]]) -> None:
    assert as_text(tools) == REVIEWED.read_text("utf-8"), "after a wanted change: make docs"


async def test_every_tool_has_a_title_a_description_all_hints_and_an_output_schema(
    tools: list[dict[str, Any]],
) -> None:
    hints = {"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"}
    lacking = [
        tool["name"]
        for tool in tools
        if not (tool.get("title") and tool.get("description") and "outputSchema" in tool)
        or not hints <= tool["annotations"].keys()
        or tool["inputSchema"].get("additionalProperties") is not False
    ]
    assert lacking == []


async def test_only_a_tool_that_reads_may_be_repeated_by_a_client(tools: list[dict[str, Any]]) -> None:
    for tool in tools:
        assert tool["annotations"]["idempotentHint"] == tool["annotations"]["readOnlyHint"], tool["name"]


async def test_the_list_depends_on_settings_alone(tmp_path: Path) -> None:
    async def names(settings: Settings) -> list[str]:
        return [tool["name"] for tool in await listed(settings)]

    reading = await names(Settings(state_dir=tmp_path, read_only=True))
    default = await names(Settings(state_dir=tmp_path))
    chat = await names(Settings(state_dir=tmp_path, approve="chat"))
    assert default == [
        *reading,
        *("create_instance", "update_instance", "start_instance", "stop_instance", "set_auto_stop"),
    ]
    assert chat == [*default, "confirm_change"]


async def test_single_tools_are_offered_alone_or_beside_toolsets(tmp_path: Path) -> None:
    async def names(**chosen: Any) -> list[str]:
        return [tool["name"] for tool in await listed(Settings(state_dir=tmp_path, **chosen))]

    both = ("stop_instance", "get_instance")
    assert await names(tools=both) == ["get_instance", "stop_instance"]
    assert await names(tools=both, read_only=True) == ["get_instance"]
    assert await names(tools=("get_instance",), approve="chat") == ["get_instance"]
    assert await names(tools=both, toolsets=("core",)) == await names()


def test_each_tool_is_in_the_module_that_the_table_names() -> None:
    for modules in TOOLSETS.values():
        for module, names in modules.items():
            made = import_module(f"pai_dsw_mcp.tools.{module}").tools()
            assert tuple(tool.name for tool in made) == names
