"""What is rare at the gate: late answers, broken clients, writes of others under way, and crashes of our own."""

from collections.abc import Callable

import pytest
from mcp.client import Client, ClientRequestContext
from mcp_types import ElicitRequestParams, ElicitResult, ErrorData

from pai_dsw_mcp.journal.errors import WrongChannelError
from pai_emulator.serve import Emulator
from tests.gate.cases import an_instance, new_notebook
from tests.support.desk import REGION, Answer, Desk, Era, Person, text_of, told

pytestmark = pytest.mark.anyio

EACH_ERA = pytest.mark.parametrize("era", ["legacy", "modern"])


async def test_a_client_that_fails_to_show_its_form_is_sent_to_the_page(desk: Desk) -> None:
    async def broken(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult | ErrorData:
        return ErrorData(code=-32603, message=f"{params.mode} is broken in {type(context).__name__}")

    async with Client(desk.server, mode="legacy", elicitation_callback=broken) as client:
        ended = told(await client.call_tool("create_instance", {"region_id": REGION, **new_notebook()}))
    assert ended["status"] == "approval_needed"
    assert "approve_url" in ended
    assert desk.steering.writes() == []


@EACH_ERA
@pytest.mark.parametrize(("answer", "status"), [("yes", "approval_needed"), ("no", "declined")])
async def test_an_answer_after_the_ten_minutes_sends_nothing(
    new_desk: Callable[..., Desk], era: Era, answer: Answer, status: str
) -> None:
    time = 1_000_000.0

    class Late(Person):
        def reply(self, question: ElicitRequestParams) -> ElicitResult:
            nonlocal time
            time += 601
            return super().reply(question)

    desk = new_desk(now=lambda: time)
    desk.services.form_patience = 1_000_000.0
    if era == "legacy":
        ended = told(await desk.call(era, Late(answer), "create_instance", **new_notebook()))
        assert ended["status"] == status
    else:
        # The question of the second round is a new one, so the client asks again until the SDK stops it.
        async with desk.client(era, Late(answer)) as client:
            asked = await client.session.call_tool(
                "create_instance", {"region_id": REGION, **new_notebook()}, allow_input_required=True
            )
        assert asked.result_type == "input_required"
    assert desk.steering.writes() == []


async def test_an_empty_form_is_a_no_where_only_a_form_counts(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="form")
    ended = told(await desk.call("legacy", Person("empty"), "create_instance", **new_notebook()))
    assert ended["status"] == "declined"
    assert "without a decision" in ended["message"]
    assert desk.steering.writes() == []


async def test_a_terminal_is_pointed_to_where_there_is_no_browser(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="terminal")
    ended = told(await desk.call("modern", None, "create_instance", **new_notebook()))
    assert ended["status"] == "approval_needed"
    assert f"`{desk.services.approve_command}`" in ended["message"]
    assert "approve_url" not in ended


async def test_the_first_link_to_a_change_replaces_none(new_desk: Callable[..., Desk]) -> None:
    first = told(await new_desk(approve="page").call("modern", None, "create_instance", **new_notebook()))
    assert first["approve_url"]
    assert "link is new" not in first["message"]


async def test_a_form_is_answered_in_that_form_alone(desk: Desk) -> None:
    async with desk.client("modern", Person("yes")) as client:
        await client.session.call_tool(
            "create_instance", {"region_id": REGION, **new_notebook()}, allow_input_required=True
        )
    (approval,) = await desk.services.journal.waiting()
    for channel in ("terminal", "page", "chat"):
        with pytest.raises(WrongChannelError):
            await desk.services.journal.decide(approval.approval_id, approve=True, channel=channel)


async def test_what_another_server_asked_on_a_page_is_asked_in_a_form_where_only_a_form_counts(
    new_desk: Callable[..., Desk],
) -> None:
    told(await new_desk(approve="page").call("modern", None, "create_instance", **new_notebook()))
    desk = new_desk(approve="form")
    assert told(await desk.call("legacy", Person("yes"), "create_instance", **new_notebook()))["status"] == "done"


async def test_a_yes_from_elsewhere_is_none_where_only_a_form_counts(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="page")
    told(await desk.call("modern", None, "create_instance", **new_notebook()))
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=True, channel="page")
    strict, person = new_desk(approve="form"), Person("no")
    assert told(await strict.call("modern", person, "create_instance", **new_notebook()))["status"] == "declined"
    assert len(person.questions) == 1
    assert desk.steering.writes() == []


