"""10,000 instances, each page answered after 50 ms: read, checked, counted by status."""

import json
import subprocess
import sys
from statistics import median
from typing import Any

from tests.bench.emulator_process import REGION, EmulatorProcess
from tests.bench.row import Row, absolute, in_unit
from tests.bench.servers import clean_environment

_COUNT = 10_000
_LATENCY = 0.05
_ROUNDS = 5


def measure() -> list[Row]:
    with EmulatorProcess() as emulator:
        emulator.steering.generate(_COUNT, REGION)
        delay = {"kind": "delay", "operation": "ListInstances", "seconds": _LATENCY, "times": None}
        emulator.steering.faults(delay)
        _list("bare", emulator.url)
        runs = [(_list("ours", emulator.url), _list("bare", emulator.url)) for _ in range(_ROUNDS)]
    assert all(our["summary"] == bare["summary"] for our, bare in runs)
    bare_seconds = in_unit(median(bare["seconds"] for _, bare in runs), "s")
    bare_memory = in_unit(median(bare["memory"] for _, bare in runs), "MB")
    return [
        absolute("10,000 instances, 50 ms a page", [our["seconds"] for our, _ in runs], bare_seconds, "s", 1.5),
        absolute("their peak memory", [our["memory"] for our, _ in runs], bare_memory, "MB", 80),
    ]


def _list(whose: str, url: str) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.ten_thousand", whose, url],
        env=clean_environment(),
        check=True,
        stdout=subprocess.PIPE,
        timeout=60,
    )
    return json.loads(run.stdout)
