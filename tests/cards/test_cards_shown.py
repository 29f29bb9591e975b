"""A client that draws cards (MCP Apps) gets them; for every other client nothing is different."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult

from tests.cards.hosts import ask, card_in, cards_of, document, host
from tests.gate.cases import an_instance, new_notebook
from tests.support.desk import Desk, Era, Person, told

pytestmark = pytest.mark.anyio

ERAS: tuple[Era, ...] = ("legacy", "modern")
ROOT = "ui://pai-dsw-mcp/"


@pytest.mark.parametrize("era", ERAS)
async def test_tools_name_their_cards_to_a_client_that_draws_them(desk: Desk, era: Era) -> None:
    async with host(desk, era) as client:
        cards = await cards_of(client)
        tools = (await client.list_tools()).tools
    writing = {each.name for each in tools if each.annotations and not each.annotations.read_only_hint}
    assert cards == {
        **dict.fromkeys(("get_instance", "get_instance_metrics"), f"{ROOT}instance"),
        "get_costs": f"{ROOT}costs",
        **dict.fromkeys(writing, f"{ROOT}change"),
    }
    assert all(each.meta and each.meta["anthropic/requiresUserInteraction"] for each in tools if each.name in writing)


@pytest.mark.parametrize("era", ERAS)
async def test_a_client_that_draws_no_html_is_told_of_no_card(desk: Desk, era: Era) -> None:
    async with desk.client(era, None) as plain, host(desk, era, mime_type="text/uri-list") as other:
        expected = (await plain.list_tools()).tools
        assert (await other.list_tools()).tools == expected
        asked = await ask(other, "create_instance", **new_notebook())
        assert card_in(asked) is None
        assert asked.meta is None or "pai-dsw-mcp/card" not in asked.meta
    assert not any("ui" in (each.meta or {}) for each in expected)


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("name", ["instance", "costs", "change"])
async def test_a_card_is_one_document_that_reaches_nothing(desk: Desk, era: Era, name: str) -> None:
    async with host(desk, era) as client:
        card = await document(client, f"{ROOT}{name}")
    assert card.mime_type == "text/html;profile=mcp-app"
    assert card.meta is not None
    assert not any(card.meta["ui"]["csp"].values())
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', card.text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert not re.search(r"(src|href)=|https?://|innerHTML|insertAdjacent|document\.write|eval\(", card.text)


async def test_a_card_speaks_the_language_of_the_server(new_desk: Callable[..., Desk]) -> None:
    async with host(new_desk(lang="zh"), "modern") as client:
        card = await document(client, f"{ROOT}change")
        asked = await ask(client, "create_instance", **new_notebook())
    assert '<html lang="zh-CN">' in card.text
    assert "打开审批页面" in card.text
    shown = card_in(asked)
    assert shown is not None
    assert shown["title"] == "创建实例"


@pytest.mark.parametrize("address", [ROOT, f"{ROOT}none", f"{ROOT}change/..", "instance", "ui://other/change"])
async def test_there_are_no_other_cards(desk: Desk, address: str) -> None:
    async with host(desk, "modern") as client:
        with pytest.raises(MCPError):
            await client.read_resource(address)


@pytest.mark.parametrize("era", ERAS)
async def test_the_card_of_a_change_shows_what_the_page_shows(desk: Desk, era: Era) -> None:
    async with host(desk, era) as client:
        asked = await ask(client, "create_instance", **new_notebook())
    structure, card = told(asked), card_in(asked)
    assert card is not None
    assert (card["title"], card["name"], card["emulator"]) == ("Create instance", "train_1", True)
    assert (card["url"], card["reference"]) == (structure["approve_url"], structure["reference"])
    sent = next(each["rows"] for each in card["sections"] if each["title"] == "What will be sent")
    assert {row["name"] for row in sent} == {each["name"] for each in structure["change"]["parameters"]}
    assert card["notes"]


async def test_the_card_of_several_stops_lists_each(desk: Desk) -> None:
    ids = [an_instance(desk.steering, "Running")]
    async with host(desk, "modern") as client:
        chosen = [{"region_id": "cn-hangzhou", "instance_id": each} for each in ids]
        asked = await client.call_tool("stop_instances", {"instances": chosen})
    card = card_in(asked)
    assert card is not None
    assert card["is_batch"]
    assert [each["id"] for each in card["then"]] == ids


async def test_without_an_approval_page_the_card_has_no_link(new_desk: Callable[..., Desk]) -> None:
    async with host(new_desk(approve="terminal"), "modern") as client:
        asked = card_in(await ask(client, "create_instance", **new_notebook()))
    assert asked is not None
    assert "url" not in asked


@pytest.mark.parametrize("era", ERAS)
async def test_what_is_done_or_declined_needs_no_card_of_its_own(desk: Desk, era: Era) -> None:
    async with host(desk, era, person=Person()) as client:
        done = await ask(client, "create_instance", **new_notebook())
    async with host(desk, era, person=Person("no")) as client:
        declined = await ask(client, "create_instance", **new_notebook(instance_name="other"))
    assert [told(each)["status"] for each in (done, declined)] == ["done", "declined"]
    assert card_in(done) is card_in(declined) is None


async def test_text_and_structure_are_the_same_with_a_card_and_without(desk: Desk) -> None:
    def facts(answer: CallToolResult) -> dict[str, Any]:
        return {name: value for name, value in told(answer).items() if name not in {"approve_url", "message"}}

    async with host(desk, "modern") as drawing, desk.client("modern", None) as plain:
        assert facts(await ask(drawing, "create_instance", **new_notebook())) == facts(
            await ask(plain, "create_instance", **new_notebook())
        )
