"""Start and memory, against a bare server of the same SDK: ours, bare, bare, ours, in both protocol eras."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.row import Row, paired
from tests.bench.servers import bare, ours
from tests.bench.stdio_process import Era, StdioProcess

_PAIRS = 11
_SDKS_LOADED = 6.0
"""Seconds after which the vendor's SDKs have been loaded in the background, with room to spare."""


@dataclass(frozen=True, slots=True)
class _Run:
    start: float
    """Milliseconds from the spawn to the first answer."""
    listing: float
    """Milliseconds that tools/list took, asked for at once."""
    memory: float
    """Peak in MB after tools/list."""


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        our_command, bare_command = ours(Path(folder)), bare()
        our_legacy, bare_legacy = _pairs(our_command, bare_command, "legacy")
        our_modern, bare_modern = _pairs(our_command, bare_command, "modern")
        our_later, bare_later = _later(our_command), _later(bare_command)
    ours_now, bare_now = [*our_legacy, *our_modern], [*bare_legacy, *bare_modern]
    return [
        _start("initialize", our_legacy, bare_legacy),
        _start("server/discover", our_modern, bare_modern),
        paired("tools/list right after", _listings(ours_now), _listings(bare_now), "ms", None),
        paired("peak memory after tools/list", _memory(ours_now), _memory(bare_now), "MB", 1.15),
        paired("the same with the SDKs loaded", [our_later], [bare_later], "MB", None),
    ]


def _start(method: str, ours: Sequence[_Run], theirs: Sequence[_Run]) -> Row:
    return paired(f"start to {method} answered", [run.start for run in ours], [run.start for run in theirs], "ms", 1.10)


def _listings(runs: Sequence[_Run]) -> list[float]:
    return [run.listing for run in runs]


def _memory(runs: Sequence[_Run]) -> list[float]:
    return [run.memory for run in runs]


def _pairs(our_command: list[str], bare_command: list[str], era: Era) -> tuple[list[_Run], list[_Run]]:
    for command in (our_command, bare_command):
        _run(command, era)
    ours: list[_Run] = []
    theirs: list[_Run] = []
    turns = ((our_command, ours), (bare_command, theirs))
    for number in range(_PAIRS):
        # Whoever goes second finds warmer caches: they take turns.
        for command, runs in turns if number % 2 else reversed(turns):
            runs.append(_run(command, era))
    return ours, theirs


def _run(command: list[str], era: Era) -> _Run:
    with StdioProcess(command, era) as server:
        start = server.hello()
        asked = time.perf_counter()
        server.list_tools()
        listing = time.perf_counter() - asked
        return _Run(start * 1000, listing * 1000, server.peak_memory())


def _later(command: list[str]) -> float:
    with StdioProcess(command, "legacy") as server:
        server.hello()
        server.list_tools()
        time.sleep(_SDKS_LOADED)
        return server.peak_memory()
