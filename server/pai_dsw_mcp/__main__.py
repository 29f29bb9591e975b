"""The command `pai-dsw-mcp`: lets the front speak at once, and imports everything else behind it."""

import os
import sys
from collections.abc import Sequence
from typing import Final

from pai_dsw_mcp.front import open_front

_INTERRUPTED: Final = 130
"""The exit code of a program that Ctrl-C or SIGTERM has ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one verb; returns the exit code: 0 well, 1 failed, 2 wrong use, 130 ended by Ctrl-C or SIGTERM."""
    arguments = sys.argv[1:] if arguments is None else arguments
    front = open_front(arguments, os.environ)
    try:
        from pai_dsw_mcp.commands.start import start  # noqa: PLC0415  # not before the front speaks

        return start(arguments, front)
    except KeyboardInterrupt:
        return _INTERRUPTED
    finally:
        if front is not None:
            front.refuse()


if __name__ == "__main__":
    sys.exit(main())
