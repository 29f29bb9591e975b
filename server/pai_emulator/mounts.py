"""The mounts of an instance: what the service adds to them, and which go together.

Documented: DatasetId or Uri, Options or OptionType, and of a dynamic mount that it is of OSS, read-only, below a root
path and after the others. Seen in the vendor's SDK: `/mnt/dynamic` is the root where none is given, and what
GetInstance shows is sent back with UpdateInstance. Assumed: that a path is used once, that dynamic mounts have to be
enabled, that nothing behind the internal endpoint of another region can be mounted.
"""

import json
import re
from typing import Any, Final

from pai_emulator.errors import validation_error
from pai_emulator.region_state import RegionState
from pai_emulator.types import JsonObject

_OPTION_TYPES: Final = {"FastReadWrite", "IncrementalReadWrite", "ConsistentReadWrite", "ReadOnly"}
_DYNAMIC_ROOT: Final = "/mnt/dynamic"
_INTERNAL_OSS: Final = re.compile(r"oss://[^./]+\.oss-(?P<region>[a-z0-9-]+)-internal\.aliyuncs\.com", re.IGNORECASE)


def complete(region: RegionState, mounts: list[JsonObject]) -> list[JsonObject]:
    """Check each mount by itself and add what it leaves open; raises `ValidationError`."""
    return [_complete(region, mount) for mount in mounts]


def without_shown_addresses(region: RegionState, mounts: list[JsonObject]) -> list[JsonObject]:
    """Mounts as GetInstance shows them, as they were asked for: the address of a dataset is the catalogue's."""
    addresses = {dataset_id: dataset["Uri"] for dataset_id, dataset in region.datasets.items()}
    return [
        {name: value for name, value in mount.items() if name != "Uri"}
        if "Uri" in mount and mount["Uri"] == addresses.get(mount.get("DatasetId", ""))
        else mount
        for mount in mounts
    ]


def out_of_reach(region_id: str, mounts: list[JsonObject]) -> bool:
    """Whether one of them is of OSS behind the internal endpoint of another region."""
    found = (_INTERNAL_OSS.match(mount.get("Uri", "")) for mount in mounts)
    return any(each["region"] != region_id for each in found if each)


def made_at_start(settings: JsonObject) -> list[JsonObject]:
    """The mounts that only a restart can change."""
    return [mount for mount in settings.get("Datasets", []) if not mount.get("Dynamic")]


def check(settings: JsonObject) -> None:
    """Check the mounts of an instance against each other; raises `ValidationError`."""
    mounts: list[JsonObject] = settings.get("Datasets", [])
    paths = [mount["MountPath"].rstrip("/") for mount in mounts]
    if len(set(paths)) < len(paths):
        raise validation_error("Two datasets have the same MountPath.")
    at_start = made_at_start(settings)
    if mounts[: len(at_start)] != at_start:
        raise validation_error("Dynamic datasets come after the others.")
    dynamic: JsonObject = settings.get("DynamicMount", {})
    roots = [point.get("RootPath", _DYNAMIC_ROOT) for point in dynamic.get("MountPoints", [])] or [_DYNAMIC_ROOT]
    for mount in mounts[len(at_start) :]:
        if not dynamic.get("Enable"):
            raise validation_error("A dynamic dataset needs DynamicMount.Enable.")
        if not mount["Uri"].startswith("oss://"):
            raise validation_error(f"Only OSS can be mounted dynamically, not {mount['Uri']}.")
        if not any(mount["MountPath"].rstrip("/").startswith(root.rstrip("/") + "/") for root in roots):
            raise validation_error(f"MountPath {mount['MountPath']} is not below {' or '.join(roots)}.")


def _complete(region: RegionState, mount: JsonObject) -> JsonObject:
    if ("DatasetId" in mount) == ("Uri" in mount):
        raise validation_error("A dataset has either DatasetId or Uri.")
    if "Options" in mount and "OptionType" in mount:
        raise validation_error("Options and OptionType exclude each other.")
    if "DatasetVersion" in mount and "DatasetId" not in mount:
        raise validation_error("DatasetVersion needs DatasetId.")
    if mount.get("MountAccess", "RO") not in {"RO", "RW"}:
        raise validation_error(f"MountAccess must be RO or RW, not {mount['MountAccess']}.")
    if mount.get("OptionType", "ReadOnly") not in _OPTION_TYPES:
        raise validation_error(f"OptionType must be one of {', '.join(sorted(_OPTION_TYPES))}.")
    mounted: JsonObject = {"Dynamic": False, "MountAccess": "RW", **mount}
    if "DatasetId" in mount:
        mounted = _catalogued(region, mount)
    if "MountPath" not in mounted:
        raise validation_error("MountPath is mandatory where Uri is given.")
    return mounted


def _catalogued(region: RegionState, mount: JsonObject) -> JsonObject:
    """What the mount leaves open comes from the dataset (assumed, save for the version)."""
    dataset = region.datasets.get(mount["DatasetId"])
    if dataset is None:
        raise validation_error(f"Dataset {mount['DatasetId']} does not exist in {region.region_id}.")
    access = dataset["MountAccess"]
    if access == "RO" and mount.get("MountAccess") == "RW":
        raise validation_error(f"Dataset {mount['DatasetId']} is read-only; MountAccess cannot be RW.")
    options: Any = json.loads(dataset["Options"])
    given: JsonObject = {"MountPath": options["mountPath"], "MountAccess": access, "Uri": dataset["Uri"]}
    return {"DatasetVersion": "v1", "Dynamic": False, **given, **mount}
