"""The process that lists 10,000 instances of some regions: through the cloud layer, or through bare aiohttp."""

import asyncio
import gc
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import aiohttp

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.model.instance import InstanceFilter
from tests.bench.emulator_process import ADMIN
from tests.bench.raw_reads import INSTANCES, read

_PAGE = 100
_IN_FLIGHT = 12


async def _ours(url: str, regions: list[str]) -> tuple[float, Counter[str]]:
    """Seconds, and how many there are of each status; every row was checked."""
    options = CloudOptions(endpoint=url, test_access_key=(ADMIN.access_key_id, ADMIN.access_key_secret))
    async with Cloud(options) as cloud:
        await asyncio.to_thread(cloud.warm)
        _as_the_server_does()
        start = time.perf_counter()
        wanted = InstanceFilter(workspace_id="ALL", resource_id="ALL")
        lists = await gather(*(cloud.list_instances(region, wanted) for region in regions))
        summary = Counter[str](instance.status for found in lists for instance in found)
        return time.perf_counter() - start, summary


async def _bare(url: str) -> tuple[float, Counter[str]]:
    """The same pages of the one region, decoded, counted and forgotten."""
    summary = Counter[str]()
    async with aiohttp.ClientSession() as session:

        async def work(numbers: Iterator[int]) -> None:
            for number in numbers:
                query = {
                    "WorkspaceId": "ALL",
                    "ResourceId": "ALL",
                    "PageNumber": str(number),
                    "PageSize": str(_PAGE),
                }
                page = await read(session, url, INSTANCES, query)
                summary.update(instance["Status"] for instance in page["Instances"])

        _as_the_server_does()
        start = time.perf_counter()
        numbers = iter(range(1, 10_000 // _PAGE + 1))
        await asyncio.gather(*(work(numbers) for _ in range(_IN_FLIGHT)))
        return time.perf_counter() - start, summary


def _as_the_server_does() -> None:
    gc.freeze()


def _peak_memory() -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert found is not None
    return int(found[1]) / 1024


if __name__ == "__main__":
    _whose, _url, *_regions = sys.argv[1:]
    _seconds, _summary = asyncio.run(_ours(_url, _regions) if _whose == "ours" else _bare(_url))
    assert _summary.total() == 10_000
    print(json.dumps({"seconds": _seconds, "memory": _peak_memory(), "summary": _summary}))
