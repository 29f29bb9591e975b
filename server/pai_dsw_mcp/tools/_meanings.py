"""What identifiers name, for people: read from the catalogue, never part of what an approval covers."""

from contextlib import suppress
from typing import Final

import anyio

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.operations import is_id
from pai_dsw_mcp.cloud.quotas import get_quota
from pai_dsw_mcp.errors import PaiDswError
from pai_dsw_mcp.model.catalogue import Dataset, EcsSpec, Image
from pai_dsw_mcp.model.change import Meaning, Parameter, Sentence
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.quota import Quota
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.tools._checks import Chip, chip_told
from pai_dsw_mcp.tools._render import number
from pai_dsw_mcp.tools._rows import frameworks_of
from pai_dsw_mcp.tools._visible import image_of

_SECONDS: Final = 5.0
"""How long a start or stop waits for what is only told."""
_CAP: Final = 120
_MOST_FRAMEWORKS: Final = 4


def meaning_of_spec(spec: EcsSpec | None) -> Meaning:
    """GPUs and their memory, vCPU, memory."""
    if spec is None:
        return ()
    parts = [_part("no_gpu")]
    if spec.gpu:
        parts = [_part("gpu", gpu=str(spec.gpu), gpu_type=sanitize(spec.gpu_type or "GPU", _CAP))]
        if spec.gpu_memory:
            key = "gpu_memory_in_all" if spec.gpu > 1 else "gpu_memory"
            parts.append(_part(key, gpu_memory=f"{spec.gpu_memory:g}"))
    return (*parts, _part("cpu", cpu=f"{spec.cpu}"), _part("memory", memory=f"{spec.memory:g}"))


def meaning_of_image(image: Image | None, image_name: str | None = None) -> Meaning:
    """Its name, frameworks and chip type; where it was not read, the name that the instance gives."""
    if image is None:
        return (_part("name", name=sanitize(image_name, _CAP)),) if image_name else ()
    chip = chip_told(image, None)
    return (
        _part("name", name=sanitize(image.name, _CAP)),
        *(_part("framework", framework=sanitize(each, _CAP)) for each in frameworks_of(image)[:_MOST_FRAMEWORKS]),
        *([_chip_part(chip)] if chip else []),
    )


def meaning_of_dataset(dataset: Dataset) -> Meaning:
    """Its name and its kind of storage."""
    storage = dataset.data_source_type
    return (
        _part("name", name=sanitize(dataset.name, _CAP)),
        *([_part("storage", storage=sanitize(storage, _CAP))] if storage else []),
    )


def machine_of(instance: Instance) -> tuple[Parameter, ...]:
    """What an instance runs on, as parameters that are not sent."""
    image = ("ImageId", instance.image_id) if instance.image_id else ("ImageUrl", instance.image_url)
    compute = ("EcsSpec", instance.ecs_spec) if instance.ecs_spec else ("ResourceId", instance.resource_id)
    rows = (compute, image)
    return tuple(Parameter(name=name, value=value) for name, value in rows if value)


async def image_in_time(cloud: Cloud, instance: Instance) -> Image | None:
    """The image of an instance. One that cannot be read in time keeps nobody from deciding."""
    with anyio.move_on_after(_SECONDS):
        return await image_of(cloud, instance)
    return None


def meanings_of_machine(instance: Instance, spec: EcsSpec | None, image: Image | None) -> dict[str, Meaning]:
    """What spec and image of an instance are."""
    return {
        instance.ecs_spec or "": meaning_of_spec(spec),
        instance.image_id or instance.image_url or "": meaning_of_image(image, instance.image_name),
    }


def meaning_of_quota(quota: Quota) -> Meaning:
    """Its name, its type, and its GPUs."""
    kind, gpus = quota.resource_type, quota.total.gpu
    return (
        _part("name", name=sanitize(quota.quota_name, _CAP)),
        *([_part("storage", storage=sanitize(kind, _CAP))] if kind else []),
        *([_part("gpu", gpu=number(gpus), gpu_type=sanitize(quota.gpu_type or "GPU", _CAP))] if gpus else []),
    )


async def meanings_of_quota(cloud: Cloud, instance: Instance) -> dict[str, Meaning]:
    """What the quota of an instance is, where it is on one that can be read in time."""
    quota_id = instance.resource_id or ""
    if instance.ecs_spec is None and is_id("quota_id", quota_id):
        with suppress(PaiDswError), anyio.move_on_after(_SECONDS):
            return {quota_id: meaning_of_quota(await get_quota(cloud, instance.region_id, quota_id))}
    return {}


async def spec_of(cloud: Cloud, instance: Instance) -> EcsSpec | None:
    """The spec of an instance, where it has one of its own and it can be read in time."""
    if instance.ecs_spec is not None:
        with suppress(PaiDswError), anyio.move_on_after(_SECONDS):
            return await cloud.find_ecs_spec(instance.region_id, instance.ecs_spec)
    return None


def _chip_part(chip: Chip) -> Sentence:
    return _part("chip_by_address", mark=chip.mark) if chip.mark else _part("chip", chip=chip.kind)


def _part(kind: str, **values: str) -> Sentence:
    return Sentence(key=f"meaning_{kind}", values=values)
