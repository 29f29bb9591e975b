"""Compares an instance with the values that were asked for."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, cast

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.model.change import Item, Parameter
from pai_dsw_mcp.model.instance import CloudDisk, Instance, InstanceChanges, NewInstance, Share, SpotSpec, UserVpc
from pai_dsw_mcp.model.quota import amount_of
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._advanced import show_command, show_spot
from pai_dsw_mcp.tools._checks import in_order, mounts_in_order, show_mount, show_vpc
from pai_dsw_mcp.tools._disks import is_enlarged, show_disks
from pai_dsw_mcp.tools._quota_wish import has_share, show_share, show_share_of

WIRE_NAMES: Final = MappingProxyType(
    {
        "instance_name": "InstanceName",
        "ecs_spec": "EcsSpec",
        "requested_resource": "RequestedResource",
        "image_id": "ImageId",
        "image_url": "ImageUrl",
        "accessibility": "Accessibility",
        "user_vpc": "UserVpc",
        "datasets": "Datasets",
        "disassociate_datasets": "DisassociateDatasets",
        "cloud_disks": "CloudDisks",
        "spot_spec": "SpotSpec",
        "driver": "Driver",
        "user_command": "UserCommand",
        "user_id": "UserId",
        "disassociate_spot": "DisassociateSpot",
        "disassociate_driver": "DisassociateDriver",
        "disassociate_user_command": "DisassociateUserCommand",
        "start_instance": "StartInstance",
    }
)
"""The fields of UpdateInstance that are ever sent, under the API's names."""

_CREATE_NAMES: Final = MappingProxyType(
    {"workspace_id": "WorkspaceId", "resource_id": "ResourceId", "priority": "Priority"}
)
_OPTIONAL: Final = ("user_vpc", "datasets")
_ADVANCED: Final = ("cloud_disks", "driver")
NOT_SHOWN: Final = frozenset({"spot_spec", "user_command"})
"""What the service does not tell of an instance, so that nobody can say whether it is the same."""
REMOVED: Final = MappingProxyType(
    {"spot": "disassociate_spot", "driver": "disassociate_driver", "user_command": "disassociate_user_command"}
)
"""The fields that take a setting away."""
REMOVED_UNSEEN: Final = frozenset({"disassociate_spot", "disassociate_user_command"})
_WITHOUT_BEFORE: Final = NOT_SHOWN | {*REMOVED.values(), "start_instance"}
_ON_QUOTA: Final = ("resource_id", "priority")
_ASKED_FOR: Final = (
    *(
        "instance_name",
        "ecs_spec",
        "requested_resource",
        "image_id",
        "image_url",
        "accessibility",
        "user_vpc",
        "datasets",
    ),
    *(*_ADVANCED, *sorted(NOT_SHOWN), "user_id", *REMOVED.values()),
)


def differing(instance: Instance, wanted: InstanceChanges) -> InstanceChanges:
    """Only what the instance does not have already. An empty list of datasets is a request to take all away."""
    kept = {name: getattr(wanted, name) for name in _ASKED_FOR if _is_asked_and_differs(instance, wanted, name)}
    if kept.get("datasets") == ():
        kept = {**kept, "datasets": None, "disassociate_datasets": True}
    return InstanceChanges.model_validate(kept)


def without_known_spot(
    instance: Instance, changes: InstanceChanges, spots: Mapping[str, SpotSpec | None]
) -> InstanceChanges:
    """The changes without that of spot, where `spots` has it as it is asked for."""
    if instance.instance_id not in spots:
        return changes
    known = spots[instance.instance_id]
    is_same = known == changes.spot_spec if changes.spot_spec else known is None
    return changes.model_copy(update={"spot_spec": None, "disassociate_spot": None}) if is_same else changes


def unlike(existing: Instance, new: NewInstance, spots: Mapping[str, SpotSpec | None]) -> list[str]:
    """The parameters of CreateInstance in which an existing instance is known to differ from the request.

    Spot differs also where nobody asked for it: `spots` tells what was approved last.
    """
    image = "image_id" if new.image_id else "image_url"
    asked = [name for name in (*_OPTIONAL, *_ON_QUOTA, *_ADVANCED) if getattr(new, name)]
    compared = ("workspace_id", "ecs_spec", image, "accessibility", *asked)
    names = [_CREATE_NAMES.get(name) or WIRE_NAMES[name] for name in compared if _differs(existing, new, name)]
    if existing.instance_id in spots and spots[existing.instance_id] != new.spot_spec:
        names.append("SpotSpec (by what was approved here)")
    share = new.requested_resource
    if share is not None and not has_share(existing, share):
        names.append("RequestedResource")
    names += [] if set(new.tag) <= set(existing.tags) else ["Tag"]
    return names if set(new.labels) <= set(existing.labels) else [*names, "Labels"]


def unlike_command(new: NewInstance, command: tuple[Item, ...] | None) -> list[str]:
    """The start-up command, where another one is asked for than this server set last, or took away."""
    if new.user_command is None or command is None or show_command(new.user_command) == command:
        return []
    return ["UserCommand (by what was approved here)"]


