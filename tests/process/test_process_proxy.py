"""Three processes behind nginx, as deploy/ sets it up: clients see one server, whichever of the three is gone."""

import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from tests.gate.cases import an_instance, new_notebook, place
from tests.process.processes import RunningEmulator
from tests.support.desk import REGION, Person
from tests.support.postgres import Cluster
from tests.team.mixed import BAD, SLOW, mixed_load, wrong_in
from tests.team.proxy import proxy
from tests.team.replicas import Entrance, Replica, begin, call, created, replicas, started
from tests.team.rolling import READERS, Rolling

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("without_coverage")]


@dataclass(frozen=True, slots=True)
class Site:
    """The servers, and nginx before them."""

    servers: list[Replica]
    front: Entrance
    cloud: RunningEmulator
    database: Cluster
    home: Path

    async def start_again(self, number: int) -> None:
        at = self.servers[number].at
        begun = begin(self.cloud, self.database, self.home, at)
        self.servers[number] = await to_thread.run_sync(started, begun)


@pytest.fixture(scope="module")
def site(
    cloud: RunningEmulator, running_postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Site]:
    running_postgres.empty()
    home = tmp_path_factory.mktemp("team")
    with replicas(3, cloud, running_postgres, home) as servers, proxy([each.at for each in servers]) as front:
        yield Site(servers, front, cloud, running_postgres, home)


async def test_equal_creates_through_it_make_one(site: Site) -> None:
    before = len(site.cloud.steering.writes())
    notebook = {**new_notebook(instance_name="once_behind_nginx"), "region_id": REGION}
    answers: list[str] = []

    async def create() -> None:
        answers.append(await call(site.front, "create_instance", Person(), **notebook))

    async with anyio.create_task_group() as tasks:
        for _ in range(6):
            tasks.start_soon(create)
    assert len(answers) == 6
    assert [entry["operation"] for entry in site.cloud.steering.writes()[before:]] == ["CreateInstance"], answers


async def test_bad_requests_are_refused_through_it_as_well(site: Site) -> None:
    # Whoever does not finish asking is cut off after seconds that nobody has here.
    bad = {what: text for what, text in BAD.items() if what != SLOW}
    load = await mixed_load(site.servers, 0.03, bad, entrances=[site.front])
    assert wrong_in(load, created(site.cloud)) == []
    assert {"400", "403", "404", "413", "421"} <= {ended for _, ended in load.bad}


async def test_a_restart_of_all_one_after_the_other_is_not_noticed(site: Site) -> None:
    rolling = Rolling([site.front])
    async with rolling.readers():
        for number in range(3):
            await rolling.answers(5)
            await to_thread.run_sync(site.servers[number].end)
            await site.start_again(number)
    assert rolling.failed == []


async def test_a_server_that_is_killed_breaks_off_only_answers_on_their_way(site: Site) -> None:
    rolling = Rolling([site.front])
    async with rolling.readers():
        await rolling.answers(5)
        site.servers[0].kill()
        await rolling.answers(30)
        site.servers[1].kill()
        await rolling.answers(30)
    # nginx had passed their beginning on; no other server can go on there.
    on_their_way = [each for each in rolling.failed if "without sending complete message body" in each]
    assert (rolling.failed, len(on_their_way) <= 2 * READERS) == (on_their_way, True)
    for number in range(2):
        await site.start_again(number)


async def test_progress_comes_while_the_call_runs(site: Site) -> None:
    waiting = {**place(an_instance(site.cloud.steering, "Creating")), "until": "Running"}
    told = anyio.Event()

    async def tell(progress: float, total: float | None, message: str | None) -> None:  # the SDK's callback
        told.set()

    async with site.front.client() as client, anyio.create_task_group() as tasks:

        async def wait() -> None:
            await client.call_tool("wait_for_instance", waiting, progress_callback=tell)
            raise AssertionError("the call ended first")

        tasks.start_soon(wait)
        # The call itself lasts 50 seconds.
        with anyio.fail_after(30):
            await told.wait()
        tasks.cancel_scope.cancel()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
async def test_the_name_arrives_with_http_2_as_well(site: Site) -> None:
    at = site.front.url.rpartition("/")[0]
    asked = ["curl", "--silent", "--insecure", "--http2", "--write-out", "%{http_version} %{http_code}", "--output"]
    there = ["-", "--header", "Host: dsw.example.com", f"{at}/nothing"]
    shown = await anyio.run_process([*asked, *there])
    assert shown.stdout.decode().endswith("2 404")
