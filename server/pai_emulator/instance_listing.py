"""ListInstances: which instances, in which order.

Documented: every parameter with its unit, the partial match of `InstanceName`, what an absent `WorkspaceId` or
`ResourceId` means and that `ALL` lifts it, at most four labels, the sorting fields, that `SortBy` and `Order` are sent
together (the vendor's skill). Assumed: that the rest are exact matches (`ImageName` partial, `GpuType` without regard
to case and a leading `NVIDIA`), that one of `SortBy` and `Order` alone is a `ValidationError`, and that an unknown
workspace has no instances. Open: whether a list without `Accessibility` holds all instances (assumed) or PRIVATE ones
only (the fault `private_only`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias, cast

from pai_emulator.call import Call
from pai_emulator.errors import validation_error
from pai_emulator.instance import Instance
from pai_emulator.instance_view import image_name
from pai_emulator.lifecycle import STATUSES, next_change
from pai_emulator.query import Query
from pai_emulator.region_state import RegionState, Resources
from pai_emulator.types import JsonObject

_Test: TypeAlias = Callable[[Instance], bool]
_MOST_LABELS: Final = 4
_SORT_FIELDS: Final = ("Priority", "GmtCreateTime", "GmtModifiedTime")
_RANGES: Final[Mapping[str, tuple[Callable[[Resources], float], float]]] = {
    "Cpu": (lambda resources: resources.cpu, 1000),
    "Gpu": (lambda resources: resources.gpu, 1000),
    "Memory": (lambda resources: resources.memory, 1),
    "GpuMemory": (lambda resources: resources.gpu_memory, 1),
}
"""What `Min…` and `Max…` compare, and how many units of the wire make one: 1000 for a CPU or GPU, 1 for a GiB."""


def list_instances(
    region: RegionState, call: Call, now: datetime, list_lag: float, *, private_only: bool
) -> list[Instance]:
    """The instances that the caller may see and that match the query, sorted; `list_lag` seconds hide the newest.

    With `private_only`, a list without `Accessibility` leaves PUBLIC instances out.
    """
    asked = frozenset((name, value) for name, value in call.query.items() if not name.startswith("Page"))
    key = (call.user.user_id, asked, list_lag, private_only)
    known = cast("tuple[datetime, list[Instance]] | None", region.listings.get(key))
    if known is not None and now < known[0]:
        return known[1]
    query = Query(call)
    tests = _tests(region, query, now)
    if private_only and query.text("Accessibility") is None:
        tests.append(lambda instance: instance.settings["Accessibility"] == "PRIVATE")
    hidden_after = now - timedelta(seconds=list_lag)
    found = [
        instance
        for instance in region.visible_instances(call.user)
        if instance.created_at <= hidden_after and all(test(instance) for test in tests)
    ]
    _sort(found, query, now)
    region.listings[key] = (_good_until(region, now, list_lag), found)
    return found


def _good_until(region: RegionState, now: datetime, list_lag: float) -> datetime:
    """When the list may change without a request."""
    changes = [next_change(instance.course, now) for instance in region.instances.values()]
    shown = [instance.created_at + timedelta(seconds=list_lag) for instance in region.instances.values()]
    coming = [moment for moment in (*changes, *shown) if moment is not None and moment > now]
    return min(coming, default=datetime.max.replace(tzinfo=now.tzinfo))


def _tests(region: RegionState, query: Query, now: datetime) -> list[_Test]:
    tests: list[_Test] = [_workspace(region, query), _resource(query)]
    if (name := query.text("InstanceName")) is not None:
        tests.append(lambda instance: name in instance.name)
    if (status := query.choice("Status", STATUSES)) is not None:
        tests.append(lambda instance: instance.status(now) == status)
    if (gpu_type := query.text("GpuType")) is not None:
        wanted = _plain_gpu_type(gpu_type)
        tests.append(lambda instance: _plain_gpu_type(region.resources(instance.settings).gpu_type) == wanted)
    if (image := query.text("ImageName")) is not None:
        tests.append(lambda instance: image in image_name(region, instance.settings))
    if (after := query.moment("CreateTimeAfter")) is not None:
        tests.append(lambda instance: instance.created_at >= after)
    if (before := query.moment("CreateTimeBefore")) is not None:
        tests.append(lambda instance: instance.created_at <= before)
    return [*tests, *_equalities(region, query), *_ranges(region, query), *_tagged(query)]


def _workspace(region: RegionState, query: Query) -> _Test:
    default = region.default_workspace() or {}
    workspace_id = query.text("WorkspaceId") or default.get("WorkspaceId")
    return lambda instance: workspace_id in {"ALL", instance.workspace_id}


def _resource(query: Query) -> _Test:
    resource_id = query.text("ResourceId")
    return lambda instance: resource_id in {"ALL", instance.resource_id}


def _plain_gpu_type(gpu_type: str) -> str:
    return gpu_type.casefold().removeprefix("nvidia ")


def _equalities(region: RegionState, query: Query) -> list[_Test]:
    readers: dict[str, tuple[str | None, Callable[[Instance], Any]]] = {
        "InstanceId": (query.text("InstanceId"), lambda instance: instance.instance_id),
        "CreateUserId": (query.text("CreateUserId"), lambda instance: instance.user_id),
        "OversoldType": (query.text("OversoldType"), lambda instance: instance.settings.get("OversoldType")),
        "OversoldInfo": (query.text("OversoldInfo"), lambda instance: instance.settings.get("OversoldType")),
        "Accessibility": (
            query.choice("Accessibility", {"PRIVATE", "PUBLIC"}),
            lambda instance: instance.settings["Accessibility"],
        ),
        "PaymentType": (
            query.choice("PaymentType", {"PayAsYouGo", "Subscription"}),
            lambda instance: instance.payment_type,
        ),
        "AcceleratorType": (
            query.choice("AcceleratorType", {"CPU", "GPU"}),
            lambda instance: region.resources(instance.settings).accelerator_type,
        ),
    }
    return [_equals(read, wanted) for wanted, read in readers.values() if wanted is not None]


def _equals(read: Callable[[Instance], Any], wanted: str) -> _Test:
    return lambda instance: read(instance) == wanted


def _ranges(region: RegionState, query: Query) -> list[_Test]:
    tests: list[_Test] = []
    for name, (read, unit) in _RANGES.items():
        least, most = query.number(f"Min{name}"), query.number(f"Max{name}")
        if least is not None or most is not None:
            tests.append(_within(region, read, (least or 0) / unit, float("inf") if most is None else most / unit))
    return tests


def _within(region: RegionState, read: Callable[[Resources], float], least: float, most: float) -> _Test:
    return lambda instance: least <= read(region.resources(instance.settings)) <= most


def _tagged(query: Query) -> list[_Test]:
    labels, tags = query.json("Labels"), query.json("Tag")
    tests: list[_Test] = []
    if labels is not None:
        tests.append(_carries("Labels", _pairs(labels)))
    if tags is not None:
        tests.append(_carries("Tag", _tag_pairs(tags)))
    return tests


def _pairs(labels: Any) -> dict[str, Any]:
    if not isinstance(labels, dict) or len(cast("JsonObject", labels)) > _MOST_LABELS:
        raise validation_error(f"Labels must be a JSON object with at most {_MOST_LABELS} labels.")
    return cast("JsonObject", labels)


def _tag_pairs(tags: Any) -> dict[str, Any]:
    items = cast("list[Any]", tags) if isinstance(tags, list) else [None]
    if not all(isinstance(item, dict) and "Key" in item for item in items):
        raise validation_error("Tag must be a JSON list of objects with Key and Value.")
    return {item["Key"]: item.get("Value", "") for item in cast("list[JsonObject]", items)}


def _carries(setting: str, wanted: dict[str, Any]) -> _Test:
    def test(instance: Instance) -> bool:
        carried = {item["Key"]: item.get("Value", "") for item in instance.settings.get(setting, [])}
        return wanted.items() <= carried.items()

    return test


def _sort(found: list[Instance], query: Query, now: datetime) -> None:
    """In place and stable, so that equals stay in the order of creation."""
    sort_by, order = query.choice("SortBy", _SORT_FIELDS), query.choice("Order", {"ASC", "DESC"})
    if (sort_by is None) != (order is None):
        raise validation_error("SortBy and Order must be sent together.")
    keys: dict[str | None, Callable[[Instance], Any]] = {
        "Priority": lambda instance: instance.settings.get("Priority", 1),
        "GmtCreateTime": lambda instance: instance.created_at,
        "GmtModifiedTime": lambda instance: instance.modified_at(now),
    }
    found.sort(key=keys[sort_by or "GmtModifiedTime"], reverse=order != "ASC")
