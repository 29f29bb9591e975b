"""create_instance: at most one POST for one approval, and never a second instance of a name."""

from dataclasses import dataclass

from pai_dsw_mcp.errors import ErrorKind, InputError, RefusedError
from pai_dsw_mcp.gate.named import instances_named, known_user_id
from pai_dsw_mcp.gate.outcome import ReadBack, WriteResult, nothing_to_do
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Change, Parameter, Sentence
from pai_dsw_mcp.model.digest import digest
from pai_dsw_mcp.model.instance import Instance, NewInstance
from pai_dsw_mcp.model.writes import CREATE_INSTANCE, Request
from pai_dsw_mcp.texts.render import say
from pai_dsw_mcp.tools._advanced import (
    DefaultRoute,
    Driver,
    ExtendedCidrs,
    OwnerId,
    Spot,
    SpotPriceLimit,
    StartCommand,
    Tags,
    advanced_parameters,
    advanced_warnings,
    command_of,
    meanings_of_owners,
    owner_found,
    owner_of_new,
    spot_of,
)
from pai_dsw_mcp.tools._arguments import (
    Datasets,
    EcsSpec,
    ImageId,
    ImageUrl,
    InstanceName,
    Labels,
    NewVisibility,
    RegionId,
    SecurityGroupId,
    VpcId,
    VSwitchId,
    WorkspaceId,
    labels_of,
    mounts,
    vpc_of,
)
from pai_dsw_mcp.tools._auto_stop import (
    AutoStop,
    IdleMinutes,
    StopAfter,
    StopAt,
    auto_stop_if_any,
)
from pai_dsw_mcp.tools._checks import (
    check_datasets,
    check_image,
    datasets_of,
    find_image,
    show_mount,
    show_vpc,
)
from pai_dsw_mcp.tools._compute import Compute, compute_for
from pai_dsw_mcp.tools._differences import not_asked_for, not_comparable, tell_differences, unlike, unlike_command
from pai_dsw_mcp.tools._disks import DiskGib, disks_of
from pai_dsw_mcp.tools._history import command_set_here, spots_set_here
from pai_dsw_mcp.tools._meanings import meaning_of_dataset, meaning_of_image
from pai_dsw_mcp.tools._private import EnvironmentNames, Private, private_of
from pai_dsw_mcp.tools._projection import mask
from pai_dsw_mcp.tools._quota_wish import Priority, QuotaToUse, WantedShare, share_of
from pai_dsw_mcp.tools._stop_rules import auto_stop_is_left
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool
from pai_dsw_mcp.tools.auto_stop import set_plans, with_auto_stop


