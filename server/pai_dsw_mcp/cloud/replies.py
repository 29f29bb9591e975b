"""The replies of both products. A wire class lists only fields that the wire names or encodes differently."""

from typing import Annotated, TypeAlias, cast, get_args

from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
)
from pydantic.dataclasses import dataclass as pydantic_dataclass

from pai_dsw_mcp.cloud.wire import (
    WIRE,
    Count,
    CreatedAt,
    DswReply,
    ModifiedAt,
    NullMeans,
    ReadAs,
    Success,
    Texts,
    Whole,
    Wire,
    known,
    names_alone,
    safe_url,
)
from pai_dsw_mcp.model.catalogue import Dataset, EcsSpec, Image
from pai_dsw_mcp.model.identity import CallerIdentity
from pai_dsw_mcp.model.instance import (
    AcceleratorType,
    Accessibility,
    DatasetMount,
    Instance,
    Label,
    MountAccess,
    UserVpc,
)
from pai_dsw_mcp.model.status import ALL_STATUSES, InstanceStatus
from pai_dsw_mcp.model.value import Text
from pai_dsw_mcp.model.workspace import Product, Workspace

KnownMountAccess: TypeAlias = Annotated[MountAccess | None, known(get_args(MountAccess))]
Url: TypeAlias = Annotated[str | None, AfterValidator(safe_url)]


class WireLabel(Label, Wire):
    """A key and a value."""

    value: Annotated[str, NullMeans("")] = ""


Labels: TypeAlias = Annotated[tuple[Annotated[Label, ReadAs(WireLabel, shared=True)], ...], NullMeans(())]


class WireTag(Label, Wire):
    """A tag, whose key and value have names of their own."""

    key: Annotated[str, Field(validation_alias="TagKey")]
    value: Annotated[str, Field(validation_alias="TagValue"), NullMeans("")] = ""


class WireEcsSpec(EcsSpec, Wire):
    """`EcsSpecs[]`. Zero GPU memory means that there is none."""

    cpu: Annotated[int, Field(validation_alias="CPU")]
    gpu: Annotated[int, Field(validation_alias="GPU"), NullMeans(0)] = 0
    gpu_type: Annotated[Text, Field(validation_alias="GPUType")] = None
    gpu_memory: Annotated[
        float | None, Field(validation_alias="GPUMemorySize"), AfterValidator(lambda size: size or None)
    ] = None
    labels: Labels = ()


def _system_disk(disks: object) -> object:
    """The capacity of the disk that the system is on; what is no list is made one, which is no text and is refused."""
    if not isinstance(disks, list):
        return [disks] if disks else None
    rows = [cast("dict[str, object]", each) for each in cast("list[object]", disks) if isinstance(each, dict)]
    return next((each.get("Capacity") for each in rows if each.get("SubType") == "rootfs"), None)


def _unless_by_id(uri: str | None, info: ValidationInfo) -> str | None:
    """A reply may name the URI of a dataset too; the id is what identifies it."""
    return None if info.data.get("dataset_id") else uri


class WireDatasetMount(DatasetMount, Wire):
    """`Datasets[]` of an instance."""

    uri: Annotated[Text, AfterValidator(_unless_by_id)] = None
    mount_access: KnownMountAccess = None


class WireUserVpc(UserVpc, Wire):
    """`UserVpc`. An instance outside any VPC has it empty."""

    vpc_id: Annotated[str, NullMeans("")] = ""
    extended_cidrs: Annotated[Texts, Field(validation_alias="ExtendedCIDRs")] = ()


def none_without_id(vpc: UserVpc | None) -> UserVpc | None:
    """The network, unless its id is empty: then there is none."""
    return vpc if vpc and vpc.vpc_id else None


@pydantic_dataclass(frozen=True, slots=True, kw_only=True, config=WIRE)
class WireInstance(Instance):
    """`Instances[]`: of environment variables only the names; addresses are not read, because no list shows them."""

    # The reply does not contain it; the caller passes it in the context.
    region_id: Annotated[str, BeforeValidator(lambda _, info: info.context["region_id"])] = Field(
        default="", validate_default=True
    )
    status: Annotated[InstanceStatus, known(ALL_STATUSES, otherwise="Unknown")]
    accelerator_type: Annotated[AcceleratorType | None, known(get_args(AcceleratorType))] = None
    accessibility: Annotated[Accessibility | None, known(get_args(Accessibility))] = None
    requested_cpu: Annotated[Text, Field(validation_alias=AliasPath("RequestedResource", "CPU"))] = None
    requested_memory: Annotated[Text, Field(validation_alias=AliasPath("RequestedResource", "Memory"))] = None
    requested_gpu: Annotated[Text, Field(validation_alias=AliasPath("RequestedResource", "GPU"))] = None
    requested_gpu_type: Annotated[Text, Field(validation_alias=AliasPath("RequestedResource", "GPUType"))] = None
    requested_shared_memory: Annotated[Text, Field(validation_alias=AliasPath("RequestedResource", "SharedMemory"))] = (
        None
    )
    labels: Labels = ()
    datasets: Annotated[tuple[Annotated[DatasetMount, ReadAs(WireDatasetMount, shared=True)], ...], NullMeans(())] = ()
    user_vpc: Annotated[
        Annotated[UserVpc, ReadAs(WireUserVpc, shared=True)] | None, AfterValidator(none_without_id)
    ] = None
    system_disk: Annotated[Text, Field(validation_alias="CloudDisks"), BeforeValidator(_system_disk)] = None
    tags: Annotated[tuple[Annotated[Label, ReadAs(WireTag, shared=True)], ...], NullMeans(())] = ()
    created_at: CreatedAt = None
    modified_at: ModifiedAt = None
    running_milliseconds: Annotated[int | None, Field(validation_alias="AccumulatedRunningTimeInMs")] = None
    idle_minutes: Annotated[
        int | None, Field(validation_alias=AliasPath("IdleInstanceCuller", "IdleTimeInMinutes"))
    ] = None
    max_idle_minutes: Annotated[
        int | None, Field(validation_alias=AliasPath("IdleInstanceCuller", "MaxIdleTimeInMinutes"))
    ] = None
    idle_cpu_percent: Annotated[
        int | None, Field(validation_alias=AliasPath("IdleInstanceCuller", "CpuPercentThreshold"))
    ] = None
    idle_gpu_percent: Annotated[
        int | None, Field(validation_alias=AliasPath("IdleInstanceCuller", "GpuPercentThreshold"))
    ] = None
    auto_stop_due_at: Annotated[Text, Field(validation_alias=AliasPath("InstanceShutdownTimer", "DueTime"))] = None
    auto_stop_in_milliseconds: Annotated[
        int | None, Field(validation_alias=AliasPath("InstanceShutdownTimer", "RemainingTimeInMs"))
    ] = None
    environment_variable_names: Annotated[
        tuple[str, ...], Field(validation_alias="EnvironmentVariables"), BeforeValidator(names_alone)
    ] = ()
    instance_url: Text = Field(default=None, init=False)
    jupyterlab_url: Text = Field(default=None, init=False)
    web_ide_url: Text = Field(default=None, init=False)
    terminal_url: Text = Field(default=None, init=False)


