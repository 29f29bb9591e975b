"""Each server takes a yes only from the channels that it allows itself, whatever others over the same journal allow."""

from collections.abc import Callable

import pytest

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.approval.plain_text import as_plain_text
from pai_dsw_mcp.journal.errors import NotApprovedError
from pai_dsw_mcp.journal.records import Channel
from pai_dsw_mcp.settings import ApproveMode
from tests.gate.cases import new_notebook
from tests.support.desk import Desk, Person, told

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("without_coverage")]

COUNTS: dict[str, set[Channel]] = {
    "auto": {"form", "page", "terminal"},
    "form": {"form"},
    "page": {"page", "terminal"},
    "card": {"form", "page", "card", "terminal"},
    "terminal": {"terminal"},
    "chat": {"chat", "terminal"},
}


async def approved_at(desk: Desk, channel: Channel) -> str:
    """A yes that came through this channel."""
    services = desk.services
    told(await desk.call("modern", None, "create_instance", **new_notebook()))
    (approval,) = await services.journal.waiting()
    await services.journal.move(approval.approval_id, channel)
    await services.journal.decide(approval.approval_id, approve=True, channel=channel)
    return approval.approval_id


@pytest.mark.parametrize("channel", ["form", "page", "card", "terminal", "chat"])
@pytest.mark.parametrize("approve", COUNTS)
async def test_a_yes_counts_where_its_channel_is_allowed(
    new_desk: Callable[..., Desk], approve: str, channel: Channel
) -> None:
    approval_id = await approved_at(new_desk(approve="terminal"), channel)
    desk = new_desk(approve=approve)
    counts = channel in COUNTS[approve]
    person = Person("cancel") if approve == "form" else None
    ended = told(await desk.call("modern", person, "create_instance", **new_notebook()))
    assert (ended["status"] == "done") == counts
    assert len(desk.steering.writes()) == int(counts)
    approval = await desk.services.journal.get(approval_id)
    assert approval is not None
    assert approval.state == ("used" if counts else "superseded")


async def test_after_a_yes_of_the_chat_a_stricter_server_asks_anew(new_desk: Callable[..., Desk]) -> None:
    await approved_at(new_desk(approve="chat"), "chat")
    strict = new_desk(approve="page")
    async with strict.client("modern", None) as client:
        asked = told(await client.call_tool("create_instance", {"region_id": "cn-hangzhou", **new_notebook()}))
        assert asked["status"] == "approval_needed"
        assert asked["approve_url"]
        (approval,) = await strict.services.journal.waiting()
        assert approval.channel == "page"
        await strict.services.journal.decide(approval.approval_id, approve=True, channel="page")
        ended = told(await client.call_tool("create_instance", {"region_id": "cn-hangzhou", **new_notebook()}))
    assert ended["status"] == "done"


async def test_what_waits_in_the_chat_is_asked_on_the_page_by_a_stricter_server(new_desk: Callable[..., Desk]) -> None:
    chat, strict = new_desk(approve="chat"), new_desk(approve="page")
    code = told(await chat.call("modern", None, "create_instance", **new_notebook()))["reference"]
    told(await strict.call("modern", None, "create_instance", **new_notebook()))
    assert (await chat.call("modern", None, "confirm_change", region_id=None, code=code)).is_error
    (approval,) = await strict.services.journal.waiting()
    assert (approval.reference, approval.channel) == (code, "page")


async def test_a_yes_that_changed_hands_before_it_was_used_is_not_taken(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(approve="chat")
    approval_id = await approved_at(desk, "chat")
    approval = await desk.services.journal.get(approval_id)
    assert approval is not None
    with pytest.raises(NotApprovedError):
        await desk.services.journal.begin(
            approval_id=approval_id,
            operation_id="op",
            fingerprint=approval.change.fingerprint,
            scope=approval.change.scope,
            deadline_seconds=40,
            channels=new_desk(approve="page").services.channels_for(approval.change),
        )


@pytest.mark.parametrize("approve", ["chat", "page", "terminal"])
async def test_a_change_is_told_in_the_language_of_whoever_reads_it(
    new_desk: Callable[..., Desk], approve: ApproveMode
) -> None:
    desk = new_desk(approve=approve, lang="zh")
    asked = told(await desk.call("modern", None, "create_instance", **new_notebook()))
    (approval,) = await desk.services.journal.waiting()
    # A chat is the only place where the person reads what the model was told.
    language = "zh" if approve == "chat" else "en"
    text = describe(approval.reference, approval.change, language, expires_at=approval.expires_at)
    assert asked["message"].startswith("Not done: a person has to approve this first.")
    assert asked["message"].endswith(as_plain_text(text, can_type=approve != "chat"))
