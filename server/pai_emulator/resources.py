"""ListResources: what a workspace computes with.

Documented: the parameters and fields, that a workspace is named unless `Option` is ListResource, and that `Spec` of ECS
and Lingjun resources names a quota. Assumed: that a resource quota of the workspace is a resource of its type and name,
that there is one MaxCompute project beside it, and that `VerboseFields` changes nothing.
"""

from typing import Final

from pai_emulator.call import Call
from pai_emulator.errors import missing_parameter, workspace_not_found
from pai_emulator.policy import ACCOUNT_ID
from pai_emulator.query import Query
from pai_emulator.region_state import RegionState
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_OPTIONS: Final = {"ListResourceByWorkspace", "ListResource"}
_TIME: Final = "2024-03-04T02:10:11.232Z"


def list_resources(world: World, call: Call) -> JsonObject:
    """ListResources."""
    query, region = Query(call), world.region(call.region_id)
    workspace_id = query.text("WorkspaceId")
    if query.choice("Option", _OPTIONS, "ListResourceByWorkspace") == "ListResourceByWorkspace":
        if workspace_id is None:
            raise missing_parameter("WorkspaceId")
        if workspace_id not in region.workspaces:
            raise workspace_not_found()
        region.check_member(call, workspace_id, "paiworkspace:ListResources")
    found = [
        resource
        for workspace in region.member_of(call.user)
        if workspace_id in {None, workspace["WorkspaceId"]}
        for resource in _resources(region, workspace)
        if _matches(resource, query)
    ]
    verbose = query.text("Verbose") is None or query.flag("Verbose")
    shown = [{name: value for name, value in each.items() if verbose or name != "Quotas"} for each in found]
    return {"Resources": list(query.page(default_size=20).cut(shown)), "TotalCount": len(found)}


def _matches(resource: JsonObject, query: Query) -> bool:
    types = query.csv("ResourceTypes") | query.csv("ProductTypes")
    labels = {f"{label['Key']}={label['Value']}" for label in resource["Labels"]}
    quota_ids = {quota["Id"] for quota in resource["Quotas"]}
    return (
        query.text("GroupName") in {None, resource["GroupName"]}
        and query.text("ResourceName") in {None, resource["Name"]}
        and (not types or resource["ResourceType"] in types)
        and query.csv("Labels") <= labels
        and query.csv("QuotaIds") <= quota_ids
    )


def _resources(region: RegionState, workspace: JsonObject) -> list[JsonObject]:
    workspace_id = workspace["WorkspaceId"]
    quotas = [quota for quota in region.quotas.values() if workspace_id in quota["WorkspaceIds"]]
    computing = [
        _resource(workspace_id, quota["ResourceType"], quota["QuotaId"], quota["QuotaName"], quota["QuotaId"], "GPU")
        | {
            "Spec": {
                "clusterType": "share",
                "resourceId": quota["QuotaId"],
                "resourceName": quota["QuotaName"],
            }
        }
        for quota in quotas
    ]
    project = f"{workspace['WorkspaceName']}_project"
    warehouse = _resource(workspace_id, "MaxCompute", f"mc{workspace_id}", project, f"1828{workspace_id}", "CPU")
    warehouse |= {
        "Spec": {"Endpoint": f"http://service.{region.region_id}.maxcompute.aliyun.com/api", "Project": project},
        "Encryption": {"Enabled": False, "Algorithm": "AESCTR", "Key": "DEFAULT"},
    }
    return [*computing, warehouse]


def _resource(workspace_id: str, kind: str, resource_id: str, name: str, quota_id: str, card: str) -> JsonObject:
    product_code = "MaxCompute_share" if kind == "MaxCompute" else "PAI_isolate"
    quota = {
        "Id": quota_id,
        "Name": name,
        "DisplayName": name,
        "ProductCode": product_code,
        "QuotaType": "MaxCompute" if kind == "MaxCompute" else "PAI",
        "Mode": product_code.rpartition("_")[2],
        "CardType": card,
        "Specs": [{"Name": "cu", "Value": "11500"}],
    }
    return {
        "Id": resource_id,
        "Name": name,
        "ResourceType": kind,
        "ProductType": kind,
        "EnvType": "prod",
        "WorkspaceId": workspace_id,
        "GroupName": f"group{workspace_id}",
        "IsDefault": True,
        "Quotas": [quota],
        "Labels": [{"Key": "system.supported.dsw", "Value": str(kind != "MaxCompute").lower()}],
        "Executor": {"OwnerId": ACCOUNT_ID},
        "GmtCreateTime": _TIME,
    }
