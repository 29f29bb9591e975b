"""Which specs fit a wish, and the nearest that can be had where none of them can."""

import asyncio
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.cloud.regional import is_not_activated
from pai_dsw_mcp.errors import CloudError, RefusedError
from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.instance import AcceleratorType
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.tools._render import marked, number, tell

_MOST_NAMED: Final = 3
"""Of specs here, and of other regions."""
_PATIENCE: Final = 0.25
"""Of the time that a read may take: what is only told besides waits no longer for any region."""
_BESIDES_THE_MODEL: Final = re.compile(r"nvidia|tesla|[^a-z0-9]")

Found: TypeAlias = tuple[str, EcsSpec]
"""A spec and the region that offers it."""


class SpecWish(Value):
    """What a spec must have. Memory is in GiB, `min_gpu_memory` that of each GPU."""

    accelerator_type: AcceleratorType | None = None
    gpu_type: str | None = None
    gpu_count: int | None = None
    min_cpu: int | None = None
    min_memory: float | None = None
    min_gpu_memory: float | None = None
    max_price: float | None = None

    @classmethod
    def like(cls, spec: EcsSpec) -> "SpecWish":
        """The same GPUs, and no less of anything else."""
        return cls(
            accelerator_type=spec.accelerator_type,
            gpu_type=spec.gpu_type,
            gpu_count=spec.gpu,
            min_cpu=spec.cpu,
            min_memory=spec.memory,
            min_gpu_memory=spec.gpu_memory_each,
        )

    @property
    def is_for_gpu(self) -> bool:
        """Whether only a GPU spec can fit."""
        return bool(self.gpu_type or self.gpu_count or self.min_gpu_memory)

    def fits_besides_price(self, spec: EcsSpec) -> bool:
        """Whether the spec has everything that was asked for."""
        return (
            self.accelerator_type in (None, spec.accelerator_type)
            and (self.gpu_type is None or _model(self.gpu_type) == _model(spec.gpu_type))
            and (self.gpu_count is None or self.gpu_count == spec.gpu)
            and (self.min_cpu is None or spec.cpu >= self.min_cpu)
            and (self.min_memory is None or spec.memory >= self.min_memory)
            and (self.min_gpu_memory is None or (spec.gpu_memory_each or 0) >= self.min_gpu_memory)
        )

    def fits_price(self, spec: EcsSpec) -> bool:
        """Whether it is known to cost no more than was asked for."""
        return self.max_price is None or (spec.price is not None and spec.price <= self.max_price)

    def fits(self, spec: EcsSpec) -> bool:
        """Whether the spec is as asked for."""
        return self.fits_besides_price(spec) and self.fits_price(spec)

    def of_any_gpu(self, offered: Iterable[EcsSpec]) -> "SpecWish | None":
        """The wish for any GPU with as much memory, at any price; None where its memory is not known."""
        anyway = self.model_copy(update={"gpu_type": None, "max_price": None})
        if self.gpu_type is None:
            return anyway
        same = [spec for spec in offered if _model(spec.gpu_type) == _model(self.gpu_type)]
        memory = [each for spec in same if (each := spec.gpu_memory_each)]
        if not memory:
            return None
        return anyway.model_copy(update={"min_gpu_memory": max(min(memory), self.min_gpu_memory or 0)})


async def offered_specs(
    cloud: Cloud, region_id: str, accelerator_type: AcceleratorType | None = None
) -> tuple[EcsSpec, ...]:
    """Every spec of the region, of one kind or of both."""
    kinds: Sequence[AcceleratorType] = (accelerator_type,) if accelerator_type else ("CPU", "GPU")
    lists = await gather(*(cloud.list_ecs_specs(region_id, kind) for kind in kinds))
    return tuple(spec for specs in lists for spec in specs)


