"""A DSW instance and what may be asked of it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pai_dsw_mcp.model.status import InstanceStatus
from pai_dsw_mcp.model.value import Text, Value

Accessibility: TypeAlias = Literal["PRIVATE", "PUBLIC"]
AcceleratorType: TypeAlias = Literal["CPU", "GPU"]
PaymentType: TypeAlias = Literal["PayAsYouGo", "Subscription"]
MountAccess: TypeAlias = Literal["RO", "RW"]
SpotStrategy: TypeAlias = Literal["SpotAsPriceGo", "SpotWithPriceLimit"]


class Label(Value):
    """A custom label of an instance."""

    key: str
    value: str = ""


class DatasetMount(Value):
    """A dataset (or the URI of a storage directory) mounted into an instance. Exactly one of the two is set."""

    dataset_id: Text = None
    uri: Text = None
    mount_path: Text = None
    mount_access: MountAccess | None = None
    dataset_version: Text = None


class UserVpc(Value):
    """The private network an instance joins."""

    vpc_id: str
    v_switch_id: Text = None
    security_group_id: Text = None
    extended_cidrs: tuple[str, ...] = ()
    default_route: Text = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What GetInstance and ListInstances say of an instance, without its secrets.

    A slotted dataclass, because ten thousand of them are held at once: a model takes four times the memory.
    Passwords, tokens, image credentials, environment values and user commands are not read at all; addresses that
    open the instance only if they carry no token.
    Times are ISO 8601 in UTC as the service writes them; the running time is in milliseconds.
    """

    region_id: str
    instance_id: str
    instance_name: str
    status: InstanceStatus
    workspace_id: Text = None
    workspace_name: Text = None
    ecs_spec: Text = None
    accelerator_type: AcceleratorType | None = None
    image_id: Text = None
    image_name: Text = None
    image_url: Text = None
    accessibility: Accessibility | None = None
    payment_type: Text = None
    resource_id: Text = None
    requested_cpu: Text = None
    requested_memory: Text = None
    requested_gpu: Text = None
    requested_gpu_type: Text = None
    requested_shared_memory: Text = None
    user_id: Text = None
    user_name: Text = None
    priority: int | None = None
    driver: Text = None
    labels: tuple[Label, ...] = ()
    datasets: tuple[DatasetMount, ...] = ()
    user_vpc: UserVpc | None = None
    system_disk: Text = None
    tags: tuple[Label, ...] = ()
    reason_code: Text = None
    reason_message: Text = None
    created_at: Text = None
    modified_at: Text = None
    running_milliseconds: int | None = None
    idle_minutes: int | None = None
    max_idle_minutes: int | None = None
    idle_cpu_percent: int | None = None
    idle_gpu_percent: int | None = None
    auto_stop_due_at: Text = None
    auto_stop_in_milliseconds: int | None = None
    environment_variable_names: tuple[str, ...] = ()
    instance_url: Text = None
    jupyterlab_url: Text = None
    web_ide_url: Text = None
    terminal_url: Text = None


class Share(Value):
    """What an instance takes from a resource quota; memory has its unit, such as `16GB`."""

    cpu: str
    gpu: str
    memory: str
    shared_memory: str | None = None


class CloudDisk(Value):
    """The system disk; its capacity has its unit, such as `200Gi`."""

    capacity: str
    sub_type: Literal["rootfs"] = "rootfs"


class SpotSpec(Value):
    """How a spot instance is bought; the limit is per hour."""

    spot_strategy: SpotStrategy
    spot_price_limit: str | None = None


class Command(Value):
    """Lines of a shell."""

    content: str


class UserCommand(Value):
    """What runs at each start."""

    on_start: Command


class NewInstance(Value):
    """Every parameter that CreateInstance is sent. What is None is not sent."""

    workspace_id: str
    instance_name: str
    ecs_spec: str | None = None
    resource_id: str | None = None
    requested_resource: Share | None = None
    priority: int | None = None
    image_id: str | None = None
    image_url: str | None = None
    accessibility: Accessibility = "PRIVATE"
    datasets: tuple[DatasetMount, ...] = ()
    labels: tuple[Label, ...] = ()
    user_vpc: UserVpc | None = None
    cloud_disks: tuple[CloudDisk, ...] = ()
    spot_spec: SpotSpec | None = None
    driver: str | None = None
    tag: tuple[Label, ...] = ()
    user_id: str | None = None
    user_command: UserCommand | None = None


class InstanceChanges(Value):
    """What UpdateInstance is sent: only what differs. What is None stays as it is."""

    instance_name: str | None = None
    ecs_spec: str | None = None
    requested_resource: Share | None = None
    image_id: str | None = None
    image_url: str | None = None
    accessibility: Accessibility | None = None
    datasets: tuple[DatasetMount, ...] | None = None
    disassociate_datasets: bool | None = None
    user_vpc: UserVpc | None = None
    cloud_disks: tuple[CloudDisk, ...] | None = None
    spot_spec: SpotSpec | None = None
    driver: str | None = None
    user_id: str | None = None
    user_command: UserCommand | None = None
    disassociate_spot: bool | None = None
    disassociate_driver: bool | None = None
    disassociate_user_command: bool | None = None
    start_instance: bool | None = None


class InstanceFilter(Value):
    """The filters and sorting of ListInstances; CPU and GPU counts are whole units, memory is in GiB."""

    workspace_id: str = "ALL"
    resource_id: str = "ALL"
    instance_id: str | None = None
    instance_name: str | None = None
    status: InstanceStatus | None = None
    accelerator_type: AcceleratorType | None = None
    accessibility: Accessibility | None = None
    payment_type: PaymentType | None = None
    gpu_type: str | None = None
    image_name: str | None = None
    create_user_id: str | None = None
    created_after: str | None = None
    created_before: str | None = None
    min_cpu: float | None = None
    max_cpu: float | None = None
    min_gpu: float | None = None
    max_gpu: float | None = None
    min_memory: float | None = None
    max_memory: float | None = None
    min_gpu_memory: float | None = None
    max_gpu_memory: float | None = None
    labels: tuple[Label, ...] = ()
    sort_by: Literal["Priority", "GmtCreateTime", "GmtModifiedTime"] = "GmtModifiedTime"
    order: Literal["ASC", "DESC"] = "DESC"
