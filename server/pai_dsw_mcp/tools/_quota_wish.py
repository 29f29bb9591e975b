"""A share of a resource quota: how it is asked for, what it takes, and what a person is told of it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Final, TypeAlias

import anyio
from pydantic import AfterValidator, Field

from pai_dsw_mcp.cloud.operations import is_id
from pai_dsw_mcp.cloud.quotas import get_quota
from pai_dsw_mcp.errors import InputError, PaiDswError, RefusedError
from pai_dsw_mcp.gate.outcome import ReadBack
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.gate.under_way import under_way
from pai_dsw_mcp.model.change import Item, Meaning, Parameter, Sentence, scope_of
from pai_dsw_mcp.model.instance import Instance, NewInstance, Share
from pai_dsw_mcp.model.quota import Amount, Quota, amount_of, amount_of_share, memory_without_unit, requested_by
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.status import STARTABLE
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._arguments import NumberAsText, Wanted, id_rule, rule
from pai_dsw_mcp.tools._meanings import meaning_of_quota
from pai_dsw_mcp.tools._render import number

_CAP: Final = 120
_SECONDS: Final = 5.0
"""How long a start waits for what is only told."""
_NAMES: Final = ("cpu", "gpu", "memory")
_UNITS: Final = {"cpu": "vCPU", "gpu": "GPU", "memory": "GiB memory"}
_SPELLINGS: Final = {"gb": "GB", "g": "GB", "gi": "Gi", "gib": "Gi"}
_SPELLED: Final = re.compile(r"\s*([0-9]+)\s*([A-Za-z]+)\s*")


def _as_the_service_writes(memory: str) -> str:
    """The usual spellings of GB and Gi as the service writes them; anything else stays."""
    match = _SPELLED.fullmatch(memory)
    unit = match and _SPELLINGS.get(match[2].lower())
    return f"{match[1]}{unit}" if match and unit else memory


Memory: TypeAlias = Annotated[
    str,
    NumberAsText,
    AfterValidator(_as_the_service_writes),
    rule(
        r"[1-9][0-9]{0,5}(Gi|GB)",
        "an amount of memory is a whole number in GB or Gi, e.g. 16GB; without its unit the instance fails",
    ),
]


class WantedShare(Wanted):
    """The share of resource_id."""

    cpu: Annotated[str, NumberAsText, rule("[1-9][0-9]{0,3}", "a whole number of CPU cores, 1 to 9999")]
    memory: Annotated[Memory, Field(description="GiB, with unit: 16GB.")]
    gpu: Annotated[str, NumberAsText, rule("[0-9]{1,3}", "a whole number of GPUs, 0 to 999")] = "0"
    shared_memory: Memory | None = None


QuotaToUse: TypeAlias = Annotated[
    str,
    id_rule("quota_id", "quota1ci8g793pgm"),
    Field(description="Quota, instead of ecs_spec."),
]
Priority: TypeAlias = Annotated[int, Field(ge=1, le=9, description="On a quota; 9 goes first.")]


def share_of(
    ecs_spec: str | None, resource_id: str | None, wanted: WantedShare | None, priority: int | None
) -> Share | None:
    """The share of a new instance as it is sent.

    Raises:
        InputError: Not exactly one of spec and quota, or parts that go with a quota alone.
    """
    if (ecs_spec is None) == (resource_id is None) or (resource_id is None) != (wanted is None):
        raise InputError("compute_choice")
    if resource_id is None and priority is not None:
        raise InputError("priority_without_quota")
    return share_wanted(wanted)


def share_wanted(wanted: WantedShare | None) -> Share | None:
    """The share as it is sent."""
    return wanted and Share(cpu=wanted.cpu, gpu=wanted.gpu, memory=wanted.memory, shared_memory=wanted.shared_memory)


def show_share(share: Share) -> tuple[Item, ...]:
    """A share in its parts."""
    return _parts(share.cpu, share.gpu, share.memory, share.shared_memory)


def show_share_of(instance: Instance) -> tuple[Item, ...]:
    """What an instance has of its quota, in its parts."""
    return _parts(
        instance.requested_cpu, instance.requested_gpu, instance.requested_memory, instance.requested_shared_memory
    )


def _parts(*amounts: str | None) -> tuple[Item, ...]:
    named = zip(("CPU", "GPU", "Memory", "SharedMemory"), amounts, strict=True)
    return tuple((name, amount) for name, amount in named if amount is not None)


def has_share(instance: Instance, share: Share) -> bool:
    """Whether an instance has this share already, however its amounts are written.

    Memory without a unit is another amount: the service takes it as bytes.
    """
    if memory_without_unit(instance):
        return False
    shared = share.shared_memory is None or amount_of(share.shared_memory) == amount_of(
        instance.requested_shared_memory
    )
    return shared and amount_of_share(share) == requested_by(instance)


def share_found(share: Share, instance: Instance) -> ReadBack:
    """What an instance has of its quota after its share was changed; the new one may show only once it is at rest."""
    has = ", ".join(f"{name}={sanitize(amount, 20)}" for name, amount in show_share_of(instance)) or "-"
    if has_share(instance, share):
        return ReadBack(is_so=True, told=say("share_so", share=has))
    key = "share_not_so" if instance.status in STARTABLE else "share_not_yet"
    return ReadBack(is_so=False, told=say(key, share=has, status=instance.status))


def with_share(instance: Instance, share: Share | None) -> Instance:
    """The instance as it will be with another share."""
    if share is None:
        return instance
    return replace(
        instance,
        requested_cpu=share.cpu,
        requested_gpu=share.gpu,
        requested_memory=share.memory,
        accelerator_type="GPU" if int(share.gpu) else "CPU",
    )


def parameters_of_share(new: NewInstance, share: Share) -> tuple[Parameter, ...]:
    """What is sent for it."""
    priority = () if new.priority is None else (Parameter(name="Priority", value=str(new.priority)),)
    return (
        Parameter(name="ResourceId", value=new.resource_id or ""),
        Parameter(name="RequestedResource", value=show_share(share)),
        *priority,
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What a share of a quota means for whoever approves it; `others` is what else is on its way to it."""

    quota: Quota
    share: Amount
    others: Amount

    @property
    def meaning(self) -> Meaning:
        """What the quota is."""
        return meaning_of_quota(self.quota)

    def warnings(self, workspace_id: str | None = None) -> tuple[Sentence, ...]:
        """What holds until the instance is stopped."""
        named = {"quota_name": self._name}
        others = self.quota.workspace_ids
        is_foreign = bool(others) and workspace_id is not None and workspace_id not in others
        return (
            Sentence(key="warn_quota_no_price", values=named),
            *([Sentence(key="warn_quota_of_other_workspace", values=named)] if is_foreign else []),
            Sentence(key="warn_quota_held"),
        )

    def figures_for(self, instance: Instance) -> tuple[Sentence, ...]:
        """The same for an instance as it is; only that it will fail, where its memory has no unit."""
        memory = memory_without_unit(instance)
        return (Sentence(key="warn_memory_without_unit", values={"memory": memory}),) if memory else self.figures()

    def figures(self) -> tuple[Sentence, ...]:
        """What it needs, what is free at this moment, and whether it waits."""
        wanted, free = _by_name(self.share), _by_name(self.quota.free)
        if None in (*wanted.values(), *free.values()):
            return (Sentence(key="warn_quota_unknown", values={"quota_name": self._name}),)
        others = _by_name(self.others)
        needs = _shown(wanted) | _shown(free, "free_")
        if not _fits(wanted, free):
            return (Sentence(key="warn_quota_waits", values=needs),)
        if not any(others.values()):
            return (Sentence(key="warn_quota_fits", values=needs),)
        left = {name: (free[name] or 0) - (others[name] or 0) for name in _NAMES}
        key = "warn_quota_fits_with_others" if _fits(wanted, left) else "warn_quota_may_wait"
        return (Sentence(key=key, values=needs | _shown(others, "others_")),)

    @property
    def _name(self) -> str:
        return sanitize(self.quota.quota_name, _CAP)


