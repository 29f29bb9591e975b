"""Processor time of the one look of wait_for_instance over HTTP: of our server, beside a bare one that also looks."""

import ctypes
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from mcp.client import Client

from tests.bench.emulator_process import ADMIN, REGION, EmulatorProcess
from tests.bench.row import Row, paired
from tests.bench.servers import clean_environment, ours

_WARM_UP = 40
_ROUNDS = 40
_READS = 10
"""Reads of one server before the turn of the other."""
_LIMIT = 2.0


@dataclass(frozen=True, slots=True)
class _HttpServer:
    """A server that runs, and where it answers."""

    pid: int
    url: str

    def processor_ms(self) -> float:
        """What all its threads have used so far, in user and system mode."""
        clock = ctypes.c_int()
        failed = ctypes.CDLL(None).clock_getcpuclockid(self.pid, ctypes.byref(clock))
        assert not failed, failed
        return time.clock_gettime_ns(clock.value) / 1e6


def measure() -> list[Row]:
    return anyio.run(_measure)


async def _measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, EmulatorProcess() as emulator:
        instance_id = emulator.steering.generate(1, REGION)[0]
        arguments = {"region_id": REGION, "instance_id": instance_id, "until": "Running"}
        served = ours(Path(folder), "--endpoint", emulator.url, "--http", "127.0.0.1:0")
        plain = [sys.executable, "-m", "tests.bench.bare_http_server", emulator.url]
        with (
            _running(served) as our_server,
            _running(plain) as bare_server,
        ):
            async with Client(our_server.url) as our_client, Client(bare_server.url) as bare_client:
                await _milliseconds(our_server, our_client, arguments, _WARM_UP)
                await _milliseconds(bare_server, bare_client, arguments, _WARM_UP)
                our_ms: list[float] = []
                bare_ms: list[float] = []
                for _ in range(_ROUNDS):
                    our_ms.append(await _milliseconds(our_server, our_client, arguments, _READS))
                    bare_ms.append(await _milliseconds(bare_server, bare_client, arguments, _READS))
    return [paired("processor time of one read over HTTP", our_ms, bare_ms, "ms", _LIMIT)]


async def _milliseconds(server: _HttpServer, client: Client, arguments: dict[str, Any], reads: int) -> float:
    """Of its processor time, for each of so many reads."""
    before = server.processor_ms()
    for _ in range(reads):
        answer = await client.call_tool("wait_for_instance", arguments)
        assert not answer.is_error, answer
    return (server.processor_ms() - before) / reads


@contextmanager
def _running(command: list[str]) -> Generator[_HttpServer]:
    key = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": ADMIN.access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ADMIN.access_key_secret,
    }
    with subprocess.Popen(command, env=clean_environment(**key), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = re.search(r"http://\S+/mcp", process.stderr.readline())
            assert said is not None
            yield _HttpServer(process.pid, said[0])
        finally:
            process.terminate()
