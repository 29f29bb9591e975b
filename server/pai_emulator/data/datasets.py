"""The datasets of a region. Documented: the fields, enumerations and forms of the URIs. Assumed: these datasets."""

import hashlib

from pai_emulator.data.workspaces import workspaces
from pai_emulator.policy import ACCOUNT_ID, USER_IDS
from pai_emulator.types import JsonObject

_CREATED_AT = "2025-02-11T07:45:12.033Z"


def datasets(region_id: str) -> dict[str, JsonObject]:
    """The datasets of a region by id: four in `research`, two in `production`."""
    workspace_ids = list(workspaces(region_id))
    if not workspace_ids:
        return {}
    research, production = workspace_ids
    admin, developer, _ = USER_IDS.values()
    bucket = f"oss://example-bucket.oss-{region_id}-internal.aliyuncs.com"
    rows: tuple[JsonObject, ...] = (
        _dataset(region_id, research, developer, "training_corpus", "OSS", f"{bucket}/corpus/")
        | {"DataType": "TEXT", "Labels": [{"Key": "team", "Value": "nlp"}]},
        _dataset(region_id, research, admin, "street_pictures", "NAS", f"nas://09f2c8.{region_id}/pictures/")
        | {"DataType": "PIC", "MountAccess": "RO", "Description": "Pictures of streets, read only"},
        _dataset(region_id, research, admin, "salaries", "OSS", f"{bucket}/salaries.csv")
        | {"Accessibility": "PRIVATE", "Property": "FILE", "Description": "Only for administrators"},
        _dataset(region_id, research, "pai", "public_reviews", "OSS", f"{bucket}/reviews/")
        | {"Provider": "pai", "SourceType": "PAI_PUBLIC_DATASET", "SourceId": "", "MountAccess": "RO"},
        _dataset(region_id, production, admin, "features", "CPFS", f"cpfs://cpfs-2f81.{region_id}/features/")
        | {"Edition": "BASIC", "SharingConfig": {"SharedTo": [_shared(production)]}},
        _dataset(region_id, production, admin, "speech_annotated", "OSS", f"{bucket}/speech/")
        | {
            "DataType": "AUDIO",
            "Labels": [{"Key": "team", "Value": "voice"}],
            "Edition": "ADVANCED",
            "IsShared": True,
            "SharedFrom": _shared(production),
            "SharingConfig": {"SharedTo": [_shared(production)]},
            "SourceType": "ITAG",
            "SourceId": "task-7781",
            "SourceDatasetId": "d-000000000000000000",
            "SourceDatasetVersion": "v2",
            "TagTemplateType": "AudioClassification",
            "Accessibility": "ROLE_PUBLIC",
            "AccessibleRoleIdList": ["PAI.AlgoDeveloper"],
        },
    )
    return {row["DatasetId"]: row for row in rows}


def _dataset(region_id: str, workspace_id: str, user_id: str, name: str, source: str, uri: str) -> JsonObject:
    version: JsonObject = {
        "VersionName": "v1",
        "DataSourceType": source,
        "Description": "first version",
        "Property": "DIRECTORY",
        "Uri": uri,
        "Options": f'{{"mountPath":"/mnt/data/{name}/"}}',
        "MountAccess": "RW",
        "SourceType": "USER",
        "SourceId": "",
        "ImportInfo": "{}",
        "DataCount": 10_000,
        "DataSize": 4 * 2**30,
        "DatasetTaskRamRole": "acs:ram::1500000000000001:role/aliyunpaidatasetrole",
        "Labels": [{"Key": "checked", "Value": "true"}],
        "UserMetricsEndpoints": [{"Path": "/metrics", "Port": 9090}],
        "GmtCreateTime": _CREATED_AT,
        "GmtModifiedTime": _CREATED_AT,
    }
    return {
        "DatasetId": f"d-{hashlib.blake2b(f'{region_id}/{name}'.encode(), digest_size=9).hexdigest()}",
        "Name": name,
        "Description": "",
        "WorkspaceId": workspace_id,
        "UserId": user_id,
        "OwnerId": ACCOUNT_ID,
        "Accessibility": "PUBLIC",
        "AccessibleRoleIdList": [],
        "DataSourceType": source,
        "DataType": "COMMON",
        "Edition": "BASIC",
        "Property": "DIRECTORY",
        "ProviderType": "Ecs",
        "Provider": "",
        "SourceType": "USER",
        "SourceId": "",
        "MountAccess": "RW",
        "MountAccessReadWriteRoleIdList": ["*"],
        "IsShared": False,
        "Labels": [],
        "Uri": uri,
        "Options": f'{{"mountPath":"/mnt/data/{name}/"}}',
        "ImportInfo": "{}",
        "LatestVersion": version,
        "GmtCreateTime": _CREATED_AT,
        "GmtModifiedTime": _CREATED_AT,
    }


def _shared(workspace_id: str) -> JsonObject:
    return {
        "AllowedMountAccessLevels": ["RO"],
        "ExpiresAt": "2027-01-01T00:00:00.000Z",
        "Extra": "{}",
        "IsSecureMode": False,
        "SharedAt": _CREATED_AT,
        "SourceTenantId": "428600002",
        "SourceWorkspaceId": "20001",
        "Status": "ENABLED",
        "TenantId": "428600001",
        "WorkspaceId": workspace_id,
    }
