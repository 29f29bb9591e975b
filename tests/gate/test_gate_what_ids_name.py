"""What the ids in a question name, and that those of people are masked, in the question and in the answer."""

from typing import Any

import pytest

from pai_emulator.policy import USER_IDS
from tests.gate.cases import GPU_SPEC, an_instance, image_for, new_notebook
from tests.support.desk import Desk, Person

pytestmark = pytest.mark.anyio

QUOTA = "quota40001"
SNAPSHOT = {"snapshot_name": "saved", "image_url": "team-registry.cn-hangzhou.cr.aliyuncs.com/vision/saved:v1"}


async def asked(desk: Desk, tool: str, **arguments: Any) -> str:
    """What a person is asked who then says no."""
    person = Person("no")
    await desk.call("modern", person, tool, **arguments)
    return person.questions[0].message


def on_quota(desk: Desk) -> str:
    instance_id = an_instance(desk.steering, "Running")
    share = {"CPU": "4", "GPU": "0", "Memory": "16GB"}
    desk.steering.instance(instance_id, ResourceId=QUOTA, RequestedResource=share, EcsSpec=None)
    return instance_id


@pytest.mark.parametrize(("tool", "more"), [("create_snapshot", SNAPSHOT), ("stop_instance", {})])
async def test_spec_quota_and_image_of_an_instance_are_named(desk: Desk, tool: str, more: dict[str, Any]) -> None:
    instance_id, image_id = an_instance(desk.steering, "Running"), image_for("GPU")
    desk.steering.instance(instance_id, EcsSpec=GPU_SPEC, ImageId=image_id)
    of_spec = await asked(desk, tool, instance_id=instance_id, **more)
    assert f": {GPU_SPEC}\n  = 1 x A10, " in of_spec
    assert f": {image_id}\n  = " in of_spec
    of_quota = await asked(desk, tool, instance_id=on_quota(desk), **more)
    assert f": {QUOTA}\n  = research_quota, ECS, 4 x A10\n" in of_quota


@pytest.mark.parametrize(("tool", "more"), [("create_snapshot", SNAPSHOT), ("stop_instance", {})])
async def test_a_quota_that_cannot_be_read_keeps_nobody_from_deciding(
    desk: Desk, tool: str, more: dict[str, Any]
) -> None:
    desk.steering.faults({"kind": "reset", "operation": "GetQuota", "times": None})
    assert f": {QUOTA}\n" in (question := await asked(desk, tool, instance_id=on_quota(desk), **more))
    assert "research_quota" not in question


async def test_an_owner_before_and_after_are_named(desk: Desk) -> None:
    instance_id, person = an_instance(desk.steering, "Running"), Person("yes")
    before, after = USER_IDS["admin"], USER_IDS["developer"]
    await desk.call("modern", person, "update_instance", instance_id=instance_id, user_id=after)
    question = person.questions[0].message
    assert f'{before} -> {after}\n  = "Lin Administrator" -> "Wu Developer"' in question
    (sent,) = desk.steering.writes()
    assert sent["parameters"]["UserId"] == after


async def test_the_owner_of_a_new_instance_is_named(desk: Desk) -> None:
    question = await asked(desk, "create_instance", **new_notebook(user_id=USER_IDS["developer"]))
    assert f'{USER_IDS["developer"]}\n  = "Wu Developer"' in question
