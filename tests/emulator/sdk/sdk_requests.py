"""Requests that carry one field of the SDK's models each, with what the field cannot do without."""

import base64
from typing import Any, Final, cast

import pytest

from pai_emulator.data.datasets import datasets
from pai_emulator.faults.model import SystemLogs
from pai_emulator.policy import USER_IDS
from pai_emulator.serve import Emulator
from pai_emulator.types import JsonObject
from tests.emulator.sdk.sdk_client import Sdk, complete, leaves, request_model
from tests.emulator.service import CPU_SPEC, LONG_ENOUGH, OPERATION, PRODUCTION, RESEARCH

QUOTA_ID: Final = "quota40001"
IMAGE_ID: Final = "image-0362af0475de6dbc17"
DATASET_ID: Final = next(iter(datasets("cn-hangzhou")))
VALUES: Final[JsonObject] = {
    "AcceleratorType": "CPU",
    "Accessibility": "PUBLIC",
    "CreateTimeAfter": "2026-01-01T00:00:00Z",
    "CreateTimeBefore": "2026-02-01T00:00:00Z",
    "EndTime": "2026-01-05T09:00:00Z",
    "GmtEndTime": "2026-01-05T09:00:00Z",
    "GmtStartTime": "2026-01-05T08:00:00Z",
    "MetricType": "CpuCoreUsage",
    "StartTime": "2026-01-05T08:00:00Z",
    "DatasetId": DATASET_ID,
    "DefaultRoute": "eth1",
    "DueTime": "2026-02-01T00:00:00Z",
    "EcsSpec": "ecs.g6.xlarge",
    "ImageAuth": base64.b64encode(b"robot:******").decode(),
    "ImageId": IMAGE_ID,
    "ImageUrl": "registry.example.com/team/mine:v1",
    "LabelFilter": "system.chipType=GPU",
    "MountAccess": "RW",
    "OptionType": "FastReadWrite",
    "Option": "GetWorkspaces",
    "Order": "ASC",
    "OversoldType": "AcceptQuotaOverSold",
    "PaymentType": "PayAsYouGo",
    "ResourceId": QUOTA_ID,
    "ResourceType": "Lingjun",
    "ShareScope": "TO_ME",
    "SortBy": "GmtCreateTime",
    "SpotPriceLimit": "0.5",
    "SpotStrategy": "SpotWithPriceLimit",
    "Status": "Running",
    "Uri": "oss://bucket/data/",
    "UserId": USER_IDS["developer"],
    "WorkspaceId": PRODUCTION,
}
"""What stands for a field whose values are limited; any other field is happy with a sample of its type."""

IDLE: Final = (
    "CreateIdleInstanceCuller",
    {"CpuPercentThreshold": 20, "GpuPercentThreshold": 10, "MaxIdleTimeInMinutes": 60},
)
TIMER: Final = ("CreateInstanceShutdownTimer", {"RemainingTimeInMs": 3_600_000})
RULES: Final = {
    "GetIdleInstanceCuller": IDLE,
    "DeleteIdleInstanceCuller": IDLE,
    "GetInstanceShutdownTimer": TIMER,
    "DeleteInstanceShutdownTimer": TIMER,
}
"""What has to be created before these operations have something to do."""

SNAPSHOT: Final[JsonObject] = {"SnapshotName": "saved", "ImageUrl": "registry.example.com/team/saved:v1"}
"""What CreateInstanceSnapshot cannot do without."""

DEVELOPER: Final = USER_IDS["developer"]
REQUIRED: Final[dict[str, JsonObject]] = {
    "CreateInstanceSnapshot": SNAPSHOT,
    "CreateMember": {"Members": [{"UserId": "200000000000000004", "Roles": ["PAI.AlgoDeveloper"]}]},
    "CreateWorkspace": {"WorkspaceName": "fresh", "Description": "made by a test", "EnvTypes": ["prod"]},
    "DeleteInstanceLabels": {"LabelKeys": "team"},
    "DeleteMembers": {"MemberIds": f"{RESEARCH}-{DEVELOPER}"},
    "GetInstanceMetrics": {"MetricType": "CpuCoreUsage"},
    "GetMember": {"UserId": DEVELOPER},
    "ListEcsSpecs": {"AcceleratorType": "GPU"},
    "ListResources": {"WorkspaceId": RESEARCH},
    "UpdateInstanceLabels": {"Labels": [{"Key": "team", "Value": "vision"}]},
}
"""What a request of an operation cannot do without."""

_LIMITED_ELSEWISE: Final[dict[tuple[str, str], Any]] = {
    ("CreateWorkspace", "EnvTypes"): ["dev", "prod"],
    ("CreateWorkspace", "WorkspaceName"): "another",
    ("DeleteMembers", "MemberIds"): f"{RESEARCH}-{DEVELOPER}",
    ("GetMember", "MemberId"): f"{RESEARCH}-{DEVELOPER}",
    ("ListConfigs", "Verbose"): "true",
    ("ListResources", "Option"): "ListResource",
    ("ListWorkspaceRoles", "RoleType"): "custom",
    ("ListWorkspaceRoles", "Status"): "Succeeded",
    ("UpdateWorkspace", "DisplayName"): "Renamed",
    ("ListEcsSpecs", "SortBy"): "gmtCreate",
    ("ListQuotas", "Order"): "asc",
    ("ListQuotas", "SortBy"): "GPU",
    ("ListWorkspaces", "Status"): "ENABLED",
}


def fields(*operations: str) -> list[Any]:
    """The parameters of a test over every field of the operations' request models."""
    return [
        pytest.param(operation, path, id=f"{operation}.{'.'.join(path)}")
        for operation in operations
        for path in leaves(sample(operation))
        if path
    ]


