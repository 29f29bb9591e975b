"""A change in several requests of which a later one fails: what was taken is told, and nothing is sent blindly."""

import json
from collections.abc import Callable
from typing import Any

import anyio.lowlevel
import anyio.to_thread
import pytest
from mcp_types import ElicitRequestParams, ElicitResult

from pai_dsw_mcp.commands.audit import audit
from pai_dsw_mcp.settings import Settings
from pai_dsw_mcp.texts.text import Language
from tests.gate.auto_stops import MORNING, RULE, TIMER, call, running, sent
from tests.support.desk import Desk, Era, Person, text_of, told

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk(now=lambda: MORNING)


async def test_a_change_of_which_a_part_is_refused_says_so_and_sends_nothing_more(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    instance_id = running(desk, IdleInstanceCuller=RULE)
    desk.steering.faults({"kind": "throttle", "operation": "CreateIdleInstanceCuller", "status": 400})
    wanted = {"instance_id": instance_id, "idle_minutes": 30, "stop_after_minutes": 60}
    person = Person("yes")
    ended = await call(desk, "set_auto_stop", person, **wanted)
    assert ended["status"] == "partly_done"
    assert ended["message"].startswith("NOT SET: the present rule is deleted (DeleteIdleInstanceCuller)")
    assert [name for name, _ in sent(desk)] == ["DeleteIdleInstanceCuller", "CreateIdleInstanceCuller"]
    assert [each.state for each in await desk.services.journal.operations()] == ["partial"]

    again = await call(desk, "set_auto_stop", person, **wanted)
    assert (again["status"], person.approvals) == ("done", 2)
    left = ["CreateIdleInstanceCuller", "CreateInstanceShutdownTimer"]
    assert [name for name, _ in sent(desk)[2:]] == left

    folder = desk.settings.journal_path.parent
    outcomes: dict[Language, str] = {"en": "partly done", "zh": "部分完成"}
    for language, words in outcomes.items():
        shown = Settings(verb="audit", state_dir=folder, lang=language)
        assert await anyio.to_thread.run_sync(audit, shown) == 0
        assert words in capsys.readouterr().out
    assert await anyio.to_thread.run_sync(audit, Settings(verb="audit", state_dir=folder, json=True)) == 0
    assert [each["outcome"] for each in json.loads(capsys.readouterr().out)] == ["done", "partial"]


@pytest.mark.parametrize("fault", [{"kind": "lost_reply"}, {"kind": "reset"}], ids=["it took effect", "it did not"])
async def test_the_unknown_outcome_of_a_later_part_is_looked_at_and_never_sent_again_blindly(
    new_desk: Callable[..., Desk], fault: dict[str, Any]
) -> None:
    now = MORNING
    desk = new_desk(now=lambda: now)
    instance_id = running(desk, IdleInstanceCuller=RULE)
    desk.steering.faults({**fault, "operation": "CreateIdleInstanceCuller"})
    wanted = {"instance_id": instance_id, "idle_minutes": 30}
    person = Person("yes")
    first = await call(desk, "set_auto_stop", person, **wanted)
    second = await call(desk, "set_auto_stop", person, **wanted)
    assert [first["status"], second["status"]] == ["unknown", "unknown"]
    assert "took DeleteIdleInstanceCuller" in first["message"]
    replaced = ["DeleteIdleInstanceCuller", "CreateIdleInstanceCuller"]
    assert [name for name, _ in sent(desk)] == replaced

    now += 2 * desk.services.write_deadline + 1
    later = await call(desk, "set_auto_stop", person, **wanted)
    if fault["kind"] == "lost_reply":
        assert (later["status"], person.approvals) == ("nothing_to_do", 1)
    else:
        assert (later["status"], person.approvals) == ("done", 2)
        assert [name for name, _ in sent(desk)] == [*replaced, "CreateIdleInstanceCuller"]
    assert desk.steering.instance(instance_id)["IdleInstanceCuller"]["MaxIdleTimeInMinutes"] == 30


@pytest.mark.parametrize(("deadlines", "first", "meanwhile"), [(2, "done", "unknown"), (4, "partly_done", "declined")])
async def test_a_change_in_several_requests_is_given_up_only_when_none_of_them_can_come_any_more(
    new_desk: Callable[..., Desk], deadlines: int, first: str, meanwhile: str
) -> None:
    now = MORNING
    desk = new_desk(now=lambda: now)
    desk.services.patience = 0
    instance_id = running(desk, IdleInstanceCuller=RULE)
    slow = {"kind": "delay", "operation": "CreateIdleInstanceCuller", "seconds": 60, "unit": "emulator"}
    desk.steering.faults(slow)
    ended: list[dict[str, Any]] = []

    async def change() -> None:
        wanted: dict[str, Any] = {"idle_minutes": 30, "stop_after_minutes": 60}
        ended.append(await call(desk, "set_auto_stop", instance_id=instance_id, **wanted))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(change)
        while len(sent(desk)) < 2:
            await anyio.lowlevel.checkpoint()
        # Three requests: a rule is replaced, and a timer set.
        now += deadlines * desk.services.write_deadline
        ended.append(await call(desk, "clear_auto_stop", Person("no"), instance_id=instance_id))
        desk.steering.advance(60)
    assert [each["status"] for each in ended] == [meanwhile, first]
    timers = [name for name, _ in sent(desk)[2:]]
    assert timers == (["CreateInstanceShutdownTimer"] if first == "done" else [])


class SlowReader(Person):
    """A person who lets time pass between the question and the yes."""

    waits: Callable[[], None]

    def reply(self, question: ElicitRequestParams) -> ElicitResult:
        self.waits()
        return super().reply(question)


@pytest.mark.parametrize("era", ["modern", "legacy"])
async def test_a_time_that_comes_while_the_question_is_open_deletes_no_timer(
    new_desk: Callable[..., Desk], era: Era
) -> None:
    now = MORNING

    def wait() -> None:
        nonlocal now
        now += 560

    desk, person = new_desk(now=lambda: now), SlowReader("yes")
    person.waits = wait
    wanted = {"instance_id": running(desk, InstanceShutdownTimer=TIMER), "stop_at": "2026-01-05T16:10+08:00"}
    answer = await desk.call(era, person, "set_auto_stop", **wanted)
    assert (answer.is_error, sent(desk)) == (True, [])
    assert "less than a minute away: it is 2026-01-05T08:09:20Z now" in text_of(answer)


async def test_a_time_that_was_approved_is_sent_also_when_it_has_come_nearer(new_desk: Callable[..., Desk]) -> None:
    now = MORNING
    desk = new_desk(now=lambda: now, approve="page")
    wanted = {"instance_id": running(desk), "stop_at": "2026-01-05T16:12+08:00"}
    told(await desk.call("modern", None, "set_auto_stop", **wanted))
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=True, channel="page")
    now += 180
    assert told(await desk.call("modern", None, "set_auto_stop", **wanted))["status"] == "done"
    assert [name for name, _ in sent(desk)] == ["CreateInstanceShutdownTimer"]