@pydantic_dataclass(frozen=True, slots=True, kw_only=True, config=WIRE)
class WireGetInstance(WireInstance):
    """GetInstance, whose envelope is the instance itself; of addresses only the safe ones are read."""

    success: Success
    instance_url: Url = None
    jupyterlab_url: Url = None
    web_ide_url: Annotated[Url, Field(validation_alias="WebIDEUrl")] = None
    terminal_url: Url = None


class WireWorkspace(Workspace, Wire):
    """`Workspaces[]`, and the body of GetWorkspace, which writes `ResourceGroupId` where the list has it small."""

    env_types: Texts = ()
    resource_group_id: Annotated[Text, Field(validation_alias=AliasChoices("ResourceGroupId", "resourceGroupId"))] = (
        None
    )
    owner_name: Annotated[Text, Field(validation_alias=AliasPath("Owner", "UserName"))] = None
    admin_names: Texts = ()
    created_at: CreatedAt = None
    modified_at: ModifiedAt = None


class WireProduct(Product, Wire):
    """`Products[]`."""

    purchase_url: Url = None


class WireImage(Image, Wire):
    """`Images[]`."""

    created_at: CreatedAt = None
    labels: Labels = ()


class WireGetImage(WireImage):
    """GetImage, whose body does not repeat the id."""

    image_id: str = ""


class MountOptions(BaseModel):
    """`Options` of a dataset: JSON in a string, of which only the default mount path is read."""

    mount_path: Annotated[str | None, Field(strict=True, validation_alias="mountPath")] = None


def _mount_path(options: str | None) -> str | None:
    """The options are written by whoever made the dataset; what is not understood is left out."""
    try:
        return MountOptions.model_validate_json(options or "{}").mount_path
    except ValidationError:
        return None


class WireDataset(Dataset, Wire):
    """`Datasets[]`, and the body of GetDataset."""

    mount_access: KnownMountAccess = None
    created_at: CreatedAt = None
    default_mount_path: Annotated[Text, Field(validation_alias="Options"), AfterValidator(_mount_path)] = None


class WireCallerIdentity(CallerIdentity, Wire):
    """GetCallerIdentity."""


GetInstanceReply: TypeAlias = Whole[Annotated[Instance, ReadAs(WireGetInstance)]]
GetWorkspaceReply: TypeAlias = Whole[Annotated[Workspace, ReadAs(WireWorkspace)]]
GetImageReply: TypeAlias = Whole[Annotated[Image, ReadAs(WireGetImage)]]
GetDatasetReply: TypeAlias = Whole[Annotated[Dataset, ReadAs(WireDataset)]]
GetCallerIdentityReply: TypeAlias = Whole[Annotated[CallerIdentity, ReadAs(WireCallerIdentity)]]


class ListEcsSpecsReply(DswReply):
    """ListEcsSpecs."""

    ecs_specs: tuple[Annotated[EcsSpec, ReadAs(WireEcsSpec)], ...]
    total_count: Count


class ListInstancesReply(DswReply):
    """ListInstances."""

    instances: tuple[Annotated[Instance, ReadAs(WireInstance)], ...]
    total_count: Count


class ListWorkspacesReply(Wire):
    """ListWorkspaces."""

    workspaces: tuple[Annotated[Workspace, ReadAs(WireWorkspace)], ...]
    total_count: Count


class WirePermission(Wire):
    """`Permissions[]`, without the rules, which say whose objects it is for."""

    permission_code: str


class ListPermissionsReply(Wire):
    """ListPermissions, which has a count and no pages."""

    permissions: tuple[WirePermission, ...]
    total_count: Count


class ListProductsReply(Wire):
    """ListProducts, the one list without a count."""

    products: tuple[Annotated[Product, ReadAs(WireProduct)], ...]


class ListImagesReply(Wire):
    """ListImages."""

    images: tuple[Annotated[Image, ReadAs(WireImage)], ...]
    total_count: Count


class ListDatasetsReply(Wire):
    """ListDatasets."""

    datasets: tuple[Annotated[Dataset, ReadAs(WireDataset)], ...]
    total_count: Count
