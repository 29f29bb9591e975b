"""Parameters that come with a toolset: they are in the schema where it is offered, and refused in words elsewhere."""

from collections.abc import Callable
from typing import Any

import pytest

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.toolsets import PARAMETERS, TOOLSETS, tools_of
from tests.gate.cases import new_notebook
from tests.support.desk import Desk, Person, text_of, told
from tests.tools.test_tools_arguments import strict

pytestmark = pytest.mark.anyio

ON_QUOTA = {"resource_id", "requested_resource", "priority"}


def schema(tool: str = "create_instance", **chosen: Any) -> dict[str, Any]:
    (found,) = [each for each in tools_for(Settings(**chosen)) if each.name == tool]
    return found.parameters


@pytest.mark.parametrize(
    "chosen",
    [
        {"toolsets": ("core", "quota")},
        {"toolsets": ("all",)},
        {"toolsets": ("core",), "tools": ("list_quotas",)},
        {"tools": ("create_instance", "get_quota")},
    ],
    ids=["named", "all", "a tool of it beside core", "a tool of it"],
)
def test_they_are_offered_with_their_toolset(chosen: dict[str, Any]) -> None:
    assert schema(**chosen)["properties"].keys() >= ON_QUOTA


@pytest.mark.parametrize(
    "chosen",
    [{}, {"toolsets": ("core", "cost")}, {"tools": ("create_instance",)}],
    ids=["default", "other toolsets", "the tool alone"],
)
def test_they_are_left_out_without_it(chosen: dict[str, Any]) -> None:
    left = schema(**chosen)["properties"].keys()
    assert left.isdisjoint(ON_QUOTA)
    assert left | ON_QUOTA >= schema(toolsets=("core", "quota"))["properties"].keys()


def test_the_table_names_optional_parameters_of_tools_that_are_there() -> None:
    for toolset, tools in PARAMETERS.items():
        assert toolset in TOOLSETS
        for tool, parameters in tools.items():
            assert tool not in tools_of([toolset])
            whole = schema(tool, toolsets=("all",))
            assert set(parameters) <= whole["properties"].keys() - set(whole.get("required", ()))


@pytest.mark.parametrize("name", sorted(ON_QUOTA))
async def test_one_that_is_left_out_is_refused_with_its_toolset(new_desk: Callable[..., Desk], name: str) -> None:
    desk, person = new_desk(toolsets=("core",)), Person("yes")
    answer = await desk.call("modern", person, "create_instance", **new_notebook(**{name: None}))
    assert answer.is_error
    assert "comes with the toolset quota" in text_of(answer)
    assert "Leave out what is named here" in text_of(answer)
    assert "ask the person for a value" not in text_of(answer)
    assert (person.questions, desk.steering.writes()) == ([], [])


async def test_one_that_is_nowhere_is_refused_without_a_toolset(new_desk: Callable[..., Desk]) -> None:
    answer = await new_desk(toolsets=("core",)).call("modern", None, "create_instance", **new_notebook(quota="q"))
    assert answer.is_error
    assert "does not exist" in text_of(answer)
    assert "toolset" not in text_of(answer)


@pytest.mark.parametrize("left_open", [None, ""], ids=["null", "empty"])
async def test_a_strict_host_fills_in_what_is_left(new_desk: Callable[..., Desk], left_open: str | None) -> None:
    desk = new_desk(toolsets=("core",))
    names = strict(schema())["required"]
    full = {name: left_open for name in names if name != "region_id"} | new_notebook()
    assert told(await desk.call("modern", Person("yes"), "create_instance", **full))["status"] == "done"
