"""clear_auto_stop: takes away the rules by which an instance stops itself."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from pai_dsw_mcp.gate.outcome import WriteResult, nothing_to_do
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Sentence
from pai_dsw_mcp.model.writes import CLEAR_AUTO_STOP, DELETE_IDLE_RULE, DELETE_TIMER, Request
from pai_dsw_mcp.tools._arguments import InstanceId, RegionId
from pai_dsw_mcp.tools._stop_rules import (
    Place,
    Rules,
    change_of_rules,
    meanings_of_removed,
    removed,
    rules_of,
    what_stays,
)
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool
from pai_dsw_mcp.tools.auto_stop import load_if_longer, stops_after

Rule: TypeAlias = Literal["idle", "timer"]


@dataclass(frozen=True, slots=True)
class _Clear:
    services: Services
    region_id: str
    instance_id: str
    only: Rule | None

    async def look(self) -> Proposal | WriteResult:
        """Reads the rules that the instance has.

        Raises:
            CloudError: The instance could not be read.
        """
        instance = await self.services.cloud.get_instance(self.region_id, self.instance_id)
        present = rules_of(instance)
        gone = Rules(
            present.idle if self.only != "timer" else None,
            present.due_at if self.only != "idle" else None,
        )
        writes = [*([DELETE_IDLE_RULE] if gone.idle else []), *([DELETE_TIMER] if gone.due_at else [])]
        if not writes:
            return nothing_to_do("auto_stop_none", instance)
        warnings = (
            *what_stays(present, idle_rule=not gone.idle, timer=not gone.due_at),
            Sentence(key="warn_quota_held" if instance.resource_id else "warn_charged_until_stopped"),
        )
        change = change_of_rules(
            CLEAR_AUTO_STOP, Place.of(instance), present, removed(gone), meanings_of_removed(gone), warnings
        )
        before = stops_after(present, self.services.cloud_now)
        load = await load_if_longer(self.services, instance, before if gone.due_at else None, None)
        change = change.model_copy(update={"load": load})
        ids = {"instance_id": self.instance_id}
        return Proposal(change, tuple(Request(write, None, ids) for write in writes))


async def clear_auto_stop(
    context: ToolContext,
    region_id: RegionId,
    instance_id: InstanceId,
    only: Rule | None = None,
) -> Plan:
    """Remove rules by which an instance stops itself; a person has to approve it."""
    plan = _Clear(services_of(context), region_id, instance_id, only)
    return Plan(region_id=region_id, target_id=instance_id, look=plan.look)


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [writing_tool(clear_auto_stop, title="Remove the automatic stop of an instance", destructive=True)]
