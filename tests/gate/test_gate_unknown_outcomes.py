"""A write whose reply was lost is never sent again: the cloud is asked what became of it."""

from collections.abc import Callable
from typing import Any

import anyio.lowlevel
import anyio.to_thread
import pytest

from pai_dsw_mcp.model.writes import WRITES
from tests.gate.cases import CASES, Case, an_instance, new_notebook
from tests.support.desk import REGION, Desk, Era, Person, text_of, told, with_region

pytestmark = pytest.mark.anyio

EACH_ERA = pytest.mark.parametrize("era", ["legacy", "modern"])
CREATES = [case for case in CASES if WRITES[case.tool].creates]
EACH_CREATE = pytest.mark.parametrize("case", CREATES, ids=str)
NAME = {"create_instance": "instance_name", "create_workspace": "workspace_name"}
LISTING = {"create_instance": "ListInstances", "create_workspace": "ListWorkspaces"}
START = 1_000_000.0


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> float:
        return self.time


def posts(desk: Desk) -> list[str]:
    return [entry["operation"] for entry in desk.steering.writes()]


async def call(desk: Desk, case: Case, person: Person | None, era: Era = "modern") -> dict[str, Any]:
    return told(await desk.call(era, person, case.tool, **case.arguments(desk.steering)))


def id_in(told_of: dict[str, Any], case: Case) -> str:
    return told_of[f"{WRITES[case.tool].target}_id"]


@EACH_ERA
@EACH_CREATE
@pytest.mark.parametrize(
    "fault",
    [{"kind": "lost_reply"}, {"kind": "server_error", "applied": True}],
    ids=["reply lost", "500 after it took effect"],
)
async def test_what_a_create_made_is_found_and_answered_although_its_reply_was_lost(
    desk: Desk, case: Case, era: Era, fault: dict[str, Any]
) -> None:
    desk.steering.faults({**fault, "operation": case.operation})
    ended = await call(desk, case, Person("yes"), era)
    assert ended["status"] == "done"
    assert posts(desk) == [case.operation]
    again = await call(desk, case, Person("no"), era)
    assert (again["status"], id_in(again, case)) == ("nothing_to_do", id_in(ended, case))


@EACH_CREATE
async def test_what_cannot_be_seen_yet_is_called_unknown_and_found_by_a_later_call(
    new_desk: Callable[..., Desk], case: Case
) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    desk.steering.faults({"kind": "lost_reply", "operation": case.operation}, {"kind": "list_lag", "seconds": 120})
    person = Person("yes")
    first = await call(desk, case, person)
    assert first["status"] == "unknown"
    assert "not sent again" in first["message"]

    second = await call(desk, case, person)
    assert second["status"] == "unknown"
    assert "Nothing was sent now" in second["message"]

    clock.time += 130
    desk.steering.advance(130)
    third = await call(desk, case, person)
    assert (third["status"], third["reference"], third["answered_by"]) == ("done", first["reference"], "form")
    assert f"It was approved (form, {first['answered_at']})" in third["message"]
    assert "Nothing was created" not in third["message"]
    again = await call(desk, case, person)
    assert (again["status"], id_in(again, case)) == ("nothing_to_do", id_in(third, case))
    assert posts(desk) == [case.operation]
    assert person.approvals == 1


@EACH_CREATE
async def test_what_another_call_found_out_is_told_by_the_call_that_is_repeated(desk: Desk, case: Case) -> None:
    desk.steering.faults({"kind": "lost_reply", "operation": case.operation}, {"kind": "list_lag", "seconds": 120})
    assert (await call(desk, case, Person("yes")))["status"] == "unknown"
    desk.steering.advance(130)
    other = {**case.arguments(desk.steering), NAME[case.tool]: "other_1"}
    assert told(await desk.call("modern", Person("no"), case.tool, **other))["status"] == "declined"
    (operation,) = await desk.services.journal.operations()
    assert operation.state == "done"
    repeated = await call(desk, case, Person("no"))
    assert (repeated["status"], repeated["reference"]) == ("done", operation.reference)


