"""What runs without a measurement of its coverage, because it would add nothing: measuring doubles a test's time."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from coverage import Coverage

UNMEASURED: Final = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
"""The environment of a child process that is not measured."""


@contextmanager
def unmeasured() -> Generator[None]:
    """No line of the block counts, nor of a thread that it starts.

    A thread that was measured before it is not measured any more after it. pytest-cov's own `no_cover` ends only the
    inner one of the two measurements that a worker of a distributed run carries.
    """
    measurements: list[Coverage] = []
    while (measurement := Coverage.current()) is not None:
        measurement.stop()
        measurements.append(measurement)
    try:
        yield
    finally:
        for measurement in reversed(measurements):
            measurement.start()
