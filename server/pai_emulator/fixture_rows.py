"""What a row of a fixture's catalogue has to say, and what it has besides."""

from collections.abc import Mapping
from typing import Final

from pai_emulator.data.quotas import completed
from pai_emulator.policy import ACCOUNT_ID, USER_IDS
from pai_emulator.types import JsonObject

IDS: Final = {
    "workspaces": "WorkspaceId",
    "quotas": "QuotaId",
    "images": "ImageId",
    "datasets": "DatasetId",
    "ecs_specs": "InstanceType",
}
REQUIRED: Final = {
    "workspaces": {"WorkspaceName"},
    "quotas": {"WorkspaceIds"},
    "images": {"Name", "ImageUri"},
    "datasets": {"Name", "WorkspaceId", "Uri"},
    "ecs_specs": {"AcceleratorType", "CPU", "Memory"},
}
"""What a new row has to say besides its id."""

_TIME: Final = "2025-01-01T00:00:00.000Z"
_TIMES: Final = {"GmtCreateTime": _TIME, "GmtModifiedTime": _TIME}
ADMIN: Final = USER_IDS["admin"]
DEFAULTS: Final[Mapping[str, JsonObject]] = {
    "workspaces": {
        **_TIMES,
        "DisplayName": "",
        "Description": "",
        "Status": "ENABLED",
        "EnvTypes": ["prod"],
        "IsDefault": False,
        "Creator": ADMIN,
        "AdminNames": [],
        "Owner": {"UserId": ADMIN, "UserKp": ACCOUNT_ID, "UserName": "admin", "DisplayName": "admin"},
        "ExtraInfos": {},
        "ResourceGroupId": "",
        "Members": dict.fromkeys(USER_IDS.values(), ("PAI.AlgoDeveloper",)),
        "CustomRoles": (),
        "Configs": (),
    },
    "quotas": completed({}),
    "images": {
        **_TIMES,
        "Description": "",
        "Accessibility": "PUBLIC",
        "Size": 0,
        "UserId": ADMIN,
        "ParentUserId": ACCOUNT_ID,
        "SourceType": "user",
        "Labels": [],
    },
    "datasets": {
        **_TIMES,
        "Accessibility": "PUBLIC",
        "DataSourceType": "OSS",
        "DataType": "COMMON",
        "Property": "DIRECTORY",
        "SourceType": "USER",
        "MountAccess": "RW",
        "Options": '{"mountPath":"/mnt/data/"}',
        "UserId": ADMIN,
        "OwnerId": ACCOUNT_ID,
        "IsShared": False,
        "Labels": [],
    },
    "ecs_specs": {
        "GPU": 0,
        "Price": 0.0,
        "Currency": "CNY",
        "SystemDiskCapacity": 500,
        "Labels": [],
        "IsAvailable": True,
        "SpotStockStatus": "WithStock",
    },
}
