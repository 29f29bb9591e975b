"""Shared fixtures: one emulator for the whole run, back at its start for every test that asks for it."""

import os
from collections.abc import Generator

import pytest

from pai_emulator.policy import users_from_seed
from pai_emulator.serve import Emulator
from tests.support.steering import Steering

ADMIN = next(user for user in users_from_seed(0) if user.name == "admin")

# The vendor's credential chain reads its variables once, when it is imported: so they are set before any test runs.
for name in [each for each in os.environ if each.startswith(("ALIBABA_CLOUD_", "PAI_DSW_MCP_"))]:
    del os.environ[name]
os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = ADMIN.access_key_id
os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = ADMIN.access_key_secret


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def running_emulator() -> Generator[Emulator]:
    with Emulator(seed=0) as emulator:
        yield emulator


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    running_emulator.reset()
    return running_emulator


@pytest.fixture
def steering(emulator: Emulator) -> Steering:
    return Steering(emulator.url, emulator.control_key)
