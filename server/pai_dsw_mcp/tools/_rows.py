"""The fields that may be shown of each object: never a password, token, credential, command or variable value.

Of a row only its id is required: a field that all rows have in common stands beside them instead (`Listed`).
"""

import re
from typing import Annotated, Final

from pai_dsw_mcp.model.catalogue import Image
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.model.workspace import Workspace
from pai_dsw_mcp.tools._arguments import Detail
from pai_dsw_mcp.tools._checks import chip_of
from pai_dsw_mcp.tools._projection import (
    FULL,
    NOT_EMPTY,
    Day,
    Listed,
    Masked,
    Moment,
    Projection,
    Shown,
    StorageAddress,
)

_FRAMEWORKS: Final = {"pytorch": "PyTorch", "tensorflow": "TensorFlow"}
_FRAMEWORK: Final = re.compile(r"(pytorch|tensorflow)[:-]?(\d+(?:\.\d+)+)", re.IGNORECASE)


class WorkspaceRow(Projection):
    """A workspace without the people in it."""

    workspace_id: Shown
    workspace_name: Shown | None = None
    display_name: Shown | None = None
    description: Shown | None = None
    status: Shown | None = None
    usable: bool | None = None
    is_default: Annotated[bool | None, NOT_EMPTY] = None


class WorkspaceList(Listed):
    """The answer of list_workspaces. Where there is none, it says whether PAI is activated."""

    pai_activated: bool | None = None
    purchase_url: str | None = None
    workspaces: list[WorkspaceRow]


class WorkspaceDetail(WorkspaceRow):
    """The answer of get_workspace."""

    meaning: Annotated[str, OURS]
    env_types: Annotated[list[Shown] | None, NOT_EMPTY] = None
    resource_group_id: Shown | None = None
    creator: Masked | None = None
    owner_name: Masked | None = None
    admin_names: Annotated[list[Masked] | None, NOT_EMPTY] = None
    created_at: Moment | None = None
    modified_at: Moment | None = None


class ImageRow(Projection):
    """An image with the fields to choose it by; full detail adds versions, address, size and origin."""

    image_id: Shown
    name: Shown | None = None
    chip_type: str | None = None
    framework: Annotated[Shown | None, NOT_EMPTY] = None
    created: Day | None = None
    custom: Annotated[bool | None, NOT_EMPTY] = None
    python: Annotated[Shown | None, FULL] = None
    cuda: Annotated[Shown | None, FULL] = None
    image_url: Annotated[Shown | None, FULL] = None
    description: Annotated[Shown | None, FULL] = None
    accessibility: Annotated[Shown | None, FULL] = None
    workspace_id: Annotated[Shown | None, FULL] = None
    size_gib: Annotated[float | None, FULL] = None


class ImageList(Listed):
    """The answer of list_images."""

    images: list[ImageRow]


class DatasetRow(Projection):
    """A dataset with the fields to mount it by; full detail adds its location and who may see it."""

    dataset_id: Shown
    name: Shown | None = None
    data_source_type: Shown | None = None
    data_type: Shown | None = None
    mount_access: Shown | None = None
    default_mount_path: Shown | None = None
    property: Annotated[Shown | None, FULL] = None
    uri: Annotated[StorageAddress, FULL] = None
    accessibility: Annotated[Shown | None, FULL] = None
    description: Annotated[Shown | None, FULL] = None
    created_at: Annotated[Moment | None, FULL] = None


class DatasetList(Listed):
    """The answer of list_datasets."""

    datasets: list[DatasetRow]


def workspace_row(workspace: Workspace) -> WorkspaceRow:
    """A workspace without the people in it."""
    return WorkspaceRow.of(workspace, usable=is_usable(workspace))


def workspace_detail(workspace: Workspace, meaning: str) -> WorkspaceDetail:
    """A workspace with its people masked."""
    return WorkspaceDetail.of(workspace, usable=is_usable(workspace), meaning=meaning)


def is_usable(workspace: Workspace) -> bool:
    """Only ENABLED workspaces can be used (ListWorkspaces.Status)."""
    return workspace.status == "ENABLED"


def image_row(image: Image, detail: Detail) -> ImageRow:
    """An image as a row; most fields come from its labels."""
    return ImageRow.of(
        image,
        detail,
        chip_type=chip_of(image, None),
        framework=", ".join(frameworks_of(image)),
        created=image.created_at,
        python=image.label("system.pythonVersion"),
        cuda=image.label("system.dsw.cudaVersion"),
        custom=image.label("system.official") != "true",
        image_url=image.image_uri,
        size_gib=round(image.size / 1024**3, 2) if image.size else None,
    )


def frameworks_of(image: Image) -> list[str]:
    """Names and versions, each framework once. An image with two may be labelled with one; its name says both.

    A label is `system.framework.<Name>` = version, or `system.framework` = both.
    """
    prefix = "system.framework"
    labelled = (
        f"{label.key.removeprefix(prefix).lstrip('.')} {label.value}".strip()
        for label in image.labels
        if label.key == prefix or label.key.startswith(f"{prefix}.")
    )
    named = (f"{_FRAMEWORKS[name.lower()]} {version}" for name, version in _FRAMEWORK.findall(image.name))
    found: dict[str, str] = {}
    for framework in (*labelled, *named):
        found.setdefault(framework.partition(" ")[0].casefold(), framework)
    return list(found.values())
