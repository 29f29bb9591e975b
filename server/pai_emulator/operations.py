"""The route table: every operation that the emulator carries out.

Documented: methods, paths and RAM actions. Assumed: the actions of ListImageLabels, ListSystemLogs and GetPermission,
and that CreateInstance and UpdateInstance ask for the pay-as-you-go action first, even of those who only hold the
subscription's.
"""

from typing import Final, Literal

from pai_emulator.configs import list_configs, update_configs
from pai_emulator.datasets import get_dataset, list_datasets
from pai_emulator.dsw_auto_stop import (
    create_idle_instance_culler,
    create_instance_shutdown_timer,
    delete_idle_instance_culler,
    delete_instance_shutdown_timer,
    get_idle_instance_culler,
    get_instance_shutdown_timer,
)
from pai_emulator.dsw_ecs_specs import list_ecs_specs
from pai_emulator.dsw_instances import (
    create_instance,
    get_instance,
    list_instances,
    start_instance,
    stop_instance,
    update_instance,
)
from pai_emulator.dsw_labels import delete_instance_labels, update_instance_labels
from pai_emulator.dsw_snapshots import create_instance_snapshot, get_instance_snapshot, list_instance_snapshot
from pai_emulator.images import get_image, list_image_labels, list_images
from pai_emulator.members import (
    add_member_role,
    create_member,
    delete_members,
    get_member,
    list_members,
    list_workspace_roles,
    list_workspace_users,
    remove_member_role,
)
from pai_emulator.metrics import get_instance_metrics
from pai_emulator.monitoring import get_instance_events, get_lifecycle, list_system_logs
from pai_emulator.permissions import get_permission, list_permissions
from pai_emulator.products import list_product_authorizations, list_products
from pai_emulator.quotas import get_quota, list_quota_workloads, list_quotas
from pai_emulator.resources import list_resources
from pai_emulator.routes import Handler, Operation
from pai_emulator.sts import assume_role, get_caller_identity
from pai_emulator.workspace_writes import create_workspace, update_workspace
from pai_emulator.workspaces import get_default_workspace, get_workspace, list_workspaces

_INSTANCES: Final = "/api/v2/instances"
_INSTANCE: Final = f"{_INSTANCES}/{{InstanceId}}"
_IDLE: Final = f"{_INSTANCE}/idleinstanceculler"
_TIMER: Final = f"{_INSTANCE}/shutdowntimer"
_LABELS: Final = f"{_INSTANCE}/labels"
_SNAPSHOTS: Final = f"{_INSTANCE}/snapshots"
# Singular, unlike every other path of an instance.
_METRICS: Final = "/api/v2/instance/{InstanceId}/metrics"
_NO_STATUS: Final = frozenset({"HttpStatusCode"})
_NO_SUCCESS: Final = frozenset({"Success", "Code", "Message", "HttpStatusCode"})
_NO_ENVELOPE: Final = _NO_SUCCESS | {"RequestId"}
_WORKSPACES: Final = "/api/v1/workspaces"
_WORKSPACE: Final = f"{_WORKSPACES}/{{WorkspaceId}}"


