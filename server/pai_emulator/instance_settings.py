"""What may be asked for an instance: the rules that CreateInstance and UpdateInstance check a body against.

Documented: the letters of a name save the hyphen, which live names have too, the priority, the label rules, the
enumerations, image id or image address, that a disk cannot become smaller. Assumed: the strategies of spot, which are
those of ECS; that every breach is a `ValidationError`, and that what names a spec,
an image or a quota must exist.
"""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, Final

from pai_emulator import mounts
from pai_emulator.errors import missing_parameter, validation_error
from pai_emulator.policy import USER_NAMES
from pai_emulator.region_state import RegionState
from pai_emulator.types import JsonObject

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,27}", re.ASCII)
_PRICE: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)
_SPOT_STRATEGIES: Final = {"NoSpot", "SpotAsPriceGo", "SpotWithPriceLimit"}
_QUANTITY: Final = re.compile(r"\d+(\.\d+)?(Gi|GB)?", re.ASCII)
_ENUMERATIONS: Final = {
    "Accessibility": {"PRIVATE", "PUBLIC"},
    "OversoldType": {"ForceQuotaOverSold", "AcceptQuotaOverSold", "ForbiddenQuotaOverSold"},
}


def settle(region: RegionState, settings: JsonObject) -> JsonObject:
    """Check settings of the right shape and complete them as the service does; raises `ValidationError`."""
    settled = dict(settings)
    for name, check in _CHECKS.items():
        if name in settled:
            settled[name] = check(region, settled[name])
    if "ImageId" in settled and "ImageUrl" in settled:
        raise validation_error("ImageId and ImageUrl exclude each other.")
    image = region.find_image(settled)
    if image is not None:
        settled.pop("ImageUrl", None)
        settled["ImageId"] = image["ImageId"]
    return settled


def require(settings: JsonObject) -> None:
    """Check that a new instance has a name, an image and compute, and that its mounts go together."""
    if "InstanceName" not in settings:
        raise missing_parameter("InstanceName")
    if "ImageId" not in settings and "ImageUrl" not in settings:
        raise missing_parameter("ImageId")
    check_compute(settings)
    mounts.check(settings)


def check_compute(settings: JsonObject) -> None:
    """Check that there is either a spec, or a quota and a share of it."""
    if "EcsSpec" not in settings and "ResourceId" not in settings:
        raise missing_parameter("EcsSpec")
    if ("ResourceId" in settings) != ("RequestedResource" in settings):
        raise validation_error("ResourceId and RequestedResource go together.")
    if "EcsSpec" in settings and "ResourceId" in settings:
        raise validation_error("EcsSpec is for pay-as-you-go; ResourceId excludes it.")


