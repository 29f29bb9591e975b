"""What get_instance tells of earlier writes: what was changed and started through this server."""

from collections.abc import Callable

import pytest

from tests.gate.cases import an_instance, new_notebook
from tests.support.desk import Desk, Person, told
from tests.support.steering import Steering
from tests.tools.test_tools_parity import say_the_same

pytestmark = pytest.mark.anyio

RULE = {"MaxIdleTimeInMinutes": 60}
MAY_HAVE = "Its idle rule may have stopped it"


async def test_an_instance_shows_what_was_changed_and_started_newest_first(
    new_desk: Callable[..., Desk], steering: Steering
) -> None:
    desk, yes = new_desk(), Person("yes")
    other = an_instance(steering, "Stopped")
    instance_id = an_instance(steering, "Stopped")
    mount = {"uri": "oss://bucket.oss-cn-hangzhou.aliyuncs.com/a/", "mount_path": "/mnt/a", "mount_access": "RO"}
    await desk.call("modern", yes, "update_instance", instance_id=other, ecs_spec="ecs.c6.large")
    await desk.call(
        "modern", yes, "update_instance", instance_id=instance_id, ecs_spec="ecs.g6.xlarge", datasets=[mount]
    )
    steering.advance(600)
    begun = told(await desk.call("modern", yes, "start_instance", instance_id=instance_id))
    assert begun["status"] == "done"
    answer = await desk.call("modern", None, "get_instance", instance_id=instance_id)
    say_the_same(answer)
    seen = told(answer)
    started, updated = seen["history"]
    assert (started["action"], updated["action"]) == ("start_instance", "update_instance")
    assert "changed" not in started
    assert updated["changed"]["EcsSpec"] == "ecs.g6.large -> ecs.g6.xlarge"
    assert updated["changed"]["Datasets"] == "changed"
    assert updated["at"] <= started["at"]


async def test_what_was_not_accepted_is_no_history_and_a_new_instance_begins_with_its_creation(
    new_desk: Callable[..., Desk], steering: Steering
) -> None:
    desk = new_desk()
    created = told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook()))
    steering.faults({"kind": "throttle", "operation": "StopInstance", "times": None})
    steering.instance(created["instance_id"], Status="Running")
    stopped = await desk.call("modern", Person("yes"), "stop_instance", instance_id=created["instance_id"])
    assert told(stopped)["status"] == "unknown"
    seen = told(await desk.call("modern", None, "get_instance", instance_id=created["instance_id"]))
    assert [each["action"] for each in seen["history"]] == ["create_instance"]


async def test_a_stop_that_the_idle_rule_may_have_made_is_told_as_such(
    new_desk: Callable[..., Desk], steering: Steering
) -> None:
    desk, yes = new_desk(), Person("yes")
    instance_id = an_instance(steering, "Stopped")

    async def meaning() -> str:
        return told(await desk.call("modern", None, "get_instance", instance_id=instance_id))["meaning"]

    assert "idle rule" not in await meaning()
    steering.instance(instance_id, IdleInstanceCuller=RULE)
    assert MAY_HAVE in await meaning()
    for tool, arguments, status, is_ours in (
        ("start_instance", {}, "Stopped", False),
        ("start_instance", {}, "Running", True),
        ("stop_instance", {}, "Stopped", True),
        ("update_instance", {"accessibility": "PUBLIC"}, "Stopped", True),
        ("update_instance", {"accessibility": "PRIVATE", "start_after": True}, "Stopped", False),
    ):
        made = told(await desk.call("modern", yes, tool, instance_id=instance_id, **arguments))
        assert made["status"] == "done"
        steering.instance(instance_id, Status=status, IdleInstanceCuller=RULE)
        steering.advance(60)
        assert (MAY_HAVE not in await meaning()) == is_ours


async def test_an_instance_is_shown_where_the_journal_is_missing_or_broken(
    new_desk: Callable[..., Desk], steering: Steering
) -> None:
    desk, instance_id = new_desk(), an_instance(steering, "Stopped")
    path = desk.settings.journal_path
    assert "history" not in told(await desk.call("modern", None, "get_instance", instance_id=instance_id))
    assert not path.exists()
    path.write_text("This is no journal, and long enough to be seen as none." * 100)
    assert "history" not in told(await desk.call("modern", None, "get_instance", instance_id=instance_id))
