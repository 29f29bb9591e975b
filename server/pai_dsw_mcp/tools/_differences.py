"""Compares an instance with the values that were asked for."""

from types import MappingProxyType
from typing import Final

from pai_dsw_mcp.model.change import Parameter
from pai_dsw_mcp.model.instance import Instance, InstanceChanges, NewInstance, UserVpc
from pai_dsw_mcp.model.quota import amount_of_share
from pai_dsw_mcp.tools._checks import in_order, mounts_in_order, show_mount, show_vpc
from pai_dsw_mcp.tools._quota_wish import requested_by

WIRE_NAMES: Final = MappingProxyType(
    {
        "instance_name": "InstanceName",
        "ecs_spec": "EcsSpec",
        "image_id": "ImageId",
        "image_url": "ImageUrl",
        "accessibility": "Accessibility",
        "user_vpc": "UserVpc",
        "datasets": "Datasets",
        "disassociate_datasets": "DisassociateDatasets",
        "start_instance": "StartInstance",
    }
)
"""The fields of UpdateInstance that are ever sent, under the API's names."""

_CREATE_NAMES: Final = MappingProxyType(
    {"workspace_id": "WorkspaceId", "resource_id": "ResourceId", "priority": "Priority"}
)
_OPTIONAL: Final = ("user_vpc", "datasets")
_ON_QUOTA: Final = ("resource_id", "priority")
_ASKED_FOR: Final = ("instance_name", "ecs_spec", "image_id", "image_url", "accessibility", "user_vpc", "datasets")


def differing(instance: Instance, wanted: InstanceChanges) -> InstanceChanges:
    """Only what the instance does not have already. An empty list of datasets is a request to take all away."""
    kept = {name: getattr(wanted, name) for name in _ASKED_FOR if _is_asked_and_differs(instance, wanted, name)}
    if kept.get("datasets") == ():
        kept = {**kept, "datasets": None, "disassociate_datasets": True}
    return InstanceChanges.model_validate(kept)


def unlike(existing: Instance, new: NewInstance) -> list[str]:
    """The parameters of CreateInstance in which an existing instance differs from the request."""
    image = "image_id" if new.image_id else "image_url"
    asked = [name for name in (*_OPTIONAL, *_ON_QUOTA) if getattr(new, name)]
    compared = ("workspace_id", "ecs_spec", image, "accessibility", *asked)
    names = [_CREATE_NAMES.get(name) or WIRE_NAMES[name] for name in compared if _differs(existing, new, name)]
    share = new.requested_resource
    if share is not None and amount_of_share(share) != requested_by(existing):
        names.append("RequestedResource")
    return names if set(new.labels) <= set(existing.labels) else [*names, "Labels"]


def not_asked_for(existing: Instance, new: NewInstance) -> list[str]:
    """The parameters of CreateInstance that an existing instance has and that nobody asked for.

    Further labels do not count, because the service adds some itself; nor does the network, which a quota gives.
    """
    more = [name for name in _OPTIONAL if getattr(existing, name) and not getattr(new, name)]
    return [WIRE_NAMES[name] for name in more if new.resource_id is None or name != "user_vpc"]


def _is_asked_and_differs(instance: Instance, wanted: InstanceChanges, name: str) -> bool:
    return getattr(wanted, name) is not None and _differs(instance, wanted, name)


def _differs(instance: Instance, wanted: InstanceChanges | NewInstance, name: str) -> bool:
    value = getattr(wanted, name)
    return value != _current(instance, name, value)


def _current(instance: Instance, name: str, asked: object) -> object:
    """The current value, without details that the request leaves open and that do not count as a difference."""
    if name == "user_vpc" and instance.user_vpc is not None and isinstance(asked, UserVpc):
        return instance.user_vpc.model_copy(
            update={field: value for field, value in asked.model_dump().items() if value in (None, ())}
        )
    if name == "datasets":
        return mounts_in_order(each.model_copy(update={"dataset_version": None}) for each in instance.datasets)
    return getattr(instance, name)


def shown_changes(instance: Instance, changes: InstanceChanges) -> tuple[Parameter, ...]:
    """Every parameter that will be sent, with what the instance has now."""
    instance = in_order(instance)
    shown: list[Parameter] = []
    mounts = tuple(map(show_mount, instance.datasets))
    for name, wire in WIRE_NAMES.items():
        value = getattr(changes, name)
        if value is None:
            continue
        if name == "datasets":
            shown.append(Parameter(name=wire, value=tuple(map(show_mount, value)), before=mounts))
        elif name == "user_vpc":
            shown.append(Parameter(name=wire, value=show_vpc(value), before=show_vpc(instance.user_vpc)))
        elif name == "disassociate_datasets":
            shown.append(Parameter(name=wire, value="true", before=mounts))
        elif name == "start_instance":
            shown.append(Parameter(name=wire, value="true"))
        else:
            shown.append(Parameter(name=wire, value=value, before=getattr(instance, name) or "-"))
    return tuple(shown)
