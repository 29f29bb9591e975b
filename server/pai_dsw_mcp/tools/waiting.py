"""Waiting for an instance: in short calls, at a steady pace, and not for ever."""

import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias

import anyio
from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.status import SETTLED, STARTING_UP, STOPPED, STOPPING, InstanceStatus
from pai_dsw_mcp.tools._arguments import InstanceId, RegionId
from pai_dsw_mcp.tools._projection import Projection, Shown
from pai_dsw_mcp.tools._rows import Reason, reason_of
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool
from pai_dsw_mcp.tools._words import paragraphs, tell
from pai_dsw_mcp.tools.instances import tell_reason

Target: TypeAlias = Literal["Running", "Stopped"]
Sleep: TypeAlias = Callable[[float], Awaitable[object]]

_REACHED: Final[dict[Target, AbstractSet[str]]] = {"Running": {"Running"}, "Stopped": STOPPED}
_IN_VAIN: Final[dict[Target, AbstractSet[str]]] = {
    "Running": (SETTLED | STOPPING | {"Deleting"}) - _REACHED["Running"],
    "Stopped": (SETTLED | STARTING_UP | {"Deleting"}) - _REACHED["Stopped"],
}
"""From these nothing leads to the target without another call."""

_PACE: Final = ((6, 10.0), (12, 15.0), (20, 20.0))
"""Up to so many looks, so many seconds between two of them; 30 seconds after that."""
_SLOWEST: Final = 30.0
_MOST_LOOKS: Final = 60
_LONGEST: Final = 1800.0
_STEP: Final = 5.0
"""Seconds between two signs of life to the client."""
_MOST_WAITS: Final = 256


class WaitResult(Projection):
    """The answer of wait_for_instance. Without `check_again_in_seconds` there is no point in calling again."""

    done: bool
    status: Shown
    note: str
    check_again_in_seconds: int | None = None
    instance_url: str | None = None
    reason: Reason | None = None


@dataclass(slots=True)
class Wait:
    """One wait, over all calls that belong to it; it begins anew whenever the status changes. Times in seconds."""

    began_at: float
    next_look_at: float
    looks: int = 0
    seen: Instance | None = None

    @property
    def status(self) -> InstanceStatus:
        """As it was last seen."""
        return self.seen.status if self.seen else "Unknown"

    def exhausted(self, now: float) -> bool:
        """Whether it has gone on for as long, or as often, as any wait may."""
        return self.looks >= _MOST_LOOKS or now - self.began_at >= _LONGEST

    def is_due(self, now: float) -> bool:
        """Whether to look now; also when the clock was set back, or the wait would freeze until it has caught up."""
        return not self.next_look_at - _SLOWEST <= now < self.next_look_at

    def plan_next_look(self, now: float) -> None:
        """Called before looking, so that calls at the same time share one pace."""
        self.looks += 1
        self.next_look_at = now + next((pause for most, pause in _PACE if self.looks <= most), _SLOWEST)

    def take(self, instance: Instance, now: float) -> None:
        """What was seen; a status that changed is a new beginning."""
        if self.seen is not None and self.seen.status != instance.status:
            self.began_at, self.looks = now, 0
            self.plan_next_look(now)
        self.seen = instance


class Waiter:
    """Remembers the waits of one server, so that the next call goes on where the last one ended."""

    def __init__(self, sleep: Sleep) -> None:
        self._sleep = sleep
        self._waits: OrderedDict[tuple[str, str, Target], Wait] = OrderedDict()

    async def wait_for_instance(
        self,
        context: ToolContext,
        region_id: RegionId,
        instance_id: InstanceId,
        until: Target,
        seconds: Annotated[int, Field(ge=1, le=50)] = 50,
    ) -> Annotated[CallToolResult, WaitResult]:
        """Waits until an instance runs or has stopped, at most 50 seconds a call.

        Not done: call it again, it goes on where it was. Without check_again_in_seconds waiting is of no use, and the
        note says why.
        """
        services = services_of(context)
        now = services.now()
        ends, left = now + seconds, float(seconds)
        wait = self._wait(region_id, instance_id, until, now)
        while True:
            if wait.status in _REACHED[until] | _IN_VAIN[until]:
                self._waits.pop((region_id, instance_id, until), None)
                return _ended(wait, instance_id, until)
            if wait.exhausted(now):
                return _given_up(wait, now)
            # No look at the very end: a slow reply would outlast the patience of clients that give up after a minute.
            # What is left to sleep counts as well as the clock, which may be set back.
            if now >= ends or left <= 0:
                return _unfinished(wait, until, now)
            if wait.is_due(now):
                wait.plan_next_look(now)
                wait.take(await services.cloud.get_instance(region_id, instance_id), now)
            else:
                pause = min(_STEP, left, ends - now, wait.next_look_at - now)
                await self._sleep(pause)
                left -= pause
                message = tell("wait_progress", instance_id=instance_id, status=wait.status)
                await context.report_progress(seconds - left, seconds, message)
            now = services.now()

    def _wait(self, region_id: str, instance_id: str, until: Target, now: float) -> Wait:
        """The wait that this call goes on with; one that nobody has gone on with for long is forgotten."""
        key = (region_id, instance_id, until)
        known = self._waits.pop(key, None)
        if known is None or now - known.next_look_at >= _LONGEST:
            known = Wait(began_at=now, next_look_at=now)
        self._waits[key] = known
        if len(self._waits) > _MOST_WAITS:
            self._waits.popitem(last=False)
        return known


def tools(sleep: Sleep = anyio.sleep) -> list[StrictTool]:
    """The tools of this family, for one server."""
    return [tool(Waiter(sleep).wait_for_instance, title="Wait for an instance", annotations=READ)]


def _ended(wait: Wait, instance_id: str, until: Target) -> CallToolResult:
    """There, or on no way there."""
    done = wait.status in _REACHED[until]
    ending = tell("wait_done" if done else "wait_in_vain", instance_id=instance_id, status=wait.status, until=until)
    return _answer(wait, ending, done=done)


def _unfinished(wait: Wait, until: Target, now: float) -> CallToolResult:
    pause = max(1, math.ceil(wait.next_look_at - now))
    return _answer(wait, tell("wait_again", until=until, seconds=pause), check_again_in_seconds=pause)


def _given_up(wait: Wait, now: float) -> CallToolResult:
    minutes = round((now - wait.began_at) / 60)
    return _answer(wait, tell("wait_given_up", status=wait.status, looks=wait.looks, minutes=minutes))


def _answer(
    wait: Wait, ending: str, *, done: bool = False, check_again_in_seconds: int | None = None
) -> CallToolResult:
    meaning = tell(f"status_{wait.status}" if wait.seen else "wait_unread")
    running = wait.status == "Running"
    result = WaitResult(
        done=done,
        status=wait.status,
        note=f"{ending} {meaning}",
        check_again_in_seconds=check_again_in_seconds,
        instance_url=wait.seen.instance_url if wait.seen and running else None,
        reason=reason_of(wait.seen) if wait.seen else None,
    )
    url = tell("instance_open", instance_url=result.instance_url) if result.instance_url else None
    return answer(paragraphs(result.note, tell_reason(result.reason), url), result)
