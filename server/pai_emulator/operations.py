"""The route table: every operation that the emulator carries out.

Documented: methods, paths and RAM actions. Assumed: the actions of ListImageLabels and ListSystemLogs, and that
CreateInstance and UpdateInstance ask for the pay-as-you-go action first, even of those who only hold the
subscription's.
"""

from typing import Final

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
from pai_emulator.metrics import get_instance_metrics
from pai_emulator.monitoring import get_instance_events, get_lifecycle, list_system_logs
from pai_emulator.permissions import list_permissions
from pai_emulator.products import list_product_authorizations, list_products
from pai_emulator.routes import Operation
from pai_emulator.sts import get_caller_identity
from pai_emulator.workspaces import get_default_workspace, get_workspace, list_configs, list_workspaces

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
    Operation(
        "ListWorkspaces", "aiworkspace", "GET", "/api/v1/workspaces", list_workspaces, "paiworkspace:ListWorkspaces"
    ),
    Operation(
        "GetWorkspace",
        "aiworkspace",
        "GET",
        "/api/v1/workspaces/{WorkspaceId}",
        get_workspace,
        "paiworkspace:GetWorkspace",
    ),
    Operation(
        "GetDefaultWorkspace",
        "aiworkspace",
        "GET",
        "/api/v1/defaultWorkspaces",
        get_default_workspace,
        "paiworkspace:GetDefaultWorkspace",
    ),
    Operation(
        "ListConfigs",
        "aiworkspace",
        "GET",
        "/api/v1/workspaces/{WorkspaceId}/configs",
        list_configs,
        "paiworkspace:ListConfigs",
    ),
    Operation(
        "ListPermissions",
        "aiworkspace",
        "GET",
        "/api/v1/workspaces/{WorkspaceId}/permissions",
        list_permissions,
        "paiworkspace:ListPermissions",
    ),
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
    Operation("GetCallerIdentity", "sts", "POST", "/", get_caller_identity, None),
)
