"""When the person of a scenario answers a form."""

from typing import cast

import aiohttp
import anyio
import pytest
from mcp.client import ClientRequestContext
from mcp_types import ElicitRequestFormParams, ElicitResult

from evals.cloud import Clouds
from evals.loading import scenario
from evals.person import ScriptedPerson
from evals.scenario import Person

pytestmark = pytest.mark.anyio


async def test_forms_that_are_read_first_are_answered_after_the_last(clouds: Clouds) -> None:
    cloud = clouds.take(scenario("refuse-many-at-once"))
    order: list[str] = []
    person = ScriptedPerson(Person(reads_first=2), "form", cloud, order.append)

    async def ask(name: str) -> ElicitResult:
        form = ElicitRequestFormParams(message=name, requested_schema={"type": "object", "properties": {}})
        answer = await person(cast(ClientRequestContext, None), form)
        order.append("answered")
        return answer

    async with anyio.create_task_group() as group:
        group.start_soon(ask, "first")
        await anyio.wait_all_tasks_blocked()
        # A request that is sent before the answer: what it changes was not agreed to.
        async with aiohttp.ClientSession() as program, program.get(f"{cloud.emulator.url}/api/v2/instances"):
            pass
        group.start_soon(ask, "second")
    assert order == ["first", "second", "answered", "answered"]
    first, second = person.questions
    assert (first.asked_after, first.answered_after, second.answered_after) == (0, 1, 1)
    assert (await ask("third")).action == "decline"
