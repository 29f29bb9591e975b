"""The programs of this environment, made anew so that they start by fork: most of a start is imports."""

import os
import shlex
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

VARIABLE: Final = "TESTS_FORKED_PROGRAMS"
"""Names their folder while there are any."""
_ROOT: Final = Path(__file__).parents[2]
_PROGRAM: Final = """\
#!{python} -IS
import sys
sys.path.insert(0, {here!r})
from fork_client import start
start({server!r}, {program!r})
"""
_SECONDS: Final = 60.0


@contextmanager
def forked_programs() -> Generator[None]:
    """While the block lasts. Nothing is imported before the first of them is started."""
    # The first line of a script has no quotes.
    if shlex.quote(sys.executable) != sys.executable:
        yield
        return
    installed = Path(sys.executable).parent
    with tempfile.TemporaryDirectory(prefix="forked-") as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(server := f"{folder}/server")
        listener.listen(64)
        for name in ("python", "pai-dsw-mcp", "pai-emulator"):
            file = Path(folder, name)
            file.write_text(
                _PROGRAM.format(
                    python=sys.executable,
                    here=str(Path(__file__).parent),
                    server=server,
                    program=str(installed / name),
                ),
                "utf-8",
            )
            file.chmod(0o700)
        os.environ[VARIABLE] = folder
        with subprocess.Popen(
            [sys.executable, "-m", "tests.support.fork_server", str(listener.fileno())],
            cwd=_ROOT,
            env={"PATH": f"{installed}:/usr/bin:/bin", "HOME": folder},
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
        ) as running:
            listener.close()
            try:
                yield
            finally:
                assert running.stdin is not None
                running.stdin.close()
                running.wait(_SECONDS)
                del os.environ[VARIABLE]
