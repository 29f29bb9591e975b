"""Pages that state what the server is and does are drawn from it, or compared with it."""

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import pytest

from pai_dsw_mcp.cloud.operations import OPERATIONS
from pai_dsw_mcp.settings import Settings
from tests.gate.cases import CASES, Case
from tests.house.references import PAGE, page
from tests.house.surface import listed
from tests.support.desk import REGION, Desk, Person, told

FOLDER: Final = PAGE.parent
RIGHTS: Final = ("ram-policies.md", "ram-policies.zh-CN.md")
FREE: Final = {"ListEcsSpecs", "ListProducts", "GetCallerIdentity"}
"""Allowed unless denied: no policy has to name them."""


def read(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[Any]:
    """What stands in the JSON blocks of a page."""
    return [json.loads(block) for block in re.findall(rf"```{language}\n(.*?)```", read(name), re.DOTALL)]


def rights() -> Iterator[tuple[str, set[str], set[str]]]:
    """Of every operation in the page of the rights: its actions, and the tools that send it."""
    for line in read(RIGHTS[0]).splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 4 and re.fullmatch(r"`[A-Z]\w+`", cells[0]):
            actions = set(re.findall(r"`(\w+:\w+)`", cells[1]))
            yield cells[0].strip("`"), actions, set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", cells[3]))


def policies(name: str) -> list[set[str]]:
    """What who reads, who operates and who administers may do: each has a policy beside those before it."""
    parts: list[list[str]] = [policy["Statement"][0]["Action"] for policy in blocks(name, "json")]
    actions = [action for part in parts for action in part]
    assert len(actions) == len(set(actions))
    return [set(each) for each in accumulate(parts)]


@pytest.mark.anyio
async def test_the_page_of_the_tools_is_what_a_client_is_told(tmp_path: Path) -> None:
    drawn = page(await listed(Settings(approve="chat", toolsets=("all",), state_dir=tmp_path)))
    assert drawn == PAGE.read_text("utf-8"), "after a wanted change: make docs"


def test_the_rights_of_every_operation_are_those_that_a_denial_names() -> None:
    named = {operation.name: set(re.findall(r"\w+:\w+", operation.action)) for operation in OPERATIONS.values()}
    documented = {operation: actions for operation, actions, _ in rights()}
    assert documented.keys() == named.keys()
    differing = {name for name, actions in named.items() if not actions <= documented[name]}
    assert differing <= FREE


def test_a_policy_grants_what_its_tools_send_and_the_next_one_more() -> None:
    read_only, operate, administer = policies(RIGHTS[0])
    needed = {operation: actions for operation, actions, tools in rights() if tools and operation not in FREE}
    writing = {operation for operation in needed if OPERATIONS[operation].is_write}
    assert [operation for operation in needed.keys() - writing if not needed[operation] <= read_only] == []
    assert [operation for operation in writing if needed[operation] & read_only] == []
    of_people = {operation for operation in writing if OPERATIONS[operation].product == "aiworkspace"}
    assert [operation for operation in needed.keys() - of_people if not needed[operation] <= operate] == []
    assert [operation for operation in of_people if not needed[operation] <= administer] == []
    assert read_only < operate < administer


def test_no_policy_deletes_instances_or_grants_by_a_wildcard() -> None:
    for name in RIGHTS:
        assert policies(name) == policies(RIGHTS[0])
        for actions in policies(name):
            assert [
                action for action in actions if "*" in action or re.search(r"Delete\w*(Instance|Workspace)$", action)
            ] == []


@pytest.mark.anyio
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_writing_tool_sends_no_operation_that_the_page_of_the_rights_does_not_give_it(
    desk: Desk, case: Case
) -> None:
    arguments = case.arguments(desk.steering)
    before = len(desk.steering.requests())
    await desk.call("modern", Person(), case.tool, **arguments)
    sent = {request["operation"] for request in desk.steering.requests()[before:]}
    assert case.operation in sent
    assert sent <= {operation for operation, _, tools in rights() if case.tool in tools}


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["recipes.md", "recipes.zh-CN.md"])
async def test_the_calls_of_the_recipes_can_be_played_on_the_emulator(desk: Desk, name: str) -> None:
    instance_id = ""
    for call in blocks(name, "json"):
        arguments = call["arguments"] | ({"instance_id": instance_id} if "instance_id" in call["arguments"] else {})
        arguments.setdefault("region_id", None)
        assert arguments["region_id"] == REGION or arguments["region_ids"]
        answer = told(await desk.call("modern", Person(), call["tool"], **arguments))
        instance_id = answer.get("instance_id", instance_id)
        assert answer.get("status") not in ("declined", "approval_needed", "unknown"), call
        assert answer.get("total") != 0 or call["arguments"].get("status") == "Failed", call
        desk.steering.advance(400)
    assert {request["operation"] for request in desk.steering.writes()} == {
        "CreateInstance",
        "UpdateInstance",
        "CreateInstanceSnapshot",
        "StopInstance",
    }
