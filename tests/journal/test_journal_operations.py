"""A yes is used once, together with the record that something is about to be sent."""

import re

import anyio
import pytest

from pai_dsw_mcp.journal.errors import JournalError, NotApprovedError, ScopeBusyError
from pai_dsw_mcp.journal.records import Approval, Operation
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Parameter
from pai_dsw_mcp.model.instance import SpotSpec
from tests.journal.journal_desk import KEY, Hands, approved, ask, create

pytestmark = pytest.mark.anyio

REFUSED = re.compile("SQLITE_CONSTRAINT|UniqueViolation|ForeignKeyViolation")


async def begin(
    journal: Journal, approval: Approval, *, operation_id: str = "op-1", fingerprint: str = "seen-1"
) -> Operation:
    return await journal.begin(
        approval_id=approval.approval_id,
        operation_id=operation_id,
        fingerprint=fingerprint,
        scope=approval.change.scope,
        deadline_seconds=30,
        channels=frozenset({"page"}),
    )


async def test_a_yes_becomes_one_operation(journal: Journal, hands: Hands) -> None:
    approval = await approved(journal)
    operation = await begin(journal, approval)
    assert operation == Operation(
        operation_id="op-1",
        approval_id=approval.approval_id,
        reference=approval.reference,
        principal=KEY["principal"],
        scope="cn-hangzhou/instance:training_a10",
        action="create_instance",
        region_id="cn-hangzhou",
        target_name="training_a10",
        state="sent",
        sent_at=hands.wall,
        deadline=hands.wall + 30,
    )
    assert await journal.operation_of(approval.approval_id) == operation
    assert await journal.open_operation(principal=KEY["principal"], scope=operation.scope) == operation
    used = await journal.get(approval.approval_id)
    assert used is not None
    assert used.state == "used"
    assert approval.approval_id not in repr(operation)


async def test_a_yes_is_used_once(journal: Journal) -> None:
    approval = await approved(journal)
    await begin(journal, approval)
    await journal.end("op-1", "done", target_id="dsw-1")
    with pytest.raises(NotApprovedError) as refusal:
        await begin(journal, approval, operation_id="op-2")
    assert refusal.value.approval is not None
    assert refusal.value.approval.state == "used"


async def test_one_yes_used_a_hundred_times_in_parallel_gives_one_operation(journal: Journal) -> None:
    approval = await approved(journal)
    refused: list[str] = []

    async def attempt(number: int) -> None:
        try:
            await begin(journal, approval, operation_id=f"op-{number}")
        except NotApprovedError as refusal:
            refused.append(type(refusal).__name__)

    async with anyio.create_task_group() as tasks:
        for number in range(100):
            tasks.start_soon(attempt, number)
    assert len(refused) == 99
    assert len(await journal.operations()) == 1


async def test_without_a_yes_nothing_begins(journal: Journal, hands: Hands) -> None:
    waiting = await ask(journal, digest="waits")
    rejected = await journal.decide((await ask(journal, digest="no")).approval_id, approve=False, channel="page")
    expired = await approved(journal, digest="late")
    hands.pass_seconds(600)
    for approval in (waiting, rejected, expired, waiting.model_copy(update={"approval_id": "made up"})):
        with pytest.raises(NotApprovedError):
            await begin(journal, approval)
    assert await journal.operations() == ()


async def test_a_yes_is_for_what_was_seen(journal: Journal) -> None:
    approval = await approved(journal, change=create(fingerprint="seen-1"))
    with pytest.raises(NotApprovedError):
        await begin(journal, approval, fingerprint="seen-2")
    assert (await begin(journal, approval, fingerprint="seen-1")).state == "sent"


@pytest.mark.parametrize("state", ["sent", "unknown"])
async def test_a_target_with_an_open_operation_is_busy_and_the_yes_stays_unused(journal: Journal, state: str) -> None:
    first = await begin(journal, await approved(journal, digest="d1"))
    if state == "unknown":
        await journal.end("op-1", "unknown", code="TIMEOUT")
    second = await approved(journal, digest="d2")
    with pytest.raises(ScopeBusyError, match=first.reference) as refusal:
        await begin(journal, second, operation_id="op-2")
    assert refusal.value.operation.state == state
    await journal.end("op-1", "lost")
    assert (await begin(journal, second, operation_id="op-2")).operation_id == "op-2"


