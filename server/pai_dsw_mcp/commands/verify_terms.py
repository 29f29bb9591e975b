"""What `verify-cloud --with-writes` would make, where, and at which price: read before a person is asked."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from math import ceil, inf
from typing import Final

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.commands.probes import READS, Reader
from pai_dsw_mcp.errors import CloudError, RefusedError
from pai_dsw_mcp.gate.named import NEWEST, instances_named
from pai_dsw_mcp.gate.reconcile import reconcile
from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.model.catalogue import Dataset, DatasetFilter, EcsSpec, Image, ImageFilter
from pai_dsw_mcp.model.change import Change, Price
from pai_dsw_mcp.model.instance import Instance, Label
from pai_dsw_mcp.model.status import STOPPED
from pai_dsw_mcp.model.workspace import Workspace
from pai_dsw_mcp.tools._rows import is_usable

MARK: Final = "verify_"
"""How the name of every instance begins that is made here."""
LONGEST: Final = 1800.0
"""Seconds of a whole pass, at most."""
WORK: Final = 0.6 * LONGEST
"""Seconds after which nothing new is begun."""
STOP: Final = 0.9 * LONGEST
"""Seconds after which it is no longer tried to stop what is left; the reads that follow take the rest."""
AT_REST: Final = STOPPED | {"Failed", "Deleting"}
_DAY: Final = 86_400.0
"""Seconds after which what was made has long been stopped by its timer."""
_READ: Final = 0.5
"""Seconds that a read takes, at most, where it is answered at once."""
_IMAGES: Final = (
    Label(key="system.supported.dsw", value="true"),
    Label(key="system.official", value="true"),
    Label(key="system.chipType", value="CPU"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a person agrees to.

    `other_spec` is tried in an update; `image_url` is where to save the environment; `reading` is how many seconds the
    reads at the end take. With `stops_alone`, what is left over is stopped and nothing else is done; `earlier` is at
    rest.
    """

    region_id: str
    workspace: Workspace
    instance_name: str
    spec: EcsSpec
    other_spec: EcsSpec | None
    image: Image
    dataset: Dataset | None
    reading: float
    left_over: Instance | None = None
    earlier: tuple[Instance, ...] = ()
    image_url: str | None = None
    stops_alone: bool = False
    is_emulated: bool = False

    @property
    def price(self) -> Price:
        """Of the dearer spec."""
        dearer = self.other_spec or self.spec
        return Price(hourly=_hourly(dearer), currency=dearer.currency or "")

    def costs(self, seconds: float) -> str:
        """What so much time costs at most: the next whole hundredth."""
        # Without the rounding, 0.25 might be a little more than that, and shown as 0.26.
        hundredths = ceil(round(self.price.hourly * seconds / 36, 6))
        return f"{hundredths / 100:.2f} {self.price.currency}"

    def covers(self, change: Change) -> bool:
        """Whether this is a change of a marked instance in this region that costs no more than was shown."""
        hourly = change.price.hourly if change.price else inf if change.load else 0.0
        is_ours = change.region_id == self.region_id and change.target_name.startswith(MARK)
        return is_ours and hourly <= self.price.hourly


async def terms_for(services: Services, reader: Reader) -> Terms:
    """The cheapest that can be had.

    Raises:
        RefusedError: There is no workspace, no spec with a price, or no image.
        CloudError: Something could not be read.
    """
    cloud, region_id = services.cloud, reader.region_id
    workspace = await _workspace(cloud, region_id)
    specs = [each for each in await cloud.list_ecs_specs(region_id, "CPU") if each.is_available and _hourly(each) < inf]
    images = await cloud.list_images(region_id, ImageFilter(labels=_IMAGES))
    if not specs or not images:
        raise RefusedError("verify_nothing_to_run", region_id=region_id)
    cheapest, *others = sorted(specs, key=_hourly)
    made, _ = await marked(services, region_id)
    left_over = next((each for each in made if each.status not in AT_REST), None)
    return Terms(
        region_id=region_id,
        workspace=workspace,
        instance_name=left_over.instance_name if left_over else f"{MARK}{secrets.token_hex(4)}",
        spec=cheapest,
        other_spec=others[0] if others else None,
        image=max(images, key=lambda image: image.created_at or ""),
        dataset=await _dataset(cloud, region_id, workspace.workspace_id),
        reading=READS * max(reader.gap, _READ),
        left_over=left_over,
        is_emulated=cloud.options.uses_emulator,
        earlier=tuple(each for each in made if each.status in AT_REST),
    )


async def marked(services: Services, region_id: str) -> tuple[list[Instance], list[str]]:
    """The instances that these credentials made with the mark, and the names of those that may appear yet.

    Raises:
        CloudError: The cloud could not be read.
    """
    principal = (await services.cloud.identity()).principal
    since = await services.journal.time() - _DAY
    creates = [
        each
        for each in await services.journal.operations(limit=NEWEST)
        if each.spec.creates
        and (each.principal, each.region_id) == (principal, region_id)
        and each.target_name.startswith(MARK)
        and each.state not in {"rejected", "not_sent"}
        and each.sent_at > since
    ]
    unknown = [
        each.target_name
        for each in creates
        if each.state in {"sent", "unknown"} and await reconcile(services, each) is None
    ]
    names = dict.fromkeys(each.target_name for each in creates)
    found = [each for name in names for each in await instances_named(services, region_id, name)]
    return found, unknown


async def _workspace(cloud: Cloud, region_id: str) -> Workspace:
    """The default one, where it may be used."""
    listed = await cloud.list_workspaces(region_id)
    usable = [each for each in listed if is_usable(each) and cloud.options.allows(each.workspace_id)]
    if not usable:
        raise RefusedError("verify_no_workspace", region_id=region_id)
    return next((each for each in usable if each.is_default), usable[0])


async def _dataset(cloud: Cloud, region_id: str, workspace_id: str) -> Dataset | None:
    """A folder that can be mounted to read."""
    found: tuple[Dataset, ...] = ()
    with suppress(CloudError):
        found = await cloud.list_datasets(
            region_id, DatasetFilter(workspace_id=workspace_id, data_source_types=("OSS",))
        )
    return next((each for each in found if each.property == "DIRECTORY"), None)


def _hourly(spec: EcsSpec) -> float:
    return spec.hourly_price.hourly if spec.hourly_price else inf
