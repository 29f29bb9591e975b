"""Of the values that were asked for, those that an instance does not have yet."""

from types import MappingProxyType
from typing import Final

from pai_dsw_mcp.model.change import Parameter
from pai_dsw_mcp.model.instance import Instance, InstanceChanges
from pai_dsw_mcp.tools._planning import show_mount, show_vpc

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

_ASKED_FOR: Final = ("instance_name", "ecs_spec", "image_id", "image_url", "accessibility", "user_vpc", "datasets")


def differing(instance: Instance, wanted: InstanceChanges) -> InstanceChanges:
    """Only what the instance does not have already. An empty list of datasets is a request to take all away."""
    kept = {name: getattr(wanted, name) for name in _ASKED_FOR if _differs(instance, wanted, name)}
    if kept.get("datasets") == ():
        kept = {**kept, "datasets": None, "disassociate_datasets": True}
    return InstanceChanges.model_validate(kept)


def _differs(instance: Instance, wanted: InstanceChanges, name: str) -> bool:
    value = getattr(wanted, name)
    return value is not None and value != _now(instance, name)


def _now(instance: Instance, name: str) -> object:
    """What the instance has, without the details that nobody can ask for and that are therefore no difference."""
    if name == "user_vpc" and instance.user_vpc is not None:
        return instance.user_vpc.model_copy(update={"extended_cidrs": ()})
    if name == "datasets":
        return tuple(each.model_copy(update={"dataset_version": None}) for each in instance.datasets)
    return getattr(instance, name)


def shown_changes(region_id: str, instance: Instance, changes: InstanceChanges) -> tuple[Parameter, ...]:
    """Every parameter that will be sent, with what the instance has now."""
    shown = [
        Parameter(name="RegionId", value=region_id),
        Parameter(name="InstanceId", value=instance.instance_id),
    ]
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
