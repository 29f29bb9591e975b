"""`python -m tests.bench`: prints what was measured as one table; exit code 1 when something does not hold.

For Linux: memory is read from /proc.
"""

import logging
import os
import sys
import time

from tests.bench import http_processor, loop_stall, many_instances, read_overhead, start_and_memory, tokens
from tests.bench.priority import ahead_of_others
from tests.bench.row import table

_MEASUREMENTS = (start_and_memory, tokens, read_overhead, http_processor, loop_stall, many_instances)


def main() -> int:
    """Measures one thing after another; what is compared is measured in turns, within this run."""
    # The client's library logs each request; the table is all that is to be read.
    logging.disable(logging.INFO)
    started = time.monotonic()
    load, ahead = os.getloadavg()[0], ahead_of_others()
    rows = [row for measurement in _MEASUREMENTS for row in measurement.measure()]
    print(table(rows))
    print()
    print(
        f"Medians; in brackets the quartiles of paired ratios, or the range. {time.monotonic() - started:.0f} s,",
        end=" ",
    )
    scheduling = "real-time scheduling" if ahead else "ordinary scheduling"
    print(f"{os.cpu_count()} cores, load {load:.1f} at the start, {scheduling}, Python {sys.version.split()[0]}.")
    return 1 if any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
