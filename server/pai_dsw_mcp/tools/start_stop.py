"""start_instance and stop_instance: the state is checked first, and nothing is sent when there is nothing to do."""

from dataclasses import dataclass

from pai_dsw_mcp.gate.outcome import WriteResult, nothing_to_do
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Price, Sentence
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.status import STARTABLE, STARTING_UP, STOPPABLE, STOPPED, STOPPING
from pai_dsw_mcp.model.writes import START_INSTANCE, STOP_INSTANCE
from pai_dsw_mcp.tools._arguments import InstanceId, RegionId
from pai_dsw_mcp.tools._checks import (
    available_spec,
    change_of,
    over_the_line,
    price_of,
    price_warnings,
    wrong_state,
)
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool

_MILLISECONDS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class _Start:
    services: Services
    region_id: str
    instance_id: str

    async def look(self) -> Proposal | WriteResult:
        """Reads the instance and what starting it costs.

        Raises:
            RefusedError: It cannot be started from its state, or its spec is sold out.
            CloudError: Something could not be read; then nothing is concluded.
        """
        instance = await self.services.cloud.get_instance(self.region_id, self.instance_id)
        if instance.status == "Running" or instance.status in STARTING_UP:
            return nothing_to_do("start_already", instance)
        if instance.status not in STARTABLE:
            raise wrong_state("start_wrong_state", instance_id=self.instance_id, status=instance.status)
        price = await self._price(instance)
        warnings = (*price_warnings(price, instance.ecs_spec), Sentence(key="warn_charged_until_stopped"))
        is_costly = over_the_line(self.services, price)
        return Proposal(
            change_of(START_INSTANCE, instance, seen=None, price=price, warnings=warnings, is_costly=is_costly)
        )

    async def _price(self, instance: Instance) -> Price | None:
        """The price per hour; None for an instance on a quota, which has no spec of its own."""
        if instance.ecs_spec is None:
            return None
        return price_of(await available_spec(self.services.cloud, self.region_id, instance.ecs_spec))


@dataclass(frozen=True, slots=True)
class _Stop:
    services: Services
    region_id: str
    instance_id: str

    async def look(self) -> Proposal | WriteResult:
        """Reads the instance and what stopping it may lose.

        Raises:
            RefusedError: It cannot be stopped from its state.
            CloudError: Something could not be read; then nothing is concluded.
        """
        instance = await self.services.cloud.get_instance(self.region_id, self.instance_id)
        if instance.status in STOPPED or instance.status in STOPPING or instance.status == "Failed":
            return nothing_to_do("stop_already", instance)
        if instance.status not in STOPPABLE:
            raise wrong_state("stop_wrong_state", instance_id=self.instance_id, status=instance.status)
        return Proposal(change_of(STOP_INSTANCE, instance, seen=None, warnings=self._warnings(instance)))

    def _warnings(self, instance: Instance) -> tuple[Sentence, ...]:
        warnings = [Sentence(key="warn_stop_loses_work", values={"instance_name": instance.instance_name})]
        if instance.running_milliseconds:
            hours = f"{instance.running_milliseconds / _MILLISECONDS_PER_HOUR:.1f}"
            warnings.append(Sentence(key="warn_stop_running_for", values={"hours": hours}))
        return (*warnings, Sentence(key="warn_stopped_disk_15_days"))


async def start_instance(context: ToolContext, region_id: RegionId, instance_id: InstanceId) -> Plan:
    """Start a Stopped or Failed instance, which costs money from then on; a person has to approve it.

    Answers at once; starting takes 2-5 minutes.
    """
    wish = _Start(services_of(context), region_id, instance_id)
    return Plan(region_id=region_id, target_id=instance_id, look=wish.look)


async def stop_instance(context: ToolContext, region_id: RegionId, instance_id: InstanceId) -> Plan:
    """Stop an instance, which ends running programs; a person has to approve it and type the instance name.

    Ask first whether their work is saved. Answers at once.
    """
    wish = _Stop(services_of(context), region_id, instance_id)
    return Plan(region_id=region_id, target_id=instance_id, look=wish.look)


def tools() -> list[StrictTool]:
    """The tools of this file."""
    return [
        writing_tool(start_instance, title="Start a DSW instance", destructive=False),
        writing_tool(stop_instance, title="Stop a DSW instance", destructive=True),
    ]
