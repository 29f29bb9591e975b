"""A client that opens links is asked to open the page, once for each link; the link is in the answer anyway."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import anyio
import pytest
from mcp.client import Client, ClientRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import ElicitRequestParams, ElicitRequestURLParams, ElicitResult

from tests.gate.cases import new_notebook
from tests.support.desk import REGION, Desk, told

pytestmark = pytest.mark.anyio


@dataclass
class Opener:
    """Somebody whose client opens links, or not."""

    action: Literal["accept", "decline", "cancel"] = "accept"
    how: Literal["answers", "fails", "never"] = "answers"
    opened: list[ElicitRequestURLParams] = field(default_factory=list[ElicitRequestURLParams])

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG002
        assert isinstance(params, ElicitRequestURLParams)
        self.opened.append(params)
        if self.how == "never":
            await anyio.sleep_forever()
        if self.how == "fails":
            raise MCPError(-32000, "no browser")
        return ElicitResult(action=self.action)


async def call(desk: Desk, person: Opener, mode: Any = "legacy") -> dict[str, Any]:
    async with Client(desk.server, mode=mode, elicitation_callback=person) as client:
        return told(await client.call_tool("create_instance", {"region_id": REGION, **new_notebook()}))


async def test_the_client_is_asked_to_open_a_new_link_and_not_the_same_one_again(new_desk: Callable[..., Desk]) -> None:
    desk, person = new_desk(approve="page", lang="zh"), Opener()
    async with desk.client("legacy", None):
        first = await call(desk, person)
        second = await call(desk, person)
    assert first["status"] == second["status"] == "approval_needed"
    (asked,) = person.opened
    assert asked.url == first["approve_url"] == second["approve_url"]
    assert "创建实例 train_1" in asked.message
    assert desk.steering.writes() == []


@pytest.mark.parametrize("action", ["decline", "cancel"])
async def test_who_does_not_open_it_has_closed_the_question_and_can_still_use_the_link(
    new_desk: Callable[..., Desk], action: Literal["decline", "cancel"]
) -> None:
    desk = new_desk(approve="page")
    assert (await call(desk, Opener(action)))["approve_url"]
    (waiting,) = await desk.services.journal.waiting()
    assert waiting.dismissed_at is not None


@pytest.mark.parametrize("how", ["fails", "never"])
async def test_where_it_cannot_be_opened_the_link_is_in_the_answer(
    new_desk: Callable[..., Desk], how: Literal["fails", "never"]
) -> None:
    desk = new_desk(approve="page")
    desk.services.form_patience = 0.2
    assert (await call(desk, Opener(how=how)))["approve_url"]
    (waiting,) = await desk.services.journal.waiting()
    assert waiting.dismissed_at is None


async def test_in_the_newer_protocol_only_the_answer_has_the_link(new_desk: Callable[..., Desk]) -> None:
    desk, person = new_desk(approve="page"), Opener()
    assert (await call(desk, person, "2026-07-28"))["approve_url"]
    assert person.opened == []
