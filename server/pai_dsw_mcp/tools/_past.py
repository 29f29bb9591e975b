"""What happened to an instance, from the sources that the service has; what could not be read is told."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import AfterValidator

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.monitoring import get_instance_events, get_lifecycle, list_system_logs
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.model.monitoring import InstanceEvent, PastStatus, SystemLog
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.tools._instance_rows import Reason
from pai_dsw_mcp.tools._projection import Projection, Shown
from pai_dsw_mcp.tools._render import tell

T = TypeVar("T")

LogLine: TypeAlias = Annotated[str, AfterValidator(lambda text: sanitize(text, 400))]
"""A line that machines and programs of others wrote; secrets were removed when it was read."""


class EventRow(Projection):
    """An event."""

    time: Shown | None = None
    text: LogLine


class StatusRow(Projection):
    """A status that the instance had."""

    since: Shown | None = None
    status: Shown
    reason: Reason | None = None


class LogRow(Projection):
    """A system log."""

    time: Shown | None = None
    level: Shown | None = None
    text: LogLine


@dataclass(frozen=True, slots=True)
class Past:
    """Events, statuses and logs, each newest first, and a sentence for each source that is left out."""

    events: tuple[InstanceEvent, ...]
    statuses: tuple[PastStatus, ...]
    logs: tuple[SystemLog, ...]
    left_out: tuple[str, ...]


async def past_of(
    cloud: Cloud, region_id: str, instance_id: str, *, since: str | None = None, level: str | None = None
) -> Past:
    """Asks all sources at the same time.

    Raises:
        CloudError: The events could not be read, although the service has them.
    """
    asked: dict[str, Coroutine[Any, Any, Any]] = {
        "GetInstanceEvents": get_instance_events(cloud, region_id, instance_id, since=since, level=level),
        "GetLifecycle": get_lifecycle(cloud, region_id, instance_id),
        "ListSystemLogs": list_system_logs(cloud, region_id, instance_id, since=since, level=level),
    }
    found: dict[str, Any] = dict(zip(asked, await gather(*map(tried, asked.values())), strict=True))
    events = found["GetInstanceEvents"]
    if isinstance(events, CloudError) and not events.lacks_operation:
        raise events
    failed: dict[str, CloudError] = {name: each for name, each in found.items() if isinstance(each, CloudError)}
    read: dict[str, Any] = found | dict.fromkeys(failed, ())
    left_out = tuple(
        tell("past_lacks", operation=name) if each.lacks_operation else tell("past_unread", problem=each)
        for name, each in failed.items()
    )
    return Past(read["GetInstanceEvents"], read["GetLifecycle"], read["ListSystemLogs"], left_out)


async def tried(work: Coroutine[Any, Any, T]) -> T | CloudError:
    """What came of it, or why nothing did."""
    try:
        return await work
    except CloudError as error:
        return error


def status_row(past: PastStatus) -> StatusRow:
    """A status with its reason, where there is one."""
    told = past.reason_code or past.reason_message
    return StatusRow.of(past, reason=Reason(code=past.reason_code, message=past.reason_message) if told else None)
