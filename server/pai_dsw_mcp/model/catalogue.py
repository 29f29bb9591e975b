"""What can be chosen from: specs, images, datasets."""

from functools import cached_property

from pai_dsw_mcp.model.change import Load, Price
from pai_dsw_mcp.model.instance import AcceleratorType, Instance, Label, MountAccess
from pai_dsw_mcp.model.quota import requested_by
from pai_dsw_mcp.model.value import Text, Value


class EcsSpec(Value):
    """One row of ListEcsSpecs. `price` is per hour in `currency`; memory is in GiB.

    `gpu_memory` is that of all GPUs together. `is_available` speaks for pay-as-you-go; a spot instance needs
    `spot_stock_status` WithStock as well.
    """

    instance_type: str
    accelerator_type: AcceleratorType
    cpu: int
    memory: float
    gpu: int = 0
    gpu_type: Text = None
    gpu_memory: float | None = None
    price: float | None = None
    currency: Text = None
    is_available: bool
    spot_stock_status: Text = None
    system_disk_capacity: int | None = None
    labels: tuple[Label, ...] = ()

    @property
    def gpu_memory_each(self) -> float | None:
        """GiB of one GPU; of a part of a GPU, which counts as none, nobody can tell."""
        return self.gpu_memory / self.gpu if self.gpu_memory and self.gpu else None

    @cached_property
    def hourly_price(self) -> Price | None:
        """The price, where the service gave one with its currency; thousands of instances share it."""
        if self.price is None or self.currency is None:
            return None
        return Price(hourly=round(self.price, 4), currency=self.currency)

    @property
    def load(self) -> Load:
        """What a pay-as-you-go instance of this spec takes up."""
        return Load(gpus=self.gpu, price=self.hourly_price)

    @property
    def available_as_spot(self) -> bool:
        """Both conditions of the vendor's rule; the stock status alone never decides."""
        return self.is_available and self.spot_stock_status == "WithStock"


def load_of(instance: Instance, spec: EcsSpec | None) -> Load:
    """What an instance takes up while it runs; `spec` is its spec, if that was found."""
    gpus = float(spec.gpu) if spec else None
    if instance.ecs_spec is None:
        gpus = _number(instance.requested_gpu)
    elif gpus is None and instance.accelerator_type == "CPU":
        gpus = 0.0
    is_metered = instance.ecs_spec is not None and instance.payment_type != "Subscription"
    return Load(
        gpus=gpus,
        price=spec.hourly_price if spec and is_metered else None,
        is_metered=is_metered,
        quota_id=instance.resource_id if instance.ecs_spec is None else None,
        share=requested_by(instance),
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text or 0)
    except ValueError:
        return None


class Image(Value):
    """One row of ListImages or the reply of GetImage."""

    image_id: str
    name: str
    image_uri: str
    description: Text = None
    accessibility: Text = None
    workspace_id: Text = None
    size: int | None = None
    created_at: Text = None
    labels: tuple[Label, ...] = ()

    def label(self, key: str) -> str | None:
        """The value of a label such as `system.chipType`, or None."""
        return next((label.value for label in self.labels if label.key == key), None)


class ImageFilter(Value):
    """The filters of ListImages; `labels` are combined with AND."""

    workspace_id: str | None = None
    name: str | None = None
    query: str | None = None
    image_uri: str | None = None
    accessibility: str | None = None
    labels: tuple[Label, ...] = ()


class Dataset(Value):
    """One row of ListDatasets or the reply of GetDataset."""

    dataset_id: str
    name: str
    workspace_id: Text = None
    data_source_type: Text = None
    data_type: Text = None
    property: Text = None
    uri: Text = None
    mount_access: MountAccess | None = None
    accessibility: Text = None
    description: Text = None
    created_at: Text = None
    default_mount_path: Text = None


class DatasetFilter(Value):
    """The filters of ListDatasets."""

    workspace_id: str
    name: str | None = None
    dataset_ids: tuple[str, ...] = ()
    data_source_types: tuple[str, ...] = ()
    data_types: tuple[str, ...] = ()
    label: str | None = None
