"""The replies of DSW: ListInstances, GetInstance, ListEcsSpecs and the four writes."""

from typing import Annotated, Final, Literal, cast, get_args

from pydantic import BeforeValidator, Field

from pai_dsw_mcp.cloud.access_urls import safe_url
from pai_dsw_mcp.cloud.wire import Count, DswReply, Wire, WireLabels, labels_of
from pai_dsw_mcp.model.catalogue import EcsSpec
from pai_dsw_mcp.model.instance import (
    NO_URLS,
    AcceleratorType,
    Accessibility,
    AccessUrls,
    DatasetMount,
    Instance,
    MountAccess,
    UserVpc,
)
from pai_dsw_mcp.model.status import InstanceStatus

_STATUSES: Final[dict[str, InstanceStatus]] = {status: status for status in get_args(InstanceStatus)}
_ACCELERATORS: Final[dict[str | None, AcceleratorType]] = {kind: kind for kind in get_args(AcceleratorType)}
_ACCESSIBILITIES: Final[dict[str | None, Accessibility]] = {kind: kind for kind in get_args(Accessibility)}
_MOUNT_ACCESSES: Final[dict[str | None, MountAccess]] = {kind: kind for kind in get_args(MountAccess)}


class WireEcsSpec(Wire):
    """`EcsSpecs[]`."""

    instance_type: str
    accelerator_type: Literal["CPU", "GPU"]
    cpu: Annotated[int, Field(alias="CPU")]
    memory: float
    gpu: Annotated[int | None, Field(alias="GPU")] = None
    gpu_type: Annotated[str | None, Field(alias="GPUType")] = None
    gpu_memory: Annotated[float | None, Field(alias="GPUMemorySize")] = None
    price: float | None = None
    currency: str | None = None
    is_available: bool
    spot_stock_status: str | None = None
    system_disk_capacity: int | None = None
    labels: WireLabels = None

    def value(self) -> EcsSpec:
        """As the model has it; zero GPU memory and an empty GPU type mean that there is none."""
        return EcsSpec(
            instance_type=self.instance_type,
            accelerator_type=self.accelerator_type,
            cpu=self.cpu,
            memory=self.memory,
            gpu=self.gpu or 0,
            gpu_type=self.gpu_type or None,
            gpu_memory=self.gpu_memory or None,
            price=self.price,
            currency=self.currency,
            is_available=self.is_available,
            spot_stock_status=self.spot_stock_status,
            system_disk_capacity=self.system_disk_capacity,
            labels=labels_of(self.labels),
        )


class ListEcsSpecsReply(DswReply):
    """ListEcsSpecs."""

    ecs_specs: tuple[WireEcsSpec, ...]
    total_count: Count


class WireDatasetMount(Wire):
    """`Datasets[]` of an instance. A reply may name the URI of a dataset too; the id is what identifies it."""

    dataset_id: str | None = None
    uri: str | None = None
    mount_path: str | None = None
    mount_access: str | None = None
    dataset_version: str | None = None

    def value(self) -> DatasetMount:
        """As the model has it."""
        return DatasetMount(
            dataset_id=self.dataset_id or None,
            uri=None if self.dataset_id else self.uri,
            mount_path=self.mount_path,
            mount_access=_MOUNT_ACCESSES.get(self.mount_access),
            dataset_version=self.dataset_version or None,
        )


class WireUserVpc(Wire):
    """`UserVpc`. An instance outside any VPC has it empty."""

    vpc_id: str | None = None
    v_switch_id: str | None = None
    security_group_id: str | None = None
    extended_cidrs: Annotated[tuple[str, ...] | None, Field(alias="ExtendedCIDRs")] = None

    def value(self) -> UserVpc | None:
        """As the model has it; None without a VPC id."""
        if not self.vpc_id:
            return None
        return UserVpc(
            vpc_id=self.vpc_id,
            v_switch_id=self.v_switch_id or None,
            security_group_id=self.security_group_id or None,
            extended_cidrs=self.extended_cidrs or (),
        )


class WireRequestedResource(Wire):
    """`RequestedResource`, counts and sizes as the service writes them."""

    cpu: Annotated[str | None, Field(alias="CPU")] = None
    memory: str | None = None
    gpu: Annotated[str | None, Field(alias="GPU")] = None
    gpu_type: Annotated[str | None, Field(alias="GPUType")] = None


class WireIdleCuller(Wire):
    """`IdleInstanceCuller`."""

    idle_time_in_minutes: int | None = None


