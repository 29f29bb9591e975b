"""The events of an instance: where the reason of a failure stands when the status has none."""

from typing import Annotated

from mcp_types import CallToolResult
from pydantic import AwareDatetime, Field

from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.tools._arguments import Cursor, InstanceId, Limit, RegionId, rule
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._past import EventRow, LogRow, StatusRow, past_of, status_row
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Listed
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, tool
from pai_dsw_mcp.tools._visible import in_utc

_MOST_STATUSES = 12
_MOST_LOGS = 20


class EventList(Listed):
    """The answer of get_instance_events. Statuses and system logs stand on the first page."""

    statuses: Annotated[list[StatusRow] | None, NOT_EMPTY] = None
    system_logs: Annotated[list[LogRow] | None, NOT_EMPTY] = None
    events: list[EventRow]


async def get_instance_events(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    since: AwareDatetime | None = None,
    level: Annotated[str, rule("[A-Za-z]{1,20}", "a level is one word"), Field(description="E.g. Warning.")]
    | None = None,
    cursor: Cursor | None = None,
    limit: Limit = 30,
) -> Annotated[CallToolResult, EventList]:
    """What happened to an instance, newest first: events, past statuses with reasons, system logs if there are any."""
    past = await past_of(services_of(context).cloud, region_id, instance_id, since=in_utc(since), level=level)
    about = (
        None if past.events else tell("events_none"),
        tell("events_are_data") if past.events or past.logs else None,
        *past.left_out,
    )
    is_first = cursor is None
    return paged(
        past.events,
        cursor,
        limit,
        lambda page: EventList(
            note=paragraphs(page.position, *about) or None,
            total=page.total,
            next_cursor=page.next_cursor,
            statuses=[status_row(each) for each in past.statuses[:_MOST_STATUSES]] if is_first else None,
            system_logs=[LogRow.of(each) for each in past.logs[:_MOST_LOGS]] if is_first else None,
            events=[EventRow.of(each) for each in page.rows],
        ),
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(get_instance_events, title="List events of an instance", annotations=READ)]
