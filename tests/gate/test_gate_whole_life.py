"""Whole conversations, as people have them: every step is a call of a client, every write has a yes of its own."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from mcp_types import ImageContent

from tests.gate.cases import GPU_SPEC, image_for, new_notebook
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

QUOTA: Final = "quota40001"
REGIONS: Final = ["cn-hangzhou", "cn-shanghai", "cn-beijing"]
MINUTE: Final = 60
REGISTRY: Final = "registry-vpc.cn-hangzhou.aliyuncs.com/team"


@pytest.fixture
def desk(new_desk: Callable[..., Desk], steering: Any) -> Desk:
    """A server whose clock is the emulator's."""
    return new_desk(now=steering.now)


class Talk:
    """One conversation: a person who says yes, and what they were asked."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.person = desk, Person("yes")

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured result of a call that works."""
        return told(await self.desk.call("modern", self.person, tool, **arguments))

    async def refused(self, tool: str, **arguments: Any) -> str:
        """The text of a call that is refused; nobody is asked and nothing is sent."""
        before = len(self.person.questions), len(self.desk.steering.writes())
        answer = await self.desk.call("modern", self.person, tool, **arguments)
        assert answer.is_error, text_of(answer)
        assert (len(self.person.questions), len(self.desk.steering.writes())) == before
        return text_of(answer)


async def test_from_the_first_start_to_the_forgotten_ones(desk: Desk) -> None:
    talk, steering = Talk(desk), desk.steering
    forgotten = steering.generate(2, "cn-shanghai")
    for each in forgotten:
        steering.instance(each, Status="Running", IdleInstanceCuller=None, InstanceShutdownTimer=None)

    gpu = new_notebook(ecs_spec=GPU_SPEC, image_id=image_for("GPU"))
    made = await talk.call("create_instance", **gpu, idle_minutes=60, stop_after_minutes=600)
    assert (made["status"], [each["status"] for each in made["follow_ups"]]) == ("done", ["done"])
    notebook = {"instance_id": made["instance_id"]}
    steering.advance(50 * MINUTE)
    assert (await talk.call("get_instance", **notebook))["status"] == "Running"

    curve = await desk.call("modern", talk.person, "get_instance_metrics", **notebook, hours=1, image=True)
    assert any("gpu" in str(each).lower() for each in told(curve)["metrics"])
    assert isinstance(curve.content[-1], ImageContent)

    saved = await talk.call("create_snapshot", **notebook, snapshot_name="mid", image_url=f"{REGISTRY}/mid:v1")
    assert saved["status"] == "done"
    steering.advance(30 * MINUTE)
    assert [each["status"] for each in (await talk.call("list_snapshots", **notebook))["snapshots"]] == ["Saved"]

    assert (await talk.call("stop_instance", **notebook, save_image=True))["status"] == "done"
    steering.advance(30 * MINUTE)
    assert (await talk.call("get_instance", **notebook))["status"] == "Stopped"
    labelled = await talk.call("update_labels", **notebook, labels=[{"key": "team", "value": "vision"}])
    assert labelled["status"] == "done"

    costs = await talk.call("get_costs", region_ids=REGIONS)
    rows = [costs.get("in_all_rows", {}) | each for each in costs["instances"]]
    running = [each for each in rows if each["status"] == "Running"]
    assert {each["instance_id"] for each in running} == set(forgotten)
    places = [{"region_id": "cn-shanghai", "instance_id": each} for each in forgotten]
    stopped = await talk.call("stop_instances", instances=places)
    assert {each["instance_id"]: each["status"] for each in stopped["follow_ups"]} == dict.fromkeys(forgotten, "done")

    # One question a change; each request belongs to an operation that belongs to a yes.
    assert len(talk.person.questions) == talk.person.approvals == 5
    history = await desk.services.journal.history(since=0.0, limit=100)
    sent = [(operation.request_id, approval.decided_channel) for approval, operation in history if operation]
    assert {channel for _, channel in sent} == {"form"}
    told_ids = " ".join(str(request_id) for request_id, _ in sent)
    assert all(entry["request_id"] in told_ids for entry in steering.writes())


async def test_on_a_quota_one_runs_one_fails_for_its_memory_and_one_waits(desk: Desk) -> None:
    talk, steering = Talk(desk), desk.steering
    quotas = (await talk.call("list_quotas"))["quotas"]
    assert QUOTA in {each["quota_id"] for each in quotas}
    share = {"cpu": "60", "memory": "64GB"}
    wanted = new_notebook(ecs_spec=None, resource_id=QUOTA, requested_resource=share)

    bare = {**share, "memory": "64"}
    assert "unit" in await talk.refused("create_instance", **{**wanted, "requested_resource": bare})
    runs = (await talk.call("create_instance", **wanted))["instance_id"]
    # Somebody else, in the console, left the unit out.
    failed = steering.generate(1)[0]
    outcome = {"ResourceId": QUOTA, "EcsSpec": None, "RequestedResource": {"CPU": "1", "Memory": "16"}}
    steering.instance(failed, Status="Failed", **outcome)
    causes = (await talk.call("diagnose_instance", instance_id=failed))["causes"]
    assert "without a unit" in causes[0]["cause"]
    assert "16GB" in causes[0]["remedy"]

    steering.advance(10 * MINUTE)
    assert (await talk.call("get_instance", instance_id=runs))["status"] == "Running"
    second = await talk.call("create_instance", **{**wanted, "instance_name": "train_2"})
    assert "waits in the queue" in talk.person.questions[-1].message
    steering.advance(2 * MINUTE)
    waiting = await desk.call("modern", None, "get_instance", instance_id=second["instance_id"])
    assert told(waiting)["status"] == "Queuing"
    assert "it is the next one" in text_of(waiting)
