"""Every operation that may be sent, and the ids in its path. Nothing outside this table leaves the process.

No instance, image, dataset or workspace is ever deleted. Ids become part of a request's path, so each is matched in
full before a path is built: the SDK percent-encodes slashes but not dots, so an id of `..` would address another
operation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.cloud.endpoints import Service
from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.writes import WRITES

Method: TypeAlias = Literal["GET", "POST", "PUT", "DELETE"]

ID_PATTERNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "instance_id": r"dsw-[a-z0-9]{4,64}",
        "workspace_id": r"[0-9]{1,20}",
        "image_id": r"image-[A-Za-z0-9]{4,64}",
        "dataset_id": r"d-[A-Za-z0-9]{4,64}",
        "member_id": r"[0-9]{1,20}-[0-9]{1,32}",
        "role_name": r"(?:PAI\.[A-Za-z]{1,40}|role-[A-Za-z0-9]{1,64})",
        "quota_id": r"quota[A-Za-z0-9]{1,64}",
    }
)
"""Every kind of id. Source: the examples of the API documents."""


def is_id(kind: str, value: str) -> bool:
    """Whether it is an id of this kind, and nothing more."""
    return re.fullmatch(ID_PATTERNS[kind], value) is not None


def checked(kind: str, value: str) -> str:
    """The same id, after validation.

    Raises:
        InputError: It is not an id of this kind.
    """
    if not is_id(kind, value):
        raise InputError("id_invalid", name=kind, value=sanitize(value, 64))
    return value


class WriteToken:
    """The right to send one write, once. Only a Writer makes one; without one no write is sent."""

    def __init__(self, operation: str) -> None:
        self.operation: Final = operation
        self._spent = False

    def spend(self, operation: str) -> bool:
        """Use it up; False when it was made for another operation or is used up already."""
        if self._spent or operation != self.operation:
            return False
        self._spent = True
        return True


@dataclass(frozen=True, slots=True)
class Operation:
    """One row: how the operation is called on the wire, and the RAM action (or actions) that allow it."""

    name: str
    product: Service
    method: Method
    path: re.Pattern[str]
    action: str

    @property
    def is_write(self) -> bool:
        """Whether it changes something. STS is of the older style, in which a read is sent with POST too."""
        return self.method != "GET" and self.product != "sts"


def _row(product: Service, name: str, method: Method, path: str, action: str) -> Operation:
    return Operation(name, product, method, re.compile(path.format_map(ID_PATTERNS)), action)


def _reads(product: Service, *rows: tuple[str, str, str]) -> dict[str, Operation]:
    return {name: _row(product, name, "GET", path, action) for name, path, action in rows}


# RAM actions: the official authorization tables; that of ListSystemLogs is assumed.
OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        **_reads(
            "pai-dsw",
            ("ListEcsSpecs", "/api/v2/ecsspecs", "paidsw:ListEcsSpecs"),
            ("ListInstances", "/api/v2/instances", "paidsw:ListInstances"),
            ("GetInstance", "/api/v2/instances/{instance_id}", "paidsw:GetInstance"),
            ("ListInstanceSnapshot", "/api/v2/instances/{instance_id}/snapshots", "paidsw:ListInstanceSnapshot"),
            ("GetInstanceEvents", "/api/v2/instances/{instance_id}/events", "paidsw:GetInstanceEvents"),
            ("GetLifecycle", "/api/v2/instances/{instance_id}/lifecycle", "paidsw:GetLifecycle"),
            ("GetInstanceMetrics", "/api/v2/instance/{instance_id}/metrics", "paidsw:GetInstanceMetrics"),
            ("ListSystemLogs", "/api/v2/systemlogs", "paidsw:ListSystemLogs"),
        ),
        **_reads(
            "aiworkspace",
            ("ListWorkspaces", "/api/v1/workspaces", "paiworkspace:ListWorkspaces"),
            ("GetWorkspace", "/api/v1/workspaces/{workspace_id}", "paiworkspace:GetWorkspace"),
            ("ListPermissions", "/api/v1/workspaces/{workspace_id}/permissions", "paiworkspace:ListPermissions"),
            ("ListMembers", "/api/v1/workspaces/{workspace_id}/members", "paiworkspace:ListMembers"),
            ("ListWorkspaceUsers", "/api/v1/workspaces/{workspace_id}/users", "paiworkspace:ListWorkspaceUsers"),
            ("ListWorkspaceRoles", "/api/v1/workspaces/{workspace_id}/roles", "paiworkspace:ListWorkspaceRoles"),
            ("ListConfigs", "/api/v1/workspaces/{workspace_id}/configs", "paiworkspace:ListConfigs"),
            ("ListResources", "/api/v1/resources", "paiworkspace:ListResources"),
            ("ListProducts", "/api/v1/products", "pai:ListProducts"),
            ("ListImages", "/api/v1/images", "paiimage:ListImages"),
            ("GetImage", "/api/v1/images/{image_id}", "paiimage:GetImage"),
            ("ListDatasets", "/api/v1/datasets", "paidataset:ListDatasets"),
            ("GetDataset", "/api/v1/datasets/{dataset_id}", "paidataset:GetDataset"),
        ),
        **_reads(
            "pai",
            ("ListQuotas", "/api/v1/quotas/", "pai:ListQuotas"),
            ("GetQuota", "/api/v1/quotas/{quota_id}", "pai:GetQuota"),
            # No document names its action.
            ("ListQuotaWorkloads", "/api/v1/quotas/{quota_id}/workloads", "pai:ListQuotaWorkloads"),
        ),
        "GetCallerIdentity": _row("sts", "GetCallerIdentity", "POST", "/", "sts:GetCallerIdentity"),
        "AssumeRole": _row("sts", "AssumeRole", "POST", "/", "sts:AssumeRole"),
        **{
            write.operation: _row(write.product, write.operation, write.method, write.path, write.ram_action)
            for spec in WRITES.values()
            for write in spec.requests
        },
    }
)
