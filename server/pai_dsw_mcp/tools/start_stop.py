"""start_instance and stop_instance: the state is checked first, and nothing is sent when there is nothing to do."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from pai_dsw_mcp.gate.outcome import WriteResult, nothing_to_do
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.catalogue import EcsSpec, load_of
from pai_dsw_mcp.model.change import Parameter, Price, Sentence
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.snapshot import StopOptions
from pai_dsw_mcp.model.status import STARTABLE, STARTING_UP, STOPPABLE, STOPPED, STOPPING
from pai_dsw_mcp.model.writes import START_INSTANCE, STOP_INSTANCE
from pai_dsw_mcp.tools._advanced import known_spot_warnings
from pai_dsw_mcp.tools._arguments import InstanceId, RegionId
from pai_dsw_mcp.tools._auto_stop import (
    AutoStop,
    IdleMinutes,
    StopAfter,
    StopAt,
    auto_stop_if_any,
)
from pai_dsw_mcp.tools._checks import (
    change_of,
    chip_warnings,
    over_the_line,
    price_of,
    price_warnings,
    requests_for,
    saving_warnings,
    wrong_state,
)
from pai_dsw_mcp.tools._disks import disk_warnings, is_enlarged
from pai_dsw_mcp.tools._history import known_spots
from pai_dsw_mcp.tools._meanings import image_in_time, machine_of, meanings_of_machine, meanings_of_quota, spec_of
from pai_dsw_mcp.tools._quota_wish import terms_of
from pai_dsw_mcp.tools._specs import available_spec
from pai_dsw_mcp.tools._stop_rules import auto_stop_is_left, rules_of
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool
from pai_dsw_mcp.tools.auto_stop import set_plans, with_auto_stop

_CLEARED: Final = Sentence(key="warn_stopped_disk_15_days")
SaveImage = Annotated[bool, Field(description="Save as an image first.")]


@dataclass(frozen=True, slots=True)
class Start:
    """One instance to start, and how to read what that costs."""

    services: Services
    region_id: str
    instance_id: str
    auto_stop: AutoStop | None

    async def look(self) -> Proposal | WriteResult:
        """Reads the instance and what starting it costs.

        Raises:
            RefusedError: It cannot be started from its state, or its spec is sold out.
            CloudError: Something could not be read; then nothing is concluded.
        """
        instance = await self.services.cloud.get_instance(self.region_id, self.instance_id)
        if instance.status == "Running" or instance.status in STARTING_UP:
            return nothing_to_do("start_already", instance, after=auto_stop_is_left(self.auto_stop, instance))
        if instance.status not in STARTABLE:
            raise wrong_state("start_wrong_state", instance_id=self.instance_id, status=instance.status)
        spec = await self._spec(instance)
        spot = (await known_spots(self.services.journal)).get(self.instance_id)
        price, terms = price_of(spec, spot), await terms_of(self.services, instance)
        image = await image_in_time(self.services.cloud, instance)
        of_spec = (
            *price_warnings(price, instance.ecs_spec),
            *known_spot_warnings(spot, spec),
            Sentence(key="warn_charged_until_stopped"),
        )
        change = change_of(
            START_INSTANCE,
            instance,
            seen=spot and spot.model_dump(),
            kept=machine_of(instance),
            meanings={
                **meanings_of_machine(instance, spec, image),
                **({instance.resource_id or "": terms.meaning} if terms else {}),
            },
            price=price,
            load=load_of(instance, spec),
            spot=spot,
            warnings=(
                *chip_warnings(image, instance),
                *((*terms.warnings(), *terms.figures_for(instance)) if terms else of_spec),
            ),
            is_costly=terms is None and over_the_line(self.services, spec),
        )
        proposal = Proposal(change, requests_for(START_INSTANCE, instance))
        kind, present = instance.accelerator_type, rules_of(instance)
        return with_auto_stop(self.services, proposal, self.auto_stop, kind, present)

    async def _spec(self, instance: Instance) -> EcsSpec | None:
        """The spec; None for an instance on a quota, which has none of its own."""
        if instance.ecs_spec is None:
            return None
        return await available_spec(self.services.cloud, self.region_id, instance.ecs_spec)


@dataclass(frozen=True, slots=True)
class Stop:
    """One instance to stop, and how to read what that may lose."""

    services: Services
    region_id: str
    instance_id: str
    save_image: bool = False

    async def look(self) -> Proposal | WriteResult:
        """Reads the instance and what stopping it may lose.

        Raises:
            RefusedError: It cannot be stopped from its state.
            CloudError: Something could not be read; then nothing is concluded.
        """
        return await self.look_at(await self.services.cloud.get_instance(self.region_id, self.instance_id))

    async def look_at(self, instance: Instance) -> Proposal | WriteResult:
        """As `look`, of the instance as it was just read."""
        if instance.status in STOPPED or instance.status in STOPPING or instance.status == "Failed":
            return nothing_to_do("stop_already_unsaved" if self.save_image else "stop_already", instance)
        if instance.status in {"Saving", "Saved"}:
            raise wrong_state("stop_while_saving", instance_id=self.instance_id, status=instance.status)
        if instance.status not in STOPPABLE:
            raise wrong_state("stop_wrong_state", instance_id=self.instance_id, status=instance.status)
        if self.save_image and instance.status != "Running":
            key = "stop_cannot_save_again" if instance.status == "SaveFailed" else "stop_cannot_save"
            raise wrong_state(key, instance_id=self.instance_id, status=instance.status)
        spec = await spec_of(self.services.cloud, instance)
        # Of one that a list alone tells, the address is enough to stop it.
        image = await image_in_time(self.services.cloud, instance) if instance.image_id else None
        spot = (await known_spots(self.services.journal)).get(self.instance_id)
        change = change_of(
            STOP_INSTANCE,
            instance,
            seen=None,
            parameters=(Parameter(name="SaveImage", value="true"),) if self.save_image else (),
            kept=machine_of(instance),
            meanings={
                **meanings_of_machine(instance, spec, image),
                **await meanings_of_quota(self.services.cloud, instance),
            },
            warnings=self._warnings(instance, price_of(spec, spot)),
        )
        options = StopOptions(save_image=True if self.save_image else None)
        return Proposal(change, requests_for(STOP_INSTANCE, instance, options))

    def _warnings(self, instance: Instance, price: Price | None) -> tuple[Sentence, ...]:
        loses_work = Sentence(key="warn_stop_loses_work", values={"instance_name": instance.instance_name})
        warnings = [Sentence(key="warn_stop_leaves_queue") if instance.status == "Queuing" else loses_work]
        if instance.running_milliseconds:
            seconds = f"{instance.running_milliseconds / 1000:.0f}"
            warnings.append(Sentence(key="warn_stop_running_for", values={"duration": seconds}))
        if price is not None and instance.status == "Running":
            values = {"hourly": f"{price.hourly:.2f}", "currency": price.currency}
            key = "warn_stop_charges_end_at_most" if price.is_most else "warn_stop_charges_end"
            warnings.append(Sentence(key=key, values=values))
        if self.save_image:
            named = {"instance_name": instance.instance_name}
            warnings += [
                Sentence(key="warn_save_before_stop", values=named),
                Sentence(key="warn_save_named_by_service"),
                *saving_warnings(instance),
                Sentence(key="warn_save_may_fail"),
            ]
        warnings += disk_warnings(instance.system_disk, instance.accelerator_type)
        return tuple(warnings) if is_enlarged(instance.system_disk) else (*warnings, _CLEARED)


async def start_instance(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    idle_minutes: IdleMinutes | None = None,
    stop_at: StopAt | None = None,
    stop_after_minutes: StopAfter | None = None,
) -> Plan:
    """Start a Stopped or Failed instance, which costs money from then on; a person has to approve it.

    Answers at once; starting takes 2-5 minutes.
    """
    services = services_of(context)
    auto_stop = auto_stop_if_any(services.cloud_now, idle_minutes, stop_at, stop_after_minutes)
    wish = Start(services, region_id, instance_id, auto_stop)
    return Plan(
        region_id=region_id,
        target_id=instance_id,
        look=wish.look,
        action=START_INSTANCE.action,
        then=set_plans(services, region_id, auto_stop),
    )


async def stop_instance(
    context: ToolContext, region_id: RegionId, instance_id: InstanceId, save_image: SaveImage = False
) -> Plan:
    """Stop an instance, which ends running programs; a person has to approve it and type the instance name.

    Ask first whether their work is saved. Answers at once.
    """
    return stop_plan(services_of(context), region_id, instance_id, save_image=save_image)


def stop_plan(services: Services, region_id: str, instance_id: str, *, save_image: bool = False) -> Plan:
    """The plan of one stop."""
    wish = Stop(services, region_id, instance_id, save_image)
    return Plan(region_id=region_id, target_id=instance_id, look=wish.look)


def tools() -> list[StrictTool]:
    """The tools of this file."""
    return [
        writing_tool(start_instance, title="Start a DSW instance", destructive=False),
        writing_tool(stop_instance, title="Stop a DSW instance", destructive=True),
    ]
