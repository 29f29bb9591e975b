"""The workspaces of a region.

Documented: the fields, the roles, that a workspace name has 3 to 23 letters, digits and underscores and is unique in
its region. Assumed: everything these two workspaces are.
"""

from typing import Final

from pai_emulator.data.regions import REGIONS
from pai_emulator.data.roles import OWNER
from pai_emulator.policy import ACCOUNT_ID, USER_IDS
from pai_emulator.types import JsonObject

DATAWORKS_NAMES: Final = frozenset({"warehouse"})
"""Workspaces of DataWorks, which are in no list of PAI and take their names all the same (the rule is documented)."""

RESOURCE_LIMITS: Final = {"MaxCompute_share": 1, "MaxCompute_isolate": 1, "DLC_share": 1, "PAI_share": 1}
"""What `Option=GetResourceLimits` answers; the first three names are documented, the numbers assumed."""


def workspaces(region_id: str) -> dict[str, JsonObject]:
    """`research`, the default, which everybody is a member of, and `production`, which the viewer is not.

    Not on the wire: `Members`, the roles of each member by user id, `CustomRoles` and `Configs`.
    """
    if "aiworkspace" not in REGIONS[region_id].products:
        return {}
    admin, developer, viewer = USER_IDS.values()
    first = first_id(region_id)
    research = _workspace(str(first + 1), "research", "Notebooks of the research team", "2024-03-04T02:10:11.232Z")
    production = _workspace(str(first + 2), "production", "Models that serve customers", "2024-06-18T06:30:45.501Z")
    research |= {
        "IsDefault": True,
        "Members": {admin: (OWNER,), developer: ("PAI.AlgoDeveloper",), viewer: ("PAI.WorkspaceGuest",)},
    }
    production |= {
        "IsDefault": False,
        "EnvTypes": ["dev", "prod"],
        "Members": {admin: (OWNER,), developer: ("PAI.AlgoDeveloper", "PAI.AlgoOperator", "PAI.LabelManager")},
        "CustomRoles": (_custom_role(str(first + 2)),),
    }
    for workspace in (research, production):
        workspace["Configs"] = (_storage(region_id, workspace["WorkspaceId"]),)
    return {workspace["WorkspaceId"]: workspace for workspace in (research, production)}


def first_id(region_id: str) -> int:
    """The number from which the ids of the workspaces of a region count."""
    return 40_000 + 10 * list(REGIONS).index(region_id)


def _custom_role(workspace_id: str) -> JsonObject:
    """A role that looks at notebooks and does nothing else."""
    rules = [{"Accessibility": "PUBLIC", "EntityAccessType": "ANY"}]
    codes = ["PaiDSW:ListInstances", "PaiDSW:GetInstance"]
    return {
        "RoleId": f"role-{workspace_id}reader",
        "RoleName": "notebook-reader",
        "Creator": USER_IDS["admin"],
        "GmtCreateTime": "2024-07-01T03:00:00.000Z",
        "GmtModifiedTime": "2024-07-01T03:00:00.000Z",
        "Status": "Succeeded",
        "ModulePermissions": [
            {
                "ModuleName": "DSW",
                "PermissionType": "CustomPermissions",
                "Permissions": [{"PermissionCodes": codes, "PermissionRules": rules}],
            }
        ],
    }


def _storage(region_id: str, workspace_id: str) -> JsonObject:
    """The default storage of a workspace. Seen in the vendor's SDK: the key is `modelExportPath`."""
    return {
        "CategoryName": "CommonResourceConfig",
        "ConfigId": f"config-{workspace_id}",
        "ConfigKey": "modelExportPath",
        "ConfigValue": f"oss://example-bucket.oss-{region_id}-internal.aliyuncs.com/",
        "Labels": [],
        "GmtCreateTime": "2024-03-04T02:10:11.232Z",
        "GmtModifiedTime": "2024-03-04T02:10:11.232Z",
    }


def _workspace(workspace_id: str, name: str, description: str, created_at: str) -> JsonObject:
    owner = USER_IDS["admin"]
    return {
        "WorkspaceId": workspace_id,
        "WorkspaceName": name,
        "DisplayName": name.capitalize(),
        "Description": description,
        "Status": "ENABLED",
        "EnvTypes": ["prod"],
        "Creator": owner,
        "AdminNames": ["admin@example.aliyunid.com"],
        "Owner": {"UserId": owner, "UserKp": ACCOUNT_ID, "UserName": "admin", "DisplayName": "Lin Administrator"},
        "ExtraInfos": {"TenantId": f"4286{workspace_id}98"},
        "ResourceGroupId": "rg-acfmwp7rkyq2345",
        "GmtCreateTime": created_at,
        "GmtModifiedTime": created_at,
        "CustomRoles": (),
    }