def _of_workspaces(
    name: str, method: Literal["GET", "POST", "PUT", "DELETE"], path: str, handler: Handler
) -> Operation:
    """An operation on workspaces; its RAM action has its name."""
    return Operation(name, "aiworkspace", method, path, handler, f"paiworkspace:{name}")


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation("ListEcsSpecs", "pai-dsw", "GET", "/api/v2/ecsspecs", list_ecs_specs, None),
    Operation("CreateInstance", "pai-dsw", "POST", _INSTANCES, create_instance, "paidsw:CreatePostPaidInstance"),
    Operation("ListInstances", "pai-dsw", "GET", _INSTANCES, list_instances, "paidsw:ListInstances"),
    Operation("GetInstance", "pai-dsw", "GET", _INSTANCE, get_instance, "paidsw:GetInstance"),
    Operation("UpdateInstance", "pai-dsw", "PUT", _INSTANCE, update_instance, "paidsw:UpdatePostPaidInstance"),
    Operation("StartInstance", "pai-dsw", "PUT", f"{_INSTANCE}/start", start_instance, "paidsw:StartInstance"),
    Operation("StopInstance", "pai-dsw", "PUT", f"{_INSTANCE}/stop", stop_instance, "paidsw:StopInstance"),
    Operation(
        "CreateIdleInstanceCuller",
        "pai-dsw",
        "POST",
        _IDLE,
        create_idle_instance_culler,
        "paidsw:CreateIdleInstanceCuller",
        _NO_STATUS,
    ),
    Operation(
        "GetIdleInstanceCuller",
        "pai-dsw",
        "GET",
        _IDLE,
        get_idle_instance_culler,
        "paidsw:GetIdleInstanceCuller",
        _NO_STATUS,
    ),
    Operation(
        "DeleteIdleInstanceCuller",
        "pai-dsw",
        "DELETE",
        _IDLE,
        delete_idle_instance_culler,
        "paidsw:DeleteIdleInstanceCuller",
        _NO_STATUS,
    ),
    Operation(
        "CreateInstanceShutdownTimer",
        "pai-dsw",
        "POST",
        _TIMER,
        create_instance_shutdown_timer,
        "paidsw:CreateInstanceShutdownTimer",
    ),
    Operation(
        "GetInstanceShutdownTimer",
        "pai-dsw",
        "GET",
        _TIMER,
        get_instance_shutdown_timer,
        "paidsw:GetInstanceShutdownTimer",
    ),
    Operation(
        "DeleteInstanceShutdownTimer",
        "pai-dsw",
        "DELETE",
        _TIMER,
        delete_instance_shutdown_timer,
        "paidsw:DeleteInstanceShutdownTimer",
    ),
    Operation(
        "CreateInstanceSnapshot",
        "pai-dsw",
        "POST",
        _SNAPSHOTS,
        create_instance_snapshot,
        "paidsw:CreateInstanceSnapshot",
    ),
    Operation(
        "ListInstanceSnapshot", "pai-dsw", "GET", _SNAPSHOTS, list_instance_snapshot, "paidsw:ListInstanceSnapshot"
    ),
    Operation(
        "GetInstanceSnapshot",
        "pai-dsw",
        "GET",
        f"{_SNAPSHOTS}/{{SnapshotId}}",
        get_instance_snapshot,
        "paidsw:GetInstanceSnapshot",
    ),
    Operation(
        "UpdateInstanceLabels",
        "pai-dsw",
        "PUT",
        _LABELS,
        update_instance_labels,
        "paidsw:UpdateInstanceLabels",
        _NO_SUCCESS,
    ),
    Operation(
        "DeleteInstanceLabels",
        "pai-dsw",
        "DELETE",
        _LABELS,
        delete_instance_labels,
        "paidsw:DeleteInstanceLabels",
        _NO_SUCCESS,
    ),
    Operation(
        "GetInstanceEvents", "pai-dsw", "GET", f"{_INSTANCE}/events", get_instance_events, "paidsw:GetInstanceEvents"
    ),
    Operation("GetInstanceMetrics", "pai-dsw", "GET", _METRICS, get_instance_metrics, "paidsw:GetInstanceMetrics"),
    Operation(
        "GetLifecycle",
        "pai-dsw",
        "GET",
        f"{_INSTANCE}/lifecycle",
        get_lifecycle,
        "paidsw:GetLifecycle",
        _NO_STATUS,
    ),
    Operation(
        "ListSystemLogs",
        "pai-dsw",
        "GET",
        "/api/v2/systemlogs",
        list_system_logs,
        "paidsw:ListSystemLogs",
        _NO_ENVELOPE,
    ),
    _of_workspaces("ListWorkspaces", "GET", _WORKSPACES, list_workspaces),
    _of_workspaces("CreateWorkspace", "POST", _WORKSPACES, create_workspace),
    _of_workspaces("GetWorkspace", "GET", _WORKSPACE, get_workspace),
    _of_workspaces("UpdateWorkspace", "PUT", _WORKSPACE, update_workspace),
    _of_workspaces("GetDefaultWorkspace", "GET", "/api/v1/defaultWorkspaces", get_default_workspace),
    _of_workspaces("ListMembers", "GET", f"{_WORKSPACE}/members", list_members),
    _of_workspaces("CreateMember", "POST", f"{_WORKSPACE}/members", create_member),
    _of_workspaces("DeleteMembers", "DELETE", f"{_WORKSPACE}/members", delete_members),
    _of_workspaces("GetMember", "GET", f"{_WORKSPACE}/member", get_member),
    _of_workspaces("AddMemberRole", "POST", f"{_WORKSPACE}/members/{{MemberId}}/roles/{{RoleName}}", add_member_role),
    _of_workspaces(
        "RemoveMemberRole", "DELETE", f"{_WORKSPACE}/members/{{MemberId}}/roles/{{RoleName}}", remove_member_role
    ),
    _of_workspaces("ListWorkspaceUsers", "GET", f"{_WORKSPACE}/users", list_workspace_users),
    _of_workspaces("ListWorkspaceRoles", "GET", f"{_WORKSPACE}/roles", list_workspace_roles),
    _of_workspaces("ListPermissions", "GET", f"{_WORKSPACE}/permissions", list_permissions),
    _of_workspaces("GetPermission", "GET", f"{_WORKSPACE}/permissions/{{PermissionCode}}", get_permission),
    _of_workspaces("ListConfigs", "GET", f"{_WORKSPACE}/configs", list_configs),
    _of_workspaces("UpdateConfigs", "PUT", f"{_WORKSPACE}/configs", update_configs),
    _of_workspaces("ListResources", "GET", "/api/v1/resources", list_resources),
    Operation(
        "ListProductAuthorizations",
        "aiworkspace",
        "GET",
        "/api/v1/productauthorizations",
        list_product_authorizations,
        None,
    ),
    Operation("ListProducts", "aiworkspace", "GET", "/api/v1/products", list_products, None),
    Operation("ListImages", "aiworkspace", "GET", "/api/v1/images", list_images, "paiimage:ListImages"),
    Operation("GetImage", "aiworkspace", "GET", "/api/v1/images/{ImageId}", get_image, "paiimage:GetImage"),
    Operation(
        "ListImageLabels", "aiworkspace", "GET", "/api/v1/image/labels", list_image_labels, "paiimage:ListImageLabels"
    ),
    Operation("ListDatasets", "aiworkspace", "GET", "/api/v1/datasets", list_datasets, "paidataset:ListDatasets"),
    Operation("GetDataset", "aiworkspace", "GET", "/api/v1/datasets/{DatasetId}", get_dataset, "paidataset:GetDataset"),
    Operation("ListQuotas", "pai", "GET", "/api/v1/quotas/", list_quotas, "pai:ListQuotas"),
    Operation("GetQuota", "pai", "GET", "/api/v1/quotas/{QuotaId}", get_quota, "pai:GetQuota"),
    Operation("ListQuotaWorkloads", "pai", "GET", "/api/v1/quotas/{QuotaId}/workloads", list_quota_workloads, None),
    Operation("GetCallerIdentity", "sts", "POST", "/", get_caller_identity, None),
    Operation("AssumeRole", "sts", "POST", "/", assume_role, "sts:AssumeRole"),
)
