"""Reads of what happened to an instance and of how much of it is used.

Texts come from the machine, from Kubernetes and from programs of whoever uses the notebook, so secrets in them are
removed here.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.operations import checked
from pai_dsw_mcp.model.monitoring import InstanceEvent, MetricPoint, MetricType, PastStatus, SystemLog
from pai_dsw_mcp.model.scrub import scrub_log

_MOST_EVENTS: Final = 2000
_SESSIONS: Final = 3
"""So many starts are looked back: the last may have gone well after one that failed."""
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?|\d\d:\d\d:\d\d)(?:: ?| )(.*)", re.DOTALL)


async def get_instance_events(
    cloud: Cloud, region_id: str, instance_id: str, *, since: str | None = None, level: str | None = None
) -> tuple[InstanceEvent, ...]:
    """The events, newest first. `since` is a time in UTC; which levels there are is documented nowhere."""
    sdk = await cloud.sdk()
    call = sdk.dsw_call(region_id, sdk.monitoring_replies.GetInstanceEventsReply)
    narrowed: dict[str, Any] = {"start_time": since, "event_level": level}
    request = sdk.dsw.GetInstanceEventsRequest(**narrowed, max_events_num=_MOST_EVENTS)
    await call.get_instance_events_with_options_async(checked("instance_id", instance_id), request, {}, sdk.runtime)
    secrets = sdk.caller.credentials.secrets()
    return _newest_first([_event(scrub_log(text, secrets)) for text in call.reply.events])


async def get_lifecycle(cloud: Cloud, region_id: str, instance_id: str) -> tuple[PastStatus, ...]:
    """The statuses of the last starts, newest first."""
    sdk = await cloud.sdk()
    call = sdk.dsw_call(region_id, sdk.monitoring_replies.GetLifecycleReply)
    request = sdk.dsw.GetLifecycleRequest(order="DESC", limit=_SESSIONS)
    await call.get_lifecycle_with_options_async(checked("instance_id", instance_id), request, {}, sdk.runtime)
    secrets = sdk.caller.credentials.secrets()
    statuses = [
        PastStatus(
            status=each.status,
            since=each.since,
            reason_code=scrub_log(each.reason_code or "", secrets),
            reason_message=scrub_log(each.reason_message or "", secrets),
        )
        for session in call.reply.lifecycle
        for each in session
    ]
    return tuple(sorted(statuses, key=lambda each: each.since or "", reverse=True))


async def list_system_logs(
    cloud: Cloud, region_id: str, instance_id: str, *, since: str | None = None, level: str | None = None
) -> tuple[SystemLog, ...]:
    """The newest page of the system logs, newest first."""
    sdk = await cloud.sdk()
    call = sdk.dsw_call(region_id, sdk.monitoring_replies.ListSystemLogsReply)
    narrowed: dict[str, Any] = {"gmt_start_time": since, "log_level": level}
    request = sdk.dsw.ListSystemLogsRequest(
        **narrowed, instance_id=checked("instance_id", instance_id), sort_by="GmtCreateTime", order="DESC"
    )
    await call.list_system_logs_with_options_async(request, {}, sdk.runtime)
    secrets = sdk.caller.credentials.secrets()
    logs = [
        SystemLog(time=each.time, level=each.level, text=scrub_log(each.content, secrets))
        for each in call.reply.system_logs
    ]
    return tuple(sorted(logs, key=lambda log: log.time or "", reverse=True))


async def get_instance_metrics(
    cloud: Cloud, region_id: str, instance_id: str, metric_type: MetricType, *, since: str, until: str, minutes: int
) -> tuple[MetricPoint, ...]:
    """A metric, oldest first, a point every so many minutes. After a restart another pod goes on where one ended."""
    sdk = await cloud.sdk()
    call = sdk.dsw_call(region_id, sdk.monitoring_replies.GetInstanceMetricsReply)
    request = sdk.dsw.GetInstanceMetricsRequest(
        metric_type=metric_type, start_time=since, end_time=until, time_step=f"{minutes}m"
    )
    await call.get_instance_metrics_with_options_async(checked("instance_id", instance_id), request, {}, sdk.runtime)
    points = {point.time: point.value for pod in call.reply.pod_metrics for point in pod.metrics}
    return tuple(MetricPoint(time, points[time]) for time in sorted(points))


def _event(text: str) -> InstanceEvent:
    found = _MOMENT.fullmatch(text)
    return InstanceEvent(time=found[1], text=found[2]) if found else InstanceEvent(text=text)


def _newest_first(events: Sequence[InstanceEvent]) -> tuple[InstanceEvent, ...]:
    """The order of the service is not documented, so the times tell it; a night in between is one exception to it."""
    times = [event.time for event in events if event.time]
    falling = sum(after < before for before, after in pairwise(times))
    rising = sum(after > before for before, after in pairwise(times))
    return tuple(events if falling > rising else reversed(events))
