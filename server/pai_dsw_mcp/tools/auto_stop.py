"""set_auto_stop: an instance that stops itself is not forgotten.

The fingerprint covers the present rules alone: the status of the instance may change between question and yes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from pai_dsw_mcp.gate.outcome import WriteResult, nothing_to_do
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.catalogue import load_of
from pai_dsw_mcp.model.change import Load
from pai_dsw_mcp.model.instance import AcceleratorType, Instance
from pai_dsw_mcp.model.status import HOLDING, STARTING_UP
from pai_dsw_mcp.tools._arguments import InstanceId, RegionId
from pai_dsw_mcp.tools._auto_stop import AutoStop, IdleMinutes, Percent, StopAfter, StopAt, auto_stop_of, why_not_asked
from pai_dsw_mcp.tools._meanings import spec_of
from pai_dsw_mcp.tools._stop_rules import NO_RULES, Place, Rules, planned, read_time, rules_of
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool


@dataclass(frozen=True, slots=True)
class _Set:
    services: Services
    region_id: str
    instance_id: str
    wish: AutoStop

    async def look(self) -> Proposal | WriteResult:
        """Reads the rules that the instance has.

        Raises:
            InputError: A GPU threshold for an instance without a GPU, or a time that is over.
            CloudError: The instance could not be read.
        """
        instance = await self.services.cloud.get_instance(self.region_id, self.instance_id)
        present = rules_of(instance)
        plan = planned(self.wish, instance.instance_name, instance.accelerator_type, present)
        if plan is None:
            return nothing_to_do("auto_stop_equal", instance)
        now = self.services.cloud_now
        not_asked = why_not_asked(self.wish, now)
        load = await load_if_longer(
            self.services, instance, stops_after(present, now), stops_after(present, now, self.wish)
        )
        change = plan.change(Place.of(instance), present).model_copy(update={"load": load})
        return Proposal(change, plan.requests(self.instance_id), not_asked=not_asked)


def set_plan(services: Services, region_id: str, wish: AutoStop, instance_id: str) -> Plan:
    """The plan of giving one instance these rules."""
    return Plan(region_id=region_id, target_id=instance_id, look=_Set(services, region_id, instance_id, wish).look)


def set_plans(services: Services, region_id: str, wish: AutoStop | None) -> Callable[[str], Plan] | None:
    """Makes the plan of giving these rules to an instance with an id; None where no rules are asked for."""
    return None if wish is None else partial(set_plan, services, region_id, wish)


def with_auto_stop(
    services: Services,
    proposal: Proposal,
    wish: AutoStop | None,
    kind: AcceleratorType | None,
    present: Rules = NO_RULES,
) -> Proposal:
    """The proposal, whose yes also covers these rules for its target, unless it has them already.

    Its load tells when a rule stops the instance, be it one of these or one that it has.

    Raises:
        InputError: A GPU threshold for an instance without a GPU, or a time that is over.
    """
    change = proposal.change
    if change.load is not None:
        idle_minutes = (wish and wish.idle_minutes) or (present.idle and present.idle[0])
        seconds = stops_after(present, services.cloud_now, wish)
        load = change.load.model_copy(update={"stops_after": seconds, "idle_minutes": idle_minutes})
        change = change.model_copy(update={"load": load})
        proposal = replace(proposal, change=change)
    plan = planned(wish, change.target_name, kind, present) if wish is not None else None
    if wish is None or plan is None:
        return proposal
    place = Place(change.region_id, change.target_name, change.workspace_id, change.workspace_name, change.target_id)
    rules = plan.change(place, present)
    return replace(
        proposal,
        change=change.model_copy(update={"then": (*change.then, rules)}),
        not_asked=why_not_asked(wish, services.cloud_now),
        then=(*proposal.then, partial(set_plan, services, change.region_id, wish)),
        then_writes=(*proposal.then_writes, tuple(write for write, _ in plan.writes)),
    )


def stops_after(present: Rules, now: float, wish: AutoStop | None = None) -> float | None:
    """In how many seconds a timer stops it; None is never. A timer that is not asked for stays."""
    if wish is not None and wish.stop_after is not None:
        return wish.stop_after.total_seconds()
    due = (wish and wish.stop_at) or read_time(present.due_at or "")
    left = due.timestamp() - now if due else 0.0
    # A timer that was due does nothing more.
    return left if left > 0 else None


async def load_if_longer(
    services: Services, instance: Instance, before: float | None, after: float | None
) -> Load | None:
    """What an instance takes up that runs on past the timer that it has; a day that is limited counts that."""
    is_longer = before is not None and (after is None or after > before)
    if not is_longer or services.limits.daily_budget is None or instance.status not in HOLDING | STARTING_UP:
        return None
    load = load_of(instance, await spec_of(services.cloud, instance))
    return load.model_copy(update={"stops_after": after})


async def set_auto_stop(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    idle_minutes: IdleMinutes | None = None,
    cpu_percent: Percent | None = None,
    gpu_percent: Percent | None = None,
    stop_at: StopAt | None = None,
    stop_after_minutes: StopAfter | None = None,
) -> Plan:
    """Have an instance stop itself once idle, or at a time; a person has to approve it.

    A rule that is not named stays.
    """
    services = services_of(context)
    wish = auto_stop_of(services.cloud_now, idle_minutes, cpu_percent, gpu_percent, stop_at, stop_after_minutes)
    return set_plan(services, region_id, wish, instance_id)


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [writing_tool(set_auto_stop, title="Set the automatic stop of an instance", destructive=True)]
