"""`python -m tests.gate.campaign [count] [seed]`: many more random conversations than `make test` has time for.

`--assume ID=VALUE` plays another alternative of an assumption, `--every-alternative` each of them in turn.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import anyio
from hypothesis import HealthCheck, given, seed, settings

from pai_emulator.assumptions import assumptions
from pai_emulator.serve import Emulator
from tests.conftest import ADMIN
from tests.gate.moves import Step
from tests.gate.steps import CONVERSATIONS
from tests.gate.walk import walk
from tests.support.schemas import each_checked_once

_AT_A_TIME = 250


def main(count: int, first_seed: int, assume: Mapping[str, str]) -> None:
    """Ends with a traceback and the shortest conversation that breaks the promise, if there is one.

    Every part has an emulator of its own, so a long campaign takes no more memory than one part of it.
    """
    began = time.monotonic()
    writes = 0
    # The SDK's logger would draw a box around every state that a conversation forges.
    logging.basicConfig(level=logging.CRITICAL)
    with each_checked_once():
        for part, start in enumerate(range(0, count, _AT_A_TIME)):
            writes += _part(min(_AT_A_TIME, count - start), first_seed + part, assume)
            done = min(count, start + _AT_A_TIME)
            played = "".join(f"{name}={value}: " for name, value in assume.items())
            sys.stdout.write(f"{played}{done} conversations, {writes} writes, {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()


def _part(count: int, part_seed: int, assume: Mapping[str, str]) -> int:
    """How many writes the emulator received."""
    writes = 0
    with Emulator(seed=0, assume=assume) as emulator:
        # Importing it set the keys that the server finds in its environment.
        assert ADMIN in emulator.users

        @seed(part_seed)
        @settings(max_examples=count, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(steps=CONVERSATIONS)
        def converse(steps: Sequence[Step]) -> None:
            nonlocal writes
            with tempfile.TemporaryDirectory() as folder:
                writes += len(anyio.run(walk, emulator, Path(folder), steps).sent)

        converse()
    return writes


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.gate.campaign")
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("seed", nargs="?", type=int, default=0)
    parser.add_argument("--assume", action="append", default=[], metavar="ID=VALUE")
    parser.add_argument("--every-alternative", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    chosen = _chosen()
    if chosen.every_alternative:
        for name, each in assumptions().items():
            for value in each.alternatives:
                if value != each.plays:
                    main(chosen.count, chosen.seed, {name: value})
    else:
        main(chosen.count, chosen.seed, dict(each.split("=", 1) for each in chosen.assume))
