"""What is asked, found, decided, moved and given up."""

import re

import pytest

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.journal.errors import AlreadyDecidedError, JournalError, WrongChannelError
from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import EVERY_CHANNEL, KEY, Hands, approved, ask, create

pytestmark = pytest.mark.anyio


async def test_a_question_is_kept_whole(journal: Journal, hands: Hands) -> None:
    approval = await ask(journal, change=create())
    assert approval.change == create()
    assert (approval.principal, approval.tool, approval.arguments_digest) == tuple(KEY.values())
    assert (approval.state, approval.channel) == ("waiting", "page")
    assert (approval.asked_at, approval.expires_at) == (hands.wall, hands.wall + 600)
    assert await journal.get(approval.approval_id) == approval
    assert await journal.find(**KEY) == approval


async def test_the_reference_is_short_and_the_id_is_long_and_never_printed(journal: Journal) -> None:
    approval = await ask(journal)
    four = "[2-9A-HJKMNP-TV-Z]{4}"
    assert re.fullmatch(f"{four}-{four}", approval.reference)
    assert len(approval.approval_id) >= 22
    assert approval.approval_id not in repr(approval)


async def test_the_same_question_is_asked_once(journal: Journal) -> None:
    first = await ask(journal, channel="form")
    assert await ask(journal, channel="page") == first
    yes = await journal.decide(first.approval_id, approve=True, channel="form")
    assert await ask(journal) == yes


async def test_a_world_that_looks_different_supersedes_the_question_and_the_yes(journal: Journal) -> None:
    first = await approved(journal, change=create(fingerprint="seen-1"))
    second = await ask(journal, change=create(fingerprint="seen-2"))
    assert second.approval_id != first.approval_id
    gone = await journal.get(first.approval_id)
    assert gone is not None
    assert gone.state == "superseded"
    assert await journal.find(**KEY) == second


async def test_other_arguments_are_another_question(journal: Journal) -> None:
    first = await ask(journal, digest="d1")
    second = await ask(journal, digest="d2")
    assert first.approval_id != second.approval_id
    assert await journal.waiting() == (first, second)


async def test_a_rejected_question_is_found_and_asked_anew(journal: Journal, hands: Hands) -> None:
    first = await ask(journal)
    no = await journal.decide(first.approval_id, approve=False, channel="page", feedback="use an A10")
    assert (no.state, no.decided_at, no.decided_channel, no.feedback) == ("rejected", hands.wall, "page", "use an A10")
    assert await journal.find(**KEY) == no
    assert (await ask(journal)).approval_id != first.approval_id


async def test_a_yes_that_was_used_since_is_given_back_and_an_older_one_is_asked_for_anew(
    journal: Journal, hands: Hands
) -> None:
    async def ask_since(began: float) -> Approval:
        return await journal.ask(**KEY, change=create(), channel="page", channels=EVERY_CHANNEL, since=began)

    began = hands.wall
    hands.pass_seconds(1)
    yes = await approved(journal)
    await journal.begin(
        approval_id=yes.approval_id,
        operation_id="op",
        fingerprint="seen-1",
        scope="s",
        deadline_seconds=40,
        channels=EVERY_CHANNEL,
    )
    given_back = await ask_since(began)
    assert (given_back.approval_id, given_back.state) == (yes.approval_id, "used")
    assert await journal.waiting() == ()
    hands.pass_seconds(1)
    assert (await ask_since(hands.wall)).state == "waiting"


async def test_an_answer_counts_once(journal: Journal) -> None:
    approval = await ask(journal)
    await journal.decide(approval.approval_id, approve=False, channel="page")
    with pytest.raises(AlreadyDecidedError, match="rejected") as refusal:
        await journal.decide(approval.approval_id, approve=True, channel="terminal")
    assert refusal.value.approval.state == "rejected"
    assert refusal.value.approval.decided_channel == "page"


async def test_a_question_is_over_after_ten_minutes(journal: Journal, hands: Hands) -> None:
    approval = await ask(journal)
    hands.pass_seconds(599)
    assert await journal.waiting() == (approval,)
    hands.pass_seconds(1)
    assert await journal.waiting() == ()
    with pytest.raises(AlreadyDecidedError) as refusal:
        await journal.decide(approval.approval_id, approve=True, channel="page")
    assert refusal.value.approval.state == "expired"
    assert (await ask(journal)).approval_id != approval.approval_id


async def test_what_waits_is_counted_for_each_principal(journal: Journal, hands: Hands) -> None:
    first = await ask(journal, digest="d1")
    await ask(journal, digest="d2")
    await ask(journal, principal="somebody else", most_waiting=1)
    with pytest.raises(RefusedError, match="2 changes already wait"):
        await ask(journal, digest="d3", most_waiting=2)
    # What waits already is returned, and what takes its place is not one more.
    assert await ask(journal, digest="d1", most_waiting=2) == first
    taking = await ask(journal, digest="d1", change=create(fingerprint="seen-2"), most_waiting=2)
    await journal.decide(taking.approval_id, approve=True, channel="page")
    third = await ask(journal, digest="d3", most_waiting=2)
    hands.pass_seconds(600)
    assert (await ask(journal, digest="d3", most_waiting=1)).approval_id != third.approval_id


