"""The fields that may be shown of an instance: never a password, token, credential, command or variable value.

Of a row only its id is required: a field that all rows have in common stands beside them instead (`Listed`).
"""

import re
from typing import Annotated, Any, Final, TypeAlias

from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.model.identity import CallerIdentity
from pai_dsw_mcp.model.instance import AcceleratorType, Instance
from pai_dsw_mcp.model.quota import memory_without_unit
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.texts.render import for_quota
from pai_dsw_mcp.tools._arguments import Detail
from pai_dsw_mcp.tools._checks import Chip
from pai_dsw_mcp.tools._costs import Costed
from pai_dsw_mcp.tools._disks import in_gib
from pai_dsw_mcp.tools._history import PastWrite
from pai_dsw_mcp.tools._projection import (
    FULL,
    NOT_EMPTY,
    Masked,
    MaskedLabels,
    Moment,
    Projection,
    RegionalList,
    Scrubbed,
    Shown,
    StorageAddress,
    to_the_minute,
)
from pai_dsw_mcp.tools._queue import QueuePlace
from pai_dsw_mcp.tools._render import marked, tell

Caller: TypeAlias = CallerIdentity | CloudError | None
"""Who calls, or why that is not known."""

NOT_PULLED: Final = re.compile(r"ImagePullBackOff|ErrImagePull|Back-?off pulling|fail\w* to pull image", re.IGNORECASE)
"""What a reason or an event says of an image that could not be pulled, in the words of Kubernetes."""
_ADDRESSES: Final = ("instance_url", "jupyterlab_url", "web_ide_url", "terminal_url")


class Reason(Projection):
    """Why the service says an instance is as it is: its words, not ours."""

    code: Scrubbed | None = None
    message: Scrubbed | None = None


class MountRow(Projection):
    """A dataset, or a storage directory, inside an instance."""

    dataset_id: Shown | None = None
    uri: StorageAddress = None
    mount_path: Shown | None = None
    mount_access: Shown | None = None


class InstanceRow(Projection):
    """An instance in a list."""

    instance_id: Shown
    region_id: str | None = None
    instance_name: Shown | None = None
    status: Shown | None = None
    workspace_id: Shown | None = None
    ecs_spec: Shown | None = None
    accelerator_type: AcceleratorType | None = None
    image_name: Shown | None = None
    price_per_hour: float | None = None
    total_running_hours: float | None = None
    estimated_cost: Annotated[float | None, NOT_EMPTY] = None
    currency: Shown | None = None
    owner: Masked | None = None
    mine: bool | None = None
    auto_stop: Shown | None = None
    reason: Reason | None = None
    created_at: Annotated[Moment | None, FULL] = None
    workspace_name: Annotated[Shown | None, FULL] = None
    accessibility: Annotated[Shown | None, FULL] = None
    payment_type: Shown | None = None
    resource_id: Annotated[Shown | None, FULL] = None
    modified_at: Annotated[Moment | None, FULL] = None
    idle_minutes: Annotated[int | None, FULL] = None
    labels: Annotated[MaskedLabels, FULL] = None


class InstanceList(RegionalList):
    """The answer of list_instances. The sums are over all rows of the list, by currency.

    `currency` is that of every price; where there are several, each row has its own.
    """

    cost_per_hour_now: Annotated[dict[Shown, float] | None, NOT_EMPTY] = None
    estimated_cost: Annotated[dict[Shown, float] | None, NOT_EMPTY] = None
    currency: Shown | None = None
    by_status: dict[str, int]
    instances: list[InstanceRow]


class InstanceDetail(InstanceRow):
    """The answer of get_instance. In brief it shows more than a row of the list."""

    workspace_name: Shown | None = None
    accessibility: Shown | None = None
    payment_type: Shown | None = None
    resource_id: Shown | None = None
    created_at: Moment | None = None
    meaning: Annotated[str, OURS]
    instance_url: str | None = None
    image_chip_type: str | None = None
    idle_minutes: int | None = None
    queue: QueuePlace | None = None
    history: list[PastWrite] | None = None
    image_id: Annotated[Shown | None, FULL] = None
    image_url: Annotated[Shown | None, FULL] = None
    requested: Annotated[dict[str, Shown] | None, NOT_EMPTY] = None
    priority: Annotated[int | None, FULL] = None
    driver: Annotated[Shown | None, FULL] = None
    datasets: Annotated[list[MountRow] | None, NOT_EMPTY, FULL] = None
    vpc_id: Annotated[Shown | None, FULL] = None
    v_switch_id: Annotated[Shown | None, FULL] = None
    security_group_id: Annotated[Shown | None, FULL] = None
    extended_cidrs: Annotated[list[Shown] | None, NOT_EMPTY, FULL] = None
    default_route: Annotated[Shown | None, FULL] = None
    system_disk: Annotated[Shown | None, FULL] = None
    tags: Annotated[MaskedLabels, FULL] = None
    environment_variable_names: Annotated[list[Shown] | None, NOT_EMPTY, FULL] = None
    jupyterlab_url: Annotated[str | None, FULL] = None
    web_ide_url: Annotated[str | None, FULL] = None
    terminal_url: Annotated[str | None, FULL] = None