class WireShutdownTimer(Wire):
    """`InstanceShutdownTimer`."""

    due_time: str | None = None


def _names_alone(variables: object) -> object:
    """The names of a JSON object's members; what is something else stays, for the check that follows to refuse."""
    if variables is None:
        return ()
    return tuple(sorted(cast("dict[str, object]", variables))) if isinstance(variables, dict) else variables


class WireInstance(Wire):
    """`Instances[]`, and the body of GetInstance."""

    instance_id: str
    instance_name: str
    status: str
    workspace_id: str | None = None
    workspace_name: str | None = None
    ecs_spec: str | None = None
    accelerator_type: str | None = None
    image_id: str | None = None
    image_name: str | None = None
    image_url: str | None = None
    accessibility: str | None = None
    payment_type: str | None = None
    resource_id: str | None = None
    requested_resource: WireRequestedResource | None = None
    user_id: str | None = None
    user_name: str | None = None
    priority: int | None = None
    driver: str | None = None
    labels: WireLabels = None
    datasets: tuple[WireDatasetMount, ...] | None = None
    user_vpc: WireUserVpc | None = None
    reason_code: str | None = None
    reason_message: str | None = None
    gmt_create_time: str | None = None
    gmt_modified_time: str | None = None
    accumulated_running_time_in_ms: int | None = None
    idle_instance_culler: WireIdleCuller | None = None
    instance_shutdown_timer: WireShutdownTimer | None = None
    environment_variables: Annotated[tuple[str, ...], BeforeValidator(_names_alone)] = ()
    instance_url: str | None = None
    jupyterlab_url: str | None = None
    web_ide_url: Annotated[str | None, Field(alias="WebIDEUrl")] = None
    terminal_url: str | None = None

    def value(self, region_id: str) -> Instance:
        """As the model has it: of environment variables only the names, of addresses only the safe ones."""
        requested = self.requested_resource or WireRequestedResource()
        return Instance(
            region_id=region_id,
            instance_id=self.instance_id,
            instance_name=self.instance_name,
            status=_STATUSES.get(self.status, "Unknown"),
            workspace_id=self.workspace_id,
            workspace_name=self.workspace_name,
            ecs_spec=self.ecs_spec or None,
            accelerator_type=_ACCELERATORS.get(self.accelerator_type),
            image_id=self.image_id or None,
            image_name=self.image_name or None,
            image_url=self.image_url or None,
            accessibility=_ACCESSIBILITIES.get(self.accessibility),
            payment_type=self.payment_type,
            resource_id=self.resource_id or None,
            requested_cpu=requested.cpu,
            requested_memory=requested.memory,
            requested_gpu=requested.gpu,
            requested_gpu_type=requested.gpu_type,
            user_id=self.user_id,
            user_name=self.user_name,
            priority=self.priority,
            driver=self.driver or None,
            labels=labels_of(self.labels),
            datasets=tuple(mount.value() for mount in self.datasets or ()),
            user_vpc=self.user_vpc.value() if self.user_vpc else None,
            reason_code=self.reason_code or None,
            reason_message=self.reason_message or None,
            created_at=self.gmt_create_time,
            modified_at=self.gmt_modified_time,
            running_milliseconds=self.accumulated_running_time_in_ms,
            idle_minutes=self.idle_instance_culler.idle_time_in_minutes if self.idle_instance_culler else None,
            auto_stop_due_at=self.instance_shutdown_timer.due_time if self.instance_shutdown_timer else None,
            environment_variable_names=self.environment_variables,
            urls=self._urls(),
        )

    def _urls(self) -> AccessUrls:
        """The addresses that may be shown; most instances of a long list have none."""
        urls = AccessUrls(
            instance_url=safe_url(self.instance_url),
            jupyterlab_url=safe_url(self.jupyterlab_url),
            web_ide_url=safe_url(self.web_ide_url),
            terminal_url=safe_url(self.terminal_url),
        )
        return NO_URLS if urls == NO_URLS else urls


class GetInstanceReply(DswReply, WireInstance):
    """GetInstance."""


class ListInstancesReply(DswReply):
    """ListInstances."""

    instances: tuple[WireInstance, ...]
    total_count: Count


class CreateInstanceReply(DswReply):
    """CreateInstance."""

    instance_id: str


class WriteReply(DswReply):
    """UpdateInstance, StartInstance and StopInstance."""

    instance_id: str | None = None
