"""Three processes over one database: what one of them began, the others know, also when it is gone."""

from collections.abc import Generator

import anyio
import pytest
from anyio import to_thread
from mcp_types import ElicitResult

from tests.gate.cases import new_notebook
from tests.gate.rounds import Conversation
from tests.process.processes import RunningEmulator
from tests.support.desk import REGION, Person
from tests.support.postgres import Cluster
from tests.team.mixed import BAD, SLOW, mixed_load, wrong_in
from tests.team.replicas import Replica, about_growth, call, created, replicas

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("without_coverage")]

YES = ElicitResult(action="accept", content={"decision": "approve"})


@pytest.fixture(scope="module")
def team(
    cloud: RunningEmulator, running_postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Generator[list[Replica]]:
    running_postgres.empty()
    with replicas(3, cloud, running_postgres, tmp_path_factory.mktemp("team")) as running:
        yield running


async def test_equal_creates_on_all_of_them_make_one(team: list[Replica], cloud: RunningEmulator) -> None:
    before = len(cloud.steering.writes())
    notebook = {**new_notebook(instance_name="once"), "region_id": REGION}
    answers: list[str] = []

    async def create(number: int) -> None:
        answers.append(await call(team[number % 3], "create_instance", Person(), **notebook))

    async with anyio.create_task_group() as tasks:
        for number in range(6):
            tasks.start_soon(create, number)
    assert len(answers) == 6
    assert [entry["operation"] for entry in cloud.steering.writes()[before:]] == ["CreateInstance"], answers


async def test_bad_requests_beside_good_ones_are_refused_and_lose_nothing(
    team: list[Replica], cloud: RunningEmulator
) -> None:
    running = [each for each in team if each.process.poll() is None]
    # Whoever does not finish asking is cut off after seconds that nobody has here.
    load = await mixed_load(running, 0.02, {what: text for what, text in BAD.items() if what != SLOW})
    assert wrong_in(load, created(cloud)) == []
    assert {"reads", "creates", "stops"} <= set(load.seconds)
    assert {"400", "403", "404", "413", "421"} <= {ended for _, ended in load.bad}


async def test_one_that_is_killed_while_it_creates_doubles_nothing(team: list[Replica], cloud: RunningEmulator) -> None:
    asking, killed, asked_last = team
    notebook = new_notebook(instance_name="outlives_its_server")
    before = len(cloud.steering.writes())
    cloud.steering.faults({"kind": "delay", "operation": "CreateInstance", "seconds": 60})
    async with asking.client(Person()) as first, killed.client(Person()) as second:
        question = Conversation(first, "create_instance", notebook)
        await question.ask()

        async def answered_too_early() -> None:
            told = await question.at(second).answer(YES)
            raise AssertionError(f"answered before it could be killed: {told}")

        async with anyio.create_task_group() as tasks:
            # Asked by one, answered at another, which is killed when its request has arrived.
            tasks.start_soon(answered_too_early)
            while len(await to_thread.run_sync(cloud.steering.writes)) == before:
                await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        killed.kill()
    cloud.steering.faults(clear=True)
    answer = await call(asked_last, "create_instance", Person(), region_id=REGION, **notebook)
    assert "already exists" in answer
    assert [entry["operation"] for entry in cloud.steering.writes()[before:]] == ["CreateInstance"]


async def test_a_report_says_what_it_cannot_tell() -> None:
    assert "cannot be shown on 2 cores" in about_growth(2)
    assert "does not measure" in about_growth(8)
