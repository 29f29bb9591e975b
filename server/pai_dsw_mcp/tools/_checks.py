"""Lookups, checks and warnings that several writing tools share."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic_core import to_jsonable_python

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.errors import ErrorKind, RefusedError
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.catalogue import Dataset, EcsSpec, Image, ImageFilter
from pai_dsw_mcp.model.change import Change, Item, Load, Meaning, Parameter, Price, Sentence
from pai_dsw_mcp.model.digest import digest
from pai_dsw_mcp.model.instance import AcceleratorType, DatasetMount, Instance, Label, SpotSpec, UserVpc
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.model.value import Value
from pai_dsw_mcp.model.writes import Request, WriteSpec
from pai_dsw_mcp.texts.render import say

_COUNTERS: Final = frozenset({"running_milliseconds", "idle_minutes", "auto_stop_in_milliseconds"})
_ADDRESSES: Final = frozenset({"instance_url", "jupyterlab_url", "web_ide_url", "terminal_url"})
"""Addresses that come and go with the status."""
_CHIP_MARKS: Final = {"CPU": re.compile("-cpu-"), "GPU": re.compile(r"-gpu-|(?<![a-z])cu(?:da)?[0-9]+")}
"""How an address names its chip; `cu121` and `cuda12` are versions of CUDA."""
_PUBLIC_NAME: Final = re.compile(r"^dsw-registry\.")
_HOSTS_OF_THE_VENDOR: Final = ".aliyuncs.com"


def as_seen(instance: Instance) -> dict[str, Any]:
    """An instance for a fingerprint: everything but the fields that change by themselves."""
    seen: dict[str, Any] = to_jsonable_python(in_order(instance))
    return {name: value for name, value in seen.items() if name not in _COUNTERS | _ADDRESSES}


def in_order(instance: Instance) -> Instance:
    """The instance with every list sorted whose order the service may change."""
    vpc = instance.user_vpc
    return replace(
        instance,
        labels=labels_in_order(instance.labels),
        tags=labels_in_order(instance.tags),
        datasets=mounts_in_order(instance.datasets),
        user_vpc=vpc and vpc.model_copy(update={"extended_cidrs": tuple(sorted(vpc.extended_cidrs))}),
        environment_variable_names=tuple(sorted(instance.environment_variable_names)),
    )


def labels_in_order(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Each label once, sorted."""
    return tuple(sorted(set(labels), key=lambda label: (label.key, label.value)))


def mounts_in_order(datasets: Iterable[DatasetMount]) -> tuple[DatasetMount, ...]:
    """Each mount once, sorted."""
    return tuple(sorted(set(datasets), key=lambda mount: (mount.mount_path or "", mount.model_dump_json())))


def change_of(
    spec: WriteSpec,
    instance: Instance,
    *,
    seen: object,
    parameters: tuple[Parameter, ...] = (),
    kept: tuple[Parameter, ...] = (),
    meanings: Mapping[str, Meaning],
    price: Price | None = None,
    price_before: Price | None = None,
    load: Load | None = None,
    spot: SpotSpec | None = None,
    warnings: tuple[Sentence, ...] = (),
    is_costly: bool = False,
) -> Change:
    """A change of an existing instance. `seen` enters the fingerprint besides the instance and the price."""
    wants_name = spec.wants_name(is_running=instance.status == "Running", is_costly=is_costly)
    return Change(
        action=spec.action,
        region_id=instance.region_id,
        target_name=instance.instance_name,
        target_id=instance.instance_id,
        workspace_id=instance.workspace_id,
        workspace_name=instance.workspace_name,
        parameters=(
            Parameter(name="RegionId", value=instance.region_id),
            Parameter(name="InstanceId", value=instance.instance_id),
            *parameters,
        ),
        kept=kept,
        meanings=dict(meanings),
        price=price,
        price_before=price_before,
        load=load,
        spot=spot,
        warnings=warnings,
        typed_name=instance.instance_name if wants_name else None,
        fingerprint=digest([spec.action, as_seen(instance), price.model_dump() if price else None, seen]),
    )


