"""The operations of PaiStudio on resource quotas, and on what runs and waits on them.

Documented: the parameters and fields, that ListQuotas lists quotas of ECS where no type is named, that `QuotaName`
matches in part and the other filters exactly, the sorting fields, that an amount of memory has its unit, that of the
actual minimum a part is reserved for the system on ECS nodes. Seen by a third party: `WorkloadTypes`, `ActualMinQuota`
and `AllocatedQuota` of a Lingjun quota, without `AllocatableQuota` (assumed to go with the type). Assumed: that
`Verbose` adds the details, the workspaces and the configuration, that members of a workspace see its quotas, the code
for a quota that does not exist, that everybody may call ListQuotaWorkloads, and what it shows of workloads other than
DSW. `LayoutMode`, `ClusterType`, `Versions` and `WithNodeMeta` change nothing, nor do most filters of
ListQuotaWorkloads.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from pai_emulator.call import Call
from pai_emulator.errors import quota_not_found
from pai_emulator.instance import Instance
from pai_emulator.instance_view import time_text
from pai_emulator.policy import USER_IDS, allows
from pai_emulator.query import Query
from pai_emulator.quota_queue import amounts_of, in_order, taken
from pai_emulator.region_state import RegionState
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_RESOURCE_TYPES: Final = ("ECS", "Lingjun", "ACS")
_RESERVED: Final = {"CPU": 2, "Memory": 8}
"""What the system keeps of a quota on ECS nodes."""
_SORTED_BY: Final[dict[str, Callable[[JsonObject], Any]]] = {
    name: lambda quota, name=name: quota[name]
    for name in ("QuotaName", "Status", "CPU", "Memory", "GPU", "GmtCreatedTime", "GmtModifiedTime")
}
_BRIEF: Final = (
    "QuotaId",
    "QuotaName",
    "Description",
    "ResourceType",
    "GPUType",
    "Status",
    "ReasonCode",
    "ReasonMessage",
    "ParentQuotaId",
    "QueueStrategy",
    "Labels",
    "GmtCreatedTime",
    "GmtModifiedTime",
)


def list_quotas(world: World, call: Call) -> JsonObject:
    """ListQuotas."""
    query, region, now = Query(call), world.region(call.region_id), world.clock.now()
    found = [quota for quota in _visible(region, call) if _matches(region, quota, query)]
    sort_by = query.choice("SortBy", _SORTED_BY, "GmtCreatedTime") or ""
    found.sort(key=_SORTED_BY[sort_by], reverse=query.choice("Order", {"asc", "desc"}) == "desc")
    verbose = query.flag("Verbose")
    page = query.page(default_size=20)
    return {
        "Quotas": [_view(region, quota, now, verbose=verbose) for quota in page.cut(found)],
        "TotalCount": len(found),
    }


def get_quota(world: World, call: Call) -> JsonObject:
    """GetQuota."""
    region = world.region(call.region_id)
    return _view(region, _quota(region, call), world.clock.now(), verbose=True)


def list_quota_workloads(world: World, call: Call) -> JsonObject:
    """ListQuotaWorkloads."""
    query, region, now = Query(call), world.region(call.region_id), world.clock.now()
    quota = _quota(region, call)
    found = [workload for workload in _workloads(region, quota, now) if _is_wanted(workload, query)]
    before = query.text("BeforeWorkloadId")
    if before is not None:
        ids = [workload["WorkloadId"] for workload in found]
        found = found[: ids.index(before)] if before in ids else []
        found = [workload for workload in found if workload["Status"] == "Enqueued"]
    return {"Workloads": query.page(default_size=20).cut(found), "TotalCount": len(found)}


def _visible(region: RegionState, call: Call) -> list[JsonObject]:
    own = {workspace["WorkspaceId"] for workspace in region.member_of(call.user)}
    everything = allows(call.user, "pai:UpdateQuota")
    return [quota for quota in region.quotas.values() if everything or own & set(quota["WorkspaceIds"])]


def _quota(region: RegionState, call: Call) -> JsonObject:
    found = [quota for quota in _visible(region, call) if quota["QuotaId"] == call.path["QuotaId"]]
    if not found:
        raise quota_not_found(call.path["QuotaId"])
    return found[0]


def _matches(region: RegionState, quota: JsonObject, query: Query) -> bool:
    labels = {f"{label['Key']}={label['Value']}" for label in quota["Labels"]}
    names = {region.workspaces.get(each, {}).get("WorkspaceName") for each in quota["WorkspaceIds"]}
    has_resource = "true" if quota["CPU"] else "false"
    return (
        quota["ResourceType"] == query.choice("ResourceType", _RESOURCE_TYPES, "ECS")
        and (query.text("QuotaName") or "") in quota["QuotaName"]
        and _one_of(query, "QuotaIds", {quota["QuotaId"]})
        and _one_of(query, "WorkspaceIds", set(quota["WorkspaceIds"]))
        and _one_of(query, "Statuses", {quota["Status"]})
        and query.csv("Labels") <= labels
        and query.text("WorkspaceName") in {None, *names}
        and query.text("GPUType") in {None, quota["GPUType"]}
        and query.text("ParentQuotaId") in {None, quota["ParentQuotaId"]}
        and query.text("HasResource") in {None, has_resource}
    )


def _one_of(query: Query, name: str, values: set[str]) -> bool:
    wanted = query.csv(name)
    return not wanted or not wanted.isdisjoint(values)


def _view(region: RegionState, quota: JsonObject, now: datetime, *, verbose: bool) -> JsonObject:
    view: JsonObject = {name: quota[name] for name in _BRIEF}
    if not verbose:
        return view
    return view | {
        "AllocateStrategy": "ByNodeSpecs",
        "CreatorId": USER_IDS["admin"],
        "HyperZones": ["A1"] if quota["ResourceType"] == "Lingjun" else [],
        "LatestOperationId": f"operation-{quota['QuotaId']}",
        "Min": {"NodeSpecs": [{"Type": f"node.{quota['GPUType'] or 'cpu'}", "Count": max(1, quota["GPU"] // 8)}]},
        "ResourceGroupIds": [f"rg{quota['QuotaId']}"],
        "SubQuotas": [
            {"QuotaId": other["QuotaId"], "QuotaName": other["QuotaName"]}
            for other in region.quotas.values()
            if other["ParentQuotaId"] == quota["QuotaId"]
        ],
        "Version": "2.0",
        "Workspaces": [
            {"WorkspaceId": each, "WorkspaceName": region.workspaces.get(each, {}).get("WorkspaceName", "")}
            for each in quota["WorkspaceIds"]
        ],
        "QuotaConfig": {
            "ClusterId": f"c{quota['QuotaId']}",
            "DefaultGPUDriver": "550.127.08",
            "EnableGPUShare": False,
            "EnablePreemptSubquotaWorkloads": False,
            "EnableSelfQuotaPreemption": False,
            "EnableSubQuotaPreemption": False,
            "SupportGPUDrivers": ["535.161.08", "550.127.08"],
            "SupportRDMA": quota["ResourceType"] == "Lingjun",
            "UserVpc": quota["UserVpc"],
            "WorkloadTypes": quota["WorkloadTypes"],
        },
        "QuotaDetails": _details(region, quota, now),
    }


def _details(region: RegionState, quota: JsonObject, now: datetime) -> JsonObject:
    everything = {name: quota[name] for name in ("CPU", "Memory", "GPU")}
    allocated = taken(region, quota, now)
    waiting = [amounts_of(region, each) for each in _waiting(region, quota, now)]
    submitted = {name: allocated[name] + sum(each[name] for each in waiting) for name in everything}
    details = {
        "DesiredMinQuota": everything,
        "ActualMinQuota": everything,
        "AllocatedQuota": allocated,
        "AncestorsAllocatedQuota": {},
        "DescendantsAllocatedQuota": {},
        "RequestedQuota": allocated,
        "SelfAllocatedQuota": allocated,
        "SelfSubmittedQuota": submitted,
        "UsedQuota": allocated,
    }
    if quota["ResourceType"] == "ECS":
        details["SystemReservedQuota"] = _RESERVED
        details["AllocatableQuota"] = everything
        details["ActualMinQuota"] = {name: amount + _RESERVED.get(name, 0) for name, amount in everything.items()}
    return {name: _amount(quota, amounts) for name, amounts in details.items()}


def _amount(quota: JsonObject, amounts: JsonObject) -> JsonObject:
    return {
        "CPU": f"{amounts.get('CPU', 0):g}",
        "Memory": f"{amounts.get('Memory', 0):g}Gi",
        "GPU": f"{amounts.get('GPU', 0):g}",
        "GPUType": quota["GPUType"],
    }


def _waiting(region: RegionState, quota: JsonObject, now: datetime) -> list[Instance]:
    """The instances in the queue, the next one first."""
    return in_order(
        each
        for each in region.instances.values()
        if each.resource_id == quota["QuotaId"] and each.status(now) == "Queuing"
    )


def _workloads(region: RegionState, quota: JsonObject, now: datetime) -> list[JsonObject]:
    """Those in the queue, then those that have their share."""
    waiting = _waiting(region, quota, now)
    holding = [
        each for each in region.instances.values() if each.resource_id == quota["QuotaId"] and each.has_share(now)
    ]
    rows = [(each, position) for position, each in enumerate(waiting, 1)] + [(each, 0) for each in holding]
    return [_workload(region, quota, each, position, now) for each, position in rows]


def _workload(region: RegionState, quota: JsonObject, instance: Instance, position: int, now: datetime) -> JsonObject:
    created_at = time_text(instance.created_at)
    shown: JsonObject = {
        "WorkloadId": instance.instance_id,
        "WorkloadName": instance.name,
        "WorkloadType": "dsw",
        "WorkloadStatus": instance.status(now),
        "WorkspaceId": instance.workspace_id,
        "WorkspaceName": region.workspaces.get(instance.workspace_id, {}).get("WorkspaceName", ""),
        "UserId": instance.user_id,
        "UserName": instance.user_name,
        "Name": f"{instance.instance_id}-0",
        "QuotaId": quota["QuotaId"],
        "QueueStrategy": quota["QueueStrategy"],
        "Priority": instance.settings.get("Priority", 1),
        "Resource": _amount(quota, amounts_of(region, instance)),
        "UseOversoldResource": False,
        "GmtCreatedTime": created_at,
        "Status": "Enqueued" if position else "Dequeued",
        "Position": position,
        "Code": "",
        "CodeType": "",
        "Reason": "",
    }
    if not position:
        return shown
    entered_at = time_text(instance.wait()[0])
    return shown | {"GmtEnqueuedTime": entered_at, "GmtPositionModifiedTime": entered_at}


def _is_wanted(workload: JsonObject, query: Query) -> bool:
    return (
        _one_of(query, "WorkloadIds", {workload["WorkloadId"]})
        and _one_of(query, "WorkspaceIds", {workload["WorkspaceId"]})
        and _one_of(query, "UserIds", {workload["UserId"]})
        and query.text("WorkloadType") in {None, workload["WorkloadType"]}
        and query.text("Status") in {None, workload["Status"]}
    )
