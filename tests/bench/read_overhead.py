"""The one look of wait_for_instance, through a real client over stdio, against a bare tool call plus that request."""

import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import anyio
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from tests.bench.emulator_process import ADMIN, REGION, EmulatorProcess
from tests.bench.raw_reads import INSTANCES, read
from tests.bench.row import Row, paired
from tests.bench.servers import bare, clean_environment, ours

_WARM_UP = 40
_ROUNDS = 400
_LIMIT = 1.5


def measure() -> list[Row]:
    return anyio.run(_measure)


async def _measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, EmulatorProcess() as emulator:
        instance_id = emulator.steering.generate(1, REGION)[0]
        key = {
            "ALIBABA_CLOUD_ACCESS_KEY_ID": ADMIN.access_key_id,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ADMIN.access_key_secret,
        }
        our_server = _parameters(ours(Path(folder), "--endpoint", emulator.url), **key)
        arguments = {"region_id": REGION, "instance_id": instance_id, "until": "Running"}
        async with (
            Client(our_server) as our_client,
            Client(_parameters(bare())) as bare_client,
            aiohttp.ClientSession() as session,
        ):

            async def ask_ours() -> None:
                answer = await our_client.call_tool("wait_for_instance", arguments)
                assert (answer.structured_content or {})["done"], answer

            async def ask_bare() -> None:
                answer = await bare_client.call_tool("tool_0", arguments)
                assert not answer.is_error, answer

            async def ask_raw() -> None:
                await read(session, emulator.url, f"{INSTANCES}/{instance_id}")

            for _ in range(_WARM_UP):
                await _milliseconds(ask_ours, ask_bare, ask_raw)
            times = [await _milliseconds(ask_ours, ask_bare, ask_raw) for _ in range(_ROUNDS)]
    ours_ms = [our for our, _, _ in times]
    bare_and_raw = [plain + raw for _, plain, raw in times]
    return [paired("one read, client to emulator and back", ours_ms, bare_and_raw, "ms", _LIMIT)]


def _parameters(command: list[str], **more: str) -> StdioServerParameters:
    return StdioServerParameters(command=command[0], args=command[1:], env=clean_environment(**more))


async def _milliseconds(*asks: Callable[[], Awaitable[Any]]) -> list[float]:
    """How long each took, one after the other."""
    taken: list[float] = []
    for ask in asks:
        start = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - start) * 1000)
    return taken
