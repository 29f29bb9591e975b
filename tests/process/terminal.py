"""A command in a terminal of its own."""

import os
import pty
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.process.processes import DEADLINE, measured_environment


def in_a_terminal(command: Sequence[str], home: Path, typed: str = "", *, term: str = "dumb") -> tuple[int, str]:
    """Runs it with everything typed ahead; returns its exit code and what it showed."""
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        command,
        env=measured_environment(home, TERM=term, COLUMNS="140"),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        os.write(controller, typed.encode())
        shown = b""
        # Linux ends the reading of a terminal that nobody writes to any more with an error, others with nothing.
        with suppress(OSError):
            while chunk := os.read(controller, 4096):
                shown += chunk
        code = process.wait(DEADLINE)
    os.close(controller)
    return code, shown.decode().replace("\r\n", "\n")