def requests_for(spec: WriteSpec, instance: Instance, body: Value | None = None) -> tuple[Request, ...]:
    """The one request of a change of an existing instance."""
    return (Request(spec.requests[0], body, {"instance_id": instance.instance_id}),)


async def find_image(cloud: Cloud, region_id: str, image_id: str | None, image_url: str | None) -> Image | None:
    """The image by its id; by its address only if the catalogue knows it, else None.

    Raises:
        CloudError: The image does not exist, or could not be read.
    """
    if image_id is not None:
        return await cloud.get_image(region_id, image_id)
    # The vendor's registry has a public name; the catalogue has the one for inside the network.
    listed_as = _PUBLIC_NAME.sub("dsw-registry-vpc.", image_url or "")
    listed = await cloud.list_images(region_id, ImageFilter(image_uri=listed_as))
    return next((each for each in listed if each.image_uri == listed_as), None)


@dataclass(frozen=True, slots=True)
class Chip:
    """What an image is for. `mark` is what says so in its address, where no label of the catalogue does: a guess."""

    kind: str
    mark: str | None = None

    def is_not_for(self, kind: AcceleratorType | None) -> bool:
        """Whether an instance of this kind fails to start with it; never of a kind that is not known."""
        return kind is not None and self.kind != kind

    @property
    def told(self) -> str:
        """What follows the image in a sentence, for the model."""
        return say("chip_by_address" if self.mark else "chip_by_label", chip=self.kind, mark=self.mark)


def chip_told(image: Image | None, image_url: str | None) -> Chip | None:
    """CPU or GPU by the catalogue's label; by the address only where there is no label; None when nothing says so."""
    label = image.label("system.chipType") if image else None
    if label in ("CPU", "GPU"):
        return Chip(label)
    address = (image.image_uri if image else image_url or "").lower()
    found = {chip: mark for chip, form in _CHIP_MARKS.items() if (mark := form.search(address))}
    if len(found) != 1:
        return None
    ((kind, mark),) = found.items()
    return Chip(kind, mark[0].strip("-"))


def chip_of(image: Image | None, image_url: str | None) -> str | None:
    """CPU or GPU, however it is known; None when nothing says so."""
    chip = chip_told(image, image_url)
    return chip and chip.kind


def check_image(
    image: Image | None, image_url: str | None, kind: AcceleratorType | None, ecs_spec: str | None
) -> tuple[Sentence, ...]:
    """Warnings about an image on a spec, or on a share of a quota; `kind` is None where it is not known.

    Raises:
        RefusedError: The image is made for the other accelerator, or not for DSW.
    """
    shown = sanitize(image.name if image else image_url or "", 120)
    if image is not None and image.label("system.supported.dsw") == "false":
        raise RefusedError("image_not_usable", image=shown)
    chip = chip_told(image, image_url)
    warnings: list[Sentence] = []
    if chip is None:
        warnings.append(Sentence(key="warn_image_chip_unknown"))
    elif chip.is_not_for(kind):
        key = "chip_mismatch" if ecs_spec else "chip_mismatch_on_quota"
        raise RefusedError(key, image=shown, image_says=chip.told, ecs_spec=ecs_spec, spec_chip=kind)
    if image is None:
        host = (image_url or "").partition("/")[0]
        # Anybody may publish on a host of the vendor; only the catalogue says what an address holds.
        is_inside = host.endswith(_HOSTS_OF_THE_VENDOR)
        key, values = (
            ("warn_image_unlisted", {"image": shown}) if is_inside else ("warn_external_image", {"host": host})
        )
        warnings.append(Sentence(key=key, values=values))
    return tuple(warnings)


def chip_warnings(image: Image | None, instance: Instance) -> tuple[Sentence, ...]:
    """A warning about starting an instance whose image is for the other accelerator."""
    chip, kind = chip_told(image, instance.image_url), instance.accelerator_type
    if chip is None or not chip.is_not_for(kind):
        return ()
    key, how = ("warn_chip_by_address", {"mark": chip.mark}) if chip.mark else ("warn_chip_by_label", {})
    return (Sentence(key=key, values={"chip": chip.kind, "spec_chip": kind or "", **how}),)