@EACH_CREATE
async def test_another_wish_under_the_name_is_not_told_that_it_was_approved(desk: Desk, case: Case) -> None:
    desk.steering.faults({"kind": "lost_reply", "operation": case.operation}, {"kind": "list_lag", "seconds": 120})
    assert (await call(desk, case, Person("yes")))["status"] == "unknown"
    desk.steering.advance(130)
    another = {"create_instance": {"ecs_spec": "ecs.g6.xlarge"}, "create_workspace": {"description": "Another"}}
    arguments = {**case.arguments(desk.steering), **another[case.tool]}
    refused = await desk.call("modern", Person("yes"), case.tool, **arguments)
    assert refused.is_error
    assert "approved" not in text_of(refused)
    assert (await call(desk, case, Person("no")))["status"] == "done"
    assert posts(desk) == [case.operation]


@EACH_CREATE
async def test_what_was_made_is_known_by_its_id_while_no_list_shows_it(desk: Desk, case: Case) -> None:
    desk.steering.faults({"kind": "list_lag", "seconds": 120})
    person = Person("yes")
    first, second = await call(desk, case, person), await call(desk, case, person)
    assert (first["status"], second["status"]) == ("done", "nothing_to_do")
    assert id_in(first, case) == id_in(second, case)
    assert posts(desk) == [case.operation]


@EACH_CREATE
async def test_a_write_that_never_arrived_may_be_asked_for_anew_only_after_the_settle_time(
    new_desk: Callable[..., Desk], case: Case
) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    desk.steering.faults({"kind": "reset", "operation": case.operation})
    person = Person("yes")
    assert (await call(desk, case, person))["status"] == "unknown"
    clock.time += desk.services.settle - 1
    assert (await call(desk, case, person))["status"] == "unknown"
    clock.time += 2
    ended = await call(desk, case, person)
    assert ended["status"] == "done"
    assert person.approvals == 2
    assert "10 minutes ago" in person.questions[-1].message


@pytest.mark.parametrize("case", [case for case in CASES if case not in CREATES], ids=str)
async def test_a_lost_reply_of_another_write_is_settled_by_the_state_of_the_instance(desk: Desk, case: Case) -> None:
    arguments = case.arguments(desk.steering)
    desk.steering.faults({"kind": "lost_reply", "operation": case.operation})
    person = Person("yes")
    first = told(await desk.call("modern", person, case.tool, **arguments))
    assert first["status"] in ("done", "unknown")
    later = told(await desk.call("modern", person, case.tool, **arguments))
    assert later["status"] in ("nothing_to_do", "unknown")
    assert posts(desk) == [case.operation]


async def test_a_refused_write_is_told_as_refused_and_its_yes_is_gone(desk: Desk) -> None:
    desk.steering.faults({"kind": "throttle", "operation": "StartInstance", "status": 400})
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    person = Person("yes")
    refused = await desk.call("modern", person, "start_instance", **arguments)
    assert refused.is_error
    assert "limited by the service" in text_of(refused)
    assert posts(desk) == ["StartInstance"]

    assert told(await desk.call("modern", person, "start_instance", **arguments))["status"] == "done"
    assert person.approvals == 2


@EACH_CREATE
async def test_a_damaged_list_never_means_that_a_name_is_free(desk: Desk, case: Case) -> None:
    person = Person("yes")
    for damage in ("success_false", "missing_total", "wrong_types", "null", "wrong_case", "truncated"):
        desk.steering.faults(
            {"kind": "damaged_reply", "operation": LISTING[case.tool], "damage": damage, "times": None}, clear=True
        )
        answer = await desk.call("modern", person, case.tool, **case.arguments(desk.steering))
        assert answer.is_error, damage
    assert person.questions == []
    assert posts(desk) == []


