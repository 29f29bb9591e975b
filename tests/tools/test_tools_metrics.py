"""get_instance_metrics, asked by a client."""

import base64
import io

import pytest
from inline_snapshot import snapshot
from mcp_types import ImageContent, TextContent
from PIL import Image

from pai_dsw_mcp.tools.metrics import trend
from pai_emulator.faults.model import ServerError
from tests.tools.reading_desk import REGION, Desk, fold

pytestmark = pytest.mark.anyio

GPU = "ecs.gn7i-c8g1.2xlarge"


def used(desk: Desk, hours: float = 5, idle_since: str | None = None, spec: str = GPU) -> str:
    instance_id = desk.add("train", EcsSpec=spec).instance_id
    desk.emulator.clock.advance(hours * 3600)
    desk.emulator.world.overwrite_instance(instance_id, {"IdleSince": idle_since})
    return instance_id


async def test_numbers_and_a_trend_are_told_of_every_metric(desk: Desk, era: str) -> None:
    instance_id = used(desk, idle_since="2026-01-05T12:00:00Z")
    async with desk.client(mode=era) as call:
        told = await call("get_instance_metrics", instance_id=instance_id)
    assert fold(told.text) == snapshot("""\
From 2026-01-05T10:00:00Z to 2026-01-05T13:00:00Z, a point every 3 minutes. Usage is in %, rates in MB/s (the
unit of rates is not documented).
instance_name: train; status: Running
metrics:
metric|unit|last|mean|min|max|trend|points
CpuCoreUsage|"%"|0.25|38.94|0.25|78.77|"dropped close to zero"|61
MemoryUsage|"%"|21.97|41.14|21.06|57.91|falling|61
GpuCoreUsage|"%"|0|51.42|0|96.43|"dropped close to zero"|61
GpuMemoryUsage|"%"|36|62.3|36|83.62|falling|61
NetworkInputRate|MB/s|0.01|15.17|0|39.27|"dropped close to zero"|61
NetworkOutputRate|MB/s|0|2.17|0|5.97|"dropped close to zero"|61
DiskReadRate|MB/s|0|46.63|0|117.61|"dropped close to zero"|61
DiskWriteRate|MB/s|0.02|10.22|0|27.45|"dropped close to zero"|61\
""")


async def test_a_cpu_instance_is_not_asked_for_its_gpu(desk: Desk) -> None:
    instance_id = used(desk, spec="ecs.g6.large")
    async with desk.client() as call:
        told = await call("get_instance_metrics", instance_id=instance_id, hours=1)
    assert [row["metric"] for row in told.rows("metrics")] == [
        "CpuCoreUsage",
        "MemoryUsage",
        "NetworkInputRate",
        "NetworkOutputRate",
        "DiskReadRate",
        "DiskWriteRate",
    ]
    assert desk.requests("GetInstanceMetrics") == 6


async def test_what_was_not_measured_is_no_zero(desk: Desk) -> None:
    instance_id = desk.add("rests", "Stopped").instance_id
    async with desk.client() as call:
        told = await call("get_instance_metrics", instance_id=instance_id, image=True)
    assert "The service has no values for: CpuCoreUsage" in told.text
    assert "metrics" not in told.result


async def test_a_metric_that_could_not_be_read_is_said_and_the_others_are_told(desk: Desk) -> None:
    instance_id = used(desk, spec="ecs.g6.large")
    desk.emulator.faults.add(ServerError(operation="GetInstanceMetrics", times=3, html=True))
    desk.read_timeout = 5
    async with desk.client() as call:
        told = await call("get_instance_metrics", instance_id=instance_id)
        desk.emulator.faults.clear()
        desk.emulator.faults.add(ServerError(operation="GetInstanceMetrics", times=None))
        failed = await call("get_instance_metrics", instance_id=instance_id)
    assert failed.is_error
    assert told.rows("metrics")


async def test_the_picture_has_a_panel_for_each_metric_and_comes_after_the_text(desk: Desk) -> None:
    instance_id = used(desk, idle_since="2026-01-05T12:00:00Z")
    arguments = {"region_id": REGION, "instance_id": instance_id, "image": True}
    async with desk.client() as call:
        answer = await call.client.call_tool("get_instance_metrics", arguments)
        without = await call.client.call_tool("get_instance_metrics", {**arguments, "image": False})
    text, picture = answer.content
    assert isinstance(text, TextContent)
    assert isinstance(picture, ImageContent)
    assert text.text.endswith("cloud: emulator")
    assert picture.mime_type == "image/png"
    drawn = Image.open(io.BytesIO(base64.b64decode(picture.data)))
    assert drawn.size == (760, 8 * 110 + 26)
    assert (11, 105, 212) in {color for _, color in drawn.getcolors(1 << 20) or []}
    assert len(without.content) == 1


async def test_the_curve_is_broken_where_nothing_was_measured(desk: Desk) -> None:
    instance = desk.add("restarted")
    for status in ("Stopped", "Running"):
        desk.emulator.clock.advance(3600)
        instance.stand(status, desk.emulator.clock.now())
    desk.emulator.clock.advance(3600)
    arguments = {"region_id": REGION, "instance_id": instance.instance_id, "image": True}
    async with desk.client() as call:
        answer = await call.client.call_tool("get_instance_metrics", arguments)
    picture = answer.content[1]
    assert isinstance(picture, ImageContent)
    drawn = Image.open(io.BytesIO(base64.b64decode(picture.data))).convert("RGB")
    blue = [
        across for across in range(760) if any(drawn.getpixel((across, down)) == (11, 105, 212) for down in range(100))
    ]
    assert [across for across in blue if 270 < across < 490] == []
    assert min(blue) < 270
    assert max(blue) > 490


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ([0.1, 0.3, 0.2, 0.1], "near_zero"),
        ([60, 70, 65, 0.1, 0.2, 0.1], "to_zero"),
        ([10, 20, 30, 40, 50, 60], "rises"),
        ([60, 50, 40, 30, 20, 10], "falls"),
        ([50, 52, 49, 51, 50, 51], "steady"),
        ([5, 90, 5, 90, 5, 90, 5, 90, 5], "swings"),
        ([50], "steady"),
    ],
)
def test_a_course_has_a_word(values: list[float], word: str) -> None:
    # By itself, because no cloud gives a curve to order.
    assert trend(values, 2.0) == word
