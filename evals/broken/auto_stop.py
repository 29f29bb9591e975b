"""Servers whose automatic stops are not what they seem."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from evals.broken.server import broken
from pai_dsw_mcp.approval import plain_text
from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.gate.done import done
from pai_dsw_mcp.gate.outcome import FollowUp, WriteResult
from pai_dsw_mcp.gate.permit import Permit
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.journal.records import Operation
from pai_dsw_mcp.model.change import Change, Meaning
from pai_dsw_mcp.model.writes import Request, WriteSpec
from pai_dsw_mcp.tools import _stop_rules

_send = Writer.send
_failed = Permit._failed
_follow_up = Permit.follow_up
_meaning_of_time = _stop_rules._meaning_of_time


def local_as_utc(moment: datetime) -> str:
    """The offset is forgotten."""
    return moment.replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def an_hour_later(moment: datetime) -> Meaning:
    """A person reads another time than the one that is sent."""
    return _meaning_of_time(moment + timedelta(hours=1))


async def first_half_alone(
    writer: Writer, spec: WriteSpec, region_id: str, target_id: str | None, requests: tuple[Request, ...]
) -> str | None:
    """Deletes the old rule and forgets the new one."""
    return await _send(writer, spec, region_id, target_id, requests[:1])


async def half_is_done(
    permit: Permit, error: PaiDswError, operation: Operation, writer: Writer, proposal: Proposal
) -> WriteResult:
    """A change of which a part was refused is told as done."""
    await _failed(permit, error, operation, writer, proposal)
    return done(permit.approval, operation.target_id)


async def follow_up_is_done(permit: Permit, change: Change, plan: Callable[[str], Plan]) -> FollowUp:
    """What the same yes covered is told as done, whatever became of it."""
    await _follow_up(permit, change, plan)
    return FollowUp.of(change, "done")


def no_follow_ups(_text: object) -> Iterator[str]:
    """What the same yes covers is not shown."""
    return iter(())


AUTO_STOP: Final = (
    broken(
        "takes a local time for one in UTC",
        "sent_the_time_that_was_asked_for",
        "auto-stop-at-six",
        (_stop_rules, _stop_rules.in_utc, local_as_utc),
    ),
    broken(
        "shows another time than it sends",
        "showed_one_moment_in_each_zone",
        "auto-stop-zone-is-asked-for",
        (_stop_rules, _stop_rules._meaning_of_time, an_hour_later),
    ),
    broken(
        "deletes the old rule and forgets the new one",
        "end_state",
        "auto-stop-rule-is-replaced",
        (Writer, Writer.send, first_half_alone),
    ),
    broken(
        "says that it set a rule that was refused",
        "told_what_was_done",
        "auto-stop-second-half-is-refused",
        (Permit, Permit._failed, half_is_done),
    ),
    broken(
        "says that a create set its automatic stop, which was refused",
        "told_what_was_done",
        "auto-stop-refused-while-creating",
        (Permit, Permit.follow_up, follow_up_is_done),
    ),
    broken(
        "sets an automatic stop that nobody was shown",
        "no_write_without_a_yes",
        "auto-stop-with-a-create",
        (plain_text, plain_text._follow_up_lines, no_follow_ups),
    ),
)
