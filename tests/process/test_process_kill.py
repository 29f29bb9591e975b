"""kill -9 at every moment around a write, and a start on the same state folder: nothing is sent twice.

One server is killed once, with a write at another moment in each of several regions; one server starts again.
"""

import json
import sqlite3
import subprocess
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from pai_emulator.data.workspaces import workspaces
from tests.gate.cases import CPU_SPEC
from tests.process.conversation import LEGACY, Conversation, finished, yes
from tests.process.processes import (
    DEADLINE,
    INSTALLED_SERVER,
    SERVER,
    Message,
    RunningEmulator,
    ServerProcess,
    environment,
    private,
)

HELD: Final = {"kind": "delay", "seconds": 60}


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A region, what goes wrong there, and the request that is on its way when the server is killed."""

    region_id: str
    faults: tuple[dict[str, Any], ...]
    caught_at: str
    tool: str = "create_instance"


BEFORE_IT_WAS_SENT = Moment("cn-shanghai", ({**HELD, "operation": "GetWorkspace", "after": 1},), "GetWorkspace")
REPLY_ON_ITS_WAY = Moment("cn-hangzhou", ({**HELD, "operation": "CreateInstance"},), "CreateInstance")
NOT_LISTED_YET = Moment(
    "cn-beijing", ({**HELD, "operation": "CreateInstance"}, {"kind": "list_lag", "seconds": 3600}), "CreateInstance"
)
NEVER_ARRIVED = Moment(
    "cn-shenzhen",
    ({**HELD, "operation": "CreateInstance"}, {"kind": "reset", "operation": "CreateInstance"}),
    "CreateInstance",
)
STOP_ON_ITS_WAY = Moment("eu-central-1", ({**HELD, "operation": "StopInstance"},), "StopInstance", "stop_instance")
BETWEEN_TWO_REQUESTS = Moment(
    "us-west-1", ({**HELD, "operation": "DeleteIdleInstanceCuller"},), "DeleteIdleInstanceCuller", "set_auto_stop"
)
MOMENTS: Final = (
    BEFORE_IT_WAS_SENT,
    REPLY_ON_ITS_WAY,
    NOT_LISTED_YET,
    NEVER_ARRIVED,
    STOP_ON_ITS_WAY,
    BETWEEN_TWO_REQUESTS,
)


@dataclass
class Aftermath:
    """What the second server answers to the calls of the first, and what was sent by both."""

    state: Path
    at_once: dict[str, Message] = field(default_factory=dict[str, Message])
    writes_at_once: list[Message] = field(default_factory=list[Message])
    later: dict[str, Message] = field(default_factory=dict[str, Message])
    writes: list[Message] = field(default_factory=list[Message])
    questions: list[Message] = field(default_factory=list[Message])
    audit: list[Message] = field(default_factory=list[Message])

    def writes_in(self, moment: Moment) -> list[Message]:
        return [entry for entry in self.writes if entry["region_id"] == moment.region_id]

    def asked_in(self, moment: Moment) -> int:
        """How many questions the second server asked about the region."""
        return sum(moment.region_id in question["message"] for question in self.questions)

    def audited(self, moment: Moment) -> list[str]:
        """The states of the operations in the region, oldest first, and the instance that each is about."""
        entries = [entry for entry in reversed(self.audit) if entry["region_id"] == moment.region_id]
        return [f"{entry['outcome']} {entry['instance_id'] or entry['instance_name']}" for entry in entries]


@pytest.fixture(scope="module")
def aftermath(cloud: RunningEmulator, tmp_path_factory: pytest.TempPathFactory) -> Generator[Aftermath]:
    folder = tmp_path_factory.mktemp("killed")
    found = Aftermath(private(folder / "state"))
    arguments = ["--endpoint", cloud.url, "--state-dir", str(found.state)]
    env = environment(folder, **cloud.keys)
    steering = cloud.steering
    before = len(steering.requests())
    calls = {moment: _call(cloud, moment) for moment in MOMENTS}
    steering.faults(
        *({**fault, "region_id": moment.region_id} for moment in MOMENTS for fault in moment.faults), clear=True
    )

    with ServerProcess(arguments, env, INSTALLED_SERVER) as first:
        client = Conversation(first, LEGACY, yes)
        client.open()
        for moment, call in calls.items():
            client.begin(moment.tool, **call)
        _wait_until_caught(cloud, before)
        first.kill()

    with ServerProcess(arguments, env) as second:
        client = Conversation(second, LEGACY, yes, found.questions)
        client.open()
        found.at_once = _answers(client, calls)
        found.writes_at_once = _writes(cloud, before)
        steering.faults(clear=True)
        for moment in (NEVER_ARRIVED, BETWEEN_TWO_REQUESTS):
            _let_ten_minutes_pass(found.state, moment)
        found.later = _answers(client, calls)
        found.writes = _writes(cloud, before)
    audit = [SERVER, "audit", "--json", "--state-dir", str(found.state)]
    found.audit = json.loads(subprocess.run(audit, env=env, capture_output=True, text=True, check=True).stdout)
    yield found
    steering.faults(clear=True)


def _call(cloud: RunningEmulator, moment: Moment) -> dict[str, Any]:
    region_id = moment.region_id
    if moment.tool == "stop_instance":
        (instance_id, *_) = cloud.steering.generate(1, region_id)
        cloud.steering.instance(instance_id, Status="Running")
        return {"region_id": region_id, "instance_id": instance_id}
    if moment.tool == "set_auto_stop":
        (instance_id, *_) = cloud.steering.generate(1, region_id)
        cloud.steering.instance(instance_id, IdleInstanceCuller={"MaxIdleTimeInMinutes": 60})
        return {"region_id": region_id, "instance_id": instance_id, "idle_minutes": 30}
    return {
        "region_id": region_id,
        "workspace_id": next(iter(workspaces(region_id))),
        "instance_name": "survivor",
        "ecs_spec": CPU_SPEC,
        "image_url": f"dsw-registry-vpc.{region_id}.cr.aliyuncs.com/pai/notebook:1",
    }


def _wait_until_caught(cloud: RunningEmulator, before: int) -> None:
    """Until in every region the request has arrived whose reply is kept back."""
    ends = time.monotonic() + DEADLINE
    wanted = {(moment.region_id, moment.caught_at) for moment in MOMENTS}
    held = {BEFORE_IT_WAS_SENT.region_id: 2}
    while wanted:
        assert time.monotonic() < ends, f"not seen: {wanted}"
        seen = [(entry["region_id"], entry["operation"]) for entry in cloud.steering.requests()[before:]]
        wanted = {each for each in wanted if seen.count(each) < held.get(each[0], 1)}


def _answers(client: Conversation, calls: dict[Moment, dict[str, Any]]) -> dict[str, Message]:
    begun = {moment: client.begin(moment.tool, **call) for moment, call in calls.items()}
    return {moment.region_id: finished(call)["structuredContent"] for moment, call in begun.items()}


def _writes(cloud: RunningEmulator, before: int) -> list[Message]:
    return [entry for entry in cloud.steering.requests()[before:] if entry["write"]]


def _let_ten_minutes_pass(state: Path, moment: Moment) -> None:
    """For the operation of one region; the rest of the world stays where it is."""
    journal = sqlite3.connect(state / "journal.sqlite3")
    with journal:
        journal.execute(
            "UPDATE operations SET sent_at = sent_at - 660, deadline = deadline - 660 WHERE region_id = ?",
            (moment.region_id,),
        )
    journal.close()


def test_a_yes_that_was_not_used_yet_still_counts_once(aftermath: Aftermath) -> None:
    region_id = BEFORE_IT_WAS_SENT.region_id
    done = aftermath.at_once[region_id]
    assert done["status"] == "done"
    assert aftermath.later[region_id]["status"] == "nothing_to_do"
    assert [entry["outcome"] for entry in aftermath.writes_in(BEFORE_IT_WAS_SENT)] == ["applied"]
    assert aftermath.audited(BEFORE_IT_WAS_SENT) == [f"done {done['instance_id']}"]


def test_an_instance_whose_reply_was_lost_is_found_again(aftermath: Aftermath, cloud: RunningEmulator) -> None:
    region_id = REPLY_ON_ITS_WAY.region_id
    there = aftermath.at_once[region_id]
    assert there["status"] == "nothing_to_do"
    assert cloud.steering.instance(there["instance_id"])["InstanceName"] == "survivor"
    assert aftermath.later[region_id]["instance_id"] == there["instance_id"]
    assert [entry["outcome"] for entry in aftermath.writes_in(REPLY_ON_ITS_WAY)] == ["applied"]
    assert aftermath.audited(REPLY_ON_ITS_WAY) == [f"done {there['instance_id']}"]


def test_an_instance_that_is_not_listed_yet_is_unknown_and_not_created_again(aftermath: Aftermath) -> None:
    region_id = NOT_LISTED_YET.region_id
    assert aftermath.at_once[region_id]["status"] == "unknown"
    there = aftermath.later[region_id]
    assert there["status"] == "nothing_to_do"
    assert [entry["outcome"] for entry in aftermath.writes_in(NOT_LISTED_YET)] == ["applied"]
    assert aftermath.audited(NOT_LISTED_YET) == [f"done {there['instance_id']}"]


def test_a_request_that_never_arrived_is_lost_after_ten_minutes_and_asked_for_anew(aftermath: Aftermath) -> None:
    region_id = NEVER_ARRIVED.region_id
    assert aftermath.at_once[region_id]["status"] == "unknown"
    assert [entry["outcome"] for entry in aftermath.writes_at_once if entry["region_id"] == region_id] == [
        "disconnected"
    ]
    created = aftermath.later[region_id]
    assert created["status"] == "done"
    assert [entry["outcome"] for entry in aftermath.writes_in(NEVER_ARRIVED)] == ["disconnected", "applied"]
    assert aftermath.audited(NEVER_ARRIVED) == ["lost survivor", f"done {created['instance_id']}"]
    assert aftermath.asked_in(NEVER_ARRIVED) == 1


def test_of_a_change_in_two_requests_what_was_not_sent_is_asked_for_anew(aftermath: Aftermath) -> None:
    assert aftermath.at_once[BETWEEN_TWO_REQUESTS.region_id]["status"] == "unknown"
    done = aftermath.later[BETWEEN_TWO_REQUESTS.region_id]
    assert done["status"] == "done"
    sent = [(entry["operation"], entry["outcome"]) for entry in aftermath.writes_in(BETWEEN_TWO_REQUESTS)]
    assert sent == [("DeleteIdleInstanceCuller", "applied"), ("CreateIdleInstanceCuller", "applied")]
    assert aftermath.asked_in(BETWEEN_TWO_REQUESTS) == 1
    states = [f"{state} {done['instance_id']}" for state in ("lost", "done")]
    assert aftermath.audited(BETWEEN_TWO_REQUESTS) == states


def test_nobody_is_asked_again_about_what_was_done(aftermath: Aftermath) -> None:
    asked = [moment for moment in MOMENTS if aftermath.asked_in(moment)]
    assert asked == [NEVER_ARRIVED, BETWEEN_TWO_REQUESTS]


def test_a_stop_whose_reply_was_lost_is_seen_to_have_happened(aftermath: Aftermath) -> None:
    region_id = STOP_ON_ITS_WAY.region_id
    stopping = aftermath.at_once[region_id]
    assert stopping["status"] == "nothing_to_do"
    assert [entry["outcome"] for entry in aftermath.writes_in(STOP_ON_ITS_WAY)] == ["applied"]
    assert aftermath.audited(STOP_ON_ITS_WAY) == [f"done {stopping['instance_id']}"]