async def test_another_channel_takes_over_only_while_the_question_waits(journal: Journal) -> None:
    approval = await ask(journal, channel="form")
    moved = await journal.move(approval.approval_id, "page")
    assert (moved.channel, moved.state) == ("page", "waiting")
    decided = await journal.decide(approval.approval_id, approve=True, channel="page")
    assert await journal.move(approval.approval_id, "terminal") == decided


async def test_what_waits_over_http_or_in_a_form_is_answered_there_alone(journal: Journal) -> None:
    alone: tuple[Channel, ...] = ("form", "http_page", "second_person")
    for channel in alone:
        approval = await ask(journal, channel=channel, digest=channel)
        for other in EVERY_CHANNEL - {channel}:
            with pytest.raises(WrongChannelError):
                await journal.decide(approval.approval_id, approve=True, channel=other)
        assert (await journal.decide(approval.approval_id, approve=True, channel=channel)).state == "approved"


async def test_a_card_answers_what_waits_on_the_page_and_nothing_else(journal: Journal) -> None:
    others: tuple[Channel, ...] = ("form", "terminal", "chat", "http_page", "second_person")
    for channel in others:
        approval = await ask(journal, channel=channel, digest=channel)
        with pytest.raises(WrongChannelError):
            await journal.decide(approval.approval_id, approve=True, channel="card")
    page = await ask(journal, channel="page", digest="page")
    decided = await journal.decide(page.approval_id, approve=True, channel="card")
    assert (decided.state, decided.decided_channel) == ("approved", "card")


async def test_the_code_opens_the_chat_channel_and_no_other(journal: Journal, hands: Hands) -> None:
    chat = await ask(journal, channel="chat", digest="d1")
    page = await ask(journal, channel="page", digest="d2")
    assert await journal.find_by_reference(chat.reference) == chat
    assert await journal.find_by_reference(page.reference) is None
    assert await journal.find_by_reference("AAAA-AAAA") is None
    hands.pass_seconds(600)
    assert await journal.find_by_reference(chat.reference) is None


async def test_the_code_is_of_no_use_after_the_answer(journal: Journal) -> None:
    chat = await ask(journal, channel="chat")
    await journal.decide(chat.approval_id, approve=True, channel="chat")
    assert await journal.find_by_reference(chat.reference) is None


async def test_what_was_never_asked_cannot_be_found_moved_or_decided(journal: Journal) -> None:
    assert await journal.get("nothing") is None
    assert await journal.find(**KEY) is None
    with pytest.raises(JournalError, match="no such approval"):
        await journal.move("nothing", "page")
    with pytest.raises(JournalError, match="no such approval"):
        await journal.decide("nothing", approve=True, channel="page")
    with pytest.raises(JournalError, match="no such approval"):
        await journal.refuse("nothing", channel="form")


async def test_a_no_ends_a_question_of_any_channel_and_an_unused_yes(journal: Journal, hands: Hands) -> None:
    for approval in (await ask(journal, digest="d1"), await approved(journal, digest="d2")):
        hands.pass_seconds(1)
        refused = await journal.refuse(approval.approval_id, channel="form", feedback="not now")
        assert (refused.state, refused.decided_channel, refused.feedback) == ("rejected", "form", "not now")
        assert refused.decided_at == hands.wall
        with pytest.raises(AlreadyDecidedError, match="rejected"):
            await journal.refuse(approval.approval_id, channel="form", feedback="no again")
        assert await journal.get(approval.approval_id) == refused


async def test_a_no_comes_too_late_for_what_was_sent_or_is_over(journal: Journal, hands: Hands) -> None:
    used, late = await approved(journal, digest="d1"), await approved(journal, digest="d2")
    await journal.begin(
        approval_id=used.approval_id,
        operation_id="op",
        fingerprint="seen-1",
        scope="s",
        deadline_seconds=40,
        channels=frozenset({"page"}),
    )
    with pytest.raises(AlreadyDecidedError, match="used"):
        await journal.refuse(used.approval_id, channel="form")
    hands.pass_seconds(600)
    with pytest.raises(AlreadyDecidedError, match="expired"):
        await journal.refuse(late.approval_id, channel="form")


async def test_a_no_by_target_revokes_what_forms_asked_about_it_and_nothing_else(journal: Journal) -> None:
    waiting = await ask(journal, channel="form")
    other = await ask(journal, channel="form", change=create("other"), digest="other")
    on_page = await ask(journal, channel="page", digest="on page")
    principal, scope = KEY["principal"], waiting.change.scope
    assert await journal.refuse_in_form(principal="somebody else", scope=scope) == ()
    (refused,) = await journal.refuse_in_form(principal=principal, scope=scope, feedback="not now", by="eve")
    assert (refused.approval_id, refused.state, refused.feedback) == (waiting.approval_id, "rejected", "not now")
    assert refused.decided_by == "eve"
    assert {each.approval_id for each in await journal.waiting()} == {other.approval_id, on_page.approval_id}
    assert await journal.refuse_in_form(principal=principal, scope=scope) == ()