async def datasets_of(cloud: Cloud, region_id: str, mounts: tuple[DatasetMount, ...]) -> dict[str, Dataset]:
    """The datasets that are mounted by id.

    Raises:
        CloudError: A dataset does not exist, or could not be read.
    """
    ids = {mount.dataset_id for mount in mounts if mount.dataset_id is not None}
    found = await gather(*(cloud.get_dataset(region_id, each) for each in sorted(ids)))
    return {each.dataset_id: each for each in found}


def check_datasets(
    datasets: Mapping[str, Dataset], workspace_id: str | None, mounts: tuple[DatasetMount, ...]
) -> tuple[Sentence, ...]:
    """Warnings about mounts that can change data, and about datasets that are not of this workspace.

    Raises:
        RefusedError: A read-only dataset is asked for read-write.
    """
    warnings: list[Sentence] = []
    for mount in mounts:
        shown = mount.uri or mount.dataset_id or ""
        if mount.dataset_id is not None:
            dataset = datasets[mount.dataset_id]
            if dataset.mount_access == "RO" and mount.mount_access == "RW":
                raise RefusedError("dataset_read_only", dataset_id=mount.dataset_id)
            shown = f"{sanitize(dataset.name, 60)} ({mount.dataset_id})"
            if None not in (dataset.workspace_id, workspace_id) and dataset.workspace_id != workspace_id:
                values = {"dataset": shown, "workspace_id": sanitize(dataset.workspace_id or "", 64)}
                warnings.append(Sentence(key="warn_dataset_of_other_workspace", values=values))
        if mount.mount_access == "RW":
            warnings.append(Sentence(key="warn_dataset_read_write", values={"dataset": shown}))
    return tuple(warnings)


def price_of(spec: EcsSpec | None, spot: SpotSpec | None) -> Price | None:
    """The price per hour that is told, where the service gave one with its currency.

    That of spot is the most that it costs: the limit, if that is below the price of pay-as-you-go.
    """
    price = spec.hourly_price if spec else None
    if price is None or spot is None:
        return price
    limit = float(spot.spot_price_limit or price.hourly)
    return Price(hourly=min(price.hourly, limit), currency=price.currency, is_most=True)


def price_warnings(price: Price | None, ecs_spec: str | None) -> tuple[Sentence, ...]:
    """A warning when the price is unknown."""
    return () if price else (Sentence(key="warn_price_unknown", values={"ecs_spec": ecs_spec or "-"}),)


def over_the_line(services: Services, spec: EcsSpec | None) -> bool:
    """Whether the price of pay-as-you-go requires the name to be typed back; an unknown price does."""
    # Not the limit of spot: it may have been changed where this server does not see it.
    price = price_of(spec, None)
    return price is None or price.hourly >= services.cost_line


def saving_warnings(instance: Instance) -> tuple[Sentence, ...]:
    """What an image of an environment holds and what it does not."""
    return (Sentence(key="warn_save_holds", values={"instance_name": instance.instance_name}),)


def show_mount(mount: DatasetMount) -> Item:
    """A mount in its parts."""
    return tuple(part or "-" for part in (mount.dataset_id or mount.uri, mount.mount_path, mount.mount_access))


def show_vpc(vpc: UserVpc | None) -> tuple[Item, ...]:
    """A network in its parts; nothing where there is none."""
    if vpc is None:
        return ()
    parts = (vpc.vpc_id, vpc.v_switch_id, vpc.security_group_id, *vpc.extended_cidrs, vpc.default_route)
    return (tuple(part for part in parts if part),)


def wrong_state(key: str, **values: object) -> RefusedError:
    """The state of the instance does not allow it."""
    return RefusedError(key, kind=ErrorKind.WRONG_STATE, **values)
