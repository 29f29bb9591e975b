"""What happened to an instance, and how much of it is used."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pai_dsw_mcp.model.status import InstanceStatus
from pai_dsw_mcp.model.value import Text, Value

MetricType: TypeAlias = Literal[
    "CpuCoreUsage",
    "MemoryUsage",
    "GpuCoreUsage",
    "GpuMemoryUsage",
    "NetworkInputRate",
    "NetworkOutputRate",
    "DiskReadRate",
    "DiskWriteRate",
]


class InstanceEvent(Value):
    """A line of GetInstanceEvents. Its time is as the service writes it: mostly a time of day, without a zone."""

    time: Text = None
    text: str


class PastStatus(Value):
    """A status that an instance had, with the service's reason; times in UTC."""

    status: InstanceStatus
    since: Text = None
    reason_code: Text = None
    reason_message: Text = None


class SystemLog(Value):
    """A row of ListSystemLogs."""

    time: Text = None
    level: Text = None
    text: str


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """A measured value; the time is in seconds since the epoch."""

    time: int
    value: float
