"""The journal's tests run over both databases."""

from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from pai_dsw_mcp.commands.audit import audit
from pai_dsw_mcp.journal.postgres_audit import Audit
from pai_dsw_mcp.journal.postgres_audit_verify import Verdict, verify
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.settings import Settings
from tests.journal.journal_desk import OLD_KEY, Hands, private_file
from tests.support.postgres import Cluster


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def new_journal(each_database: Cluster | None, tmp_path: Path, hands: Hands) -> Generator[Callable[[], Journal]]:
    """Makes the journal of one more server process over the same state, all by the clock of the test."""
    made: list[Journal] = []

    def make() -> Journal:
        def now() -> float:
            return hands.wall

        def elapsed() -> float:
            return hands.monotonic

        path = tmp_path / "journal.sqlite3"
        made.append(
            each_database.journal(now=now, elapsed=elapsed)
            if each_database
            else Journal(path, now=now, elapsed=elapsed)
        )
        return made[-1]

    yield make
    for journal in made:
        journal.close()


@pytest.fixture
def journal(new_journal: Callable[[], Journal]) -> Journal:
    return new_journal()


@pytest.fixture
def new_audit(tmp_path: Path) -> Callable[..., Audit]:
    """Makes the audit of one more server, with a checkpoint of its own."""

    def make(server: str = "one", key: str = OLD_KEY) -> Audit:
        file = private_file(tmp_path / key.replace("\n", "-")[:99], key)
        return Audit(file, tmp_path / f"checkpoint of {server}")

    return make


@pytest.fixture
def new_server(postgres: Cluster, new_audit: Callable[..., Audit]) -> Callable[..., Journal]:
    """Makes the journal of one more server, which also keeps the audit."""

    def make(server: str = "one", **options: str) -> Journal:
        return postgres.journal(audit=new_audit(server, **options))

    return make


@pytest.fixture
def verdict(postgres: Cluster, new_audit: Callable[..., Audit]) -> Callable[..., Verdict]:
    def find(server: str = "one", **options: str) -> Verdict:
        with postgres.journal().database.transaction("read") as (rows, _):
            return verify(new_audit(server, **options), rows)

    return find


@pytest.fixture
def command(postgres: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs it with these flags; its code, and what it says."""

    def run(**options: object) -> tuple[int, str]:
        files = {"audit_key_file": tmp_path / OLD_KEY, "audit_checkpoint_file": tmp_path / "checkpoint of one"}
        place = {"database": postgres.url, "database_password_file": postgres.password_file}
        chosen = {"verify": "end" not in options, **place, **files, **options}
        code = audit(Settings(verb="audit", **chosen))  # type: ignore[arg-type]
        return code, capsys.readouterr().out

    return run
