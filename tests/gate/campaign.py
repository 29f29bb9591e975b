"""`python -m tests.gate.campaign [count] [seed]`: many more random conversations than `make test` has time for."""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import anyio
from hypothesis import HealthCheck, given, seed, settings

from pai_emulator.serve import Emulator
from tests.conftest import ADMIN
from tests.gate.moves import Step
from tests.gate.steps import CONVERSATIONS
from tests.gate.walk import walk

_AT_A_TIME = 250


def main(count: int, first_seed: int) -> None:
    """Ends with a traceback and the shortest conversation that breaks the promise, if there is one.

    Every part has an emulator of its own, so a long campaign takes no more memory than one part of it.
    """
    began = time.monotonic()
    writes = 0
    for part, start in enumerate(range(0, count, _AT_A_TIME)):
        writes += _part(min(_AT_A_TIME, count - start), first_seed + part)
        done = min(count, start + _AT_A_TIME)
        sys.stdout.write(f"{done} conversations, {writes} writes, {time.monotonic() - began:.0f} s\n")
        sys.stdout.flush()


def _part(count: int, part_seed: int) -> int:
    """How many writes the emulator received."""
    writes = 0
    with Emulator(seed=0) as emulator:
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


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["10000"])[0]), int((sys.argv[2:] or ["0"])[0]))
