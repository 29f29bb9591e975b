"""One emulator process for all tests of a run; each test looks only at what was sent since it began."""

from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.process.processes import SERVER, RunningEmulator, ServerProcess, environment, private, running_emulator
from tests.support.steering import Steering


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningEmulator]:
    with running_emulator(tmp_path_factory.mktemp("emulator")) as running:
        yield running


@pytest.fixture
def steering(cloud: RunningEmulator) -> Generator[Steering]:
    """Not reset for each test: instance ids would come again, and servers that live longer would know them."""
    yield cloud.steering
    cloud.steering.faults(clear=True)


Start = Callable[..., ServerProcess]


@pytest.fixture
def start(cloud: RunningEmulator, tmp_path: Path) -> Generator[Start]:
    """Starts servers over the emulator, all with the state folder of this test, and ends them with it."""
    with ExitStack() as stack:

        def begin(*arguments: str, command: str = SERVER, **variables: str) -> ServerProcess:
            given = ["--endpoint", cloud.url, "--state-dir", str(private(tmp_path / "state")), *arguments]
            env = environment(private(tmp_path / "home"), **cloud.keys, **variables)
            return stack.enter_context(ServerProcess(given, env, command))

        yield begin
