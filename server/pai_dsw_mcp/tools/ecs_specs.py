"""Compute: which specs a region offers, at which price, and which can be had now."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.tools._arguments import AcceleratorType, Cursor, Limit, RegionId
from pai_dsw_mcp.tools._arguments import EcsSpec as EcsSpecName
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._render import marked, number, paragraphs, tell
from pai_dsw_mcp.tools._rows import EcsSpecList, availability, ecs_spec_row
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool


class _Wanted(Value):
    """What a spec must have. GPU types must match in full, ignoring case: A10 is not A100."""

    gpu_type: str | None = None
    gpu_count: int | None = None
    min_memory: float | None = None
    max_price: float | None = None
    only_available: bool = False

    def fits_besides_price(self, spec: EcsSpec) -> bool:
        return (
            (self.gpu_type is None or self.gpu_type.casefold() == (spec.gpu_type or "").casefold())
            and (self.gpu_count is None or self.gpu_count == spec.gpu)
            and (self.min_memory is None or spec.memory >= self.min_memory)
            and (spec.is_available or not self.only_available)
        )

    def fits_price(self, spec: EcsSpec) -> bool:
        return self.max_price is None or (spec.price is not None and spec.price <= self.max_price)


async def list_ecs_specs(
    context: ToolContext,
    region_id: RegionId,
    accelerator_type: AcceleratorType,
    instance_type: EcsSpecName | None = None,
    gpu_type: Annotated[str | None, Field(description="e.g. A10, V100.")] = None,
    gpu_count: int | None = None,
    min_memory: Annotated[float | None, Field(description="GiB.")] = None,
    max_price: Annotated[float | None, Field(description="Per hour.")] = None,
    only_available: bool = False,
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> Annotated[CallToolResult, EcsSpecList]:
    """Compute specs of a region with price per hour, cheapest first.

    available: spot includes pay-as-you-go. With instance_type: that spec alone, looked up as CPU and as GPU.
    """
    cloud = services_of(context).cloud
    wanted = _Wanted(
        gpu_type=gpu_type,
        gpu_count=gpu_count,
        min_memory=min_memory,
        max_price=max_price,
        only_available=only_available,
    )
    if instance_type is not None:
        found = await cloud.find_ecs_spec(region_id, instance_type)
        return _named_spec(found, instance_type, region_id, accelerator_type, wanted)
    offered = await cloud.list_ecs_specs(region_id, accelerator_type)
    candidates = [spec for spec in offered if wanted.fits_besides_price(spec)]
    fitting = sorted((spec for spec in candidates if wanted.fits_price(spec)), key=_cheapest_first)
    kind = tell("specs_found" if fitting else "specs_none", accelerator_type=accelerator_type, region_id=region_id)
    by_availability: dict[str, int] = dict(Counter(map(availability, fitting)).most_common())
    about = (_unpriced(candidates, wanted), _gpu_types(offered, fitting, accelerator_type, wanted))
    return paged(
        fitting,
        cursor,
        limit,
        lambda page: EcsSpecList(
            note=paragraphs(kind, page.position, *about),
            total=page.total,
            by_availability=by_availability,
            next_cursor=page.next_cursor,
            specs=[ecs_spec_row(spec) for spec in page.rows],
        ),
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(list_ecs_specs, title="List compute specs", annotations=READ)]


def _named_spec(
    found: EcsSpec | None, instance_type: str, region_id: str, asked: str, wanted: _Wanted
) -> CallToolResult:
    if found is None:
        note = tell("spec_missing", instance_type=instance_type, region_id=region_id)
        return answer(EcsSpecList(note=note, total=0, specs=[]))
    actual = found.accelerator_type
    other_type = tell("spec_other_type", instance_type=instance_type, actual=actual, asked=asked)
    misses = tell("spec_misses_filters", instance_type=instance_type)
    note = paragraphs(
        None if actual == asked else other_type,
        None if wanted.fits_besides_price(found) and wanted.fits_price(found) else misses,
    )
    return answer(EcsSpecList(note=note or None, total=1, specs=[ecs_spec_row(found)]))


def _cheapest_first(spec: EcsSpec) -> tuple[bool, float, str]:
    return (spec.price is None, spec.price or 0, spec.instance_type)


def _unpriced(candidates: Sequence[EcsSpec], wanted: _Wanted) -> str | None:
    count = sum(spec.price is None for spec in candidates)
    if wanted.max_price is None or not count:
        return None
    return tell("specs_unpriced", count=count, max_price=number(wanted.max_price))


def _gpu_types(
    offered: Sequence[EcsSpec], fitting: Sequence[EcsSpec], accelerator_type: str, wanted: _Wanted
) -> str | None:
    """What to ask for instead, when a GPU was asked for and none fits."""
    if fitting or (wanted.gpu_type is None and wanted.gpu_count is None):
        return None
    if accelerator_type == "CPU":
        return tell("specs_cpu_without_gpu")
    kinds = sorted({marked(spec.gpu_type) for spec in offered if spec.gpu_type})
    return tell("specs_gpu_types", gpu_types=", ".join(kinds) or "-")
