"""The replies of `cloud.monitoring`."""

from typing import Annotated

from pydantic import AfterValidator, Field

from pai_dsw_mcp.cloud.wire import CreatedAt, DswReply, NullMeans, Wire, known
from pai_dsw_mcp.model.status import ALL_STATUSES, InstanceStatus
from pai_dsw_mcp.model.value import Text


def _unquoted(text: str | None) -> str | None:
    """The documents' own examples have a pair of quotation marks where there is no reason."""
    return text.strip("“”\"' ") or None if text else None


Reason = Annotated[Text, AfterValidator(_unquoted)]


class GetInstanceEventsReply(DswReply):
    """GetInstanceEvents."""

    events: Annotated[tuple[str, ...], NullMeans(())]


class WireStatus(Wire):
    """`Lifecycle[][]`."""

    status: Annotated[InstanceStatus, known(ALL_STATUSES, otherwise="Unknown")]
    since: CreatedAt = None
    reason_code: Reason = None
    reason_message: Reason = None


class GetLifecycleReply(DswReply):
    """GetLifecycle: a list of statuses for each session."""

    lifecycle: Annotated[tuple[tuple[WireStatus, ...], ...], NullMeans(())]


class WireLog(Wire):
    """`SystemLogs[]`."""

    content: Annotated[str, NullMeans("")] = ""
    level: Text = None
    time: CreatedAt = None


class ListSystemLogsReply(Wire):
    """ListSystemLogs, which has no envelope."""

    system_logs: Annotated[tuple[WireLog, ...], NullMeans(())]


class WirePoint(Wire):
    """`PodMetrics[].Metrics[]`."""

    time: int
    value: Annotated[float, Field(allow_inf_nan=False)]


class WirePod(Wire):
    """`PodMetrics[]`."""

    metrics: Annotated[tuple[WirePoint, ...], NullMeans(())]


class GetInstanceMetricsReply(DswReply):
    """GetInstanceMetrics."""

    pod_metrics: Annotated[tuple[WirePod, ...], NullMeans(())]