async def available_spec(cloud: Cloud, region_id: str, ecs_spec: str) -> EcsSpec:
    """The spec, if it is available for pay-as-you-go now.

    Raises:
        RefusedError: It is not offered in this region, or sold out.
        CloudError: The specs could not be read.
    """
    offered = await offered_specs(cloud, region_id)
    spec = next((spec for spec in offered if spec.instance_type == ecs_spec), None)
    if spec is None:
        raise RefusedError("spec_unknown", ecs_spec=ecs_spec, region_id=region_id)
    if not spec.is_available:
        here = [(region_id, each) for each in offered]
        nearest = await nearest_specs(cloud, [region_id], here, SpecWish.like(spec))
        raise RefusedError("spec_sold_out", ecs_spec=ecs_spec, region_id=region_id, nearest=nearest)
    return spec


async def nearest_specs(cloud: Cloud, asked: Collection[str], offered: Sequence[Found], wish: SpecWish) -> str:
    """What can be had where nothing that fits can, in words.

    That is another GPU with as much memory in the regions that were asked for, and what fits in any other region. Each
    of those is read once, all at the same time.
    """
    others = [region_id for region_id in cloud.options.allowed_regions if region_id not in asked]
    cheapest = dict(zip(others, await gather(*(_cheapest_in(cloud, each, wish) for each in others)), strict=True))
    elsewhere = [(region_id, spec) for region_id, spec in cheapest.items() if isinstance(spec, EcsSpec)]
    unread = [region_id for region_id, spec in cheapest.items() if spec == "unread"]
    wider = wish.of_any_gpu(spec for _, spec in offered)
    here = [found for found in offered if found[1].is_available and wider and wider.fits(found[1])]
    said = (
        tell("specs_nearest", offers=_offers(here)) if here else None,
        tell("specs_elsewhere", offers=_offers(elsewhere)) if elsewhere else None,
        tell("specs_nowhere_else") if others and not elsewhere else None,
        tell("specs_unread", region_ids=", ".join(unread)) if unread else None,
    )
    return " ".join(sentence for sentence in said if sentence)


def cheapest_first(found: Found) -> tuple[bool, float, str]:
    """Sorts by price; what has none comes last."""
    spec = found[1]
    return (spec.price is None, spec.price or 0, spec.instance_type)


async def _cheapest_in(cloud: Cloud, region_id: str, wish: SpecWish) -> EcsSpec | Literal["unread"] | None:
    """The cheapest spec of the region that fits and can be had."""
    try:
        async with asyncio.timeout(cloud.options.read_timeout * _PATIENCE):
            offered = await offered_specs(cloud, region_id, wish.accelerator_type)
            fitting = [(region_id, spec) for spec in offered if spec.is_available and wish.fits(spec)]
            if not fitting or await is_not_activated(cloud, region_id):
                return None
    except (CloudError, TimeoutError):
        return "unread"
    return min(fitting, key=cheapest_first)[1]


def _offers(found: Sequence[Found]) -> str:
    return "; ".join(_offer(region_id, spec) for region_id, spec in sorted(found, key=cheapest_first)[:_MOST_NAMED])


def _offer(region_id: str, spec: EcsSpec) -> str:
    each = spec.gpu_memory_each
    parts = [
        tell("offer_gpus", gpu=spec.gpu, gpu_type=marked(spec.gpu_type)) if spec.gpu else None,
        tell("offer_gpu_memory", gpu_memory_each=number(each)) if each else None,
        tell("offer_machine", cpu=spec.cpu, memory=number(spec.memory)),
        tell("offer_no_price")
        if spec.price is None
        else tell("offer_price", price=number(spec.price), currency=marked(spec.currency)),
        tell("offer_spot") if spec.available_as_spot else None,
    ]
    details = ", ".join(part for part in parts if part)
    return tell("offer", instance_type=marked(spec.instance_type), region_id=region_id, details=details)


def _model(gpu_type: str | None) -> str:
    """The name of a GPU as one compares it: `NVIDIA A10` is A10, and A10 is not A100."""
    return _BESIDES_THE_MODEL.sub("", (gpu_type or "").casefold())