@EACH_CREATE
async def test_a_write_that_has_begun_is_finished_although_the_caller_went_away(desk: Desk, case: Case) -> None:
    desk.steering.faults({"kind": "delay", "operation": case.operation, "seconds": 0.5})
    arguments = with_region(case.arguments(desk.steering))
    async with desk.client("legacy", Person("yes")) as client, anyio.create_task_group() as group:
        group.start_soon(client.call_tool, case.tool, arguments)
        while not await anyio.to_thread.run_sync(desk.steering.writes):
            await anyio.lowlevel.checkpoint()
        group.cancel_scope.cancel()
    assert [each.state for each in await desk.services.journal.operations()] == ["done"]
    again = await call(desk, case, Person("no"), "legacy")
    assert again["status"] == "nothing_to_do"


@pytest.mark.usefixtures("each_database")
@EACH_CREATE
async def test_twenty_concurrent_creates_of_one_name_make_one(desk: Desk, case: Case) -> None:
    desk.services.patience = 60
    found: list[str] = []

    async def create() -> None:
        found.append(id_in(await call(desk, case, Person("yes")), case))

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(create)
    assert len(found) == 20
    assert len(set(found)) == 1
    assert posts(desk) == [case.operation]


@EACH_CREATE
async def test_of_many_calls_that_find_one_yes_at_once_one_sends(desk: Desk, case: Case) -> None:
    """The journal alone decides who sends: all of them have looked before the first one begins."""
    await call(desk, case, None)
    (asked,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(asked.approval_id, approve=True, channel="page")
    desk.steering.faults({"kind": "delay", "operation": LISTING[case.tool], "seconds": 0.5, "times": None})
    desk.services.patience = 60
    found: list[dict[str, Any]] = []

    async def create() -> None:
        found.append(await call(desk, case, None))

    async with anyio.create_task_group() as group:
        for _ in range(25):
            group.start_soon(create)
    assert posts(desk) == [case.operation]
    assert len({id_in(each, case) for each in found}) == 1


async def test_a_call_that_looked_before_another_used_the_yes_looks_again_and_asks_nobody(desk: Desk) -> None:
    told(await desk.call("modern", None, "create_instance", **new_notebook()))
    (asked,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(asked.approval_id, approve=True, channel="page")
    # The first call has seen that the name is free, and waits for the image until the second one has sent.
    desk.steering.faults({"kind": "delay", "operation": "GetImage", "seconds": 3, "times": 1})
    found: list[dict[str, Any]] = []

    async def create() -> None:
        found.append(told(await desk.call("modern", None, "create_instance", **new_notebook())))

    def looks() -> int:
        return sum(each["operation"] == "ListEcsSpecs" for each in desk.steering.requests())

    before = looks()
    async with anyio.create_task_group() as group:
        group.start_soon(create)
        with anyio.fail_after(20):
            while looks() == before:
                await anyio.lowlevel.checkpoint()
        await create()
    assert [each["status"] for each in found] == ["done", "nothing_to_do"]
    assert len({each["instance_id"] for each in found}) == 1
    assert await desk.services.journal.waiting() == ()
    assert posts(desk) == ["CreateInstance"]


@pytest.mark.usefixtures("each_database")
async def test_what_a_process_that_is_gone_left_open_is_waited_for_until_its_deadline_and_no_longer(
    new_desk: Callable[..., Desk],
) -> None:
    clock = Clock()
    desk = new_desk(now=clock)
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    told(await desk.call("modern", None, "start_instance", **arguments))
    (asked,) = await desk.services.journal.waiting()
    yes = await desk.services.journal.decide(asked.approval_id, approve=True, channel="page")
    await desk.services.journal.begin(
        approval_id=yes.approval_id,
        operation_id="op-gone",
        fingerprint=yes.change.fingerprint,
        scope=f"{REGION}/{arguments['instance_id']}",
        deadline_seconds=desk.services.write_deadline,
        channels=desk.services.channels_for(yes.change),
    )
    desk.services.patience = 0.2
    assert told(await desk.call("modern", None, "start_instance", **arguments))["status"] == "unknown"
    clock.time += desk.services.write_deadline + 1
    desk.services.patience = 3600
    with anyio.fail_after(20):
        ended = told(await desk.call("modern", None, "start_instance", **arguments))
    assert ended["status"] == "approval_needed"
    assert posts(desk) == []
