"""Two servers over one journal, each with a lock of its own: whoever begins first is the only one that sends."""

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from mcp_types import CallToolResult

from pai_dsw_mcp.journal.records import Operation
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.instance import Instance, InstanceFilter
from tests.gate.cases import an_instance, new_notebook, new_workspace
from tests.gate.rounds import approve, posts
from tests.support.desk import Desk, text_of, told

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("each_database")]


class Stalled(Journal):
    """A journal of a process that was put to sleep just before it may send."""

    def __init__(self, journal: Journal, reached: anyio.Event, go_on: anyio.Event) -> None:
        super().__init__(journal.database)
        self._reached, self._go_on = reached, go_on

    async def begin(self, **which: Any) -> Operation:
        self._reached.set()
        await self._go_on.wait()
        return await super().begin(**which)


async def overtaken(
    desk: Desk, meanwhile: Callable[[], Awaitable[object]], tool: str, arguments: dict[str, Any]
) -> CallToolResult:
    """What a call of this server ends with if something else happens just before it may send."""
    reached, go_on = anyio.Event(), anyio.Event()
    desk.services.journal = Stalled(desk.services.journal, reached, go_on)
    found: list[CallToolResult] = []

    async def call() -> None:
        found.append(await desk.call("modern", None, tool, **arguments))
        assert reached.is_set(), text_of(found[0])

    async with anyio.create_task_group() as group:
        group.start_soon(call)
        await reached.wait()
        await meanwhile()
        go_on.set()
    return found[0]


@pytest.mark.parametrize(
    ("tool", "small", "large", "differing", "operation"),
    [
        ("create_instance", new_notebook(), new_notebook(ecs_spec="ecs.g6.xlarge"), "EcsSpec", "CreateInstance"),
        ("create_workspace", new_workspace(), new_workspace(mode="standard"), "EnvTypes", "CreateWorkspace"),
    ],
    ids=["instance", "workspace"],
)
async def test_two_yeses_for_one_name_make_one(
    new_desk: Callable[..., Desk],
    tool: str,
    small: dict[str, Any],
    large: dict[str, Any],
    differing: str,
    operation: str,
) -> None:
    one, other = new_desk(), new_desk()
    for wish in (small, large):
        told(await one.call("modern", None, tool, **wish))
        await approve(one)

    async def created() -> None:
        assert told(await one.call("modern", None, tool, **small))["status"] == "done"

    # What the faster one made differs from what the slower one wanted, so it is refused with what differs.
    ended = await overtaken(other, created, tool, large)
    assert f"differs in {differing}" in text_of(ended)
    assert posts(one) == [operation]


async def test_one_yes_in_two_servers_is_used_once(new_desk: Callable[..., Desk]) -> None:
    one, other = new_desk(), new_desk()
    arguments = {"instance_id": an_instance(one.steering, "Stopped")}
    told(await one.call("modern", None, "start_instance", **arguments))
    await approve(one)

    async def started() -> None:
        assert told(await one.call("modern", None, "start_instance", **arguments))["status"] == "done"

    ended = told(await overtaken(other, started, "start_instance", arguments))
    assert ended["status"] == "nothing_to_do"
    assert posts(one) == ["StartInstance"]


async def test_a_yes_that_another_server_used_is_gone_although_all_is_as_before(new_desk: Callable[..., Desk]) -> None:
    one, other = new_desk(), new_desk()
    arguments = {"instance_id": an_instance(one.steering, "Stopped")}
    told(await one.call("modern", None, "start_instance", **arguments))
    await approve(one)

    async def started_and_stopped() -> None:
        assert told(await one.call("modern", None, "start_instance", **arguments))["status"] == "done"
        one.steering.instance(arguments["instance_id"], Status="Stopped")

    ended = told(await overtaken(other, started_and_stopped, "start_instance", arguments))
    assert ended["status"] == "approval_needed"
    assert "already used" in ended["message"]
    assert posts(one) == ["StartInstance"]


async def test_whoever_comes_second_says_that_the_first_outcome_is_unknown(new_desk: Callable[..., Desk]) -> None:
    one, other = new_desk(), new_desk()
    arguments = {"instance_id": an_instance(one.steering, "Stopped")}
    told(await one.call("modern", None, "start_instance", **arguments))
    await approve(one)
    one.steering.faults({"kind": "reset", "operation": "StartInstance"})

    async def reset() -> None:
        assert told(await one.call("modern", None, "start_instance", **arguments))["status"] == "unknown"

    ended = told(await overtaken(other, reset, "start_instance", arguments))
    assert ended["status"] == "unknown"
    assert "Nothing was sent now" in ended["message"]
    assert posts(one) == ["StartInstance"]


def when_listed(desk: Desk, patch: pytest.MonkeyPatch, count: int, meanwhile: Callable[[], Awaitable[None]]) -> None:
    """Something else happens when this server has read so many lists: each look at a name reads two."""
    list_instances, lists = desk.services.cloud.list_instances, 0

    async def listed(region_id: str, wanted: InstanceFilter) -> tuple[Instance, ...]:
        nonlocal lists
        found = await list_instances(region_id, wanted)
        lists += 1
        if lists == count:
            await meanwhile()
        return found

    patch.setattr(desk.services.cloud, "list_instances", listed)


async def test_what_ends_while_the_last_look_is_under_way_was_not_seen_by_it(
    new_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = new_desk(), new_desk()
    renamed = {"instance_id": an_instance(one.steering, "Stopped"), "instance_name": "train_1"}
    for tool, arguments in (("create_instance", new_notebook()), ("update_instance", renamed)):
        told(await one.call("modern", None, tool, **arguments))
        await approve(one)

    async def rename() -> None:
        assert told(await one.call("modern", None, "update_instance", **renamed))["status"] == "done"

    when_listed(other, monkeypatch, 4, rename)
    ended = await other.call("modern", None, "create_instance", **new_notebook())
    assert renamed["instance_id"] in text_of(ended)
    assert posts(one) == ["UpdateInstance"]


async def test_a_yes_that_was_used_during_the_first_look_is_not_asked_for_anew(
    new_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = new_desk(), new_desk()
    arguments = {"instance_id": an_instance(one.steering, "Stopped"), "instance_name": "train_1"}
    told(await one.call("modern", None, "update_instance", **arguments))
    await approve(one)

    async def rename() -> None:
        assert told(await one.call("modern", None, "update_instance", **arguments))["status"] == "done"

    when_listed(other, monkeypatch, 2, rename)
    ended = told(await other.call("modern", None, "update_instance", **arguments))
    assert ended["status"] == "nothing_to_do"
    assert await other.services.journal.waiting() == ()
    assert posts(one) == ["UpdateInstance"]
