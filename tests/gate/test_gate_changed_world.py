"""A yes is for what was shown: if the cloud has changed since, nothing is sent."""

from collections.abc import Callable

import anyio
import pytest
from mcp_types import ElicitRequest, ElicitRequestParams, ElicitResult, InputRequiredResult

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.settings import Settings
from tests.gate.cases import GPU_SPEC, an_instance, image_for, new_notebook
from tests.journal.journal_desk import Hands
from tests.support.desk import REGION, Desk, Person, told

pytestmark = pytest.mark.anyio


async def test_a_change_behind_everybodys_back_between_question_and_yes_is_asked_anew(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    arguments = {"region_id": REGION, "instance_id": instance_id, "accessibility": "PUBLIC"}
    person = Person("yes")
    async with desk.client("modern", person) as client:
        asked = await client.session.call_tool("update_instance", arguments, allow_input_required=True)
        assert isinstance(asked, InputRequiredResult)
        key, request = next(iter((asked.input_requests or {}).items()))
        assert isinstance(request, ElicitRequest)
        desk.steering.advance(5)
        desk.steering.instance(instance_id, Priority=7)
        again = await client.session.call_tool(
            "update_instance",
            arguments,
            input_responses={key: person.reply(request.params)},
            request_state=asked.request_state,
            allow_input_required=True,
        )
    assert isinstance(again, InputRequiredResult)
    assert desk.steering.writes() == []


async def test_a_change_during_a_legacy_form_sends_nothing(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")

    class Slow(Person):
        def reply(self, question: ElicitRequestParams) -> ElicitResult:
            desk.steering.instance(instance_id, Status="Stopped")
            return super().reply(question)

    ended = told(await desk.call("legacy", Slow("yes"), "stop_instance", instance_id=instance_id))
    assert ended["status"] == "nothing_to_do"
    assert desk.steering.writes() == []


async def test_what_changed_while_the_person_thought_is_told_and_the_yes_stays_unused(desk: Desk) -> None:
    """The journal would refuse this yes as well; the look before it can say why, and spends nothing."""
    instance_id = an_instance(desk.steering, "Stopped")

    class Slow(Person):
        def reply(self, question: ElicitRequestParams) -> ElicitResult:
            desk.steering.instance(instance_id, Priority=7)
            return super().reply(question)

    ended = told(await desk.call("legacy", Slow("yes"), "start_instance", instance_id=instance_id))
    assert ended["status"] == "approval_needed"
    assert "Since the approval something changed" in ended["message"]
    assert await desk.services.journal.operations() == ()
    assert desk.steering.writes() == []


async def test_an_approval_of_the_page_ends_with_what_it_was_given_for(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    waiting = told(await desk.call("modern", None, "start_instance", instance_id=instance_id))
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=True, channel="page")
    desk.steering.advance(5)
    desk.steering.instance(instance_id, EcsSpec="ecs.g6.xlarge")

    again = told(await desk.call("modern", None, "start_instance", instance_id=instance_id))
    assert again["status"] == "approval_needed"
    assert again["message"].startswith("The earlier yes (page, ")
    assert again["reference"] != waiting["reference"]
    assert desk.steering.writes() == []


async def test_an_approval_of_the_page_counts_for_the_same_call_and_once(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    other_id = an_instance(desk.steering, "Stopped")
    told(await desk.call("modern", None, "start_instance", instance_id=instance_id))
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=True, channel="page")

    other = told(await desk.call("modern", None, "start_instance", instance_id=other_id))
    assert other["status"] == "approval_needed"
    assert told(await desk.call("modern", None, "start_instance", instance_id=instance_id))["status"] == "done"
    desk.steering.instance(instance_id, Status="Stopped")
    assert told(await desk.call("modern", None, "start_instance", instance_id=instance_id))["status"] != "done"
    assert len(desk.steering.writes()) == 1


async def test_the_yes_to_one_set_of_values_is_no_yes_to_another(desk: Desk) -> None:
    told(await desk.call("modern", None, "create_instance", **new_notebook()))
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=True, channel="page")
    bigger = new_notebook(ecs_spec="ecs.g6.2xlarge")
    assert told(await desk.call("modern", None, "create_instance", **bigger))["status"] == "approval_needed"
    assert desk.steering.writes() == []


async def test_a_yes_ends_after_ten_minutes(new_desk: Callable[..., Desk]) -> None:
    time = 1_000_000.0
    desk = new_desk(now=lambda: time)
    instance_id = an_instance(desk.steering, "Stopped")
    told(await desk.call("modern", None, "start_instance", instance_id=instance_id))
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(approval.approval_id, approve=True, channel="page")
    time += 601
    ended = told(await desk.call("modern", None, "start_instance", instance_id=instance_id))
    assert ended["status"] == "approval_needed"
    assert desk.steering.writes() == []


async def test_a_no_lasts_a_minute_although_the_clock_was_ahead_for_a_while(new_desk: Callable[..., Desk]) -> None:
    hands = Hands()
    desk = new_desk(now=lambda: hands.wall, elapsed=lambda: hands.monotonic)
    arguments = {"instance_id": an_instance(desk.steering, "Stopped")}
    hands.wall += 3600
    assert told(await desk.call("modern", Person("no"), "start_instance", **arguments))["status"] == "declined"
    hands.wall -= 3600
    hands.pass_seconds(59)
    assert told(await desk.call("modern", Person("yes"), "start_instance", **arguments))["status"] == "declined"
    hands.pass_seconds(2)
    assert told(await desk.call("modern", Person("yes"), "start_instance", **arguments))["status"] == "done"


async def test_a_no_on_the_page_is_told_with_what_the_person_wrote(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    told(await desk.call("modern", None, "start_instance", instance_id=instance_id))
    (approval,) = await desk.services.journal.waiting()
    await desk.services.journal.decide(
        approval.approval_id, approve=False, channel="page", feedback="use the small one"
    )
    ended = told(await desk.call("modern", None, "start_instance", instance_id=instance_id))
    assert ended["status"] == "declined"
    assert ended["feedback"] == "use the small one"


async def test_what_costs_more_than_the_line_wants_the_name_typed_back(new_desk: Callable[..., Desk]) -> None:
    cheap, dear = Person("yes"), Person("yes")
    notebook = new_notebook(ecs_spec=GPU_SPEC, image_id=image_for("GPU"))
    desk = new_desk(cost_line=9.53)
    told(await desk.call("modern", dear, "create_instance", **notebook))
    desk = new_desk(cost_line=9.54)
    told(await desk.call("modern", cheap, "create_instance", **{**notebook, "instance_name": "train_2"}))
    assert "instance_name" in dear.questions[0].model_dump(by_alias=True)["requestedSchema"]["properties"]
    assert "instance_name" not in cheap.questions[0].model_dump(by_alias=True)["requestedSchema"]["properties"]


async def test_the_chat_channel_is_closed_unless_it_was_asked_for(desk: Desk) -> None:
    async with desk.client("modern", None) as client:
        names = {each.name for each in (await client.list_tools()).tools}
    assert "confirm_change" not in names


async def test_the_chat_channel_takes_the_code_of_the_answer_once(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="chat")
    waiting = told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook()))
    assert waiting["status"] == "approval_needed"
    async with desk.client("modern", None) as client:
        wrong = await client.call_tool("confirm_change", {"code": "AAAA-AAAA"})
        assert wrong.is_error
        told(await client.call_tool("confirm_change", {"code": waiting["reference"]}))
        assert desk.steering.writes() == []
        assert (await client.call_tool("confirm_change", {"code": waiting["reference"]})).is_error
    assert told(await desk.call("modern", None, "create_instance", **new_notebook()))["status"] == "done"


async def test_no_more_than_ten_changes_wait_at_once(desk: Desk) -> None:
    async with desk.client("modern", None) as client, anyio.create_task_group():
        for number in range(10):
            wanted = {"region_id": REGION, **new_notebook(instance_name=f"train_{number}")}
            assert told(await client.call_tool("create_instance", wanted))["status"] == "approval_needed"
        wanted = {"region_id": REGION, **new_notebook(instance_name="one_too_many")}
        assert (await client.call_tool("create_instance", wanted)).is_error


def test_no_tool_takes_an_argument_that_authorises() -> None:
    words = ("confirm", "approve", "approval", "force", "yes", "token", "permit", "sure", "consent")
    taken = [
        (tool.name, name)
        for tool in tools_for(Settings(approve="chat", toolsets=("all",)))
        for name in tool.parameters["properties"]
    ]
    assert [each for each in taken if any(word in each[1].lower() for word in words)] == []