def instance_row(
    costed: Costed,
    detail: Detail,
    caller: Caller,
    currency_of_all: str | None,
    unset: str | None = None,
) -> InstanceRow:
    """An instance as a row. In brief, how it is paid is told of spot instances alone."""
    shown = _in_every_view(costed, caller, auto_stop_of(costed.instance, unset)) | (
        {} if currency_of_all is None else {"currency": None}
    )
    payment = payment_of(costed) if costed.spot or detail == "full" else None
    return InstanceRow.of(costed.instance, detail, payment_type=payment, **shown)


def instance_detail(
    costed: Costed,
    detail: Detail,
    caller: Caller,
    *,
    meaning: str,
    chip: str | None,
    queue: QueuePlace | None,
    history: list[PastWrite] | None,
    unset: str | None = None,
) -> InstanceDetail:
    """An instance by itself. Its addresses show while it runs."""
    instance = costed.instance
    vpc = instance.user_vpc
    requested = {
        "cpu": instance.requested_cpu,
        "memory": instance.requested_memory,
        "gpu": instance.requested_gpu,
        "gpu_type": instance.requested_gpu_type,
    }
    return InstanceDetail.of(
        instance,
        detail,
        payment_type=payment_of(costed),
        meaning=meaning,
        image_chip_type=chip,
        queue=queue,
        history=history,
        system_disk=in_gib(instance.system_disk),
        requested={name: value for name, value in requested.items() if value},
        vpc_id=vpc and vpc.vpc_id,
        v_switch_id=vpc and vpc.v_switch_id,
        security_group_id=vpc and vpc.security_group_id,
        extended_cidrs=list(vpc.extended_cidrs) if vpc else None,
        default_route=vpc and vpc.default_route,
        **_in_every_view(costed, caller, auto_stop_of(instance, unset, thresholds=True)),
        **({} if instance.status == "Running" else dict.fromkeys(_ADDRESSES)),
    )


def _in_every_view(costed: Costed, caller: Caller, auto_stop: str) -> dict[str, Any]:
    instance, price = costed.instance, costed.price
    return {
        "price_per_hour": price and price.hourly,
        "total_running_hours": None if costed.hours is None else round(costed.hours, 1),
        "estimated_cost": None if costed.estimate is None else round(costed.estimate, 2),
        "currency": price and price.currency,
        "owner": instance.user_name or instance.user_id,
        "mine": is_of(caller, instance),
        "auto_stop": auto_stop,
        "reason": reason_of(instance),
    }


def is_of(caller: Caller, instance: Instance) -> bool | None:
    """Whether the caller owns it; None where that is not known. A role has no user id to compare."""
    if not isinstance(caller, CallerIdentity) or caller.user_id is None or instance.user_id is None:
        return None
    return caller.user_id == instance.user_id


def auto_stop_of(instance: Instance, unset: str | None = None, *, thresholds: bool = False) -> str:
    """When it stops by itself: at a time, after having been idle, both, or never; what counts as idle on request.

    And what a person approved, where it is missing.
    """
    ways: list[str] = []
    if instance.auto_stop_due_at is not None:
        ways.append(f"at {to_the_minute(instance.auto_stop_due_at)}")
    if instance.max_idle_minutes is not None:
        ways.append(f"after {instance.max_idle_minutes} idle minutes")
    elif instance.idle_minutes is not None:
        ways.append("when idle")
    uses = (("CPU", instance.idle_cpu_percent), ("GPU", instance.idle_gpu_percent))
    idle = " and ".join(f"{name} below {percent}%" for name, percent in uses if percent is not None)
    shown = f"{', '.join(ways) or 'none'}{f' ({idle})' if thresholds and idle else ''}"
    return f"{shown}; approved and NOT SET: {unset}" if unset else shown


def payment_of(costed: Costed) -> str | None:
    """How it is paid, and how a spot instance is bought."""
    instance, spot = costed.instance, costed.spot
    if spot is None:
        return instance.payment_type
    limit = f"at most {spot.spot_price_limit} per hour" if spot.spot_price_limit else "at the market price"
    return f"{instance.payment_type or 'PayAsYouGo'}, spot {limit}"


def meaning_of(instance: Instance, chip: Chip | None) -> str:
    """What the status means for the next step; `chip` is what the image is for, where that is known."""
    kind, key = instance.accelerator_type, f"status_{instance.status}"
    if instance.status == "Failed" and chip and chip.is_not_for(kind):
        key = "failed_by_chip"
    elif instance.status == "Failed" and NOT_PULLED.search(f"{instance.reason_code} {instance.reason_message}"):
        key = "failed_by_image"
    elif instance.status == "Failed" and memory_without_unit(instance):
        key = "failed_by_unit"
    told = for_quota(key) if instance.resource_id else key
    return tell(
        told,
        image=image_shown(instance),
        image_says=chip and chip.told,
        spec_chip=kind,
        memory=memory_without_unit(instance),
    )


def image_shown(instance: Instance) -> str:
    """The address of its image, or its id where there is none."""
    return marked(sanitize(instance.image_url or instance.image_id or "", 256))


def reasons_are_data(*messages: str | None) -> str | None:
    """What to know of these messages of the service: anybody's words may stand in them."""
    return tell("reasons_are_data") if any(messages) else None


def reason_of(instance: Instance) -> Reason | None:
    """The service's reason, if it gives one."""
    if not (instance.reason_code or instance.reason_message):
        return None
    return Reason(code=instance.reason_code, message=instance.reason_message)
