"""A process that the fork server starts is as one that begins in an interpreter of its own."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.process.processes import DEADLINE, environment
from tests.support.forking import VARIABLE
from tests.support.programs import BIN, INSTALLED

TELLS = """
import json, os, pathlib, signal, sys
streams = [(each.fileno(), each.encoding, each.errors, each.line_buffering, each.isatty())
    for each in (sys.stdin, sys.stdout, sys.stderr)]
descriptors = [each for each in range(100) if pathlib.Path(f"/dev/fd/{each}").exists()]
handlers = [str(signal.getsignal(each)) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)]
print(json.dumps([dict(os.environ), os.getcwd(), sys.argv, sys.path[0], streams, descriptors, handlers, __name__]))
print(sys.executable, os.getsid(0) == os.getpid(), signal.set_wakeup_fd(-1), sys.stdin.read())
print("alibabacloud_credentials" in sys.modules)
"""
ENDS = """
import os, sys
print("begun", flush=True)
sys.stdin.readline()
eval(sys.argv[1])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tells.py").write_text(TELLS, "utf-8")
    (tmp_path / "ends.py").write_text(ENDS, "utf-8")
    return tmp_path


@pytest.mark.parametrize("leads_a_session", [False, True])
def test_it_begins_as_any_other(folder: Path, leads_a_session: bool) -> None:
    forked, other = (
        subprocess.run(
            [programs / "python", "-m", "tells", "--flag", "价"],
            cwd=folder,
            env=environment(folder, LANG="zh_CN.UTF-8", TZ="Asia/Shanghai", EMPTY=""),
            input="typed",
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
            start_new_session=leads_a_session,
        )
        for programs in (BIN, INSTALLED)
    )
    assert os.environ.get(VARIABLE, str(INSTALLED)) == str(BIN)
    assert (forked.returncode, forked.stdout, forked.stderr) == (0, other.stdout, other.stderr)


def begun(folder: Path, code: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [BIN / "python", "-m", "ends", code],
        cwd=folder,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


@pytest.mark.parametrize(
    ("ends", "code", "says"),
    [
        ("None", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("sys.exit('why')", 1, "why\n"),
        ("1 / 0", 1, "ZeroDivisionError: division by zero\n"),
        ("os.kill(os.getpid(), 9)", -9, ""),
        ("os.kill(os.getpid(), 15)", -15, ""),
        ("os.kill(os.getpid(), 2)", -2, "KeyboardInterrupt\n"),
    ],
)
def test_it_ends_as_any_other(folder: Path, ends: str, code: int, says: str) -> None:
    with begun(folder, ends) as process:
        _, errors = process.communicate("go\n", DEADLINE)
        assert process.returncode == code
        assert errors.splitlines()[-1:] == says.splitlines()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_reaches_it(folder: Path, number: signal.Signals) -> None:
    with begun(folder, "None") as process:
        process.send_signal(number)
        # Its end of the pipe closes only with it.
        assert process.stdout is not None
        assert process.stdout.read() == ""
        assert process.wait(DEADLINE) == -number
