"""A DSW instance and what may be asked of it."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pai_dsw_mcp.model.status import InstanceStatus
from pai_dsw_mcp.model.value import Value

Accessibility: TypeAlias = Literal["PRIVATE", "PUBLIC"]
AcceleratorType: TypeAlias = Literal["CPU", "GPU"]
PaymentType: TypeAlias = Literal["PayAsYouGo", "Subscription"]
MountAccess: TypeAlias = Literal["RO", "RW"]


class Label(Value):
    """A custom label of an instance."""

    key: str
    value: str = ""


class DatasetMount(Value):
    """A dataset (or the URI of a storage directory) mounted into an instance. Exactly one of the two is set."""

    dataset_id: str | None = None
    uri: str | None = None
    mount_path: str | None = None
    mount_access: MountAccess | None = None
    dataset_version: str | None = None


class UserVpc(Value):
    """The private network an instance joins."""

    vpc_id: str
    v_switch_id: str | None = None
    security_group_id: str | None = None
    extended_cidrs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessUrls:
    """Addresses that open the instance. They are shown only after a check of host and query (see `cloud`)."""

    instance_url: str | None = None
    jupyterlab_url: str | None = None
    web_ide_url: str | None = None
    terminal_url: str | None = None


NO_URLS: Final = AccessUrls()
"""Of every instance that has no address to show; shared, because a list holds thousands of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What GetInstance and ListInstances say of an instance, without its secrets.

    A slotted dataclass, because ten thousand of them are held at once: a model takes four times the memory.
    Passwords, tokens, image credentials, environment values and user commands are not read at all.
    Times are ISO 8601 in UTC as the service writes them; the running time is in milliseconds.
    """

    region_id: str
    instance_id: str
    instance_name: str
    status: InstanceStatus
    workspace_id: str | None = None
    workspace_name: str | None = None
    ecs_spec: str | None = None
    accelerator_type: AcceleratorType | None = None
    image_id: str | None = None
    image_name: str | None = None
    image_url: str | None = None
    accessibility: Accessibility | None = None
    payment_type: str | None = None
    resource_id: str | None = None
    requested_cpu: str | None = None
    requested_memory: str | None = None
    requested_gpu: str | None = None
    requested_gpu_type: str | None = None
    user_id: str | None = None
    user_name: str | None = None
    priority: int | None = None
    driver: str | None = None
    labels: tuple[Label, ...] = ()
    datasets: tuple[DatasetMount, ...] = ()
    user_vpc: UserVpc | None = None
    reason_code: str | None = None
    reason_message: str | None = None
    created_at: str | None = None
    modified_at: str | None = None
    running_milliseconds: int | None = None
    idle_minutes: int | None = None
    auto_stop_due_at: str | None = None
    environment_variable_names: tuple[str, ...] = ()
    urls: AccessUrls = NO_URLS


class NewInstance(Value):
    """Every parameter that CreateInstance is sent. What is None is not sent."""

    workspace_id: str
    instance_name: str
    ecs_spec: str
    image_id: str | None = None
    image_url: str | None = None
    accessibility: Accessibility = "PRIVATE"
    datasets: tuple[DatasetMount, ...] = ()
    labels: tuple[Label, ...] = ()
    user_vpc: UserVpc | None = None


class InstanceChanges(Value):
    """What UpdateInstance is sent: only what differs. What is None stays as it is."""

    instance_name: str | None = None
    ecs_spec: str | None = None
    image_id: str | None = None
    image_url: str | None = None
    accessibility: Accessibility | None = None
    datasets: tuple[DatasetMount, ...] | None = None
    disassociate_datasets: bool | None = None
    user_vpc: UserVpc | None = None
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
