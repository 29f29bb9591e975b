"""A process of its own for the races: waits for a line on stdin, then does what it was told, and says what came of it.

argv: path of the journal, what to do (ask, begin, hold), and its arguments.
"""

import os
import signal
import sys
from pathlib import Path

import anyio

from pai_dsw_mcp.journal.errors import NotApprovedError, ScopeBusyError
from pai_dsw_mcp.journal.store import Journal
from tests.journal.journal_desk import ask, database


async def main(path: Path, action: str, arguments: list[str]) -> str:
    journal = Journal(path)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    if action == "ask":
        return (await ask(journal)).approval_id
    approval_id, operation_id, scope, fatal = arguments
    if fatal == "inside":
        with database(path).transaction("write") as (rows, _):
            rows.execute("UPDATE approvals SET state = 'used' WHERE approval_id = ?", (approval_id,))
            os.kill(os.getpid(), signal.SIGKILL)
    try:
        await journal.begin(
            approval_id=approval_id,
            operation_id=operation_id,
            fingerprint="seen-1",
            scope=scope,
            deadline_seconds=30,
            channels=frozenset({"page"}),
        )
    except (NotApprovedError, ScopeBusyError) as refusal:
        return type(refusal).__name__
    if fatal == "after":
        os.kill(os.getpid(), signal.SIGKILL)
    return "begun"


if __name__ == "__main__":
    sys.stdout.write(anyio.run(main, Path(sys.argv[1]), sys.argv[2], sys.argv[3:]) + "\n")