@dataclass(frozen=True, slots=True)
class Create:
    """One requested instance, and how to read what its creation depends on."""

    services: Services
    region_id: str
    new: NewInstance
    accessibility_given: bool
    auto_stop: AutoStop | None
    private: Private

    async def look(self) -> Proposal | WriteResult:
        """Reads everything that the change depends on.

        Raises:
            RefusedError: It cannot work, or the name belongs to an instance that differs.
            CloudError: Something could not be read; then nothing is concluded.
        """
        named = await instances_named(self.services, self.region_id, self.new.instance_name)
        if named:
            spots = await spots_set_here(self.services.journal)
            nearest = min(named, key=lambda each: len(unlike(each, self.new, spots)))
            differences = [*unlike(nearest, self.new, spots), *self.private.unlike(nearest)]
            command = await command_set_here(self.services.journal, nearest.instance_id)
            differences += unlike_command(self.new, command)
            unseen = not_comparable(nearest, self.new, spots, command)
            return self._already_there(nearest, await known_user_id(self.services), differences, unseen)
        return await self.proposal()

    async def proposal(self) -> Proposal:
        """What is sent where nothing has the name.

        Raises:
            RefusedError: It cannot work.
            CloudError: Something could not be read; then nothing is concluded.
        """
        cloud, new = self.services.cloud, self.new
        workspace = await cloud.get_workspace(self.region_id, new.workspace_id)
        if workspace.status != "ENABLED":
            raise RefusedError("workspace_not_enabled", workspace_id=new.workspace_id, status=workspace.status)
        compute = await compute_for(self.services, self.region_id, new)
        new = new.model_copy(update={"user_vpc": compute.user_vpc})
        image = await find_image(cloud, self.region_id, new.image_id, new.image_url)
        warnings = check_image(image, new.image_url, compute.kind, new.ecs_spec)
        datasets = await datasets_of(cloud, self.region_id, new.datasets)
        warnings += check_datasets(datasets, new.workspace_id, new.datasets)
        price = compute.price
        if new.accessibility == "PUBLIC":
            warnings += (Sentence(key="warn_public", values={"workspace_name": workspace.workspace_name}),)
        warnings += (*compute.warnings, *advanced_warnings(new, compute.kind))
        seen = [price.model_dump() if price else None, image.image_uri if image else None, workspace.status]
        warned = [each.model_dump() for each in warnings]
        change = Change(
            action=CREATE_INSTANCE.action,
            region_id=self.region_id,
            target_name=new.instance_name,
            workspace_id=new.workspace_id,
            workspace_name=workspace.workspace_name,
            parameters=self._parameters(new, compute),
            meanings={
                **compute.meanings,
                new.image_id or new.image_url or "": meaning_of_image(image),
                **{each: meaning_of_dataset(dataset) for each, dataset in datasets.items()},
                **await meanings_of_owners(cloud, self.region_id, new.workspace_id, new.user_id),
            },
            price=price,
            load=compute.load,
            spot=new.spot_spec,
            warnings=(*warnings, *self.private.warnings, *compute.figures),
            typed_name=new.instance_name if CREATE_INSTANCE.wants_name(is_costly=compute.is_costly) else None,
            fingerprint=digest([seen, warned, new.model_dump(mode="json")]),
        )
        proposal = Proposal(
            change,
            (Request(CREATE_INSTANCE.requests[0], new, private=self.private.fields),),
            read_back=self._owner_found if new.user_id else None,
        )
        return with_auto_stop(self.services, proposal, self.auto_stop, compute.kind)

    async def _owner_found(self, instance_id: str) -> ReadBack:
        made = await self.services.cloud.get_instance(self.region_id, instance_id)
        return owner_found(self.new.user_id or "", made)

    def _already_there(
        self, existing: Instance, user_id: str | None, differences: list[str], unseen: list[str]
    ) -> WriteResult:
        """The instance that has the name, if it is the one that was asked for. `user_id` is the caller's, if known.

        Raises:
            RefusedError: It is another one, or somebody else's.
        """
        user = existing.user_name or existing.user_id
        owner = mask(user) if user else "-"
        wanted = self.new.user_id or user_id
        is_foreign = None not in (wanted, existing.user_id) and wanted != existing.user_id
        if differences or unseen or is_foreign:
            error = RefusedError(
                "name_taken_by_somebody" if is_foreign else "name_taken",
                kind=ErrorKind.NAME_TAKEN,
                instance_name=existing.instance_name,
                instance_id=existing.instance_id,
                workspace_id=existing.workspace_id or "-",
                status=existing.status,
                owner=owner,
                differences=tell_differences(differences, unseen),
            )
            if "WorkspaceId" in differences:
                error.remedy = say("remedy_other_workspace", workspace_id=existing.workspace_id)
            raise error
        more = not_asked_for(existing, self.new)
        after = f" {say('already_exists_with_more', more=', '.join(more))}" if more else ""
        after += auto_stop_is_left(self.auto_stop, existing)
        key = "already_exists" if user_id else "already_exists_of_somebody"
        return nothing_to_do(key, existing, owner=owner, after=after)

    def _parameters(self, new: NewInstance, compute: Compute) -> tuple[Parameter, ...]:
        """Every value that is sent; `describe` adds the operation's label where they are shown."""
        image = ("ImageId", new.image_id) if new.image_id else ("ImageUrl", new.image_url or "")
        rows = [
            ("RegionId", self.region_id),
            ("WorkspaceId", new.workspace_id),
            ("InstanceName", new.instance_name),
        ]
        network = show_vpc(new.user_vpc)
        lists = [
            ("Datasets", tuple(map(show_mount, new.datasets))),
            ("Labels", tuple((each.key, each.value) for each in new.labels)),
        ]
        return (
            *(Parameter(name=name, value=value) for name, value in rows),
            *compute.parameters,
            Parameter(name=image[0], value=image[1]),
            *([Parameter(name="UserVpc", value=network, is_default=self.new.user_vpc is None)] if network else []),
            *(Parameter(name=name, value=items) for name, items in lists if items),
            *self.private.parameters,
            *advanced_parameters(new),
            Parameter(name="Accessibility", value=new.accessibility, is_default=not self.accessibility_given),
        )


