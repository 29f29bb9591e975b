"""The process whose event loop is watched: bursts of reads through the cloud layer, and through bare aiohttp."""

import asyncio
import gc
import json
import os
import ssl
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from tests.bench.emulator_process import REGION
from tests.bench.raw_reads import INSTANCES, read

_READS = 32
_ROUNDS = 15
_BEAT = 0.001


async def _watched(work: Callable[[], Awaitable[Any]]) -> float:
    """The longest time, in ms, for which nothing else could run on the loop during the work."""
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            start = time.perf_counter()
            await asyncio.sleep(_BEAT)
            longest = max(longest, time.perf_counter() - start - _BEAT)

    heart = asyncio.create_task(beat())
    await asyncio.sleep(10 * _BEAT)
    await work()
    heart.cancel()
    await asyncio.wait({heart})
    return longest * 1000


async def _ours(instance_id: str) -> float:
    async with Cloud(CloudOptions()) as cloud:
        await asyncio.to_thread(cloud.warm)
        return await _bursts(lambda: cloud.get_instance(REGION, instance_id))


async def _cold(instance_id: str) -> float:
    """The first burst of a process, which has to load the SDKs while the loop goes on."""
    async with Cloud(CloudOptions()) as cloud:
        return await _watched(_burst(lambda: cloud.get_instance(REGION, instance_id)))


async def _bare(host: str, instance_id: str) -> float:
    tls = await asyncio.to_thread(ssl.create_default_context)
    connector = aiohttp.TCPConnector(ssl=tls, limit=_READS)
    async with aiohttp.ClientSession(connector=connector, proxy=os.environ["https_proxy"]) as session:
        return await _bursts(lambda: read(session, f"https://{host}", f"{INSTANCES}/{instance_id}"))


async def _bursts(ask: Callable[[], Awaitable[Any]]) -> float:
    """A burst that opens the connections, and a burst over those."""
    return max(await _watched(_burst(ask)), await _watched(_burst(ask)))


def _burst(ask: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    return lambda: asyncio.gather(*(ask() for _ in range(_READS)))


async def _measure(host: str, instance_id: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"cold": [await _cold(instance_id)], "ours": [], "bare": []}
    await _bare(host, instance_id)
    # As the server does once it has started.
    gc.collect()
    gc.freeze()
    for _ in range(_ROUNDS):
        found["ours"].append(await _ours(instance_id))
        found["bare"].append(await _bare(host, instance_id))
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_measure(*sys.argv[1:]))))