async def quota_terms(services: Services, region_id: str, quota_id: str, share: Amount, itself: str) -> Terms:
    """What is known of the quota, for the instance of the scope `itself`.

    Raises:
        CloudError: The quota does not exist, or it or what is on its way could not be read.
    """
    others = await under_way(services, quota_id, itself=itself)
    return Terms(await get_quota(services.cloud, region_id, quota_id), share, others.get(quota_id, Amount()))


async def terms_of(services: Services, instance: Instance) -> Terms | None:
    """The terms of an instance on a quota, where it can be read in time."""
    if instance.ecs_spec is None and is_id("quota_id", instance.resource_id or ""):
        with suppress(PaiDswError), anyio.move_on_after(_SECONDS):
            region_id, share = instance.region_id, requested_by(instance)
            itself = scope_of(region_id, "instance", target_id=instance.instance_id)
            return await quota_terms(services, region_id, instance.resource_id or "", share, itself)
    return None


def _by_name(amount: Amount) -> dict[str, float | None]:
    return {name: getattr(amount, name) for name in _NAMES}


def _fits(wanted: Mapping[str, float | None], free: Mapping[str, float | None]) -> bool:
    return all((wanted[name] or 0) <= (free[name] or 0) for name in _NAMES)


def _shown(amounts: Mapping[str, float | None], prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{name}": number(amount or 0) for name, amount in amounts.items()}


def check_quota(terms: Terms) -> None:
    """Refuses what the quota can never give.

    Raises:
        RefusedError: It is not for notebooks, or too small as a whole.
    """
    quota = terms.quota
    if not quota.takes_dsw:
        kinds = ", ".join(sanitize(each, 40) for each in quota.workload_types)
        raise RefusedError("quota_not_usable", quota_id=quota.quota_id, workload_types=kinds)
    for name in _NAMES:
        wanted, most = getattr(terms.share, name), getattr(quota.total, name)
        if wanted is not None and most is not None and wanted > most:
            raise RefusedError(
                "quota_too_small", quota_id=quota.quota_id, what=_UNITS[name], wanted=number(wanted), most=number(most)
            )