async def test_a_write_of_another_process_is_waited_for_and_then_called_unknown(desk: Desk) -> None:
    desk.services.patience = 0.2
    instance_id = an_instance(desk.steering, "Stopped")
    told(await desk.call("modern", None, "start_instance", instance_id=instance_id))
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=True, channel="page")
    await desk.services.journal.begin(
        approval_id=approval.approval_id,
        operation_id="of-another-process",
        fingerprint=approval.change.fingerprint,
        scope=f"{REGION}/{instance_id}",
        deadline_seconds=40,
        channels=frozenset({"page"}),
    )
    ended = told(await desk.call("modern", Person("yes"), "start_instance", instance_id=instance_id))
    assert ended["status"] == "unknown"
    assert desk.steering.writes() == []


async def test_a_change_that_does_not_fit_into_a_form_goes_to_the_page(new_desk: Callable[..., Desk]) -> None:
    labels = [{"key": f"key_{number}_" + "k" * 100, "value": "v" * 120} for number in range(10)]
    person = Person("yes")
    ended = told(await new_desk().call("modern", person, "create_instance", **new_notebook(labels=labels)))
    assert ended["status"] == "approval_needed"
    assert person.questions == []

    only_forms = await new_desk(approve="form").call(
        "modern", person, "create_instance", **new_notebook(labels=labels, instance_name="train_2")
    )
    assert only_forms.is_error
    assert "too many values for a form" in text_of(only_forms)


async def test_a_change_that_does_not_fit_into_the_chat_is_refused_there(new_desk: Callable[..., Desk]) -> None:
    labels = [{"key": f"key_{number}_" + "k" * 100, "value": "v" * 120} for number in range(10)]
    waiting = told(
        await new_desk(approve="page").call("modern", None, "create_instance", **new_notebook(labels=labels))
    )
    assert [label["value"] for label in labels if label["value"] not in waiting["message"]] == []

    desk = new_desk(approve="chat")
    refused = await desk.call("modern", None, "create_instance", **new_notebook(labels=labels))
    assert refused.is_error
    assert "--approve page" in text_of(refused)
    async with desk.client("modern", None) as client:
        confirmed = await client.call_tool("confirm_change", {"code": waiting["reference"]})
    assert confirmed.is_error
    assert [each.state for each in await desk.services.journal.waiting()] == ["waiting"]


async def test_a_value_cannot_take_the_form_away(desk: Desk) -> None:
    person = Person("yes")
    labels = [{"key": "team", "value": "\u2026 (+41)"}]
    ended = told(await desk.call("modern", person, "create_instance", **new_notebook(labels=labels)))
    assert ended["status"] == "done"
    assert len(person.questions) == 1


async def test_a_crash_of_our_own_tells_the_model_nothing(desk: Desk) -> None:
    def crash() -> float:
        raise RuntimeError("secret-canary")

    desk.services.now = crash
    instance_id = an_instance(desk.steering, "Stopped")
    answer = await desk.call("modern", None, "wait_for_instance", instance_id=instance_id, until="Running")
    assert answer.is_error
    assert text_of(answer) == "Error executing tool wait_for_instance"


async def test_an_unknown_tool_is_told_as_such(desk: Desk) -> None:
    async with desk.client("modern", None) as client:
        answer = await client.call_tool("delete_instance", {})
    assert answer.is_error


async def test_a_workspace_that_is_not_enabled_is_refused(desk: Desk, emulator: Emulator) -> None:
    emulator.world.region(REGION).workspaces["40001"]["Status"] = "FROZEN"
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook())
    assert answer.is_error
    assert "FROZEN" in text_of(answer)


async def test_an_unknown_price_is_said_and_wants_the_name(desk: Desk, emulator: Emulator) -> None:
    del emulator.world.region(REGION).ecs_specs["ecs.g6.large"]["Price"]
    person = Person("no")
    told(await desk.call("modern", person, "create_instance", **new_notebook()))
    (question,) = person.questions
    assert "ecs.g6.large" in question.message
    assert "instance_name" in question.model_dump(by_alias=True)["requestedSchema"]["properties"]


async def test_an_update_from_an_unknown_price_tells_the_new_one_alone(desk: Desk, emulator: Emulator) -> None:
    del emulator.world.region(REGION).ecs_specs["ecs.g6.large"]["Price"]
    person = Person("no")
    instance_id = an_instance(desk.steering, "Stopped")
    told(await desk.call("modern", person, "update_instance", instance_id=instance_id, ecs_spec="ecs.g6.xlarge"))
    assert "1.00 CNY per hour" in person.questions[0].message


async def test_an_instance_whose_image_nobody_names_can_change_its_spec(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    desk.steering.instance(instance_id, ImageId=None, ImageUrl=None)
    person = Person("no")
    told(await desk.call("modern", person, "update_instance", instance_id=instance_id, ecs_spec="ecs.g6.xlarge"))
    assert "ecs.g6.xlarge" in person.questions[0].message
