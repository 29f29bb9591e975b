"""The replies of AIWorkSpace: workspaces, products, images, datasets."""

from typing import Annotated, Final, get_args

from pydantic import Field, ValidationError

from pai_dsw_mcp.cloud.access_urls import safe_url
from pai_dsw_mcp.cloud.wire import Count, Wire, WireLabel, WireLabels, labels_of
from pai_dsw_mcp.model.catalogue import Dataset, Image
from pai_dsw_mcp.model.instance import MountAccess
from pai_dsw_mcp.model.workspace import Product, Workspace

_MOUNT_ACCESSES: Final[dict[str | None, MountAccess]] = {kind: kind for kind in get_args(MountAccess)}


class WireOwner(Wire):
    """`Owner` of GetWorkspace and GetDefaultWorkspace."""

    user_name: str | None = None


class WireWorkspace(Wire):
    """`Workspaces[]`, and the body of GetWorkspace and GetDefaultWorkspace.

    ListWorkspaces writes `resourceGroupId` where the other two write `ResourceGroupId`.
    """

    workspace_id: str
    workspace_name: str
    display_name: str | None = None
    description: str | None = None
    status: str
    is_default: bool | None = None
    env_types: tuple[str, ...] | None = None
    resource_group_id: str | None = None
    listed_resource_group_id: Annotated[str | None, Field(alias="resourceGroupId")] = None
    creator: str | None = None
    owner: WireOwner | None = None
    admin_names: tuple[str, ...] | None = None
    gmt_create_time: str | None = None
    gmt_modified_time: str | None = None

    def value(self) -> Workspace:
        """As the model has it."""
        return Workspace(
            workspace_id=self.workspace_id,
            workspace_name=self.workspace_name,
            display_name=self.display_name or None,
            description=self.description or None,
            status=self.status,
            is_default=self.is_default,
            env_types=self.env_types or (),
            resource_group_id=self.resource_group_id or self.listed_resource_group_id,
            creator=self.creator,
            owner_name=self.owner.user_name if self.owner else None,
            admin_names=self.admin_names or (),
            created_at=self.gmt_create_time,
            modified_at=self.gmt_modified_time,
        )


class ListWorkspacesReply(Wire):
    """ListWorkspaces."""

    workspaces: tuple[WireWorkspace, ...]
    total_count: Count


class WorkspaceExistsReply(Wire):
    """ListWorkspaces with `Option=CheckWorkspaceExists`: the count alone is the answer."""

    total_count: Annotated[int, Field(ge=0, le=1)]


class WireProduct(Wire):
    """`Products[]`."""

    product_code: str
    is_purchased: bool
    has_permission_to_purchase: bool | None = None
    purchase_url: str | None = None

    def value(self) -> Product:
        """As the model has it."""
        return Product(
            product_code=self.product_code,
            is_purchased=self.is_purchased,
            has_permission_to_purchase=self.has_permission_to_purchase,
            purchase_url=safe_url(self.purchase_url),
        )


class ListProductsReply(Wire):
    """ListProducts, the one list without a count."""

    products: tuple[WireProduct, ...]


class GetImageReply(Wire):
    """GetImage, whose body does not repeat the id."""

    name: str
    image_uri: str
    description: str | None = None
    accessibility: str | None = None
    workspace_id: str | None = None
    size: int | None = None
    gmt_create_time: str | None = None
    labels: WireLabels = None

    def value_of(self, image_id: str) -> Image:
        """As the model has it."""
        return Image(
            image_id=image_id,
            name=self.name,
            image_uri=self.image_uri,
            description=self.description or None,
            accessibility=self.accessibility,
            workspace_id=self.workspace_id or None,
            size=self.size,
            created_at=self.gmt_create_time,
            labels=labels_of(self.labels),
        )


class WireImage(GetImageReply):
    """`Images[]`."""

    image_id: str


class ListImagesReply(Wire):
    """ListImages."""

    images: tuple[WireImage, ...]
    total_count: Count


class ListImageLabelsReply(Wire):
    """ListImageLabels, which has no pages."""

    labels: tuple[WireLabel, ...]
    total_count: Count


class MountOptions(Wire):
    """`Options` of a dataset: JSON in a string, of which only the default mount path is read."""

    mount_path: Annotated[str | None, Field(alias="mountPath")] = None


class WireDataset(Wire):
    """`Datasets[]`, and the body of GetDataset."""

    dataset_id: str
    name: str
    workspace_id: str | None = None
    data_source_type: str | None = None
    data_type: str | None = None
    property: str | None = None
    uri: str | None = None
    mount_access: str | None = None
    accessibility: str | None = None
    description: str | None = None
    gmt_create_time: str | None = None
    options: str | None = None

    def value(self) -> Dataset:
        """As the model has it."""
        return Dataset(
            dataset_id=self.dataset_id,
            name=self.name,
            workspace_id=self.workspace_id,
            data_source_type=self.data_source_type,
            data_type=self.data_type,
            property=self.property,
            uri=self.uri,
            mount_access=_MOUNT_ACCESSES.get(self.mount_access),
            accessibility=self.accessibility,
            description=self.description or None,
            created_at=self.gmt_create_time,
            default_mount_path=_mount_path(self.options),
        )


def _mount_path(options: str | None) -> str | None:
    """The options are written by whoever made the dataset; what is not understood is left out."""
    if not options:
        return None
    try:
        return MountOptions.model_validate_json(options).mount_path
    except ValidationError:
        return None


class ListDatasetsReply(Wire):
    """ListDatasets."""

    datasets: tuple[WireDataset, ...]
    total_count: Count
