"""What a host may write into arguments, and what it is told when that breaks a rule."""

from collections.abc import Mapping
from typing import Any, Final, cast

import pytest

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from tests.tools.reading_desk import REGION, Desk

pytestmark = pytest.mark.anyio

SCHEMAS: Final = {tool.name: tool.parameters for tool in tools_for(Settings(approve="chat", toolsets=("all",)))}
ALWAYS: Final = {
    "list_workspaces": {},
    "get_workspace": {"workspace_id": "40001"},
    "list_ecs_specs": {"accelerator_type": "GPU"},
    "list_images": {},
    "list_datasets": {"workspace_id": "40001"},
    "list_members": {"workspace_id": "40002"},
    "list_roles": {"workspace_id": "40002"},
    "list_permissions": {"workspace_id": "40001"},
    "get_workspace_settings": {"workspace_id": "40001"},
    "list_resources": {"workspace_id": "40001"},
    "list_instances": {},
    "get_instance": {"instance_id": "dsw-0000000000000001"},
    "list_quotas": {},
    "get_quota": {"quota_id": "quota40001"},
    "wait_for_instance": {"instance_id": "dsw-0000000000000001", "until": "Running"},
    "get_instance_events": {"instance_id": "dsw-0000000000000001"},
    "diagnose_instance": {"instance_id": "dsw-0000000000000001"},
    "get_instance_metrics": {"instance_id": "dsw-0000000000000001"},
    "list_idle_instances": {},
}
"""The reading tools with the arguments that they cannot do without."""


def strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema as openai-agents makes it for strict models: every property required, no other allowed."""
    made: dict[str, Any] = {
        key: [strict(each) for each in value]
        if key == "anyOf"
        else strict(value)
        if key == "items"
        else {name: strict(each) for name, each in value.items()}
        if key == "properties"
        else value
        for key, value in schema.items()
    }
    if "properties" in made:
        made |= {"required": list(made["properties"]), "additionalProperties": False}
    return made


def nodes(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schema and every schema in it."""
    parts = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    parts += [schema["items"]] if "items" in schema else []
    return [schema, *(node for part in parts for node in nodes(part))]


def takes_null(schema: Mapping[str, Any]) -> bool:
    return "null" in schema.get("type", "") or {"type": "null"} in schema.get("anyOf", [])


@pytest.mark.parametrize("left_open", [None, ""], ids=["null", "empty"])
@pytest.mark.parametrize("tool", ALWAYS)
async def test_a_strict_host_that_fills_in_every_argument_gets_what_the_short_call_gets(
    desk: Desk, tool: str, left_open: str | None
) -> None:
    desk.add("notebook")
    schema = strict(SCHEMAS[tool])
    arguments = {name: ALWAYS[tool].get(name, left_open) for name in schema["required"] if name != "region_id"}
    async with desk.client() as call:
        short = await call(tool, **ALWAYS[tool])
        full = await call(tool, region_id=REGION, **arguments)
    assert not short.is_error
    assert full == short


@pytest.mark.parametrize("tool", SCHEMAS)
def test_every_optional_argument_takes_null_and_no_other_does(tool: str) -> None:
    for node in nodes(SCHEMAS[tool]):
        properties = cast("Mapping[str, Mapping[str, Any]]", node.get("properties", {}))
        assert {name for name, each in properties.items() if takes_null(each)} == properties.keys() - node.get(
            "required", []
        )


BOTH: Final = {"type", "properties", "required", "additionalProperties", "description", "enum", "anyOf", "items"} | {
    "format",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "$defs",
    "$ref",
}
"""The keywords that both OpenAI, for strict schemas, and Google, for a function's parameters, document.

`default` is none of them: Azure refuses it.
"""
TYPES: Final = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})


@pytest.mark.parametrize("tool", SCHEMAS)
def test_schemas_keep_to_what_openai_in_strict_mode_and_gemini_document(tool: str) -> None:
    schema = strict(SCHEMAS[tool])
    assert schema["type"] == "object"
    for node in nodes(schema):
        assert node.keys() <= BOTH
        types = [node["type"]] if isinstance(node.get("type"), str) else node.get("type", [])
        assert set(types) <= TYPES
        assert bool(types) != ("anyOf" in node)
        # Gemini's enums are lists of strings, and its only formats of a string are these.
        assert all(isinstance(value, str) for value in node.get("enum", []))
        assert node.get("format", "date-time") == "date-time"
        # A null that an enum does not name would not be valid.
        assert "enum" not in node or types == ["string"]
        assert ("object" in types) == ("properties" in node)
        assert ("array" in types) == ("items" in node)


async def test_an_id_may_be_written_as_a_number(desk: Desk) -> None:
    for name in ("first", "second"):
        desk.add(name)
    async with desk.client() as call:
        workspace = await call("get_workspace", workspace_id=40001)
        first = await call("list_instances", workspace_id=40001, limit=1)
        second = await call("list_instances", cursor=int(first.result["next_cursor"]), limit=1)
        nobodys = await call("list_instances", create_user_id=1234)
    assert workspace.result["workspace_id"] == "40001"
    found = {row["instance_name"] for page in (first, second) for row in page.result["instances"]}
    assert found == {"first", "second"}
    assert nobodys.result["total"] == 0


@pytest.mark.parametrize("given", [2**53, True, 40001.5, ["40001"]], ids=str)
async def test_what_may_not_be_the_id_that_was_meant_is_refused(desk: Desk, given: object) -> None:
    async with desk.client() as call:
        told = await call("get_workspace", workspace_id=given)
    assert told.is_error
    assert desk.requests("GetWorkspace") == 0


async def test_nothing_in_a_required_argument_is_not_taken_for_its_absence(desk: Desk) -> None:
    async with desk.client() as call:
        empty = await call("get_workspace", workspace_id="")
        null = await call("get_workspace", workspace_id=None)
    assert empty.is_error
    assert null.is_error
    assert desk.requests("GetWorkspace") == 0


async def test_an_instance_is_found_by_a_part_of_a_name_with_hyphens(desk: Desk) -> None:
    desk.add("llm-train-test")
    async with desk.client() as call:
        found = await call("list_instances", instance_name="llm-train")
    assert [row["instance_name"] for row in found.result["instances"]] == ["llm-train-test"]


@pytest.mark.parametrize(
    ("tool", "broken", "words"),
    [
        ("get_workspace", {"workspace_id": "research"}, "40823"),
        ("get_instance", {"instance_id": "notebook"}, "dsw-"),
        ("list_instances", {"workspace_id": "all"}, "ALL"),
        ("list_instances", {"instance_name": "a b"}, "hyphens"),
        ("list_instances", {"create_user_id": "admin"}, "digits"),
        ("list_instances", {"resource_id": "a/b"}, "ALL"),
        ("list_instances", {"cursor": "next"}, "next_cursor"),
        ("list_ecs_specs", {"accelerator_type": "CPU", "instance_type": "g6"}, "ecs.g6.large"),
        ("get_workspace", {"workspace_id": 2**60}, "as a string"),
    ],
)
async def test_a_broken_rule_is_told_in_words(desk: Desk, tool: str, broken: dict[str, Any], words: str) -> None:
    async with desk.client() as call:
        told = await call(tool, **broken)
    assert told.is_error
    assert words in told.text
    assert "pattern" not in told.text
