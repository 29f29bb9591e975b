"""Whole conversations about a workspace: a first notebook where there was nothing, and who may use it."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from pai_emulator.serve import Emulator
from tests.gate.test_gate_whole_life import MINUTE, Talk
from tests.support.desk import REGION, Desk, text_of, told
from tests.support.steering import Steering

pytestmark = pytest.mark.anyio

STORAGE: Final = "oss://iris.oss-cn-hangzhou.aliyuncs.com/models/"


@pytest.fixture
def desk(new_desk: Callable[..., Desk], steering: Steering) -> Desk:
    """A server whose clock is the emulator's."""
    return new_desk(now=steering.now)


async def rows(talk: Talk, tool: str, name: str, **arguments: Any) -> list[dict[str, Any]]:
    listed = await talk.call(tool, **arguments)
    return [listed.get("in_all_rows", {}) | row for row in listed[name]]


async def test_from_an_empty_region_to_the_final_cost(desk: Desk, emulator: Emulator) -> None:
    """The vendor's tutorial, but for the bucket and what is typed into the notebook."""
    talk = Talk(desk)
    emulator.world.region(REGION).workspaces.clear()
    assert await rows(talk, "list_workspaces", "workspaces") == []
    made = await talk.call("create_workspace", workspace_name="iris_lab", description="A small model for a start")
    lab = {"workspace_id": made["workspace_id"]}
    kept = await talk.call("update_workspace_settings", **lab, default_storage=STORAGE)
    assert "Read back" in kept["message"]

    cheapest = (await rows(talk, "list_ecs_specs", "specs", accelerator_type="CPU", only_available=True, limit=1))[0]
    image = (await rows(talk, "list_images", "images", chip_type="CPU", limit=1))[0]
    wanted = {**lab, "instance_name": "iris", "ecs_spec": cheapest["instance_type"], "image_id": image["image_id"]}
    created = await talk.call("create_instance", **wanted, idle_minutes=60)
    assert f"{cheapest['price_per_hour']:.2f} CNY per hour" in talk.person.questions[-1].message
    notebook = {"instance_id": created["instance_id"]}
    desk.steering.advance(30 * MINUTE)
    shown = await talk.call("get_instance", **notebook)
    assert (shown["status"], shown["instance_url"][:8]) == ("Running", "https://")

    assert (await talk.call("stop_instance", **notebook))["status"] == "done"
    desk.steering.advance(5 * MINUTE)
    costs = await talk.call("get_costs", **lab)
    (row,) = [costs.get("in_all_rows", {}) | each for each in costs["instances"]]
    assert row["status"] == "Stopped"
    assert 0 < row["estimated_cost"] < cheapest["price_per_hour"]
    assert "cost_per_hour_now" not in costs
    assert len(talk.person.questions) == talk.person.approvals == 4


async def test_a_workspace_its_members_and_where_it_keeps_things(desk: Desk) -> None:
    talk = Talk(desk)
    made = await talk.call("create_workspace", workspace_name="vision", description="Images")
    vision = {"workspace_id": made["workspace_id"]}
    again = await talk.call("create_workspace", workspace_name="vision", description="Images")
    assert (again["status"], again["workspace_id"]) == ("nothing_to_do", made["workspace_id"])
    assert len(talk.person.questions) == 1

    two = ["PAI.AlgoDeveloper", "PAI.AlgoOperator"]
    await talk.call("add_member", **vision, user_name="analyst", roles=two)
    await talk.call("add_member", **vision, user_name="viewer", roles=["PAI.WorkspaceGuest"])
    assert await talk.refused("set_member_roles", **vision, member_name="viewer", roles=[])
    owner = next(
        row["member_name"]
        for row in await rows(talk, "list_members", "members", **vision)
        if "PAI.WorkspaceOwner" in str(row["roles"])
    )
    assert "owns the workspace" in await talk.refused("remove_member", **vision, member_name=owner)
    await talk.call("remove_member", **vision, member_name="viewer")
    left = await rows(talk, "list_members", "members", **vision)
    assert sorted(row["member_name"] for row in left) == sorted(["analyst", owner])

    kept = await desk.call("modern", talk.person, "update_workspace_settings", **vision, default_storage=STORAGE)
    assert told(kept)["status"] == "done"
    assert STORAGE in text_of(await desk.call("modern", None, "get_workspace_settings", **vision))
    assert len(talk.person.questions) == talk.person.approvals == 5
