"""What the journal's tests share: a change to ask for, and the steps up to a yes."""

import time
from pathlib import Path
from typing import Any, Final, get_args

from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.journal.sqlite import SqliteFile
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change, Parameter, Price

KEY: Final[dict[str, Any]] = {"principal": "acs:ram::1:user/ada", "tool": "create_instance", "arguments_digest": "d1"}

OLD_KEY: Final = "k" * 32
"""Of the audit."""

EVERY_CHANNEL: Final[frozenset[Channel]] = frozenset(get_args(Channel))


def create(name: str = "training_a10", *, fingerprint: str = "seen-1") -> Change:
    return Change(
        action="create_instance",
        region_id="cn-hangzhou",
        target_name=name,
        workspace_id="1001",
        parameters=(Parameter(name="InstanceName", value=name),),
        price=Price(hourly=9.53, currency="CNY"),
        fingerprint=fingerprint,
    )


async def ask(
    journal: Journal,
    *,
    change: Change | None = None,
    channel: Channel = "page",
    digest: str = "d1",
    principal: str = KEY["principal"],
    most_waiting: int = 0,
) -> Approval:
    return await journal.ask(
        principal=principal,
        tool=KEY["tool"],
        arguments_digest=digest,
        change=change or create(),
        channel=channel,
        channels=EVERY_CHANNEL,
        most_waiting=most_waiting,
    )


async def approved(journal: Journal, *, change: Change | None = None, digest: str = "d1") -> Approval:
    waiting = await ask(journal, change=change, digest=digest)
    return await journal.decide(waiting.approval_id, approve=True, channel="page")


def with_follow_up() -> Change:
    follow_up = create().model_copy(update={"action": "set_auto_stop", "target_id": "dsw-1"})
    return create().model_copy(update={"then": (follow_up,)})


async def begun(journal: Journal, approval: Approval, operation_id: str) -> None:
    await journal.begin(
        approval_id=approval.approval_id,
        operation_id=operation_id,
        fingerprint="seen-1",
        scope=create().scope,
        deadline_seconds=30,
        channels=EVERY_CHANNEL,
    )


def first_row(approval_id: str, schema: str = "") -> str:
    """The statement that inserts a waiting approval, as the oldest version had it."""
    change = create().model_dump_json().replace("'", "''")
    return (
        f"INSERT INTO {schema}approvals (approval_id, reference, principal, tool, arguments_digest, fingerprint,"
        " change, state, channel, asked_at, expires_at)"
        f" VALUES ('{approval_id}', 'K7Q2-9MTX', 'p', 't', 'd', 'seen-1', '{change}',"
        " 'waiting', 'page', 1, 1e10)"
    )


class Hands:
    """A clock whose hands are moved by the test: wall time and monotonic time, both in seconds."""

    def __init__(self) -> None:
        self.wall = 1_000_000.0
        self.monotonic = 50.0

    def pass_seconds(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds


def database(path: Path) -> SqliteFile:
    """The file beneath the journal, for a test that looks behind it."""
    return SqliteFile(path, now=time.time, elapsed=time.monotonic)


def private_file(path: Path, text: str) -> Path:
    """A file that nobody else may read."""
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path
