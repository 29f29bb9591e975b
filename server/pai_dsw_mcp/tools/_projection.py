"""What leaves the house: the fields that a reading tool may show, and nothing else.

Every string is cleaned on its way in, because other people wrote most of them; what identifies a person is masked.
"""

from typing import Annotated, Any, Final, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

from pai_dsw_mcp.model.catalogue import Dataset, EcsSpec, Image
from pai_dsw_mcp.model.instance import AcceleratorType
from pai_dsw_mcp.model.plain import plain
from pai_dsw_mcp.model.workspace import Workspace
from pai_dsw_mcp.tools._masking import mask
from pai_dsw_mcp.tools._planning import chip_of

Shown: TypeAlias = Annotated[str, AfterValidator(plain)]
"""Text for the eyes of others: one line, no hidden characters, at most 256 of them."""


def _without_description(schema: dict[str, Any]) -> None:
    schema.pop("description", None)


class Projection(BaseModel):
    """The base of what is shown. Docstrings are for readers of the code and stay out of the schema."""

    model_config = ConfigDict(json_schema_extra=_without_description)


P = TypeVar("P", bound=Projection)


def without(shown: P, *names: str) -> P:
    """The same without some of its optional fields, for an answer in brief."""
    return shown.model_copy(update=dict.fromkeys(names))


class Listed(Projection):
    """What every list says besides its rows."""

    total: int
    next_cursor: str | None = None
    note: str | None = None


class EcsSpecRow(Projection):
    """A spec; price and both availabilities are what decides. Memory is in GiB."""

    instance_type: Shown
    accelerator_type: AcceleratorType
    cpu: int
    memory: float
    gpu: int | None = None
    gpu_type: Shown | None = None
    gpu_memory: float | None = None
    price_per_hour: float | None = None
    currency: Shown | None = None
    is_available: bool
    available_as_spot: bool


class EcsSpecList(Listed):
    """The answer of list_ecs_specs."""

    specs: list[EcsSpecRow]


class WorkspaceRow(Projection):
    """A workspace without the people in it."""

    workspace_id: Shown
    workspace_name: Shown
    display_name: Shown | None = None
    description: Shown | None = None
    status: Shown
    usable: bool
    is_default: bool | None = None


class WorkspaceList(Listed):
    """The answer of list_workspaces. The last two are set when there is no workspace at all."""

    workspaces: list[WorkspaceRow]
    pai_activated: bool | None = None
    purchase_url: str | None = None


class WorkspaceDetail(WorkspaceRow):
    """The answer of get_workspace; people are masked."""

    meaning: str
    env_types: list[Shown] | None = None
    resource_group_id: Shown | None = None
    creator: str | None = None
    owner_name: str | None = None
    admin_names: list[str] | None = None
    created_at: Shown | None = None
    modified_at: Shown | None = None


class ImageRow(Projection):
    """An image; what `_IMAGE_REST` names is shown in full detail only."""

    image_id: Shown
    name: Shown
    chip_type: str | None = None
    frameworks: list[Shown] | None = None
    python: Shown | None = None
    cuda: Shown | None = None
    official: bool
    image_url: Shown | None = None
    description: Shown | None = None
    accessibility: Shown | None = None
    workspace_id: Shown | None = None
    size_gib: float | None = None
    created_at: Shown | None = None


class ImageList(Listed):
    """The answer of list_images."""

    images: list[ImageRow]


class DatasetRow(Projection):
    """A dataset; what `_DATASET_REST` names is shown in full detail only."""

    dataset_id: Shown
    name: Shown
    data_source_type: Shown | None = None
    data_type: Shown | None = None
    mount_access: Shown | None = None
    default_mount_path: Shown | None = None
    property: Shown | None = None
    uri: Shown | None = None
    accessibility: Shown | None = None
    description: Shown | None = None
    created_at: Shown | None = None


class DatasetList(Listed):
    """The answer of list_datasets."""

    datasets: list[DatasetRow]


