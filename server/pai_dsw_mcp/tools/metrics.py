"""How much of an instance is used: numbers, a trend in words, and a picture for clients that show one."""

import asyncio
import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import fmean
from typing import Annotated, Final, get_args

from mcp_types import CallToolResult, ImageContent
from pydantic import Field

from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.monitoring import get_instance_metrics as read_metrics
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.monitoring import MetricPoint, MetricType
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.tools._arguments import InstanceId, RegionId
from pai_dsw_mcp.tools._chart import Curve, draw
from pai_dsw_mcp.tools._past import tried
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Projection, Shown
from pai_dsw_mcp.tools._render import number, paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool
from pai_dsw_mcp.tools._visible import in_utc

_POINTS: Final = 60
_GAPS: Final = 3
"""Steps without a point after which a curve is broken."""
_NOTICEABLE: Final = 0.25
"""Of the mean: a smaller change between the first and the last third is none."""


class MetricRow(Projection):
    """A metric over the time that was asked for."""

    metric: str
    unit: str
    last: float
    mean: float
    min: float
    max: float
    trend: str
    points: int


class Metrics(Projection):
    """The answer of get_instance_metrics."""

    note: Annotated[str, OURS]
    instance_name: Shown
    status: Shown
    metrics: Annotated[list[MetricRow] | None, NOT_EMPTY] = None


async def get_instance_metrics(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    hours: Annotated[int, Field(ge=1, le=168, description="Back from now.")] = 3,
    image: Annotated[bool, Field(description="Adds a picture of the curves.")] = False,
) -> Annotated[CallToolResult, Metrics]:
    """How much of an instance is used: CPU, memory, GPU, GPU memory, network and disk, with trends."""
    services = services_of(context)
    until = int(services.cloud_now)
    since, minutes = until - hours * 3600, max(1, hours * 60 // _POINTS)
    window = {"since": str(in_utc(_moment(since))), "until": str(in_utc(_moment(until)))}
    instance = await services.cloud.get_instance(region_id, instance_id)
    asked = _metrics_of(instance)
    results = await gather(
        *(
            tried(read_metrics(services.cloud, region_id, instance_id, each, **window, minutes=minutes))
            for each in asked
        )
    )
    failure = next((each for each in results if isinstance(each, CloudError)), None)
    if failure and all(isinstance(each, CloudError) for each in results):
        raise failure
    found: dict[MetricType, tuple[MetricPoint, ...]] = {
        name: each for name, each in zip(asked, results, strict=True) if not isinstance(each, CloudError)
    }
    measured: dict[MetricType, tuple[MetricPoint, ...]] = {name: points for name, points in found.items() if points}
    about = (
        tell("metrics_window", **window, minutes=minutes),
        tell("metrics_none", metrics=", ".join(name for name in found if name not in measured))
        if len(measured) < len(found)
        else None,
        tell("metrics_unread", problem=failure) if failure else None,
    )
    told = answer(
        Metrics(
            note=paragraphs(*about),
            instance_name=instance.instance_name,
            status=instance.status,
            metrics=[_row(name, points) for name, points in measured.items()],
        )
    )
    if not (image and measured):
        return told
    curves = [_curve(name, points) for name, points in measured.items()]
    caption = f"{instance.instance_id}, {window['since']} - {window['until']}"
    drawn = await asyncio.to_thread(draw, curves, since, until, _GAPS * minutes * 60, caption)
    picture = ImageContent(type="image", data=base64.b64encode(drawn).decode(), mime_type="image/png")
    return told.model_copy(update={"content": [*told.content, picture]})


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(get_instance_metrics, title="Show the use of an instance", annotations=READ)]


def has_gpu(instance: Instance) -> bool:
    """Whether it has a GPU to measure; where the service does not say, it may have."""
    return instance.accelerator_type != "CPU"


def _metrics_of(instance: Instance) -> list[MetricType]:
    every: tuple[MetricType, ...] = get_args(MetricType)
    return [each for each in every if has_gpu(instance) or not each.startswith("Gpu")]


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _row(name: MetricType, points: Sequence[MetricPoint]) -> MetricRow:
    values = [point.value for point in points]
    return MetricRow(
        metric=name,
        unit=_unit(name),
        last=_short(values[-1]),
        mean=_short(fmean(values)),
        min=_short(min(values)),
        max=_short(max(values)),
        trend=tell(f"trend_{trend(values, _least(name))}"),
        points=len(values),
    )


def _short(value: float) -> float:
    return round(value, 2)


def _is_share(name: MetricType) -> bool:
    return name.endswith("Usage")


def _unit(name: MetricType) -> str:
    return "%" if _is_share(name) else "MB/s"


def _least(name: MetricType) -> float:
    """Below it, a value is as good as zero."""
    return 2.0 if _is_share(name) else 0.1


def trend(values: Sequence[float], least: float) -> str:
    """The course of a curve in a word: the key of a text. The first and the last third are compared."""
    third = max(1, len(values) // 3)
    mean, first, last = fmean(values), fmean(values[:third]), fmean(values[-third:])
    if max(values) < least:
        return "near_zero"
    if max(values[-third:]) < least:
        return "to_zero"
    if abs(last - first) > max(least, _NOTICEABLE * mean):
        return "rises" if last > first else "falls"
    return "swings" if max(values) - min(values) > max(least, mean) else "steady"


def _curve(name: MetricType, points: Sequence[MetricPoint]) -> Curve:
    highest = max(point.value for point in points)
    top = 100.0 if _is_share(name) else highest or 1.0
    title = f"{name}   last {number(_short(points[-1].value))}, max {number(_short(highest))} {_unit(name)}"
    return Curve(f"{title}   (0 - {number(_short(top))})", points, top)
