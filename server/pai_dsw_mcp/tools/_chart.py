"""A picture of curves, one panel below the other, as PNG."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pai_dsw_mcp.model.monitoring import MetricPoint

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

_WIDTH: Final = 760
_PANEL: Final = 110
_LEFT: Final = 16
_TOP: Final = 26
_BOTTOM: Final = 10
_INK: Final = "#1f2933"
_GRID: Final = "#d9dfe6"
_CURVE: Final = "#0b69d4"


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve with its name; the panel reaches from zero to `top`."""

    title: str
    points: Sequence[MetricPoint]
    top: float


def draw(curves: Sequence[Curve], since: int, until: int, longest_gap: int, caption: str) -> bytes:
    """The curves between two times; where points lie further apart than the gap, the line is broken."""
    # A library that nobody pays for who asks for no picture.
    from PIL import Image, ImageDraw  # noqa: PLC0415

    image = Image.new("RGB", (_WIDTH, _PANEL * len(curves) + _TOP), "white")
    canvas = ImageDraw.Draw(image)
    canvas.text((_LEFT, _PANEL * len(curves) + 6), caption, fill=_INK)
    for position, curve in enumerate(curves):
        _panel(canvas, curve, position * _PANEL, since, until - since, longest_gap)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _panel(canvas: "ImageDraw", curve: Curve, above: int, since: int, seconds: int, longest_gap: int) -> None:
    top, bottom, width = above + _TOP, above + _PANEL - _BOTTOM, _WIDTH - 2 * _LEFT
    canvas.text((_LEFT, above + 8), curve.title, fill=_INK)
    for height in (top, (top + bottom) // 2, bottom):
        canvas.line((_LEFT, height, _WIDTH - _LEFT, height), fill=_GRID)

    def place(point: MetricPoint) -> tuple[float, float]:
        across = min(max((point.time - since) / seconds, 0), 1)
        up = min(max(point.value / curve.top, 0), 1)
        return _LEFT + across * width, bottom - up * (bottom - top)

    for before, after in pairwise(curve.points):
        if after.time - before.time <= longest_gap:
            canvas.line((*place(before), *place(after)), fill=_CURVE, width=2)
    for point in curve.points:
        across, down = place(point)
        canvas.rectangle((across - 1, down - 1, across + 1, down + 1), fill=_CURVE)
