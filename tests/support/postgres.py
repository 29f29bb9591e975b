"""A PostgreSQL server for the tests of one process: on a socket in a temporary folder, with a password.

Run this module to learn which files of the server its absence leaves untested.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from pai_dsw_mcp.journal.postgres import Postgres
from pai_dsw_mcp.journal.store import Journal

PASSWORD: Final = "canary-of-the-database"
_OTHER_USER: Final = "postgres"
"""As whom it runs in the tests of root, for whom it refuses to run."""
_FAST: Final = "-c fsync=off -c full_page_writes=off -c listen_addresses="


@dataclass(frozen=True, slots=True)
class Cluster:
    """The server, with one database that every test finds empty."""

    programs: Path
    folder: Path
    password_file: Path
    journals: list[Journal] = field(default_factory=list[Journal])

    @property
    def url(self) -> str:
        return f"postgresql:///postgres?host={self.folder}&user=postgres"

    def journal(self, **options: Any) -> Journal:
        """As a server of its own has it."""
        self.journals.append(Journal(Postgres(self.url, self.password_file, **options)))
        return self.journals[-1]

    def close_journals(self) -> None:
        while self.journals:
            self.journals.pop().close()

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database itself says; of several statements the last one's rows."""
        with psycopg.connect(self.url, password=PASSWORD, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

    def empty(self) -> None:
        self.ask("SET client_min_messages = warning; DROP SCHEMA IF EXISTS pai_dsw_mcp CASCADE")

    def control(self, *arguments: str) -> None:
        """Starts, stops or restarts it, and waits for that."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w", *arguments)

    def start(self) -> None:
        self.control("-o", f"{_FAST} -k {self.folder}", "start")

    def stop(self) -> None:
        self.control("-m", "immediate", "stop")

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments], cwd=self.folder, stdout=subprocess.DEVNULL, check=True, **_who()
        )

    @contextmanager
    def ended_with_this_process(self) -> Generator[None]:
        """Stops the server with the block, and also when this process is killed: then the pipe ends."""
        stop = f"read _; exec {self.programs}/pg_ctl -D {self.folder}/data -m immediate stop >/dev/null"
        with subprocess.Popen(["sh", "-c", stop], stdin=subprocess.PIPE, cwd=self.folder, **_who()) as guard:
            try:
                yield
            finally:
                guard.communicate()


def _is_root() -> bool:
    return os.geteuid() == 0


def _who() -> dict[str, Any]:
    return {"user": _OTHER_USER, "group": _OTHER_USER, "extra_groups": []} if _is_root() else {}


def _programs() -> Path | None:
    """Where they are; Debian keeps them off the path, by version."""
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if on_path is None else [Path(on_path).resolve()]
    return found[-1].parent if found else None


@contextmanager
def cluster() -> Generator[Cluster]:
    """Runs it until the block ends; skips the test where it is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with tempfile.TemporaryDirectory(prefix="pg-") as outer, tempfile.TemporaryDirectory(prefix="pg-") as inner:
        made = Cluster(programs, Path(inner), Path(outer) / "password")
        made.password_file.write_text(f"{PASSWORD}\n", "utf-8")
        made.password_file.chmod(0o600)
        for_server = made.folder / "password"
        for_server.write_text(PASSWORD, "utf-8")
        if _is_root():
            shutil.chown(made.folder, _OTHER_USER)
            shutil.chown(for_server, _OTHER_USER)
        who = ("--username=postgres", f"--pwfile={for_server}", "--auth=scram-sha-256")
        made.run("initdb", "-D", str(made.folder / "data"), "--no-sync", "--encoding=UTF8", "--no-locale", *who)
        made.start()
        with made.ended_with_this_process():
            yield made


if __name__ == "__main__":
    sys.stdout.write("nothing" if _programs() else "*/pai_dsw_mcp/*/postgres*.py")