async def create_instance(
    context: ToolContext,
    region_id: RegionId,
    workspace_id: WorkspaceId,
    instance_name: InstanceName,
    ecs_spec: EcsSpec | None = None,
    resource_id: QuotaToUse | None = None,
    requested_resource: WantedShare | None = None,
    priority: Priority | None = None,
    image_id: ImageId | None = None,
    image_url: ImageUrl | None = None,
    accessibility: NewVisibility | None = None,
    vpc_id: VpcId | None = None,
    v_switch_id: VSwitchId | None = None,
    security_group_id: SecurityGroupId | None = None,
    datasets: Datasets | None = None,
    labels: Labels | None = None,
    idle_minutes: IdleMinutes | None = None,
    stop_at: StopAt | None = None,
    stop_after_minutes: StopAfter | None = None,
    environment_names: EnvironmentNames | None = None,
    disk_gib: DiskGib | None = None,
    spot_strategy: Spot | None = None,
    spot_price_limit: SpotPriceLimit | None = None,
    driver: Driver | None = None,
    extended_cidrs: ExtendedCidrs | None = None,
    default_route: DefaultRoute | None = None,
    tags: Tags | None = None,
    user_id: OwnerId | None = None,
    user_command: StartCommand | None = None,
) -> Plan:
    """Create a notebook instance; a person sees the change with its price and has to approve it.

    Answers at once with the id; starting takes 2-5 minutes. If the name exists with the same settings, that instance
    is the answer. The person gave or chose each value, or left it to you; then tell what you chose.
    """
    if (image_id is None) == (image_url is None):
        raise InputError("image_choice")
    spot = spot_of(spot_strategy, spot_price_limit)
    if spot and ecs_spec is None:
        raise InputError("spot_needs_spec")
    services = services_of(context)
    new = NewInstance(
        workspace_id=workspace_id,
        instance_name=instance_name,
        ecs_spec=ecs_spec,
        resource_id=resource_id,
        requested_resource=share_of(ecs_spec, resource_id, requested_resource, priority),
        priority=priority,
        image_id=image_id,
        image_url=image_url,
        accessibility=accessibility or "PRIVATE",
        datasets=mounts(datasets),
        labels=labels_of(labels),
        user_vpc=vpc_of(vpc_id, v_switch_id, security_group_id, extended_cidrs, default_route),
        cloud_disks=disks_of(disk_gib),
        spot_spec=spot,
        driver=driver,
        tag=labels_of(tags),
        user_id=owner_of_new(services, user_id),
        user_command=command_of(user_command),
    )
    auto_stop = auto_stop_if_any(services.cloud_now, idle_minutes, stop_at, stop_after_minutes)
    private = private_of(services.private, environment_names, image_url)
    wish = Create(services, region_id, new, accessibility is not None, auto_stop, private)
    return Plan(
        region_id=region_id,
        new_name=instance_name,
        look=wish.look,
        action=CREATE_INSTANCE.action,
        then=set_plans(services, region_id, auto_stop),
    )


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [writing_tool(create_instance, title="Create a DSW instance", destructive=False)]
