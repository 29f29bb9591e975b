"""Every operation that may be sent, and the ids in its path. Nothing outside this table leaves the process.

Nothing here deletes. Ids become part of a request's path, so each is matched in full before a path is built: the SDK
percent-encodes a slash and not a dot, and an id of `..` would make another call of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.cloud.endpoints import Product
from pai_dsw_mcp.errors import InputError
from pai_dsw_mcp.model.plain import plain

IdKind: TypeAlias = Literal["instance_id", "workspace_id", "image_id", "dataset_id"]

ID_PATTERNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "instance_id": r"dsw-[a-z0-9]{4,64}",
        "workspace_id": r"[0-9]{1,20}",
        "image_id": r"image-[A-Za-z0-9]{4,64}",
        "dataset_id": r"d-[A-Za-z0-9]{4,64}",
    }
)
"""Source: the examples of the API documents."""


def is_id(kind: IdKind, value: str) -> bool:
    """Whether it is an id of this kind, and nothing more."""
    return re.fullmatch(ID_PATTERNS[kind], value) is not None


def checked(kind: IdKind, value: str) -> str:
    """The same id, once it is known to be one.

    Raises:
        InputError: It is not an id of this kind.
    """
    if not is_id(kind, value):
        raise InputError("id_invalid", name=kind, value=plain(value, 64))
    return value


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
        name: Operation(name, product, method, re.compile(path.format_map(ID_PATTERNS)), action)
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
            ("ListProducts", "GET", "/api/v1/products", "pai:ListProducts"),
            ("ListImages", "GET", "/api/v1/images", "paiimage:ListImages"),
            ("GetImage", "GET", "/api/v1/images/{image_id}", "paiimage:GetImage"),
            ("ListDatasets", "GET", "/api/v1/datasets", "paidataset:ListDatasets"),
            ("GetDataset", "GET", "/api/v1/datasets/{dataset_id}", "paidataset:GetDataset"),
        ),
    }
)
