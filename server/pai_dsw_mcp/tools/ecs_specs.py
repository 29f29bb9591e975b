"""Compute: which specs regions offer, at which price, and which can be had now."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias

from mcp_types import CallToolResult
from pydantic import Field

from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.region import regions_named
from pai_dsw_mcp.tools._arguments import AcceleratorType, Cursor, Limit, RegionId
from pai_dsw_mcp.tools._arguments import EcsSpec as InstanceType
from pai_dsw_mcp.tools._paging import paged
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Projection, RegionalList, Shown
from pai_dsw_mcp.tools._regions import RegionIds, in_regions
from pai_dsw_mcp.tools._render import marked, number, paragraphs, tell
from pai_dsw_mcp.tools._specs import Found, SpecWish, cheapest_first, nearest_specs, offered_specs
from pai_dsw_mcp.tools._tool import READ, StrictTool, tool

Available: TypeAlias = Literal["spot", "pay-as-you-go", "no"]
SortBy: TypeAlias = Literal["price", "gpu_memory"]

_SORTED_BY: Final[Mapping[SortBy, Callable[[Found], tuple[Any, ...]]]] = {
    "price": cheapest_first,
    "gpu_memory": lambda found: (-(found[1].gpu_memory_each or 0), *cheapest_first(found)),
}


class EcsSpecRow(Projection):
    """A spec; price and availability are what decides. Memory is in GiB.

    Nothing is required: of one spec in several regions even the name is the same in all rows.
    """

    instance_type: Shown | None = None
    region_id: str | None = None
    accelerator_type: AcceleratorType | None = None
    cpu: int | None = None
    memory: float | None = None
    gpu: Annotated[int | None, NOT_EMPTY] = None
    gpu_type: Shown | None = None
    gpu_memory_each: float | None = None
    gpu_memory_total: float | None = None
    price_per_hour: float | None = None
    currency: Shown | None = None
    available: Available | None = None


class EcsSpecList(RegionalList):
    """The answer of list_ecs_specs."""

    by_availability: dict[str, int] | None = None
    specs: list[EcsSpecRow]


async def list_ecs_specs(
    context: ToolContext,
    region_id: RegionId | None = None,
    region_ids: RegionIds | None = None,
    accelerator_type: AcceleratorType | None = None,
    instance_type: Annotated[InstanceType, Field(description="This spec alone, CPU or GPU.")] | None = None,
    gpu_type: Annotated[str | None, Field(description="e.g. A10, V100.")] = None,
    gpu_count: int | None = None,
    min_gpu_memory: Annotated[float | None, Field(description="GiB of each GPU.")] = None,
    min_memory: Annotated[float | None, Field(description="GiB.")] = None,
    max_price: Annotated[float | None, Field(description="Per hour.")] = None,
    only_available: bool = False,
    sort_by: SortBy = "price",
    cursor: Cursor | None = None,
    limit: Limit = 20,
) -> Annotated[CallToolResult, EcsSpecList]:
    """Compute specs with price per hour; where none is available, the nearest that is.

    Give accelerator_type, what the GPU must have, or instance_type. available: spot includes pay-as-you-go.
    """
    wish = SpecWish(
        accelerator_type=accelerator_type or ("GPU" if gpu_type or gpu_count or min_gpu_memory else None),
        gpu_type=gpu_type,
        gpu_count=gpu_count,
        min_memory=min_memory,
        min_gpu_memory=min_gpu_memory,
        max_price=max_price,
    )
    if wish.accelerator_type is None and instance_type is None:
        raise InputError("accelerator_type_open")
    cloud = services_of(context).cloud
    kind = None if instance_type else wish.accelerator_type
    regions = await in_regions(cloud, region_id, region_ids, lambda each: offered_specs(cloud, each, kind))
    offered = [(each, spec) for each, specs in regions.found.items() for spec in specs]
    where = region_id or "these regions"
    if instance_type:
        fits = [found for found in offered if found[1].instance_type == instance_type]
        fitting = sorted(fits, key=_SORTED_BY[sort_by])
        about = _about_named(fitting, instance_type, wish, where)
        like = SpecWish.like(fitting[0][1]) if fitting else None
    else:
        fits = [found for found in offered if wish.fits(found[1]) and (found[1].is_available or not only_available)]
        fitting = sorted(fits, key=_SORTED_BY[sort_by])
        about = _about_kind(offered, fitting, wish, where, sort_by)
        like = None if wish.accelerator_type == "CPU" and wish.is_for_gpu else wish
    if like and cursor is None and not any(spec.is_available for _, spec in fitting):
        asked = regions_named(region_ids or [str(region_id)])
        about = paragraphs(about, await nearest_specs(cloud, asked, offered, like))
    by_availability = Counter[str](_availability(spec) for _, spec in fitting)
    return paged(
        fitting,
        cursor,
        limit,
        lambda page: EcsSpecList(
            note=paragraphs(about, page.position) or None,
            total=page.total,
            region_ids=regions.region_ids,
            not_read=regions.not_read,
            by_availability=dict(by_availability.most_common()) if len(fitting) > 1 else None,
            next_cursor=page.next_cursor,
            specs=[ecs_spec_row(spec, each if regions.are_several else None) for each, spec in page.rows],
        ),
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(list_ecs_specs, title="List compute specs", annotations=READ)]


def ecs_spec_row(spec: EcsSpec, region_id: str | None = None) -> EcsSpecRow:
    """A spec with its price and availability, and with its region where rows of several stand together."""
    return EcsSpecRow.of(
        spec,
        region_id=region_id,
        gpu_memory_total=spec.gpu_memory,
        price_per_hour=spec.price,
        available=_availability(spec),
    )


def _availability(spec: EcsSpec) -> Available:
    """The most that can be had: what is available as spot is so for pay-as-you-go as well."""
    if spec.available_as_spot:
        return "spot"
    return "pay-as-you-go" if spec.is_available else "no"


def _about_named(fitting: Sequence[Found], instance_type: str, wish: SpecWish, where: str) -> str:
    """What to know of the spec of this name."""
    if not fitting:
        return tell("spec_missing", instance_type=instance_type, region_id=where)
    asked, actual = wish.accelerator_type, fitting[0][1].accelerator_type
    others = wish.model_copy(update={"accelerator_type": None})
    return paragraphs(
        None
        if asked in (None, actual)
        else tell("spec_other_type", instance_type=instance_type, actual=actual, asked=asked),
        None
        if all(others.fits(spec) for _, spec in fitting)
        else tell("spec_misses_filters", instance_type=instance_type),
    )


def _about_kind(offered: Sequence[Found], fitting: Sequence[Found], wish: SpecWish, where: str, sort_by: SortBy) -> str:
    """What to know of the list, and what to ask for instead where it is empty."""
    kind = wish.accelerator_type
    unpriced = sum(spec.price is None and wish.fits_besides_price(spec) for _, spec in offered)
    no_price = tell("specs_unpriced", count=unpriced, max_price=number(wish.max_price or 0))
    return paragraphs(
        tell(f"specs_by_{sort_by}", accelerator_type=kind, region_id=where)
        if fitting
        else tell("specs_none", accelerator_type=kind, region_id=where),
        no_price if unpriced and wish.max_price is not None else None,
        None if fitting else _gpu_types(offered, wish, where),
    )


def _gpu_types(offered: Sequence[Found], wish: SpecWish, where: str) -> str | None:
    if not wish.is_for_gpu:
        return None
    if wish.accelerator_type == "CPU":
        return tell("specs_cpu_without_gpu")
    kinds = sorted({marked(spec.gpu_type) for _, spec in offered if spec.gpu_type})
    return tell("specs_gpu_types", region_id=where, gpu_types=", ".join(kinds) or "-")