_IMAGE_REST: Final = ("image_url", "description", "accessibility", "workspace_id", "size_gib", "created_at")
_DATASET_REST: Final = ("property", "uri", "accessibility", "description", "created_at")


def ecs_spec_row(spec: EcsSpec) -> EcsSpecRow:
    """A spec with both of its availabilities."""
    return EcsSpecRow(
        instance_type=spec.instance_type,
        accelerator_type=spec.accelerator_type,
        cpu=spec.cpu,
        memory=spec.memory,
        gpu=spec.gpu or None,
        gpu_type=spec.gpu_type,
        gpu_memory=spec.gpu_memory or None,
        price_per_hour=spec.price,
        currency=spec.currency,
        is_available=spec.is_available,
        available_as_spot=spec.available_as_spot,
    )


def workspace_row(workspace: Workspace) -> WorkspaceRow:
    """A workspace without the people in it."""
    return WorkspaceRow(
        workspace_id=workspace.workspace_id,
        workspace_name=workspace.workspace_name,
        display_name=workspace.display_name,
        description=workspace.description,
        status=workspace.status,
        usable=is_usable(workspace),
        is_default=workspace.is_default or None,
    )


def workspace_detail(workspace: Workspace, meaning: str) -> WorkspaceDetail:
    """A workspace with its people masked."""
    return WorkspaceDetail(
        **workspace_row(workspace).model_dump(),
        meaning=meaning,
        env_types=list(workspace.env_types) or None,
        resource_group_id=workspace.resource_group_id,
        creator=mask(workspace.creator) if workspace.creator else None,
        owner_name=mask(workspace.owner_name) if workspace.owner_name else None,
        admin_names=[mask(name) for name in workspace.admin_names] or None,
        created_at=workspace.created_at,
        modified_at=workspace.modified_at,
    )


def is_usable(workspace: Workspace) -> bool:
    """Only ENABLED workspaces can be used (ListWorkspaces.Status)."""
    return workspace.status == "ENABLED"


def frameworks_of(image: Image) -> list[str]:
    """Names and versions, each once: labels `system.framework.<Name>` = version, or `system.framework` = both."""
    prefix = "system.framework"
    found = (
        f"{label.key.removeprefix(prefix).lstrip('.')} {label.value}".strip()
        for label in image.labels
        if label.key == prefix or label.key.startswith(f"{prefix}.")
    )
    return list(dict.fromkeys(found))


def image_row(image: Image, *, full: bool) -> ImageRow:
    """An image by what one chooses it by; `full` adds address, size and origin."""
    row = ImageRow(
        image_id=image.image_id,
        name=image.name,
        chip_type=chip_of(image, None),
        frameworks=frameworks_of(image) or None,
        python=image.label("system.pythonVersion"),
        cuda=image.label("system.dsw.cudaVersion"),
        official=image.label("system.official") == "true",
        image_url=image.image_uri,
        description=image.description or None,
        accessibility=image.accessibility,
        workspace_id=image.workspace_id,
        size_gib=round(image.size / 1024**3, 2) if image.size else None,
        created_at=image.created_at,
    )
    return row if full else without(row, *_IMAGE_REST)


def dataset_row(dataset: Dataset, *, full: bool) -> DatasetRow:
    """A dataset by what one mounts it by; `full` adds where it lies and who may see it."""
    row = DatasetRow(
        dataset_id=dataset.dataset_id,
        name=dataset.name,
        data_source_type=dataset.data_source_type,
        data_type=dataset.data_type,
        mount_access=dataset.mount_access,
        default_mount_path=dataset.default_mount_path,
        property=dataset.property,
        uri=storage_address(dataset.uri),
        accessibility=dataset.accessibility,
        description=dataset.description or None,
        created_at=dataset.created_at,
    )
    return row if full else without(row, *_DATASET_REST)


def storage_address(uri: str | None) -> str | None:
    """Where a dataset lies, without a query; None when the address carries a user or a password."""
    if uri is None or "@" in uri.partition("://")[2].partition("/")[0]:
        return None
    return uri.partition("?")[0]