def _name(_region: RegionState, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise validation_error(f"InstanceName must be 1 to 27 letters, digits, underscores and hyphens, not {name}.")
    return name


def _one_of(name: str) -> Callable[[RegionState, str], str]:
    def check(_region: RegionState, value: str) -> str:
        if value not in _ENUMERATIONS[name]:
            raise validation_error(f"{name} must be one of {', '.join(sorted(_ENUMERATIONS[name]))}, not {value}.")
        return value

    return check


def _ecs_spec(region: RegionState, instance_type: str) -> str:
    if instance_type not in region.ecs_specs:
        raise validation_error(f"EcsSpec {instance_type} is not offered in {region.region_id}.")
    return instance_type


def _image_id(region: RegionState, image_id: str) -> str:
    if image_id not in region.images:
        raise validation_error(f"Image {image_id} does not exist in {region.region_id}.")
    return image_id


def _image_auth(_region: RegionState, image_auth: str) -> str:
    """Hide the password: only `account:******` is kept."""
    try:
        account, colon, _ = base64.b64decode(image_auth, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        colon = account = ""
    if not colon:
        raise validation_error("ImageAuth must be account:password in Base64.")
    return base64.b64encode(f"{account}:******".encode()).decode()


def _priority(_region: RegionState, priority: int) -> int:
    if not 1 <= priority <= 9:
        raise validation_error(f"Priority must be 1 to 9, not {priority}.")
    return priority


def _user_id(_region: RegionState, user_id: str) -> str:
    if user_id not in USER_NAMES:
        raise validation_error(f"UserId {user_id} is not a user of the account.")
    return user_id


def _resource_id(region: RegionState, resource_id: str) -> str:
    if resource_id not in region.quotas:
        raise validation_error(f"ResourceId {resource_id} does not exist in {region.region_id}.")
    return resource_id


def _requested_resource(_region: RegionState, share: JsonObject) -> JsonObject:
    for name in {"CPU", "GPU", "Memory", "SharedMemory"} & share.keys():
        if not _QUANTITY.fullmatch(share[name]):
            raise validation_error(f"RequestedResource.{name} must be a number, not {share[name]}.")
    if "CPU" not in share or "Memory" not in share:
        raise validation_error("RequestedResource needs CPU and Memory.")
    return share


def _spot_spec(_region: RegionState, spot: JsonObject) -> JsonObject:
    if spot.get("SpotStrategy", "NoSpot") not in _SPOT_STRATEGIES:
        raise validation_error(f"SpotSpec.SpotStrategy must be one of {', '.join(sorted(_SPOT_STRATEGIES))}.")
    if not _PRICE.fullmatch(spot.get("SpotPriceLimit", "0")):
        raise validation_error(f"SpotSpec.SpotPriceLimit must be a price, not {spot['SpotPriceLimit']}.")
    return spot


def check_disks(before: JsonObject, after: JsonObject) -> None:
    """Check that an update makes no disk smaller."""
    if _disk_size(after) < _disk_size(before):
        raise validation_error("CloudDisks.Capacity cannot be reduced.")


def _disk_size(settings: JsonObject) -> float:
    return sum(
        float(disk["Capacity"].removesuffix("Gi").removesuffix("GB"))
        for disk in settings.get("CloudDisks", [])
        if _QUANTITY.fullmatch(disk.get("Capacity", ""))
    )


def _text_map(name: str) -> Callable[[RegionState, JsonObject], JsonObject]:
    def check(_region: RegionState, values: JsonObject) -> JsonObject:
        if not all(isinstance(value, str) for value in values.values()):
            raise validation_error(f"{name} must map strings to strings.")
        return values

    return check


def _labels(_region: RegionState, labels: list[JsonObject]) -> list[JsonObject]:
    for label in labels:
        key, value = label.get("Key", ""), label.get("Value", "")
        if not 1 <= len(key) <= 128 or len(value) > 128:
            raise validation_error("A label key has 1 to 128 characters, a value up to 128.")
        if key.startswith(("aliyun", "acs:")) or any(scheme in key + value for scheme in ("http://", "https://")):
            raise validation_error(f"Label {key} starts with aliyun or acs:, or contains http:// or https://.")
    return [{"Key": label["Key"], "Value": label.get("Value", "")} for label in labels]


def _user_vpc(_region: RegionState, vpc: JsonObject) -> JsonObject:
    if vpc.get("DefaultRoute", "eth0") not in {"eth0", "eth1"}:
        raise validation_error(f"UserVpc.DefaultRoute must be eth0 or eth1, not {vpc['DefaultRoute']}.")
    if "VpcId" not in vpc and vpc.keys() & {"VSwitchId", "SecurityGroupId"}:
        raise validation_error("UserVpc.VSwitchId and SecurityGroupId need UserVpc.VpcId.")
    # The SDK sends an empty list where nobody asked for one.
    return {key: value for key, value in vpc.items() if value != []}


_CHECKS: Final[dict[str, Callable[[RegionState, Any], Any]]] = {
    "InstanceName": _name,
    "Accessibility": _one_of("Accessibility"),
    "OversoldType": _one_of("OversoldType"),
    "EcsSpec": _ecs_spec,
    "ImageId": _image_id,
    "ImageAuth": _image_auth,
    "Priority": _priority,
    "UserId": _user_id,
    "ResourceId": _resource_id,
    "RequestedResource": _requested_resource,
    "SpotSpec": _spot_spec,
    "AccessRestrictionRules": _text_map("AccessRestrictionRules"),
    "EnvironmentVariables": _text_map("EnvironmentVariables"),
    "Labels": _labels,
    "UserVpc": _user_vpc,
    "Datasets": mounts.complete,
}
