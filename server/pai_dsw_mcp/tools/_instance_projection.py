"""What may be shown of an instance: never a password, token, credential, command or the value of a variable."""

from typing import Final

from pai_dsw_mcp.model.instance import AcceleratorType, DatasetMount, Instance
from pai_dsw_mcp.model.plain import plain
from pai_dsw_mcp.tools._arguments import Detail
from pai_dsw_mcp.tools._masking import mask, mask_label
from pai_dsw_mcp.tools._projection import Listed, Projection, Shown, storage_address, without

_MILLISECONDS_PER_HOUR: Final = 3_600_000


class Reason(Projection):
    """Why the service says an instance is as it is: its words, not ours."""

    code: Shown | None = None
    message: Shown | None = None


class MountRow(Projection):
    """A dataset, or a storage directory, inside an instance."""

    dataset_id: Shown | None = None
    uri: Shown | None = None
    mount_path: Shown | None = None
    mount_access: Shown | None = None


class InstanceRow(Projection):
    """An instance in a list; what `_ROW_REST` names is shown in full detail only."""

    instance_id: Shown
    instance_name: Shown
    status: Shown
    workspace_id: Shown | None = None
    ecs_spec: Shown | None = None
    accelerator_type: AcceleratorType | None = None
    image_name: Shown | None = None
    created_at: Shown | None = None
    reason: Reason | None = None
    workspace_name: Shown | None = None
    accessibility: Shown | None = None
    payment_type: Shown | None = None
    resource_id: Shown | None = None
    owner: str | None = None
    modified_at: Shown | None = None
    labels: dict[str, str] | None = None


class InstanceList(Listed):
    """The answer of list_instances."""

    by_status: dict[str, int]
    instances: list[InstanceRow]


class InstanceDetail(InstanceRow):
    """The answer of get_instance. The address of a running instance shows in brief as well."""

    meaning: str
    instance_url: str | None = None
    running_hours: float | None = None
    idle_minutes: int | None = None
    auto_stop_due_at: Shown | None = None
    image_id: Shown | None = None
    image_url: Shown | None = None
    requested: dict[str, str] | None = None
    priority: int | None = None
    driver: Shown | None = None
    datasets: list[MountRow] | None = None
    vpc_id: Shown | None = None
    v_switch_id: Shown | None = None
    security_group_id: Shown | None = None
    environment_variable_names: list[Shown] | None = None
    jupyterlab_url: str | None = None
    web_ide_url: str | None = None
    terminal_url: str | None = None


_ROW_REST: Final = (
    "workspace_name",
    "accessibility",
    "payment_type",
    "resource_id",
    "owner",
    "modified_at",
    "labels",
)
_DETAIL_REST: Final = (
    "resource_id",
    "modified_at",
    "labels",
    "image_id",
    "image_url",
    "requested",
    "priority",
    "driver",
    "datasets",
    "vpc_id",
    "v_switch_id",
    "security_group_id",
    "environment_variable_names",
    "jupyterlab_url",
    "web_ide_url",
    "terminal_url",
)


def instance_row(instance: Instance, detail: Detail) -> InstanceRow:
    """An instance as a row."""
    row = InstanceRow(
        instance_id=instance.instance_id,
        instance_name=instance.instance_name,
        status=instance.status,
        workspace_id=instance.workspace_id,
        ecs_spec=instance.ecs_spec,
        accelerator_type=instance.accelerator_type,
        image_name=instance.image_name,
        created_at=instance.created_at,
        reason=reason_of(instance),
        workspace_name=instance.workspace_name,
        accessibility=instance.accessibility,
        payment_type=instance.payment_type,
        resource_id=instance.resource_id,
        owner=owner_of(instance),
        modified_at=instance.modified_at,
        labels={plain(label.key): mask_label(label.key, label.value) for label in instance.labels} or None,
    )
    return row if detail == "full" else without(row, *_ROW_REST)


def instance_detail(instance: Instance, meaning: str, detail: Detail) -> InstanceDetail:
    """An instance by itself."""
    running = instance.status == "Running"
    vpc = instance.user_vpc
    hours = instance.running_milliseconds
    shown = InstanceDetail(
        **instance_row(instance, "full").model_dump(),
        meaning=meaning,
        instance_url=instance.urls.instance_url if running else None,
        running_hours=None if hours is None else round(hours / _MILLISECONDS_PER_HOUR, 1),
        idle_minutes=instance.idle_minutes,
        auto_stop_due_at=instance.auto_stop_due_at,
        image_id=instance.image_id,
        image_url=instance.image_url,
        requested=_requested(instance),
        priority=instance.priority,
        driver=instance.driver,
        datasets=[_mount_row(mount) for mount in instance.datasets] or None,
        vpc_id=vpc.vpc_id if vpc else None,
        v_switch_id=vpc.v_switch_id if vpc else None,
        security_group_id=vpc.security_group_id if vpc else None,
        environment_variable_names=list(instance.environment_variable_names) or None,
        jupyterlab_url=instance.urls.jupyterlab_url if running else None,
        web_ide_url=instance.urls.web_ide_url if running else None,
        terminal_url=instance.urls.terminal_url if running else None,
    )
    return shown if detail == "full" else without(shown, *_DETAIL_REST)


def reason_of(instance: Instance) -> Reason | None:
    """The service's reason, if it gives one."""
    if not (instance.reason_code or instance.reason_message):
        return None
    return Reason(code=instance.reason_code or None, message=instance.reason_message or None)


def owner_of(instance: Instance) -> str | None:
    """Whose it is, masked."""
    owner = instance.user_name or instance.user_id
    return mask(owner) if owner else None


def _mount_row(mount: DatasetMount) -> MountRow:
    return MountRow(
        dataset_id=mount.dataset_id,
        uri=storage_address(mount.uri),
        mount_path=mount.mount_path,
        mount_access=mount.mount_access,
    )


def _requested(instance: Instance) -> dict[str, str] | None:
    """What a subscription instance asked of its resource group; empty for pay-as-you-go."""
    asked = {
        "cpu": instance.requested_cpu,
        "memory": instance.requested_memory,
        "gpu": instance.requested_gpu,
        "gpu_type": instance.requested_gpu_type,
    }
    return {name: plain(value) for name, value in asked.items() if value} or None
