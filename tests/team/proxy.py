"""nginx in front of servers on this machine, with the file that deploy/ has for it."""

import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.bench.tls_service import write_certificate
from tests.support.ports import fixed_port
from tests.team.replicas import Entrance

NGINX: Final = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
"""The program; Debian keeps it off the path of users. None where it is not installed."""
NOT_INSTALLED: Final = "nginx is not installed (Debian: apt-get install nginx)"
CONFIGURATION: Final = Path(__file__).parents[2] / "deploy" / "nginx.conf"
_OTHER_USER: Final = "nobody"
"""As whom it runs where root tests, because it should need no rights."""
_HTTP2_BY_ITSELF: Final = (1, 25, 1)


def version() -> tuple[int, ...]:
    """Of the program that is installed."""
    said = subprocess.run([str(NGINX), "-v"], capture_output=True, text=True, check=True).stderr
    found = re.search(r"nginx/([\d.]+)", said)
    assert found is not None, said
    return tuple(int(each) for each in found[1].split("."))


def configuration(folder: Path, port: int, servers: Sequence[str]) -> str:
    """The file for one machine: without the names of containers, and in this folder."""
    text = CONFIGURATION.read_text("utf-8")
    changed = {
        r"resolver .*;": "",
        r"server server:8000 resolve(.*);": "".join(rf"server {each}\1;" for each in servers),
        r"listen 8443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        r"/etc/nginx/tls/|/tmp/": f"{folder}/",
    }
    if version() < _HTTP2_BY_ITSELF:
        changed[r"ssl;(\s+)http2 on;"] = r"ssl http2;\1"
    for before, after in changed.items():
        text, times = re.subn(before, after, text)
        assert times, before
    return text


@contextmanager
def proxy(servers: Sequence[str]) -> Generator[Entrance]:
    """Runs it before the servers at these addresses until the block ends; skips the test where it is not installed."""
    if NGINX is None:
        pytest.skip(NOT_INSTALLED)
    with tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder, port = Path(name), fixed_port()
        written = folder / "nginx.conf"
        written.write_text(configuration(folder, port, servers), "utf-8")
        write_certificate("localhost", folder / "tls.crt", folder / "tls.key")
        for each in (folder, *folder.iterdir()):
            _give(each)
        command: list[str] = [NGINX, "-c", str(written), "-p", name, "-e", "stderr", "-g", "daemon off;"]
        with (
            (folder / "log").open("w", encoding="utf-8") as log,
            subprocess.Popen(command, stderr=log, **_who()) as process,
        ):
            try:
                if not _listens(process, port):
                    raise AssertionError((folder / "log").read_text("utf-8"))
                tls = ssl.create_default_context(cafile=folder / "tls.crt")
                yield Entrance(url=f"https://localhost:{port}/mcp", tls=tls)
            finally:
                process.terminate()


def _who() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    other = pwd.getpwnam(_OTHER_USER)
    return {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        other = pwd.getpwnam(_OTHER_USER)
        os.chown(path, other.pw_uid, other.pw_gid)


def _listens(process: subprocess.Popen[str], port: int) -> bool:
    """Waits until it does; false where it has ended instead."""
    while process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return True
    return False
