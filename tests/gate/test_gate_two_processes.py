"""Two servers over one journal, each with a lock of its own: whoever begins first is the only one that sends."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp_types import CallToolResult

from pai_dsw_mcp.journal.records import Operation
from pai_dsw_mcp.journal.store import Journal
from tests.gate.cases import an_instance, new_notebook
from tests.gate.rounds import approve, posts
from tests.support.desk import Desk, text_of, told

pytestmark = pytest.mark.anyio


class Stalled(Journal):
    """A journal of a process that was put to sleep just before it may send."""

    def __init__(self, path: Path, reached: anyio.Event, go_on: anyio.Event) -> None:
        super().__init__(path)
        self._reached, self._go_on = reached, go_on

    async def begin(self, **which: Any) -> Operation:
        self._reached.set()
        await self._go_on.wait()
        return await super().begin(**which)


async def overtaken(
    desk: Desk, folder: Path, meanwhile: Callable[[], Awaitable[object]], tool: str, arguments: dict[str, Any]
) -> CallToolResult:
    """What a call of this server ends with if something else happens just before it may send."""
    reached, go_on = anyio.Event(), anyio.Event()
    desk.services.journal = Stalled(folder / "journal.sqlite3", reached, go_on)
    found: list[CallToolResult] = []

    async def call() -> None:
        found.append(await desk.call("modern", None, tool, **arguments))

    async with anyio.create_task_group() as group:
        group.start_soon(call)
        await reached.wait()
        await meanwhile()
        go_on.set()
    return found[0]


async def test_two_yeses_for_one_name_make_one_instance(new_desk: Callable[..., Desk], tmp_path: Path) -> None:
    one, other = new_desk(), new_desk()
    small, large = new_notebook(), new_notebook(ecs_spec="ecs.g6.xlarge")
    for notebook in (small, large):
        told(await one.call("modern", None, "create_instance", **notebook))
        await approve(one)

    async def created() -> None:
        assert told(await one.call("modern", None, "create_instance", **small))["status"] == "done"

    # What the faster one made differs from what the slower one wanted, so it is refused with what differs.
    ended = await overtaken(other, tmp_path, created, "create_instance", large)
    assert "differs in EcsSpec" in text_of(ended)
    assert posts(one) == ["CreateInstance"]


async def test_one_yes_in_two_servers_is_used_once(new_desk: Callable[..., Desk], tmp_path: Path) -> None:
    one, other = new_desk(), new_desk()
    arguments = {"instance_id": an_instance(one.steering, "Stopped")}
    told(await one.call("modern", None, "start_instance", **arguments))
    await approve(one)

    async def started() -> None:
        assert told(await one.call("modern", None, "start_instance", **arguments))["status"] == "done"

    ended = told(await overtaken(other, tmp_path, started, "start_instance", arguments))
    assert ended["status"] == "nothing_to_do"
    assert posts(one) == ["StartInstance"]


async def test_a_yes_that_another_server_used_is_gone_although_all_is_as_before(
    new_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    one, other = new_desk(), new_desk()
    arguments = {"instance_id": an_instance(one.steering, "Stopped")}
    told(await one.call("modern", None, "start_instance", **arguments))
    await approve(one)

    async def started_and_stopped() -> None:
        assert told(await one.call("modern", None, "start_instance", **arguments))["status"] == "done"
        one.steering.instance(arguments["instance_id"], Status="Stopped")

    ended = told(await overtaken(other, tmp_path, started_and_stopped, "start_instance", arguments))
    assert ended["status"] == "approval_needed"
    assert "already used" in ended["message"]
    assert posts(one) == ["StartInstance"]


async def test_whoever_comes_second_says_that_the_first_outcome_is_unknown(
    new_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    one, other = new_desk(), new_desk()
    arguments = {"instance_id": an_instance(one.steering, "Stopped")}
    told(await one.call("modern", None, "start_instance", **arguments))
    await approve(one)
    one.steering.faults({"kind": "reset", "operation": "StartInstance"})

    async def reset() -> None:
        assert told(await one.call("modern", None, "start_instance", **arguments))["status"] == "unknown"

    ended = told(await overtaken(other, tmp_path, reset, "start_instance", arguments))
    assert ended["status"] == "unknown"
    assert "Nothing was sent now" in ended["message"]
    assert posts(one) == ["StartInstance"]
