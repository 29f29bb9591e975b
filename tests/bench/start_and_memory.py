"""Start and memory, against a bare server of the same SDK: ours, bare, bare, ours, in both protocol eras.

Also against our server without its front: a setting makes it answer the first lines itself.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.row import Row, absolute, paired
from tests.bench.servers import OURS, bare, bare_node, clean_environment, go_server, ours
from tests.bench.stdio_process import Era, StdioProcess

_PAIRS = 11
_FIRST_RUNS = 5
_SDKS_LOADED = 6.0
"""Seconds after which the vendor's SDKs have been loaded in the background, with room to spare."""


@dataclass(frozen=True, slots=True)
class _Run:
    start: float
    """Milliseconds from the spawn to the first answer."""
    listing: float
    """Milliseconds that tools/list took, asked for at once."""
    call: float
    """Milliseconds from the spawn to the answer of a tool call, made at once."""
    memory: float
    """Peak in MB after all of it."""


class _Bench:
    """Servers whose journals lie in this folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.without_front = ours(folder)

    def pairs(self, one: list[str], other: list[str], era: Era) -> tuple[list[_Run], list[_Run]]:
        for command in (one, other):
            self.run(command, era)
        of_one: list[_Run] = []
        of_other: list[_Run] = []
        turns = ((one, of_one), (other, of_other))
        for number in range(_PAIRS):
            # Whoever goes second finds warmer caches: they take turns.
            for command, runs in turns if number % 2 else reversed(turns):
                runs.append(self.run(command, era))
        return of_one, of_other

    def run(self, command: list[str], era: Era, **variables: str) -> _Run:
        with StdioProcess(command, era, XDG_STATE_HOME=str(self._folder), **variables) as server:
            start = server.hello()
            asked = time.perf_counter()
            server.list_tools()
            listing = time.perf_counter() - asked
            call = server.call_nothing()
            return _Run(start * 1000, listing * 1000, call * 1000, server.peak_memory())

    def first_run(self) -> _Run:
        """Without bytecode of any package; that of the standard library comes with Python."""
        with tempfile.TemporaryDirectory() as folder:
            compiled = {"PYTHONPYCACHEPREFIX": folder}
            standard = [sys.executable, "-c", "import contextlib, json, threading, typing"]
            subprocess.run(standard, env=clean_environment(**compiled), check=True)
            return self.run([OURS], "legacy", **compiled)

    def starts(self, command: list[str]) -> list[float]:
        """Milliseconds to `initialize` of a server of others; none where it is not installed."""
        starts: list[float] = []
        for _ in range(_FIRST_RUNS if command else 0):
            with StdioProcess(command, "legacy", HOME=str(self._folder)) as server:
                starts.append(server.hello() * 1000)
        return starts

    def later(self, command: list[str]) -> float:
        with StdioProcess(command, "legacy", XDG_STATE_HOME=str(self._folder)) as server:
            server.hello()
            server.list_tools()
            time.sleep(_SDKS_LOADED)
            return server.peak_memory()


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder))
        our_legacy, bare_legacy = bench.pairs([OURS], bare(), "legacy")
        our_modern, bare_modern = bench.pairs([OURS], bare(), "modern")
        front, no_front = bench.pairs([OURS], bench.without_front, "legacy")
        first = [bench.first_run() for _ in range(_FIRST_RUNS)]
        others = {
            "a bare Node server": bench.starts(bare_node()),
            "a Go server (mcp-grafana)": bench.starts(go_server()),
        }
        our_later, bare_later = bench.later([OURS]), bench.later(bare())
    ours_now, bare_now = [*our_legacy, *our_modern], [*bare_legacy, *bare_modern]
    return [
        paired("start to initialize answered", _starts(our_legacy), _starts(bare_legacy), "ms", 1.10),
        paired("start to server/discover answered", _starts(our_modern), _starts(bare_modern), "ms", 1.10),
        absolute("start to the first answer, both eras", _starts(ours_now), "", "ms", 80),
        absolute("the same in a first run, without bytecode", _starts(first), "", "ms", 150),
        *(absolute(f"the same of {name}", starts, "", "ms", None) for name, starts in others.items() if starts),
        absolute("tools/list right after", _listings(ours_now), "", "ms", 5),
        paired("start to a call answered (reference: no front)", _calls(front), _calls(no_front), "ms", 1.05),
        paired("peak memory after it", _memory(ours_now), _memory(bare_now), "MB", 1.15),
        paired("the same with the SDKs loaded", [our_later], [bare_later], "MB", None),
    ]


def _starts(runs: Sequence[_Run]) -> list[float]:
    return [run.start for run in runs]


def _listings(runs: Sequence[_Run]) -> list[float]:
    return [run.listing for run in runs]


def _calls(runs: Sequence[_Run]) -> list[float]:
    return [run.call for run in runs]


def _memory(runs: Sequence[_Run]) -> list[float]:
    return [run.memory for run in runs]
