"""The file: who may read it, what it refuses, and what it never holds."""

# ruff: noqa: ASYNC240 - the file is the subject, and nothing else runs in these loops

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pai_dsw_mcp.journal import operations
from pai_dsw_mcp.journal.database import Found, Rows
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.schema import MIGRATIONS, NEWEST
from pai_dsw_mcp.journal.sqlite import make
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import KEY, approved, ask, database, first_row

pytestmark = pytest.mark.anyio


async def test_nothing_is_opened_before_the_first_use(tmp_path: Path) -> None:
    Journal(tmp_path / "state" / "journal.sqlite3").close()
    assert list(tmp_path.iterdir()) == []


async def test_directory_and_files_are_for_this_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.sqlite3"
    journal = Journal(path)
    await ask(journal)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == {"journal.sqlite3": 0o600, "journal.sqlite3-shm": 0o600, "journal.sqlite3-wal": 0o600}
    journal.close()


async def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    await ask(journal)
    journal.close()
    path.chmod(0o644)
    await journal.waiting()
    assert path.stat().st_mode & 0o777 == 0o600
    journal.close()


async def test_a_directory_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(JournalError, match="chmod 700"):
        await ask(Journal(tmp_path / "journal.sqlite3"))
    assert list(tmp_path.iterdir()) == []


