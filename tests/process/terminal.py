"""A command in a terminal of its own."""

import os
import pty
import re
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.process.processes import DEADLINE, environment, measured_environment


def in_a_terminal(
    command: Sequence[str],
    home: Path,
    answers: Sequence[tuple[str, str | re.Pattern[str]]] = (),
    *,
    term: str = "dumb",
    measured: bool = True,
) -> tuple[int, str]:
    """Runs it and answers each question when it is shown; returns its exit code and what it showed.

    An answer that is a pattern is the first group of what it finds in what was shown.
    """
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        command,
        env=(measured_environment if measured else environment)(home, TERM=term, COLUMNS="140"),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        shown, waiting, seen = b"", list(answers), 0
        # Linux ends the reading of a terminal that nobody writes to any more with an error, others with nothing.
        with suppress(OSError):
            while chunk := os.read(controller, 4096):
                shown += chunk
                if waiting and (at := shown.find(waiting[0][0].encode(), seen)) >= 0:
                    seen = at + len(waiting[0][0].encode())
                    os.write(controller, f"{_typed(waiting.pop(0)[1], shown.decode())}\n".encode())
        code = process.wait(DEADLINE)
    os.close(controller)
    return code, shown.decode().replace("\r\n", "\n")


def _typed(answer: str | re.Pattern[str], shown: str) -> str:
    if isinstance(answer, str):
        return answer
    found = answer.search(shown)
    assert found is not None, shown
    return found[1]