async def test_other_targets_and_other_principals_are_not_busy(journal: Journal) -> None:
    await begin(journal, await approved(journal, digest="d1"))
    await begin(journal, await approved(journal, digest="d2", change=create("another")), operation_id="op-2")
    asked = await journal.ask(
        principal="somebody else",
        tool="create_instance",
        arguments_digest="d1",
        change=create(),
        channel="page",
        channels=frozenset({"page"}),
    )
    await begin(journal, await journal.decide(asked.approval_id, approve=True, channel="page"), operation_id="op-3")
    assert [one.operation_id for one in await journal.operations()] == ["op-3", "op-2", "op-1"]
    assert [one.operation_id for one in await journal.operations(limit=1)] == ["op-3"]


async def test_the_database_itself_refuses_a_second_open_operation_and_a_second_use(journal: Journal) -> None:
    first = await approved(journal, digest="d1")
    second = await approved(journal, digest="d2")
    await begin(journal, first)
    insert = (
        "INSERT INTO operations (operation_id, approval_id, reference, principal, scope, action, region_id,"
        " target_name, state, sent_at, deadline) SELECT 'op-2', {}, reference, principal, {}, action, region_id,"
        " target_name, {}, sent_at, deadline FROM operations"
    )
    for approval_id, scope, state in (
        (f"'{second.approval_id}'", "scope", "state"),
        (f"'{first.approval_id}'", "'other'", "'done'"),
        ("'never asked'", "'other'", "'done'"),
    ):
        with (
            pytest.raises(JournalError, match=REFUSED),
            journal.database.transaction("write") as (rows, _),
        ):
            rows.execute(insert.format(approval_id, scope, state))


async def test_an_operation_ends_once(journal: Journal, hands: Hands) -> None:
    approval = await approved(journal)
    begun = await begin(journal, approval)
    assert await journal.end("op-1", "unknown", code="TIMEOUT")
    unknown = await journal.operation_of(approval.approval_id)
    assert unknown == begun.model_copy(update={"state": "unknown", "code": "TIMEOUT"})
    hands.pass_seconds(40)
    assert await journal.end("op-1", "done", target_id="dsw-1", request_id="R-1")
    done = await journal.operation_of(approval.approval_id)
    assert done is not None
    assert (done.state, done.target_id, done.code, done.request_id) == ("done", "dsw-1", "TIMEOUT", "R-1")
    assert done.ended_at == hands.wall
    assert not await journal.end("op-1", "rejected")
    assert await journal.operation_of(approval.approval_id) == done
    assert await journal.open_operation(principal=KEY["principal"], scope=begun.scope) is None


async def test_a_transaction_that_fails_half_way_is_undone(journal: Journal) -> None:
    await begin(journal, await approved(journal, digest="d1"))
    await journal.end("op-1", "done")
    approval = await approved(journal, digest="d2")
    with pytest.raises(JournalError, match=REFUSED):
        await begin(journal, approval, operation_id="op-1")
    assert (await begin(journal, approval, operation_id="op-2")).state == "sent"


async def test_how_an_instance_is_bought_is_told_in_the_order_of_sending(journal: Journal, hands: Hands) -> None:
    spot = SpotSpec(spot_strategy="SpotAsPriceGo")
    made = create().model_copy(
        update={"spot": spot, "parameters": (Parameter(name="SpotSpec", value=(("SpotStrategy", "SpotAsPriceGo"),)),)}
    )
    ended = made.model_copy(update={"spot": None, "parameters": (Parameter(name="DisassociateSpot", value="true"),)})
    refused = made.model_copy(update={"target_name": "refused"})
    for number, change in enumerate((made, create(), ended, refused)):
        approval = await approved(journal, change=change, digest=f"d{number}")
        await begin(journal, approval, operation_id=f"op-{number}")
        hands.pass_seconds(1)
        await journal.end(f"op-{number}", "rejected" if change is refused else "done", target_id="dsw-1")
    assert await journal.spot_changes() == (("dsw-1", spot), ("dsw-1", None))
