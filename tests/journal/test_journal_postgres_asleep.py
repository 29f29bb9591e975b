"""A database that takes what it is asked and does not answer."""

import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from pai_dsw_mcp.journal import postgres as module
from pai_dsw_mcp.journal.errors import JournalError
from tests.journal.journal_desk import ask
from tests.journal.test_journal_postgres import of_servers
from tests.support.postgres import Cluster

pytestmark = pytest.mark.anyio


@contextmanager
def asleep(pids: list[int]) -> Generator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def test_a_database_that_does_not_answer_is_not_waited_for_for_ever(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    journal = postgres.journal()
    approval = await ask(journal)
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.1)
    with asleep(of_servers(postgres)), pytest.raises(JournalError, match="Timeout"):
        await journal.decide(approval.approval_id, approve=True, channel="page")
    monkeypatch.undo()
    assert (await journal.decide(approval.approval_id, approve=False, channel="page")).state == "rejected"


async def test_who_reads_waits_for_a_short_time_and_once(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 3600.0)
    monkeypatch.setattr(module, "READ_SECONDS", 0.3)
    journal = postgres.journal()
    await journal.time()
    began = time.monotonic()
    with asleep(of_servers(postgres)), pytest.raises(JournalError, match="Timeout"):
        await journal.time()
    assert time.monotonic() - began < module.ANSWER_SECONDS / 2
    # It would answer again, and is not asked yet.
    with pytest.raises(JournalError, match="OperationalError"):
        await journal.time()
