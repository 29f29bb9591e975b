"""The official clients against one emulator for all tests, as new for each of them."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import get_args

import pytest

from tests.emulator.sdk.sdk_client import RecordingEmulator, Sdk, Way
from tests.support.unmeasured import unmeasured


@pytest.fixture(scope="session")
def recording_emulator() -> Iterator[RecordingEmulator]:
    with ExitStack() as stack:
        with unmeasured():
            emulator = stack.enter_context(RecordingEmulator())
        yield emulator


@pytest.fixture
def recorded(recording_emulator: RecordingEmulator, monkeypatch: pytest.MonkeyPatch) -> RecordingEmulator:
    # The SDK sends calls to 127.0.0.1 through a proxy of the environment, NO_PROXY or not.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    recording_emulator.reset()
    return recording_emulator


@pytest.fixture
def sdk(recorded: RecordingEmulator) -> Sdk:
    return Sdk(recorded, recorded.user("admin"))


@pytest.fixture(params=get_args(Way))
def way(request: pytest.FixtureRequest) -> Way:
    return request.param
