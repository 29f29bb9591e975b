"""10,000 instances, each page answered after 50 ms: read, checked, counted by status."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.emulator_process import ADMIN, REGION, EmulatorProcess
from tests.bench.row import Row, absolute, in_unit
from tests.bench.servers import clean_environment, ours
from tests.bench.stdio_process import StdioProcess

_COUNT = 10_000
_LATENCY = 0.05
_ROUNDS = 5
_REGIONS = (REGION, "cn-shanghai", "cn-beijing", "cn-shenzhen", "ap-southeast-1")
_KEY = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": ADMIN.access_key_id,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ADMIN.access_key_secret,
}


def measure() -> list[Row]:
    return [*_in_one_region(), *_over_five_regions()]


def _in_one_region() -> list[Row]:
    with EmulatorProcess() as emulator:
        _fill(emulator, REGION)
        _list("bare", emulator.url)
        runs = [(_list("ours", emulator.url, REGION), _list("bare", emulator.url)) for _ in range(_ROUNDS)]
    assert all(our["summary"] == bare["summary"] for our, bare in runs)
    bare_seconds = in_unit(median(bare["seconds"] for _, bare in runs), "s")
    bare_memory = in_unit(median(bare["memory"] for _, bare in runs), "MB")
    return [
        absolute("10,000 instances, 50 ms a page", [our["seconds"] for our, _ in runs], bare_seconds, "s", 1.5),
        absolute("their peak memory", [our["memory"] for our, _ in runs], bare_memory, "MB", 80),
    ]


def _over_five_regions() -> list[Row]:
    """Listed by the cloud layer alone, whose memory is promised, and told by one call of the whole server."""
    with tempfile.TemporaryDirectory() as folder, EmulatorProcess() as emulator:
        _fill(emulator, *_REGIONS)
        command = ours(Path(folder), "--endpoint", emulator.url)
        calls = [_call(command) for _ in range(_ROUNDS)]
        runs = [_list("ours", emulator.url, *_REGIONS) for _ in range(_ROUNDS)]
    seconds, before, after = zip(*calls, strict=True)
    alone = in_unit(median(run["seconds"] for run in runs), "s")
    return [
        absolute("10,000 over five regions, one call", seconds, alone, "s", 1.0),
        absolute("their peak memory", [run["memory"] for run in runs], "-", "MB", 80),
        absolute("the same in the whole server", after, in_unit(median(before), "MB"), "MB", None),
    ]


def _fill(emulator: EmulatorProcess, *regions: str) -> None:
    for region in regions:
        emulator.steering.generate(_COUNT // len(regions), region)
    emulator.steering.faults({"kind": "delay", "operation": "ListInstances", "seconds": _LATENCY, "times": None})


def _call(command: list[str]) -> tuple[float, float, float]:
    """Seconds of the call, and the server's peak memory before and after it."""
    with StdioProcess(command, "modern", **_KEY) as server:
        server.hello()
        # Loads the vendor's SDKs, which a server does by itself once its first answers are out.
        server.call("list_workspaces", region_id=REGION)
        before, asked = server.peak_memory(), time.perf_counter()
        told = server.call("list_instances", region_ids=list(_REGIONS))
        seconds = time.perf_counter() - asked
        assert told["total"] == _COUNT
        return seconds, before, server.peak_memory()


def _list(whose: str, url: str, *regions: str) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.ten_thousand", whose, url, *regions],
        env=clean_environment(),
        check=True,
        stdout=subprocess.PIPE,
        timeout=60,
    )
    return json.loads(run.stdout)
