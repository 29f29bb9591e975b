"""stop_instances: several stops under one yes, each sent by itself; a person may strike some out."""

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from pai_dsw_mcp.approval.quoting import quoted
from pai_dsw_mcp.cloud.gather import gather
from pai_dsw_mcp.gate.outcome import WriteResult, result
from pai_dsw_mcp.gate.plan import Plan, Proposal
from pai_dsw_mcp.gate.services import Services, ToolContext, services_of
from pai_dsw_mcp.model.change import Change, Sentence, full_name
from pai_dsw_mcp.model.digest import digest
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.writes import STOP_INSTANCES
from pai_dsw_mcp.tools._arguments import InstanceId, RegionId
from pai_dsw_mcp.tools._tool import StrictTool, writing_tool
from pai_dsw_mcp.tools.start_stop import Stop, stop_plan

_MOST: Final = 20
_SAID_ONCE: Final = frozenset({"warn_stop_loses_work", "warn_stopped_disk_15_days"})


class InstanceToStop(BaseModel):
    """Where it is, and which."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region_id: RegionId
    instance_id: InstanceId


Instances = Annotated[list[InstanceToStop], Field(min_length=1, max_length=_MOST)]


@dataclass(frozen=True, slots=True)
class _StopSeveral:
    services: Services
    wanted: tuple[InstanceToStop, ...]

    async def look(self) -> Proposal | WriteResult:
        """Reads each instance and what stopping it may lose.

        Raises:
            RefusedError: One of them cannot be stopped from its state.
            CloudError: One of them could not be read; then nothing is concluded.
        """
        cloud = self.services.cloud
        read = await gather(*(cloud.get_instance(each.region_id, each.instance_id) for each in self.wanted))
        seen = await gather(*(self._stop(each).look_at(each) for each in read))
        count = Counter(each.instance_name for each in read)
        shared = frozenset(name for name, bearers in count.items() if bearers > 1)
        changes = [_told_apart(each.change, shared) for each in seen if isinstance(each, Proposal)]
        over = [_at_rest(each, shared) for each, told in zip(read, seen, strict=True) if isinstance(told, WriteResult)]
        if not changes:
            return result("nothing_to_do", "stop_all_already", instances=", ".join(map(quoted, over)))
        change = Change(
            action=STOP_INSTANCES.action,
            region_id=changes[0].region_id,
            target_name=", ".join(each.told_name for each in changes),
            warnings=(
                *(warning for each in changes for warning in each.warnings if warning.key == "warn_stop_loses_work"),
                *(Sentence(key="warn_stopped_already", values={"instances": each}) for each in over),
                Sentence(key="warn_stopped_disk_15_days"),
            ),
            then=tuple(map(_with_its_own_warnings, changes)),
            fingerprint=digest([each.fingerprint for each in changes]),
        )
        return Proposal(change, then=tuple(partial(stop_plan, self.services, each.region_id) for each in changes))

    def _stop(self, instance: Instance) -> Stop:
        return Stop(self.services, instance.region_id, instance.instance_id)


def _told_apart(change: Change, shared: AbstractSet[str]) -> Change:
    """The stop of one of several, which sentences call by more than its name if another has that name."""
    if change.target_name not in shared:
        return change
    change = change.model_copy(update={"has_namesake": True})
    named = {"instance_name": change.told_name}
    warnings = (
        each.model_copy(update={"values": {**each.values, **named}}) if named.keys() <= each.values.keys() else each
        for each in change.warnings
    )
    return change.model_copy(update={"warnings": tuple(warnings)})


def _at_rest(instance: Instance, shared: AbstractSet[str]) -> str:
    """What one is called that has nothing to stop."""
    name, instance_id = instance.instance_name, instance.instance_id
    return full_name(name, instance_id, instance.region_id) if name in shared else f"{name} ({instance_id})"


def _with_its_own_warnings(change: Change) -> Change:
    """Without those that the batch says once for all."""
    own = tuple(each for each in change.warnings if each.key not in _SAID_ONCE)
    return change.model_copy(update={"warnings": own})


async def stop_instances(context: ToolContext, instances: Instances) -> Plan:
    """Stop several instances under one approval; the person may leave some out.

    Ask first whether the work on each is saved. The answer tells of each what became of it.
    """
    wanted = sorted(set(instances), key=lambda each: (each.region_id, each.instance_id))
    wish = _StopSeveral(services_of(context), tuple(wanted))
    ids = ",".join(each.instance_id for each in wanted)
    return Plan(region_id=wanted[0].region_id, new_name=ids, look=wish.look)


def tools() -> list[StrictTool]:
    """The tool of this file."""
    return [writing_tool(stop_instances, title="Stop several DSW instances", destructive=True)]