async def test_a_directory_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.getuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    with pytest.raises(JournalError, match="another user"):
        await ask(Journal(tmp_path / "journal.sqlite3"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away, and only root could then open it")
async def test_root_does_not_open_a_file_of_another_user(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    make(path)
    os.chown(path, 4711, 4711)
    path.chmod(0o644)
    with pytest.raises(JournalError, match="another user"):
        await ask(Journal(path))
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
async def test_a_link_is_refused_and_what_it_points_to_is_left_alone(tmp_path: Path, ending: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("somebody's file")
    victim.chmod(0o644)
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    (state / f"journal.sqlite3{ending}").symlink_to(victim)
    with pytest.raises(JournalError, match="or is a link"):
        await ask(Journal(state / "journal.sqlite3"))
    assert (victim.read_text(), victim.stat().st_mode & 0o777) == ("somebody's file", 0o644)


async def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(JournalError, match="or is a link"):
        await ask(Journal(path))
    assert not (tmp_path / "elsewhere").exists()


async def test_what_was_written_is_there_after_closing(tmp_path: Path) -> None:
    first = Journal(tmp_path / "journal.sqlite3")
    approval = await ask(first)
    first.close()
    second = Journal(tmp_path / "journal.sqlite3")
    assert await second.get(approval.approval_id) == approval
    second.close()


async def test_the_file_is_closed_to_others_from_its_first_moment(tmp_path: Path) -> None:
    before = os.umask(0)
    make(tmp_path / "journal.sqlite3")
    os.umask(before)
    assert (tmp_path / "journal.sqlite3").stat().st_mode & 0o777 == 0o600


async def test_a_process_that_comes_second_in_making_the_file_leaves_the_first_one_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    approval = await ask(journal)
    journal.close()
    make(path)
    assert await journal.get(approval.approval_id) == approval
    journal.close()
    assert [file.name for file in tmp_path.iterdir()] == ["journal.sqlite3"]


async def test_writes_are_synchronised_to_the_disk(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    with database(tmp_path / "journal.sqlite3").transaction("read") as (rows, _):
        assert rows.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        full = 2
        assert rows.execute("PRAGMA synchronous").fetchone()[0] == full
    journal.close()


@pytest.mark.parametrize(("version", "message"), [(NEWEST + 1, "newer version"), (0, "not a journal of this program")])
async def test_a_file_of_another_schema_is_refused_and_left_alone(tmp_path: Path, version: int, message: str) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    await ask(journal)
    journal.close()
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA user_version = {version}")
    before = path.read_bytes()
    with pytest.raises(JournalError, match=message):
        await journal.waiting()
    assert path.read_bytes() == before


@pytest.mark.parametrize("becomes", ["nothing", "another"])
async def test_a_file_that_is_removed_or_replaced_meanwhile_is_noticed(tmp_path: Path, becomes: str) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    waiting = await ask(journal)
    path.unlink()
    if becomes == "another":
        other = Journal(path)
        await ask(other)
        other.close()
    for use in (journal.waiting(), journal.decide(waiting.approval_id, approve=True, channel="page")):
        with pytest.raises(JournalError, match="removed or replaced while this program ran"):
            await use
    journal.close()


@pytest.mark.parametrize("version", [each for each in MIGRATIONS if each < NEWEST])
async def test_a_file_of_an_earlier_schema_is_brought_to_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    earlier = {number: statements for number, statements in MIGRATIONS.items() if number <= version}
    monkeypatch.setattr("pai_dsw_mcp.journal.sqlite.MIGRATIONS", earlier)
    make(tmp_path / "journal.sqlite3")
    with closing(sqlite3.connect(tmp_path / "journal.sqlite3")) as other, other:
        other.execute(first_row("a1"))
    monkeypatch.undo()
    journal = Journal(tmp_path / "journal.sqlite3")
    decided = await journal.decide("a1", approve=True, channel="page", by="eve")
    assert (decided.state, decided.decided_by, len(await journal.state_keys())) == ("approved", "eve", 1)
    journal.close()


async def test_what_a_newer_version_adds_to_a_shared_journal_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    approval = await ask(journal)
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("ALTER TABLE approvals ADD COLUMN of_tomorrow TEXT DEFAULT 'x'")
    assert await journal.get(approval.approval_id) == approval
    journal.close()


async def test_what_is_spot_is_found_without_looking_at_every_operation(tmp_path: Path) -> None:
    plan: list[str] = []

    class Explained:
        """Asks how a statement would be carried out instead."""

        def __init__(self, rows: Rows) -> None:
            self.rows = rows

        def execute(self, statement: str, values: Sequence[Any] = (), /) -> Found:
            plan.extend(row["detail"] for row in self.rows.execute(f"EXPLAIN QUERY PLAN {statement}", values))
            return self.rows.execute("SELECT 1 WHERE false")

    file = database(tmp_path / "journal.sqlite3")
    with file.transaction("read") as (rows, now):
        operations.spot_changes(Explained(rows), now)
    assert plan[0] == "SCAN approvals USING INDEX spot_changes"
    assert plan[1].startswith("SEARCH operations USING INDEX")
    file.close()


@pytest.mark.parametrize("content", [b"", b"no database at all " * 100])
async def test_a_file_that_is_no_journal_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(content)
    with pytest.raises(JournalError) as refused:
        await ask(Journal(path))
    assert "Nothing was sent" in refused.value.explain()
    assert path.read_bytes() == content


async def test_a_damaged_page_is_an_error_and_not_an_empty_answer(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    await ask(journal)
    journal.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(JournalError, match="SQLITE_CORRUPT"):
        await journal.find(**KEY)
    journal.close()


async def test_a_row_that_makes_no_sense_is_an_error(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.sqlite3")
    approval = await ask(journal)
    with database(tmp_path / "journal.sqlite3").transaction("write") as (rows, _):
        rows.execute('UPDATE approvals SET change = \'{"action": "drop"}\'')
    with pytest.raises(JournalError, match="SCHEMA"):
        await journal.get(approval.approval_id)
    journal.close()


async def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    with pytest.raises(JournalError, match="Error"):
        await ask(Journal(tmp_path / "state" / "journal.sqlite3"))


async def test_a_file_that_somebody_keeps_locked_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pai_dsw_mcp.journal.sqlite.BUSY_SECONDS", 0.01)
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    approval = await ask(journal)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="SQLITE_BUSY"):
            await journal.decide(approval.approval_id, approve=True, channel="page")
        assert await journal.get(approval.approval_id) == approval
    assert (await journal.decide(approval.approval_id, approve=True, channel="page")).state == "approved"
    journal.close()


async def test_the_failed_draft_of_a_new_file_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pai_dsw_mcp.journal.sqlite.MIGRATIONS", {NEWEST: ("CREATE NONSENSE",)})
    with pytest.raises(JournalError, match="SQLITE_ERROR"):
        await ask(Journal(tmp_path / "journal.sqlite3"))
    assert list(tmp_path.iterdir()) == []


async def test_arguments_are_kept_as_their_digest(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    await approved(journal)
    with database(tmp_path / "journal.sqlite3").transaction("read") as (rows, _):
        columns = [row["name"] for row in rows.execute("PRAGMA table_info(approvals)")]
    assert [name for name in columns if "argument" in name] == ["arguments_digest"]
    journal.close()
