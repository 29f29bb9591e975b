"""Waits for an instance by polling it: in short calls, at a steady pace, and with a limit."""

import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Annotated, Final

import anyio
from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Change
from pai_dsw_mcp.model.status import SETTLED, STARTING_UP, STOPPED, STOPPING
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.model.wait import Wait, WaitTarget
from pai_dsw_mcp.tools._arguments import InstanceId, RegionId
from pai_dsw_mcp.tools._checks import chip_told
from pai_dsw_mcp.tools._history import accepted_lately, not_set, unsent_auto_stops
from pai_dsw_mcp.tools._instance_rows import Reason, meaning_of, reason_of, reasons_are_data
from pai_dsw_mcp.tools._projection import Projection, Shown
from pai_dsw_mcp.tools._queue import place_in_queue
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool

_REACHED: Final[dict[WaitTarget, AbstractSet[str]]] = {"Running": {"Running"}, "Stopped": STOPPED}
_IN_VAIN: Final[dict[WaitTarget, AbstractSet[str]]] = {
    "Running": (SETTLED | STOPPING | {"Deleting"}) - _REACHED["Running"],
    "Stopped": (SETTLED | STARTING_UP | {"Deleting"}) - _REACHED["Stopped"],
}
"""From these the target is not reached without another call."""

_BEFORE: Final[dict[WaitTarget, tuple[str, AbstractSet[str]]]] = {
    "Running": ("start_instance", STOPPED),
    "Stopped": ("stop_instance", {"Running"}),
}
"""The action that leads to the target, and the statuses that may still be shown for a moment after it."""

_PATIENCE: Final = 5.0
"""Seconds that the place in a queue may take at the end: clients give up after a minute."""
_STEP: Final = 5.0
"""Seconds between two progress notifications to the client."""


class WaitResult(Projection):
    """The answer of wait_for_instance. Without `check_again_in_seconds` there is no point in calling again."""

    done: bool
    status: Shown
    note: Annotated[str, OURS]
    check_again_in_seconds: int | None = None
    instance_url: str | None = None
    reason: Reason | None = None


async def wait_for_instance(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    until: WaitTarget,
    seconds: Annotated[int, Field(ge=1, le=50)] = 50,
) -> Annotated[CallToolResult, WaitResult]:
    """Waits until an instance runs or has stopped, at most 50 seconds a call.

    Not done: call it again, it goes on where it was. Without check_again_in_seconds waiting is of no use, and the
    note says why.
    """
    services = services_of(context)
    cloud = services.cloud
    whose = (await cloud.identity()).principal
    now = services.now()
    unsent = await unsent_auto_stops(services.journal)
    ends, left = now + seconds, float(seconds)
    wait = services.waits.resume(whose, region_id, instance_id, until, now)
    while True:
        if wait.status in _REACHED[until] or await _is_in_vain(services, wait, instance_id, until):
            services.waits.end(whose, region_id, instance_id, until)
            return await _ended(cloud, wait, instance_id, until, unsent)
        if wait.exhausted(now):
            return await _given_up(cloud, wait, now, unsent)
        # No poll at the very end: a slow reply would exceed the timeout of clients that give up after a minute.
        # The remaining sleep counts as well as the clock, because the clock may be set back.
        if now >= ends or left <= 0:
            return await _unfinished(cloud, wait, until, now, unsent)
        if wait.is_due(now):
            wait.plan_next_look(now)
            wait.take(await cloud.get_instance(region_id, instance_id), now)
        else:
            pause = min(_STEP, left, ends - now, wait.next_look_at - now)
            await services.sleep(pause)
            left -= pause
            message = tell("wait_progress", instance_id=instance_id, status=wait.status)
            await context.report_progress(seconds - left, seconds, message)
        now = services.now()


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [tool(wait_for_instance, title="Wait for an instance", annotations=READ)]


async def _is_in_vain(services: Services, wait: Wait, instance_id: str, until: WaitTarget) -> bool:
    if wait.status not in _IN_VAIN[until]:
        return False
    action, before = _BEFORE[until]
    lags = wait.status in before and await accepted_lately(services.journal, instance_id, action, services.now())
    return not lags


async def _ended(
    cloud: Cloud, wait: Wait, instance_id: str, until: WaitTarget, unsent: Mapping[str, Change]
) -> CallToolResult:
    """The target is reached, or can no longer be reached."""
    done = wait.status in _REACHED[until]
    ending = tell("wait_done" if done else "wait_in_vain", instance_id=instance_id, status=wait.status, until=until)
    return await _answer(cloud, wait, ending, unsent, done=done)


async def _unfinished(
    cloud: Cloud, wait: Wait, until: WaitTarget, now: float, unsent: Mapping[str, Change]
) -> CallToolResult:
    pause = max(1, math.ceil(wait.next_look_at - now))
    return await _answer(
        cloud, wait, tell("wait_again", until=until, seconds=pause), unsent, check_again_in_seconds=pause
    )


async def _given_up(cloud: Cloud, wait: Wait, now: float, unsent: Mapping[str, Change]) -> CallToolResult:
    minutes = round((now - wait.began_at) / 60)
    return await _answer(
        cloud, wait, tell("wait_given_up", status=wait.status, looks=wait.looks, minutes=minutes), unsent
    )


async def _answer(
    cloud: Cloud,
    wait: Wait,
    ending: str,
    unsent: Mapping[str, Change],
    *,
    done: bool = False,
    check_again_in_seconds: int | None = None,
) -> CallToolResult:
    seen = wait.seen
    unset = tell("auto_stop_not_set", instances=seen.instance_id) if seen and not_set(seen, unsent) else None
    meaning = meaning_of(wait.seen, chip_told(None, wait.seen.image_url)) if wait.seen else tell("wait_unread")
    waits = None
    if seen is not None:
        with anyio.move_on_after(_PATIENCE):
            _, waits = await place_in_queue(cloud, seen)
    running = wait.status == "Running"
    return answer(
        WaitResult(
            done=done,
            status=wait.status,
            note=paragraphs(
                " ".join(filter(None, (ending, meaning, unset))), waits, reasons_are_data(seen and seen.reason_message)
            ),
            check_again_in_seconds=check_again_in_seconds,
            instance_url=wait.seen.instance_url if wait.seen and running else None,
            reason=reason_of(wait.seen) if wait.seen else None,
        )
    )
