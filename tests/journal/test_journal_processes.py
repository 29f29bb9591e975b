"""Several processes on one file, some of them killed."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from pai_dsw_mcp.journal.records import Operation
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import KEY, approved, create
from tests.support.programs import PYTHON
from tests.support.unmeasured import UNMEASURED

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]


def race(path: Path, contenders: list[list[str]]) -> list[tuple[str, int]]:
    """Starts one process for each, lets all go at the same moment, and returns what each said and its exit code."""
    processes = [
        subprocess.Popen(
            [PYTHON, "-m", "tests.journal.journal_racer", str(path), *arguments],
            cwd=ROOT,
            env=UNMEASURED,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for arguments in contenders
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[0].strip() for process in processes]
    return list(zip(said, [process.returncode for process in processes], strict=True))


async def operations(path: Path) -> tuple[Operation, ...]:
    journal = Journal(path)
    found = await journal.operations()
    journal.close()
    return found


async def test_processes_that_make_the_file_at_the_same_moment_share_one_question(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.sqlite3"
    said = race(path, [["ask"]] * 6)
    assert len(set(said)) == 1
    assert [file.name for file in path.parent.iterdir() if "sqlite3." in file.name] == []


async def test_one_yes_used_by_several_processes_gives_one_operation(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    approval = await approved(journal)
    journal.close()
    contenders = [["begin", approval.approval_id, f"op-{n}", f"scope-{n}", "never"] for n in range(6)]
    said = Counter(word for word, _ in race(path, contenders))
    assert said == {"begun": 1, "NotApprovedError": 5}
    assert len(await operations(path)) == 1


async def test_one_target_approved_in_several_processes_gives_one_open_operation(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    approvals = [await approved(journal, digest=f"d{n}") for n in range(6)]
    journal.close()
    contenders = [["begin", one.approval_id, f"op-{n}", create().scope, "never"] for n, one in enumerate(approvals)]
    said = Counter(word for word, _ in race(path, contenders))
    assert said == {"begun": 1, "ScopeBusyError": 5}
    assert len(await operations(path)) == 1


async def test_a_process_killed_after_begin_leaves_the_operation_open_and_the_yes_used(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    approval = await approved(journal)
    assert race(path, [["begin", approval.approval_id, "op-1", create().scope, "after"]]) == [("", -9)]
    left = await journal.open_operation(principal=KEY["principal"], scope=create().scope)
    assert left is not None
    assert (left.operation_id, left.state) == ("op-1", "sent")
    used = await journal.get(approval.approval_id)
    assert used is not None
    assert used.state == "used"
    journal.close()


async def test_a_process_killed_inside_the_transaction_leaves_the_yes_unused(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    journal = Journal(path)
    approval = await approved(journal)
    assert race(path, [["begin", approval.approval_id, "op-1", create().scope, "inside"]]) == [("", -9)]
    assert await journal.operations() == ()
    again = ["begin", approval.approval_id, "op-2", create().scope, "never"]
    assert race(path, [again]) == [("begun", 0)]
    journal.close()
