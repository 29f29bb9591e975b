"""Whatever the service does where nobody knows it: the server keeps its promises under every alternative."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import anyio
import pytest
from hypothesis import HealthCheck, given, settings

from pai_emulator.assumptions import assumptions
from pai_emulator.faults.model import Assume
from pai_emulator.serve import Emulator
from tests.gate.cases import an_instance, new_notebook
from tests.gate.moves import Step
from tests.gate.rounds import posts
from tests.gate.steps import CONVERSATIONS
from tests.gate.test_gate_arguments import DATASET
from tests.gate.walk import walk
from tests.support.desk import Desk, Person, text_of, told

ALTERNATIVES: Final = [
    (name, value) for name, each in assumptions().items() for value in each.alternatives if value != each.plays
]
DAYS: Final = [
    {
        "taken-name": "InternalError",
        "stop-from": "running",
        "status-after-start": "ResourceAllocating",
        "snapshot-life-cycle": "Running",
        "auto-stop-from": "running",
        "largest-page": "50",
        "no-reason": "absent",
        "list-lag": "minutes",
    },
    {
        "taken-name": "InstanceNameAlreadyExists",
        "stop-from": "any",
        "status-after-start": "Stopped",
        "changes-while-running": "all",
        "largest-page": "cut-to-50",
        "no-reason": "null",
        "list-visibility": "private",
    },
    {"changes-while-running": "none"},
]
BY_ITSELF: Final = {"dsw-denial", "memory-without-unit", "mounts-while-running", "system-logs"}
"""What does not show in the day of one notebook; all but `system-logs`, which nothing here depends on, is below."""
LONG_ENOUGH: Final = 700
IMAGE: Final = "team-registry.cn-hangzhou.cr.aliyuncs.com/vision/saved:v1"
SHARE: Final = {"cpu": "4", "memory": "16GB"}


def of_assumptions(*names: str) -> pytest.MarkDecorator:
    chosen = [each for each in ALTERNATIVES if each[0] in names]
    return pytest.mark.parametrize(("name", "value"), chosen, ids=["=".join(each) for each in chosen])


pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("without_coverage")]


async def settled(desk: Desk, instance_id: str) -> str:
    desk.steering.advance(LONG_ENOUGH)
    return told(await desk.call("modern", None, "get_instance", instance_id=instance_id))["status"]


def test_every_alternative_has_its_day() -> None:
    of_a_day = {pair for day in DAYS for pair in day.items()}
    assert of_a_day == {pair for pair in ALTERNATIVES if pair[0] not in BY_ITSELF}


@pytest.mark.parametrize("day", DAYS)
async def test_a_day_of_a_notebook(
    emulator: Emulator, desk: Desk, monkeypatch: pytest.MonkeyPatch, day: dict[str, str]
) -> None:
    """Of several alternatives together, because a day is long; the campaign has each by itself."""

    async def sleep(seconds: float) -> None:
        desk.steering.advance(seconds)

    monkeypatch.setattr(desk.services, "sleep", sleep)
    emulator.faults.add(*(Assume(id=name, value=value) for name, value in day.items()))
    person, notebook = Person("yes"), new_notebook()
    created = await desk.call("modern", person, "create_instance", **notebook)
    again = told(await desk.call("modern", person, "create_instance", **notebook))
    assert (told(created)["status"], again["status"], posts(desk)) == ("done", "nothing_to_do", ["CreateInstance"])
    place = {"instance_id": told(created)["instance_id"]}
    assert await settled(desk, **place) == "Running"
    told(await desk.call("modern", person, "set_auto_stop", idle_minutes=600, **place))
    updated = await desk.call("modern", person, "update_instance", accessibility="PUBLIC", **place)
    assert updated.is_error is (day.get("changes-while-running") == "none")
    assert await settled(desk, **place) == "Running"
    told(await desk.call("modern", person, "create_snapshot", snapshot_name="saved", image_url=IMAGE, **place))
    assert await settled(desk, **place) == "Running"
    for tool, status in (("stop_instance", "Stopped"), ("start_instance", "Running")):
        assert told(await desk.call("modern", person, tool, **place))["status"] == "done"
        waited = told(await desk.call("modern", None, "wait_for_instance", until=status, seconds=1, **place))
        assert (waited["done"], "check_again_in_seconds" in waited) == (False, True)
        assert await settled(desk, **place) == status
        assert told(await desk.call("modern", person, tool, **place))["status"] == "nothing_to_do"
    assert len(posts(desk)) == person.approvals


@of_assumptions("taken-name", "list-visibility", "list-lag")
async def test_a_name_that_somebody_else_has_is_never_given_again(
    emulator: Emulator, desk: Desk, name: str, value: str
) -> None:
    emulator.faults.add(Assume(id=name, value=value))
    other, person = an_instance(desk.steering, "Stopped"), Person("yes")
    desk.steering.instance(other, InstanceName="train_1", Accessibility="PUBLIC")
    answer = await desk.call("modern", person, "create_instance", **new_notebook())
    assert answer.is_error
    if name == "list-lag":
        # The list did not know it; the service does.
        assert (len(person.questions), len(posts(desk))) == (1, 1)
    else:
        assert (person.questions, posts(desk)) == ([], [])


@of_assumptions("dsw-denial")
async def test_a_denial_is_told_as_one(emulator: Emulator, desk: Desk, name: str, value: str) -> None:
    emulator.faults.add(Assume(id=name, value=value))
    emulator.world.policies["admin"] = {
        "rights": ["paidsw:Get*", "paidsw:List*", "pai*"],
        "denied": ["paidsw:GetInstance"],
    }
    answer = await desk.call("modern", None, "get_instance", instance_id=an_instance(desk.steering, "Running"))
    assert answer.is_error
    assert "paidsw:GetInstance" in text_of(answer)
    assert "does not exist" not in text_of(answer)


@of_assumptions("largest-page")
async def test_a_list_is_whole(emulator: Emulator, desk: Desk, name: str, value: str) -> None:
    emulator.faults.add(Assume(id=name, value=value))
    desk.steering.generate(120)
    answer = await desk.call("modern", None, "list_instances", limit=1)
    assert told(answer)["total"] == 120


@of_assumptions("memory-without-unit")
async def test_memory_is_sent_with_its_unit(emulator: Emulator, desk: Desk, name: str, value: str) -> None:
    emulator.faults.add(Assume(id=name, value=value))
    wanted = new_notebook(resource_id="quota40001", requested_resource=SHARE)
    del wanted["ecs_spec"]
    created = told(await desk.call("modern", Person("yes"), "create_instance", **wanted))
    assert await settled(desk, created["instance_id"]) == "Running"


@of_assumptions("mounts-while-running")
async def test_a_mount_is_changed_or_refused_in_one_write(
    emulator: Emulator, desk: Desk, name: str, value: str
) -> None:
    emulator.faults.add(Assume(id=name, value=value))
    running = an_instance(desk.steering, "Running")
    mounts = [{"dataset_id": DATASET, "mount_path": "/mnt/data", "mount_access": "RO"}]
    answer = await desk.call("modern", Person("yes"), "update_instance", instance_id=running, datasets=mounts)
    assert (answer.is_error, posts(desk)) == (value == "refused", ["UpdateInstance"])
    assert await settled(desk, running) == "Running"


@of_assumptions("auto-stop-from")
async def test_a_rule_that_a_new_instance_does_not_take_is_told(
    emulator: Emulator, desk: Desk, name: str, value: str
) -> None:
    emulator.faults.add(Assume(id=name, value=value))
    created = told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook(), idle_minutes=60))
    assert created["message"].startswith("NOT DONE: set_auto_stop")


@of_assumptions("no-reason")
async def test_a_failure_without_a_reason_is_told(emulator: Emulator, desk: Desk, name: str, value: str) -> None:
    emulator.faults.add(Assume(id=name, value=value))
    failed = an_instance(desk.steering, "Failed")
    shown = told(await desk.call("modern", None, "get_instance", instance_id=failed))
    assert (shown["status"], "reason" in shown) == ("Failed", False)
    told(await desk.call("modern", None, "diagnose_instance", instance_id=failed))


@of_assumptions("taken-name", "stop-from", "changes-while-running", "status-after-start")
def test_no_conversation_leads_to_a_write_that_nobody_allowed(emulator: Emulator, name: str, value: str) -> None:
    """One each; `python -m tests.gate.campaign --every-alternative` has many."""

    @settings(
        max_examples=1, derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(steps=CONVERSATIONS)
    def converse(steps: Sequence[Step]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            anyio.run(walk, emulator, Path(folder), steps, {name: value})

    converse()
