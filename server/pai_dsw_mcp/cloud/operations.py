"""Every operation that may be sent: nothing outside this table leaves the process, and nothing here deletes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from pai_dsw_mcp.cloud.endpoints import Product
from pai_dsw_mcp.cloud.identifiers import PATTERNS


@dataclass(frozen=True, slots=True)
class Operation:
    """One row: how the operation is called on the wire, and the RAM action (or actions) that allow it."""

    name: str
    product: Product
    method: Literal["GET", "POST", "PUT"]
    path: re.Pattern[str]
    action: str

    @property
    def is_write(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"


def _rows(product: Product, *rows: tuple[str, Literal["GET", "POST", "PUT"], str, str]) -> dict[str, Operation]:
    return {
        name: Operation(name, product, method, re.compile(path.format_map(PATTERNS)), action)
        for name, method, path, action in rows
    }


# RAM actions: the official authorization tables; the vendor's skill names paidsw:CreateInstance for the same right.
OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        **_rows(
            "pai-dsw",
            ("ListEcsSpecs", "GET", "/api/v2/ecsspecs", "paidsw:ListEcsSpecs"),
            ("ListInstances", "GET", "/api/v2/instances", "paidsw:ListInstances"),
            ("GetInstance", "GET", "/api/v2/instances/{instance_id}", "paidsw:GetInstance"),
            (
                "CreateInstance",
                "POST",
                "/api/v2/instances",
                "paidsw:CreatePostPaidInstance (or paidsw:CreateInstance)",
            ),
            ("UpdateInstance", "PUT", "/api/v2/instances/{instance_id}", "paidsw:UpdatePostPaidInstance"),
            ("StartInstance", "PUT", "/api/v2/instances/{instance_id}/start", "paidsw:StartInstance"),
            ("StopInstance", "PUT", "/api/v2/instances/{instance_id}/stop", "paidsw:StopInstance"),
        ),
        **_rows(
            "aiworkspace",
            ("ListWorkspaces", "GET", "/api/v1/workspaces", "paiworkspace:ListWorkspaces"),
            ("GetWorkspace", "GET", "/api/v1/workspaces/{workspace_id}", "paiworkspace:GetWorkspace"),
            ("GetDefaultWorkspace", "GET", "/api/v1/defaultWorkspaces", "paiworkspace:GetDefaultWorkspace"),
            ("ListProducts", "GET", "/api/v1/products", "pai:ListProducts"),
            ("ListImages", "GET", "/api/v1/images", "paiimage:ListImages"),
            ("GetImage", "GET", "/api/v1/images/{image_id}", "paiimage:GetImage"),
            ("ListImageLabels", "GET", "/api/v1/image/labels", "paiimage:ListImageLabels"),
            ("ListDatasets", "GET", "/api/v1/datasets", "paidataset:ListDatasets"),
            ("GetDataset", "GET", "/api/v1/datasets/{dataset_id}", "paidataset:GetDataset"),
        ),
    }
)
