"""The resource quotas of a region.

Documented: the fields, and that memory has a unit. Seen by a third party: a Lingjun quota of GU8T with 144 GPUs, of
which 133 were taken, and what may run on it. Assumed: everything else that these two are.
"""

from typing import Final

from pai_emulator.data.workspaces import workspaces
from pai_emulator.types import JsonObject

_EVERYTHING: Final = ("DLC", "DSW", "EAS", "TENSORBOARD")
_TIME: Final = "2024-09-02T03:20:00Z"


def quotas(region_id: str) -> dict[str, JsonObject]:
    """A quota of ECS nodes for the default workspace, and a Lingjun quota for both, mostly taken by trainings.

    CPU and GPU in units, memory in GiB; `Taken` is what workloads other than DSW have of it. None of these four is on
    the wire in this form.
    """
    found = workspaces(region_id)
    default_id = next((each for each, workspace in found.items() if workspace["IsDefault"]), None)
    if default_id is None:
        return {}
    research: JsonObject = {
        "QuotaId": f"quota{default_id}",
        "QuotaName": "research_quota",
        "ResourceType": "ECS",
        "WorkspaceIds": [default_id],
        "CPU": 64,
        "Memory": 256,
        "GPU": 4,
        "GPUType": "A10",
        "GPUMemory": 24,
        "UserVpc": _network("research"),
    }
    lingjun: JsonObject = {
        "QuotaId": f"quota{default_id}lj",
        "QuotaName": "training_quota",
        "Description": "Shared by the training teams",
        "ResourceType": "Lingjun",
        "WorkspaceIds": list(found),
        "CPU": 3168,
        "Memory": 32400,
        "GPU": 144,
        "GPUType": "GU8T",
        "GPUMemory": 96,
        "Taken": {"CPU": 2900, "Memory": 30000, "GPU": 133},
        "UserVpc": _network("training"),
    }
    return {row["QuotaId"]: completed(row) for row in (research, lingjun)}


def completed(row: JsonObject) -> JsonObject:
    """The row with a default for each field that it lacks."""
    return {
        "QuotaName": "",
        "Description": "",
        "ResourceType": "ECS",
        "Status": "Ready",
        "ReasonCode": "",
        "ReasonMessage": "",
        "WorkspaceIds": [],
        "WorkloadTypes": list(_EVERYTHING),
        "ParentQuotaId": "",
        "QueueStrategy": "PaiStrategyStrictFIFO",
        "Labels": [],
        "CPU": 0,
        "Memory": 0,
        "GPU": 0,
        "GPUType": "",
        "GPUMemory": 0,
        "Taken": {},
        "UserVpc": {},
        "GmtCreatedTime": _TIME,
        "GmtModifiedTime": _TIME,
        **row,
    }


def _network(name: str) -> JsonObject:
    return {
        "VpcId": f"vpc-{name}0001",
        "SwitchId": f"vsw-{name}0001",
        "SecurityGroupId": f"sg-{name}0001",
        "ExtendedCIDRs": ["192.168.0.0/16"],
        "DefaultRoute": "eth0",
        "RoleArn": "acs:ram::1500000000000001:role/AliyunPAIDLCDefaultRole",
        "DefaultForwardInfo": {"EipAllocationId": "", "NatGatewayId": ""},
    }