def sample(operation: str) -> JsonObject:
    """A request with every field."""
    model = request_model(operation)
    return complete(model) if model else {}


def only(operation: str, path: tuple[str, ...]) -> JsonObject:
    """A request with the field at `path`, and what it cannot do without."""
    value: Any = sample(operation)
    for name in path:
        value = cast("list[Any]", value)[0][name] if isinstance(value, list) else value[name]
    value = _LIMITED_ELSEWISE.get((operation, path[-1]), VALUES.get(path[-1], value))
    return _with_companions(operation, _nested(path, value, sample(operation)))


def notebook(settings: JsonObject) -> JsonObject:
    """A complete body of CreateInstance around the settings."""
    body: JsonObject = {"InstanceName": "notebook", "WorkspaceId": RESEARCH}
    if "ImageUrl" not in settings:
        body["ImageId"] = IMAGE_ID
    if "ResourceId" not in settings:
        body["EcsSpec"] = CPU_SPEC
    return body | settings


def identifiers(sdk: Sdk, emulator: Emulator, operation: str) -> tuple[str, ...]:
    """What the path of an operation names; an instance is made for it, in a state that the operation allows."""
    catalogue = {
        "AddMemberRole": (RESEARCH, f"{RESEARCH}-{DEVELOPER}", "PAI.LabelManager"),
        "GetDataset": (DATASET_ID,),
        "GetImage": (IMAGE_ID,),
        "GetPermission": (RESEARCH, "PaiDSW:StartInstance"),
        "RemoveMemberRole": (PRODUCTION, f"{PRODUCTION}-{DEVELOPER}", "PAI.LabelManager"),
        "GetQuota": (QUOTA_ID,),
        "ListQuotaWorkloads": (QUOTA_ID,),
    }
    if operation == "ListSystemLogs":
        emulator.faults.add(SystemLogs())
    if operation in catalogue:
        return catalogue[operation]
    if "{WorkspaceId}" in OPERATION[operation].path:
        return (RESEARCH,)
    if "{InstanceId}" not in OPERATION[operation].path:
        return ()
    instance_id = sdk.call("CreateInstance", fields=notebook({}))[0].instance_id
    emulator.clock.advance(LONG_ENOUGH)
    if operation in RULES:
        rule, values = RULES[operation]
        sdk.call(rule, instance_id, fields=values)
    if operation == "StartInstance":
        sdk.call("StopInstance", instance_id)
        emulator.clock.advance(LONG_ENOUGH)
    if "{SnapshotId}" in OPERATION[operation].path:
        return instance_id, sdk.call("CreateInstanceSnapshot", instance_id, fields=SNAPSHOT)[0].snapshot_id
    return (instance_id,)


def shows(shown: Any, sent: Any) -> bool:
    """Whether everything that was sent is shown."""
    if isinstance(sent, dict):
        return all(shows(shown[name], value) for name, value in cast("JsonObject", sent).items())
    if isinstance(sent, list):
        return all(shows(*pair) for pair in zip(shown, cast("list[Any]", sent), strict=True))
    return shown == sent


def _nested(path: tuple[str, ...], value: Any, form: Any) -> Any:
    """`value` at `path`, with lists where the form has them."""
    if not path:
        return value
    if isinstance(form, list):
        return [_nested(path, value, cast("list[Any]", form)[0])]
    return {path[0]: _nested(path[1:], value, form[path[0]])}


def _with_companions(operation: str, request: JsonObject) -> JsonObject:
    request = dict(request)
    if "Tag" in request:
        request["Tag"] = [{"Key": "1", **request["Tag"][0]}]
    if operation in {"CreateInstance", "UpdateInstance"}:
        return _with_companions_in_body(request)
    if operation == "CreateIdleInstanceCuller":
        return {"CpuPercentThreshold": 1, "MaxIdleTimeInMinutes": 1, **request}
    if operation == "CreateMember":
        return REQUIRED[operation]
    if operation == "CreateInstanceSnapshot":
        return _with_key(SNAPSHOT | request)
    if operation == "UpdateInstanceLabels":
        return _with_key(request)
    if operation in REQUIRED and operation != "GetMember":
        return REQUIRED[operation] | request
    if operation == "ListInstances" and request.keys() & {"SortBy", "Order"}:
        return {"SortBy": "GmtCreateTime", "Order": "ASC", **request}
    return request


def _with_key(body: JsonObject) -> JsonObject:
    return body | {"Labels": [{"Key": "1", **body["Labels"][0]}]} if "Labels" in body else body


def _with_companions_in_body(body: JsonObject) -> JsonObject:
    if "Datasets" in body:
        named = body["Datasets"][0].keys() & {"DatasetId", "DatasetVersion"}
        source = {"DatasetId": DATASET_ID} if named else {"Uri": "oss://bucket/data/"}
        body["Datasets"] = [{"MountPath": "/mnt/data", **source, **body["Datasets"][0]}]
        if body["Datasets"][0].get("Dynamic"):
            body["Datasets"][0]["MountPath"] = "/mnt/dynamic/data"
            body["DynamicMount"] = {"Enable": True}
    body = _with_key(body)
    if "UserVpc" in body:
        body["UserVpc"] = {"VpcId": "1", **body["UserVpc"]}
    if body.keys() & {"ResourceId", "RequestedResource"}:
        share = {"CPU": "1", "Memory": "1GB", **body.get("RequestedResource", {})}
        body |= {"ResourceId": QUOTA_ID, "RequestedResource": share}
    return body
