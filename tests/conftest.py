"""Shared fixtures: one emulator for the whole run, back at its start for every test that asks for it."""

import gc
import os
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any

import pytest

from pai_emulator.policy import users_from_seed
from pai_emulator.serve import Emulator
from tests.support.chromium import running_chromium
from tests.support.desk import Desk, make_desk
from tests.support.forking import VARIABLE, forked_programs
from tests.support.postgres import Cluster, cluster
from tests.support.schemas import each_checked_once
from tests.support.steering import Steering
from tests.support.unmeasured import unmeasured

ADMIN = next(user for user in users_from_seed(0) if user.name == "admin")

WAITING = ("process", "http", "cards", "approval", "resources")
"""Folders whose tests wait for other programs."""

# The vendor's credential chain reads its variables once, when it is imported: so they are set before any test runs.
for name in [each for each in os.environ if each.startswith(("ALIBABA_CLOUD_", "PAI_DSW_MCP_"))]:
    del os.environ[name]
os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = ADMIN.access_key_id
os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = ADMIN.access_key_secret


# Workers find those of their controller. At once, because the constants of other modules name them.
FORKED = ExitStack()
if VARIABLE not in os.environ:
    FORKED.enter_context(forked_programs())


def pytest_unconfigure() -> None:
    FORKED.close()


def pytest_xdist_auto_num_workers() -> int:
    """Three workers more than there are processors: many tests wait for processes, browsers and clocks."""
    return (os.cpu_count() or 1) + 3


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Every worker imports the same modules; what that runs counts in the first one."""
    # Nothing of what is imported is garbage.
    gc.disable()
    with unmeasured() if os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0" else nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Where workers run the tests, their controller runs nothing that counts."""
    # What is imported by now stays: the garbage collector need not go through it again and again. What a test makes is
    # small, so it need not come often either: a twentieth of the time.
    gc.freeze()
    gc.enable()
    gc.set_threshold(100_000)
    with unmeasured() if session.config.getoption("numprocesses", None) else nullcontext():
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A worker takes file after file. Large ones come first, so that no worker waits for the last one of another, and
    those whose tests wait for processes and browsers are spread among those that need a processor.
    """
    sizes = Counter(item.path for item in items)
    places: dict[Path, float] = {}
    for waits, until in ((True, 0.8), (False, 1.0)):
        files = sorted(
            (each for each in sizes if (each.parent.name in WAITING) == waits), key=lambda each: -sizes[each]
        )
        places |= {each: place * until / len(files) for place, each in enumerate(files)}
    items.sort(key=lambda item: ("test_process_readme" not in item.path.name, places[item.path]))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def each_schema_is_checked_once() -> Generator[None]:
    """Half of the time of a call, otherwise."""
    with each_checked_once():
        yield


@pytest.fixture
def without_coverage() -> Generator[None]:
    """For tests that run no line which another test does not run: measuring doubles their time."""
    with unmeasured():
        yield


@pytest.fixture(scope="session")
def chromium_at() -> Generator[str]:
    with running_chromium() as at:
        yield at


@pytest.fixture(scope="session")
def running_emulator() -> Generator[Emulator]:
    """Not measured: the emulator has tests of its own."""
    with ExitStack() as stack:
        with unmeasured():
            emulator = stack.enter_context(Emulator(seed=0))
        yield emulator


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    running_emulator.reset()
    return running_emulator


@pytest.fixture
def steering(emulator: Emulator) -> Steering:
    return Steering(emulator.url, emulator.control_key)


@pytest.fixture(scope="session")
def running_postgres() -> Generator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def postgres(running_postgres: Cluster) -> Generator[Cluster]:
    """A PostgreSQL of this process alone, with an empty database."""
    running_postgres.empty()
    yield running_postgres
    running_postgres.close_journals()


@pytest.fixture(params=["sqlite", "postgres"])
def each_database(request: pytest.FixtureRequest) -> Cluster | None:
    """For tests of what must hold over both: their servers have their journal in the one, and then in the other."""
    return request.getfixturevalue("postgres") if request.param == "postgres" else None


@pytest.fixture
def new_desk(steering: Steering, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Desk]:
    """Makes a server with any settings over the emulator of this test."""
    is_over_both = "each_database" in request.fixturenames
    database: Cluster | None = request.getfixturevalue("each_database") if is_over_both else None

    def make(**settings: Any) -> Desk:
        return make_desk(steering, tmp_path, postgres=database, **settings)

    return make


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk()
