"""The rules by which an instance stops itself, as the requests that create them."""

from pai_dsw_mcp.model.value import Value


class IdleRule(Value):
    """What CreateIdleInstanceCuller is sent. The GPU threshold is for instances with a GPU."""

    max_idle_time_in_minutes: int
    cpu_percent_threshold: int
    gpu_percent_threshold: int | None = None


class ShutdownTimer(Value):
    """What CreateInstanceShutdownTimer is sent: a time in UTC, or how long from when it is sent."""

    due_time: str | None = None
    remaining_time_in_ms: int | None = None
