"""Of equal calls at the same time in one conversation a person is shown one form, and its answer is that of all.

A client of protocol 2026-07-28 shows a form once its call has returned: the server does not know whether it still does.
"""

from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint
from mcp.client import ClientRequestContext
from mcp_types import ElicitRequestParams, ElicitResult

from tests.gate.cases import new_notebook
from tests.support.desk import REGION, Answer, Desk, Person, told

pytestmark = pytest.mark.anyio

CALLS = 3


@dataclass(slots=True)
class Slow:
    """Answers in turn, and the first time only once all calls have looked at the cloud."""

    desk: Desk
    answers: list[Answer]
    questions: list[ElicitRequestParams] = field(default_factory=list[ElicitRequestParams])

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG002
        self.questions.append(params)
        looked = [each for each in self.desk.steering.requests() if each["operation"] == "GetImage"]
        while len(looked) < CALLS:
            await checkpoint()
            looked = [each for each in self.desk.steering.requests() if each["operation"] == "GetImage"]
        await anyio.wait_all_tasks_blocked()
        return Person(self.answers[min(len(self.questions), len(self.answers)) - 1]).reply(params)


async def create(desk: Desk, person: Slow) -> list[dict[str, Any]]:
    """What each of the calls is answered."""
    found: list[dict[str, Any]] = []

    async with desk.client("legacy", person) as client:  # pyright: ignore[reportArgumentType]

        async def call() -> None:
            found.append(told(await client.call_tool("create_instance", {"region_id": REGION, **new_notebook()})))

        async with anyio.create_task_group() as group:
            for _ in range(CALLS):
                group.start_soon(call)
    return found


async def test_a_yes_is_that_of_all(desk: Desk) -> None:
    desk.services.patience = 60
    person = Slow(desk, ["yes"])
    found = await create(desk, person)
    assert len(person.questions) == 1
    assert len({each["instance_id"] for each in found}) == 1
    assert [each["operation"] for each in desk.steering.writes()] == ["CreateInstance"]


async def test_a_no_is_that_of_all(desk: Desk) -> None:
    person = Slow(desk, ["no"])
    found = await create(desk, person)
    assert len(person.questions) == 1
    assert [each["status"] for each in found] == ["declined"] * CALLS
    assert desk.steering.writes() == []


async def test_a_form_that_was_closed_leads_all_to_the_page(desk: Desk) -> None:
    person = Slow(desk, ["cancel"])
    found = await create(desk, person)
    assert len(person.questions) == 1
    assert [each["status"] for each in found] == ["approval_needed"] * CALLS
    assert len({each["approve_url"] for each in found}) == 1


async def test_after_a_name_that_was_typed_wrongly_the_next_call_shows_the_form_again(new_desk: Any) -> None:
    desk: Desk = new_desk(cost_line=0.1)
    desk.services.patience = 60
    person = Slow(desk, ["wrong name", "yes"])
    found = await create(desk, person)
    assert len(person.questions) == 2
    assert min(each["status"] for each in found) == "approval_needed"
    assert [each["operation"] for each in desk.steering.writes()] == ["CreateInstance"]
