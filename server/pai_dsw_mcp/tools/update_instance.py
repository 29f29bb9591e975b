"""update_instance: compares first, sends only what differs, and never replaces an instance by another."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from pai_dsw_mcp.errors import ErrorKind, InputError, RefusedError
from pai_dsw_mcp.gate.named import instances_named
from pai_dsw_mcp.gate.outcome import WriteResult, nothing_to_do
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.catalogue import Dataset, Image, load_of
from pai_dsw_mcp.model.catalogue import EcsSpec as Spec
from pai_dsw_mcp.model.change import Parameter
from pai_dsw_mcp.model.instance import Accessibility, Instance, InstanceChanges, SpotSpec
from pai_dsw_mcp.model.status import STARTABLE
from pai_dsw_mcp.model.writes import UPDATE_INSTANCE
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._advanced import (
    DefaultRoute,
    Driver,
    ExtendedCidrs,
    OwnerId,
    Remove,
    Spot,
    SpotPriceLimit,
    StartCommand,
    command_of,
    meanings_of_owners,
    show_spot,
    spot_of,
)
from pai_dsw_mcp.tools._arguments import (
    Datasets,
    EcsSpec,
    ImageId,
    ImageUrl,
    InstanceId,
    InstanceName,
    RegionId,
    SecurityGroupId,
    VpcId,
    VSwitchId,
    mounts,
    vpc_of,
)
from pai_dsw_mcp.tools._checks import (
    change_of,
    datasets_of,
    find_image,
    over_the_line,
    price_of,
    requests_for,
    wrong_state,
)
from pai_dsw_mcp.tools._differences import (
    REMOVED,
    WIRE_NAMES,
    check_compute,
    differing,
    shown_changes,
    without_known_spot,
)
from pai_dsw_mcp.tools._disks import DiskGib, disks_of
from pai_dsw_mcp.tools._history import known_spots, spots_set_here
from pai_dsw_mcp.tools._meanings import meaning_of_dataset, meaning_of_image, meaning_of_spec
from pai_dsw_mcp.tools._quota_wish import (
    Terms,
    WantedShare,
    check_quota,
    share_wanted,
    terms_of,
    with_share,
)
from pai_dsw_mcp.tools._read_back import look_after
from pai_dsw_mcp.tools._specs import available_spec
from pai_dsw_mcp.tools._stop_rules import rules_of
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool
from pai_dsw_mcp.tools._update_warnings import changes_machine, image_of, kept_image_warnings, update_warnings
from pai_dsw_mcp.tools.auto_stop import with_auto_stop

_NEEDS_STOP = frozenset(
    {
        *("ecs_spec", "requested_resource", "image_id", "image_url", "user_vpc", "cloud_disks"),
        *("spot_spec", "driver", "user_command"),
        *REMOVED.values(),
    }
)
"""Assumed: the vendor says that some fields need a stopped instance, but not which."""
_TAKEN_AWAY = {field: setting for setting, field in REMOVED.items()}

RemoveAllDatasets = Annotated[bool, Field(description="Unmount all; an empty datasets list changes nothing.")]
StartAfter = Annotated[bool, Field(description="Start the stopped instance once it is updated; charges begin.")]


@dataclass(frozen=True, slots=True)
class Update:
    """One requested update, and how to read what it depends on."""

    services: Services
    region_id: str
    instance_id: str
    wanted: InstanceChanges
    start_after: bool

    async def look(self) -> Proposal | WriteResult:
        """Reads the instance and everything that the change depends on.

        Raises:
            RefusedError: It cannot work as it is asked for.
            CloudError: Something could not be read; then nothing is concluded.
        """
        instance = await self.services.cloud.get_instance(self.region_id, self.instance_id)
        differs = differing(instance, self.wanted)
        changes = without_known_spot(instance, differs, await spots_set_here(self.services.journal))
        fields = [name for name in InstanceChanges.model_fields if getattr(changes, name) is not None]
        if not fields:
            key = "update_equal_start" if self.start_after and instance.status in STARTABLE else "update_equal"
            return nothing_to_do(key, instance, after="" if changes == differs else f" {say('spot_known_from_here')}")
        self._check_state(instance, fields)
        check_compute(instance, changes)
        await self._check_name(changes.instance_name)
        starts = self.start_after and instance.status in STARTABLE
        return await self._propose(instance, changes.model_copy(update={"start_instance": True if starts else None}))

    def _check_state(self, instance: Instance, fields: list[str]) -> None:
        status = instance.status
        if status not in STARTABLE and status != "Running":
            raise wrong_state("state_in_between", instance_id=self.instance_id, status=status)
        blocked = [_TAKEN_AWAY.get(name, WIRE_NAMES[name]) for name in fields if name in _NEEDS_STOP]
        if blocked and status == "Running":
            raise wrong_state(
                "update_needs_stop", instance_id=self.instance_id, status=status, fields=", ".join(blocked)
            )

    async def _check_name(self, instance_name: str | None) -> None:
        if instance_name is None:
            return
        others = await instances_named(self.services, self.region_id, instance_name)
        # A call at the same time may have given this instance the name since it was read; the gate finds that out.
        taken_by = next((each.instance_id for each in others if each.instance_id != self.instance_id), None)
        if taken_by is not None:
            raise RefusedError(
                "name_taken_by_other", kind=ErrorKind.NAME_TAKEN, instance_name=instance_name, instance_id=taken_by
            )

    async def _propose(self, instance: Instance, changes: InstanceChanges) -> Proposal:
        before, after = await self._specs(instance, changes)
        image, datasets = await self._image(instance, changes), await self._datasets(changes)
        future = with_share(instance, changes.requested_resource)
        terms = await terms_of(self.services, future)
        if terms and changes.requested_resource:
            check_quota(terms)
        owners = (changes.user_id, instance.user_id) if changes.user_id else ()
        known = (await known_spots(self.services.journal)).get(self.instance_id)
        stays = None if changes.spot_spec or changes.disassociate_spot else known
        warnings = update_warnings(future, changes, after, image, datasets, terms, stays)
        spot = changes.spot_spec or stays
        price, price_before = price_of(after, spot), price_of(before, known)
        stays_charged = not (changes.start_instance or changes.spot_spec or changes.disassociate_spot)
        prices = [each.model_dump() if each else None for each in (price_before, price)]
        seen = [
            prices,
            known and known.model_dump(),
            [each.model_dump() for each in warnings],
            changes.model_dump(mode="json"),
        ]
        change = change_of(
            UPDATE_INSTANCE,
            instance,
            seen=seen,
            parameters=shown_changes(instance, changes),
            meanings={
                instance.ecs_spec or "": meaning_of_spec(before),
                changes.ecs_spec or instance.ecs_spec or "": meaning_of_spec(after),
                instance.image_id or instance.image_url or "": meaning_of_image(None, instance.image_name),
                changes.image_id or changes.image_url or "": meaning_of_image(image),
                **{each: meaning_of_dataset(dataset) for each, dataset in datasets.items()},
                **({terms.quota.quota_id: terms.meaning} if terms else {}),
                **await meanings_of_owners(self.services.cloud, self.region_id, instance.workspace_id, *owners),
            },
            kept=self._kept(instance, changes, terms, known),
            price=price,
            # A stopped instance is charged from its start, whatever its price was, and spot costs another one.
            price_before=price_before if before is not after or stays_charged else None,
            load=load_of(future, after) if changes.start_instance else None,
            spot=spot,
            warnings=(
                *await kept_image_warnings(self.services.cloud, instance, changes),
                *warnings,
                *(terms.figures_for(future) if terms and changes.start_instance else ()),
            ),
            is_costly=bool(changes.start_instance) and terms is None and over_the_line(self.services, after),
        )
        requests = requests_for(UPDATE_INSTANCE, instance, changes)
        proposal = Proposal(change, requests, read_back=look_after(self.services.cloud, self.region_id, changes))
        return with_auto_stop(self.services, proposal, None, instance.accelerator_type, rules_of(instance))

    def _kept(
        self, instance: Instance, changes: InstanceChanges, terms: Terms | None, spot: SpotSpec | None
    ) -> tuple[Parameter, ...]:
        """The quota that it runs on, and what is taken away."""
        rows = (
            ("ResourceId", terms.quota.quota_id if terms else ""),
            ("Driver", instance.driver or "" if changes.disassociate_driver else ""),
            ("SpotSpec", show_spot(spot) if spot and changes.disassociate_spot else ""),
        )
        return tuple(Parameter(name=name, value=value) for name, value in rows if value)

    async def _specs(self, instance: Instance, changes: InstanceChanges) -> tuple[Spec | None, Spec | None]:
        cloud = self.services.cloud
        before = await cloud.find_ecs_spec(self.region_id, instance.ecs_spec) if instance.ecs_spec else None
        if changes.ecs_spec is None:
            return before, before
        return before, await available_spec(cloud, self.region_id, changes.ecs_spec)

    async def _image(self, instance: Instance, changes: InstanceChanges) -> Image | None:
        """The image that it will run, where image or compute change."""
        image_id, image_url = image_of(instance, changes)
        if not changes_machine(changes) or not (image_id or image_url):
            return None
        return await find_image(self.services.cloud, self.region_id, image_id, image_url)

    async def _datasets(self, changes: InstanceChanges) -> dict[str, Dataset]:
        return await datasets_of(self.services.cloud, self.region_id, changes.datasets or ())


async def update_instance(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    instance_name: InstanceName | None = None,
    ecs_spec: EcsSpec | None = None,
    requested_resource: WantedShare | None = None,
    image_id: ImageId | None = None,
    image_url: ImageUrl | None = None,
    accessibility: Accessibility | None = None,
    vpc_id: VpcId | None = None,
    v_switch_id: VSwitchId | None = None,
    security_group_id: SecurityGroupId | None = None,
    datasets: Datasets | None = None,
    remove_all_datasets: RemoveAllDatasets = False,
    start_after: StartAfter = False,
    disk_gib: DiskGib | None = None,
    spot_strategy: Spot | None = None,
    spot_price_limit: SpotPriceLimit | None = None,
    driver: Driver | None = None,
    extended_cidrs: ExtendedCidrs | None = None,
    default_route: DefaultRoute | None = None,
    user_id: OwnerId | None = None,
    user_command: StartCommand | None = None,
    remove: Remove | None = None,
) -> Plan:
    """Change settings of this one instance; a person has to approve it.

    Compares first and sends only what differs. Spec, image and network need a stopped instance; datasets replaces the
    whole list. Never use another instance instead.
    """
    if image_id is not None and image_url is not None:
        raise InputError("image_choice_update")
    if datasets and remove_all_datasets:
        raise InputError("datasets_or_none")
    given = {"spot": spot_strategy, "driver": driver, "user_command": user_command}
    if any(given[each] for each in remove or ()):
        raise InputError("remove_or_set")
    wanted = InstanceChanges(
        instance_name=instance_name,
        ecs_spec=ecs_spec,
        requested_resource=share_wanted(requested_resource),
        image_id=image_id,
        image_url=image_url,
        accessibility=accessibility,
        # An empty list alone is what a strict host sends for a parameter that nobody gave.
        datasets=mounts(datasets) if datasets or remove_all_datasets else None,
        user_vpc=vpc_of(vpc_id, v_switch_id, security_group_id, extended_cidrs, default_route),
        cloud_disks=disks_of(disk_gib) or None,
        spot_spec=spot_of(spot_strategy, spot_price_limit),
        driver=driver,
        user_id=user_id,
        user_command=command_of(user_command),
        **{REMOVED[each]: True for each in remove or ()},
    )
    if wanted == InstanceChanges():
        raise InputError("nothing_asked")
    wish = Update(services_of(context), region_id, instance_id, wanted, start_after)
    return Plan(region_id=region_id, target_id=instance_id, new_name=instance_name, look=wish.look)


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [writing_tool(update_instance, title="Update a DSW instance", destructive=True)]
