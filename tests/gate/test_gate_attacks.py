"""Ways in which a yes could be stretched, or a no overruled: each of them leads nowhere."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client import ClientRequestContext
from mcp_types import ElicitRequestParams, ElicitResult

from pai_emulator.serve import Emulator
from tests.gate.cases import an_instance, break_ends, new_notebook
from tests.gate.rounds import Conversation, approve, posts
from tests.support.desk import REGION, Answer, Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

START = 1_000_000.0
JOURNAL = "journal.sqlite3"
NO_ANSWERS = (
    ElicitResult(action="decline"),
    ElicitResult(action="accept", content={"decision": "reject", "feedback": "too dear"}),
)


@pytest.mark.parametrize("no", NO_ANSWERS, ids=["decline", "reject"])
async def test_a_no_in_one_window_ends_the_unused_yes_of_another(desk: Desk, no: ElicitResult) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    async with desk.client("modern", Person()) as one, desk.client("modern", Person()) as other:
        first, second = Conversation(one, "start_instance", arguments), Conversation(other, "start_instance", arguments)
        await first.ask()
        await second.ask()
        # The look before sending fails: the yes is there, and nothing was sent with it.
        broken = {"kind": "damaged_reply", "operation": "GetInstance", "damage": "truncated", "after": 1}
        desk.steering.faults(broken)
        assert (await first.answer(Person().reply(first.question))).is_error
        assert told(await second.answer(no))["status"] == "declined"
    assert posts(desk) == []
    again = told(await desk.call("modern", None, "start_instance", **arguments))
    assert again["status"] == "declined"
    assert posts(desk) == []


class Slow(Person):
    """Answers a form only after something else has happened."""

    def __init__(self, reply: Answer) -> None:
        super().__init__(reply)
        self.asked, self.go_on = anyio.Event(), anyio.Event()

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.asked.set()
        await self.go_on.wait()
        return await super().__call__(context, params)


async def after(
    desk: Desk, person: Slow, meanwhile: Callable[[], Awaitable[object]], tool: str, arguments: dict[str, Any]
) -> dict[str, Any]:
    """What a call ends with whose form is answered after `meanwhile`."""
    found: list[dict[str, Any]] = []

    async def ask() -> None:
        found.append(told(await desk.call("legacy", person, tool, **arguments)))

    async with anyio.create_task_group() as group:
        group.start_soon(ask)
        await person.asked.wait()
        await meanwhile()
        person.go_on.set()
    return found[0]


async def test_a_no_in_an_old_form_counts_where_the_page_has_taken_over(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Running")}

    async def page_takes_over() -> None:
        elsewhere = told(await desk.call("legacy", Person("cancel"), "stop_instance", **arguments))
        assert elsewhere["status"] == "approval_needed"

    ended = await after(desk, Slow("no"), page_takes_over, "stop_instance", arguments)
    assert ended["status"] == "declined"
    assert await desk.services.journal.waiting() == ()


@pytest.mark.parametrize(("first", "then"), [("yes", "no"), ("no", "yes")])
async def test_of_two_open_forms_the_first_answer_counts(desk: Desk, first: Answer, then: Answer) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    ended = await after(
        desk,
        Slow(then),
        lambda: desk.call("legacy", Person(first), "start_instance", **arguments),
        "start_instance",
        arguments,
    )
    assert ended["status"] == ("nothing_to_do" if first == "yes" else "declined")
    assert posts(desk) == (["StartInstance"] if first == "yes" else [])


@pytest.mark.parametrize("late", ["yes", "no"])
async def test_an_answer_after_ten_minutes_sends_nothing(new_desk: Callable[..., Desk], late: Answer) -> None:
    clock = [START]
    desk = new_desk(now=lambda: clock[0])
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}

    async def ten_minutes() -> None:
        clock[0] += 601

    ended = await after(desk, Slow(late), ten_minutes, "start_instance", arguments)
    assert ended["status"] == ("approval_needed" if late == "yes" else "declined")
    assert posts(desk) == []


async def test_a_late_no_does_not_claim_that_nothing_was_sent(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    async with desk.client("modern", Person()) as one, desk.client("legacy", Person()) as _:
        first, second = Conversation(one, "start_instance", arguments), Conversation(one, "start_instance", arguments)
        await first.ask()
        await second.ask()
        assert told(await first.answer(Person().reply(first.question)))["status"] == "done"
        late = told(await second.answer(NO_ANSWERS[0]))
    assert late["status"] == "nothing_to_do"
    assert posts(desk) == ["StartInstance"]


async def test_a_yes_to_one_label_is_no_yes_to_another_with_the_same_characters(desk: Desk) -> None:
    told(await desk.call("modern", None, "create_instance", **new_notebook(labels=[{"key": "a=b", "value": "c"}])))
    await approve(desk)
    other = told(
        await desk.call("modern", None, "create_instance", **new_notebook(labels=[{"key": "a", "value": "b=c"}]))
    )
    assert other["status"] == "approval_needed"
    assert posts(desk) == []


async def test_a_label_with_an_equals_sign_in_its_key_is_shown_unmistakably(desk: Desk) -> None:
    labels = [{"key": "a=b", "value": "c"}, {"key": "a", "value": "b=c"}]
    waiting = told(await desk.call("modern", None, "create_instance", **new_notebook(labels=labels)))
    shown = [each["value"] for each in waiting["change"]["parameters"] if each["name"] == "Labels"]
    assert shown == ['a="b=c"; "a=b"=c', f"pai-dsw-mcp-op={waiting['reference']}"]


async def test_saying_a_default_aloud_does_not_ask_again_after_a_no(desk: Desk) -> None:
    assert told(await desk.call("modern", Person("no"), "create_instance", **new_notebook()))["status"] == "declined"
    person = Person("yes")
    spelled = new_notebook(accessibility="PRIVATE")
    assert told(await desk.call("modern", person, "create_instance", **spelled))["status"] == "declined"
    assert person.questions == []
    assert posts(desk) == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"kind": "delay", "operation": "StartInstance", "seconds": 0}, "done"),
        ({"kind": "reset", "operation": "StartInstance"}, "unknown"),
        ({"kind": "lost_reply", "operation": "StartInstance"}, "unknown"),
    ],
    ids=["done", "reset", "lost reply"],
)
async def test_a_journal_that_fails_after_the_request_does_not_claim_that_nothing_was_sent(
    desk: Desk, tmp_path: Path, fault: dict[str, Any], status: str
) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    told(await desk.call("modern", None, "start_instance", **arguments))
    await approve(desk)
    break_ends(tmp_path / JOURNAL)
    desk.steering.faults(fault)
    ended = await desk.call("modern", None, "start_instance", **arguments)
    assert "Nothing was sent" not in text_of(ended)
    assert told(ended)["status"] == status


async def test_a_refusal_is_told_although_the_journal_cannot_note_it(desk: Desk, tmp_path: Path) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    told(await desk.call("modern", None, "start_instance", **arguments))
    await approve(desk)
    break_ends(tmp_path / JOURNAL)
    desk.steering.faults({"kind": "throttle", "operation": "StartInstance", "status": 400})
    ended = await desk.call("modern", None, "start_instance", **arguments)
    assert ended.is_error
    assert "limited by the service" in text_of(ended)


async def test_what_an_update_takes_away_is_shown_to_the_last_mount(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    uris = [f"oss://bucket-{number}.oss-cn-hangzhou-internal.aliyuncs.com/some/path/" for number in range(6)]
    mounted = [{"Uri": uri, "MountPath": f"/mnt/{number}", "MountAccess": "RW"} for number, uri in enumerate(uris)]
    desk.steering.instance(instance_id, Datasets=mounted)
    waiting = told(
        await desk.call("modern", None, "update_instance", instance_id=instance_id, remove_all_datasets=True)
    )
    (removed,) = [each for each in waiting["change"]["parameters"] if each["name"] == "DisassociateDatasets"]
    assert [uri for uri in uris if uri not in removed["before"]] == []


async def test_expired_questions_do_not_open_the_way_past_ten_waiting_ones(new_desk: Callable[..., Desk]) -> None:
    clock = [START]
    desk = new_desk(now=lambda: clock[0])
    async with desk.client("modern", None) as client:
        for names in (range(10), range(10, 20)):
            for number in names:
                wanted = {"region_id": REGION, **new_notebook(instance_name=f"train_{number}")}
                assert told(await client.call_tool("create_instance", wanted))["status"] == "approval_needed"
            clock[0] += 601
        clock[0] -= 601
        wanted = {"region_id": REGION, **new_notebook(instance_name="train_0")}
        assert (await client.call_tool("create_instance", wanted)).is_error


async def test_a_code_of_another_principal_confirms_nothing(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="chat")
    waiting = told(await desk.call("modern", None, "create_instance", **new_notebook()))
    (approval,) = await desk.services.journal.waiting()
    theirs = await desk.services.journal.ask(
        principal="somebody else",
        tool=approval.tool,
        arguments_digest=approval.arguments_digest,
        change=approval.change,
        channel="chat",
        channels=desk.services.channels_for(approval.change),
    )
    async with desk.client("modern", None) as client:
        assert (await client.call_tool("confirm_change", {"code": theirs.reference})).is_error
        told(await client.call_tool("confirm_change", {"code": waiting["reference"]}))


async def test_a_yes_is_bound_to_what_was_said_of_the_datasets(desk: Desk, emulator: Emulator) -> None:
    datasets = emulator.world.region(REGION).datasets
    dataset_id = next(key for key, row in datasets.items() if row["WorkspaceId"] == "40001")
    mount = {"dataset_id": dataset_id, "mount_path": "/mnt/data", "mount_access": "RW"}
    told(await desk.call("modern", None, "create_instance", **new_notebook(datasets=[mount])))
    await approve(desk)
    datasets[dataset_id] = {**datasets[dataset_id], "Name": "production_do_not_touch"}
    again = told(await desk.call("modern", None, "create_instance", **new_notebook(datasets=[mount])))
    assert again["status"] == "approval_needed"
    assert "production_do_not_touch" in again["change"]["warnings"][0]
    assert posts(desk) == []


async def test_a_change_that_leaves_the_instance_as_startable_during_a_form_sends_nothing(desk: Desk) -> None:
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}

    async def another_spec() -> None:
        desk.steering.instance(arguments["instance_id"], EcsSpec="ecs.g6.xlarge")

    ended = await after(desk, Slow("yes"), another_spec, "start_instance", arguments)
    assert ended["status"] == "approval_needed"
    assert posts(desk) == []