def not_comparable(
    existing: Instance, new: NewInstance, spots: Mapping[str, SpotSpec | None], command: tuple[Item, ...] | None
) -> list[str]:
    """What was asked for, is not shown by the service, and was not set by this server."""
    is_known = {"spot_spec": existing.instance_id in spots, "user_command": command is not None}
    return [WIRE_NAMES[name] for name in sorted(NOT_SHOWN) if getattr(new, name) is not None and not is_known[name]]


def tell_differences(differences: Sequence[str], unseen: Sequence[str]) -> str:
    """In what an instance differs, and what cannot be compared."""
    sentences = (("differs_in", differences), ("not_comparable", unseen))
    return "".join(f" {say(key, fields=', '.join(fields))}" for key, fields in sentences if fields)


def not_asked_for(existing: Instance, new: NewInstance) -> list[str]:
    """The parameters of CreateInstance that an existing instance has and that nobody asked for; a free disk is none.

    Further labels do not count, because the service adds some itself; nor does the network, which a quota gives.
    """
    more = [name for name in _OPTIONAL if getattr(existing, name) and not getattr(new, name)]
    if not new.cloud_disks and is_enlarged(existing.system_disk):
        more.append("cloud_disks")
    return [WIRE_NAMES[name] for name in more if new.resource_id is None or name != "user_vpc"]


def _is_asked_and_differs(instance: Instance, wanted: InstanceChanges, name: str) -> bool:
    return getattr(wanted, name) is not None and _differs(instance, wanted, name)


def _differs(instance: Instance, wanted: InstanceChanges | NewInstance, name: str) -> bool:
    value = getattr(wanted, name)
    return value != _current(instance, name, value)


def _current(instance: Instance, name: str, asked: object) -> object:
    """The current value, without details that the request leaves open and that do not count as a difference."""
    if name == "user_vpc" and isinstance(asked, UserVpc) and (present := in_order(instance).user_vpc) is not None:
        return present.model_copy(
            update={field: value for field, value in asked.model_dump().items() if value in (None, ())}
        )
    if name in NOT_SHOWN | REMOVED_UNSEEN:
        return None
    if name == "disassociate_driver":
        return instance.driver is None
    if name == "cloud_disks":
        # A size may be written in two ways.
        wanted = cast("tuple[CloudDisk, ...]", asked)
        return asked if [amount_of(each.capacity) for each in wanted] == [amount_of(instance.system_disk)] else None
    if name == "requested_resource":
        return asked if has_share(instance, cast("Share", asked)) else None
    if name == "datasets":
        return mounts_in_order(each.model_copy(update={"dataset_version": None}) for each in instance.datasets)
    return getattr(instance, name)


def check_compute(instance: Instance, changes: InstanceChanges) -> None:
    """Refuses a smaller disk, a spec or spot (or its end) for an instance on a quota, a share for one that is on none.

    Raises:
        RefusedError: The service could not do it.
    """
    if instance.ecs_spec is None and (changes.ecs_spec or changes.spot_spec):
        raise RefusedError(
            "spec_on_quota", instance_id=instance.instance_id, resource_id=sanitize(instance.resource_id or "-", 64)
        )
    if instance.ecs_spec is not None and changes.requested_resource:
        raise RefusedError("share_without_quota", instance_id=instance.instance_id, ecs_spec=instance.ecs_spec)
    if instance.ecs_spec is None and changes.disassociate_spot:
        raise RefusedError("spot_needs_spec")
    now = amount_of(instance.system_disk)
    if now is not None and any((amount_of(each.capacity) or 0) < now for each in changes.cloud_disks or ()):
        raise RefusedError(
            "disk_smaller", instance_id=instance.instance_id, now=sanitize(instance.system_disk or "", 20)
        )


def shown_changes(instance: Instance, changes: InstanceChanges) -> tuple[Parameter, ...]:
    """Every parameter that will be sent, with what the instance has now, as far as the service shows it."""
    present = in_order(instance)
    return tuple(
        Parameter(name=wire, value=_shown(name, value), before=_before(name, present))
        for name, wire in WIRE_NAMES.items()
        if (value := getattr(changes, name)) is not None
    )


def _shown(name: str, value: Any) -> str | tuple[Item, ...]:
    match name:
        case "datasets":
            return tuple(map(show_mount, value))
        case "user_vpc":
            return show_vpc(value)
        case "cloud_disks":
            return show_disks(value)
        case "requested_resource":
            return show_share(value)
        case "spot_spec":
            return show_spot(value)
        case "user_command":
            return show_command(value)
        case _:
            return "true" if value is True else value


def _before(name: str, instance: Instance) -> str | tuple[Item, ...] | None:
    if name in _WITHOUT_BEFORE:
        return None
    match name:
        case "datasets" | "disassociate_datasets":
            return tuple(map(show_mount, instance.datasets))
        case "user_vpc":
            return show_vpc(instance.user_vpc)
        case "requested_resource":
            return show_share_of(instance)
        case "cloud_disks":
            return (("Capacity", instance.system_disk or "-"),)
        case "image_id" | "image_url":
            return getattr(instance, name) or instance.image_url or instance.image_id or "-"
        case _:
            return getattr(instance, name) or "-"
