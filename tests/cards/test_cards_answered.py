"""With `--approve card` a person answers on the card: with its secret, which no model gets, and once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from anyio import to_thread
from mcp.client import Client
from mcp_types import CallToolResult

from pai_dsw_mcp.commands.audit import audit
from pai_dsw_mcp.settings import Settings, read_settings
from tests.cards.hosts import ask, card_in, host
from tests.gate.cases import an_instance, new_notebook
from tests.support.desk import Desk, Era, Person, told

pytestmark = pytest.mark.anyio

ERAS: tuple[Era, ...] = ("legacy", "modern")


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk(approve="card", card_clients=("Drawer", "Other"))


async def asked(client: Client, **wanted: Any) -> dict[str, Any]:
    """The card of a change that waits."""
    answer = await ask(client, "create_instance", **new_notebook(**wanted))
    assert told(answer)["status"] == "approval_needed"
    card = card_in(answer)
    assert card is not None
    return card


async def press(client: Client, card: dict[str, Any], decision: str = "approve", **more: Any) -> CallToolResult:
    """What the card does when a person presses a button."""
    given = {"reference": card["reference"], "secret": card["secret"], "decision": decision}
    return await client.call_tool("answer_card", {**given, **more})


async def attempts(desk: Desk) -> list[tuple[str | None, str | None]]:
    """What was tried without the right secret: the client, and the code."""
    return [(each.client, each.reference) for each in await desk.services.journal.attempts(since=0.0, limit=99)]


@pytest.mark.parametrize("era", ERAS)
async def test_a_yes_on_the_card_is_one_write(desk: Desk, era: Era) -> None:
    async with host(desk, era) as client:
        card = await asked(client)
        assert desk.steering.writes() == []
        assert told(await press(client, card, feedback="go"))["status"] == "approved"
        assert desk.steering.writes() == []
        done = told(await ask(client, "create_instance", **new_notebook()))
        assert (await press(client, card)).is_error
        told(await ask(client, "create_instance", **new_notebook()))
    assert (done["status"], done["answered_by"], done["feedback"]) == ("done", "card", "go")
    assert await attempts(desk) == [("Drawer 1", card["reference"])]
    assert len(desk.steering.writes()) == 1


async def test_a_no_on_the_card_is_the_answer_of_the_next_call(desk: Desk) -> None:
    async with host(desk, "modern") as client:
        assert told(await press(client, await asked(client), "reject", feedback="smaller"))["status"] == "declined"
        ended = told(await ask(client, "create_instance", **new_notebook()))
    assert (ended["status"], ended["answered_by"], ended["feedback"]) == ("declined", "card", "smaller")
    assert desk.steering.writes() == []


async def test_a_word_that_is_no_answer_is_a_wrong_argument_and_the_question_still_waits(desk: Desk) -> None:
    async with host(desk, "modern") as client:
        card = await asked(client)
        refused = await press(client, card, "APPROVE!")
        assert refused.is_error
        assert "decision" in str(refused.content)
        (waiting,) = await desk.services.journal.waiting()
        assert waiting.reference == card["reference"]
        assert told(await press(client, card))["status"] == "approved"
    assert desk.steering.writes() == []


@pytest.mark.parametrize("era", ERAS)
async def test_the_text_and_the_structure_do_not_hold_the_secret(desk: Desk, era: Era) -> None:
    async with host(desk, era) as client:
        answer = await ask(client, "create_instance", **new_notebook())
        card = card_in(answer)
        assert card is not None
        assert len(card["secret"]) >= 43
        assert card["secret"] not in str(answer.content) + str(answer.structured_content)
        wrong = await press(client, {**card, "secret": "x"})
    assert card["secret"] not in str(wrong)


async def test_a_client_that_was_not_named_gets_no_secret_and_is_asked_as_by_default(desk: Desk) -> None:
    async with host(desk, "modern", name="Stranger") as client:
        card = await asked(client)
        assert card["url"].startswith("http://127.0.0.1:")
        assert "secret" not in card
    person = Person()
    async with host(desk, "modern", name="Stranger", person=person) as client:
        ended = told(await ask(client, "create_instance", **new_notebook(instance_name="by_form")))
    assert (ended["status"], ended["answered_by"]) == ("done", "form")


@pytest.mark.parametrize("approve", ["auto", "page", "terminal", "chat"])
async def test_other_servers_give_no_secret_whatever_the_client_is_called(
    new_desk: Callable[..., Desk], approve: str
) -> None:
    async with host(new_desk(approve=approve, card_clients=("Drawer",)), "modern") as client:
        assert "secret" not in await asked(client)
        assert "answer_card" not in {each.name for each in (await client.list_tools()).tools}


@pytest.mark.parametrize("era", ERAS)
async def test_the_tool_is_for_cards_alone_and_others_are_not_told_of_it(desk: Desk, era: Era) -> None:
    async with host(desk, era) as client:
        (tool,) = [each for each in (await client.list_tools()).tools if each.name == "answer_card"]
        assert tool.meta is not None
        assert tool.meta["ui"] == {"visibility": ["app"]}
    async with desk.client(era, None) as plain:
        assert "answer_card" not in {each.name for each in (await plain.list_tools()).tools}


@pytest.mark.parametrize(
    "secret", [None, "", "guessed", "the one of another change", "an old one", "of another client"]
)
@pytest.mark.parametrize("era", ERAS)
async def test_a_hostile_call_of_the_tool_decides_nothing_and_is_recorded(
    desk: Desk, era: Era, secret: str | None
) -> None:
    async with host(desk, era) as victim, host(desk, era, name="Other") as hostile:
        old, other = await asked(victim), await asked(victim, instance_name="other")
        card = await asked(victim)
        wrong = {
            "the one of another change": other["secret"],
            "an old one": old["secret"],
            "of another client": card["secret"],
        }.get(secret or "", secret)
        client = hostile if secret == "of another client" else victim
        given = {"reference": card["reference"], "decision": "approve", **({} if wrong is None else {"secret": wrong})}
        assert (await client.call_tool("answer_card", given)).is_error
        assert told(await ask(victim, "create_instance", **new_notebook()))["status"] == "approval_needed"
    caller = "Other 1" if secret == "of another client" else "Drawer 1"
    assert await attempts(desk) == [(caller, card["reference"])]
    assert desk.steering.writes() == []


async def test_a_secret_of_another_process_counts_for_nothing(desk: Desk, new_desk: Callable[..., Desk]) -> None:
    other = new_desk(approve="card", card_clients=("Drawer",))
    async with host(desk, "modern") as client, host(other, "modern") as elsewhere:
        card = await asked(client)
        assert (await press(elsewhere, card)).is_error
        assert told(await press(client, card))["status"] == "approved"
    assert await attempts(desk) == [("Drawer 1", card["reference"])]


async def test_a_call_without_anything_is_recorded_too(desk: Desk) -> None:
    async with host(desk, "modern", name="Stranger") as client:
        assert (await client.call_tool("answer_card", {})).is_error
        assert (await client.call_tool("answer_card", {"reference": "x" * 99, "secret": "y"})).is_error
    assert await attempts(desk) == [("Stranger 1", "x" * 19 + "\u2026"), ("Stranger 1", None)]


async def test_the_name_is_typed_back_on_the_card_where_it_is_wanted(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Running")
    async with host(desk, "modern") as client:
        card = card_in(await ask(client, "stop_instance", instance_id=instance_id))
        assert card is not None
        assert card["wanted_name"] == "To approve, type the instance name"
        refused = await press(client, card, instance_name=card["name"].upper())
        again = card_in(refused)
        assert told(refused)["status"] == "approval_needed"
        assert again is not None
        assert again["secret"] != card["secret"]
        assert "Capital and small letters differ." in again["problem"]
        assert (await press(client, card, instance_name=card["name"])).is_error
        assert told(await press(client, again, instance_name=card["name"]))["status"] == "approved"


async def test_what_is_struck_out_of_several_stops_is_left_out(desk: Desk) -> None:
    ids = desk.steering.generate(2)
    for each in ids:
        desk.steering.instance(each, Status="Running")
    chosen = {"instances": [{"region_id": "cn-hangzhou", "instance_id": each} for each in ids]}
    async with host(desk, "modern") as client:
        card = card_in(await client.call_tool("stop_instances", chosen))
        assert card is not None
        wrong = card_in(await press(client, card, instance_name="2", leave_out=ids[0]))
        assert wrong is not None
        assert wrong["problem"] == "That is not how many remain. Nothing was approved."
        assert told(await press(client, wrong, instance_name="1", leave_out=ids[0]))["status"] == "approved"
        done = told(await client.call_tool("stop_instances", chosen))
    assert [each["instance_id"] for each in done["follow_ups"]] == [ids[1]]


async def test_what_waits_on_a_card_is_answered_on_the_page_as_well(desk: Desk) -> None:
    async with host(desk, "modern") as client:
        card = await asked(client)
        (approval,) = await desk.services.journal.waiting()
        await desk.services.journal.decide(approval.approval_id, approve=False, channel="page")
        assert (await press(client, card)).is_error
        assert told(await ask(client, "create_instance", **new_notebook()))["answered_by"] == "page"
    assert await attempts(desk) == []


async def test_an_audit_lists_attempts_among_what_was_asked(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with host(desk, "modern") as client:
        card = await asked(client)
        await press(client, {**card, "secret": "guessed"})
    await in_thread(audit, Settings(state_dir=tmp_path))
    _, attempt, question = capsys.readouterr().out.splitlines()
    assert "an answer without a card's secret" in attempt
    assert card["reference"] in attempt
    assert "Create instance" in question
    await in_thread(audit, Settings(state_dir=tmp_path, json=True))
    assert '"approval": "refused"' in capsys.readouterr().out


async def in_thread(work: Callable[[Settings], int], settings: Settings) -> None:
    assert await to_thread.run_sync(work, settings) == 0


def test_a_card_counts_for_clients_that_the_operator_names() -> None:
    named = read_settings(["--approve", "card", "--card-clients", "claude-ai, Cursor"], {}).card_clients
    assert named == ("claude-ai", "Cursor")
