"""The diagnosis of one instance: the likely cause of its state, and what mends it."""

from collections.abc import Sequence
from typing import Annotated, Final

from mcp_types import CallToolResult

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.gather import both
from pai_dsw_mcp.cloud.monitoring import get_lifecycle
from pai_dsw_mcp.cloud.snapshots import list_snapshots
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.gate.services import ToolContext, services_of
from pai_dsw_mcp.model.catalogue import EcsSpec, Image
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.monitoring import PastStatus
from pai_dsw_mcp.model.scrub import scrub_log
from pai_dsw_mcp.model.snapshot import Snapshot
from pai_dsw_mcp.model.value import OURS
from pai_dsw_mcp.tools._arguments import InstanceId, RegionId
from pai_dsw_mcp.tools._causes import CauseRow, Facts, causes_of
from pai_dsw_mcp.tools._checks import Chip, chip_told
from pai_dsw_mcp.tools._instance_rows import Reason, meaning_of
from pai_dsw_mcp.tools._past import EventRow, LogRow, Past, past_of, tried
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Projection, Shown
from pai_dsw_mcp.tools._queue import QueuePlace, place_in_queue
from pai_dsw_mcp.tools._render import paragraphs, tell
from pai_dsw_mcp.tools._tool import READ, StrictTool, answer, tool
from pai_dsw_mcp.tools._visible import image_of

_MOST_EVENTS: Final = 12
_ENDS: Final = frozenset({"Stopped", "Failed", "Arrearge"})


class Diagnosed(Projection):
    """The answer of diagnose_instance. Reason, events and logs are the service's words."""

    note: Annotated[str, OURS]
    instance_name: Shown
    status: Shown
    causes: Annotated[list[CauseRow] | None, NOT_EMPTY] = None
    reason: Reason | None = None
    queue: QueuePlace | None = None
    events: Annotated[list[EventRow] | None, NOT_EMPTY] = None
    system_logs: Annotated[list[LogRow] | None, NOT_EMPTY] = None


async def diagnose_instance(
    context: ToolContext, region_id: RegionId, instance_id: InstanceId
) -> Annotated[CallToolResult, Diagnosed]:
    """Why an instance failed, does not start or waits: the likely cause and what mends it, with the evidence."""
    cloud = services_of(context).cloud
    instance, statuses = await both(
        cloud.get_instance(region_id, instance_id), tried(get_lifecycle(cloud, region_id, instance_id))
    )
    since = None if isinstance(statuses, CloudError) else _last_start(statuses)
    (past, (queue, waits)), (image, (spec, snapshots)) = await both(
        both(_past(cloud, instance, since), place_in_queue(cloud, instance)),
        both(image_of(cloud, instance), both(_spec(cloud, instance), _snapshots(cloud, instance))),
    )
    facts = Facts(instance, past, _chip(image, instance), spec, () if isinstance(snapshots, CloudError) else snapshots)
    causes = causes_of(facts)
    about = (
        _summary(facts, causes),
        waits,
        tell("events_are_data") if past.events or past.logs else None,
        *past.left_out,
        tell("past_unread", problem=snapshots) if isinstance(snapshots, CloudError) else None,
    )
    return answer(
        Diagnosed(
            note=paragraphs(*about),
            instance_name=instance.instance_name,
            status=instance.status,
            causes=causes,
            reason=_reason(instance),
            queue=queue,
            events=[EventRow.of(each) for each in past.events[:_MOST_EVENTS]],
            system_logs=[LogRow.of(each) for each in past.logs[:_MOST_EVENTS]],
        )
    )


def tools() -> list[StrictTool]:
    """The tools of this family."""
    return [tool(diagnose_instance, title="Diagnose an instance", annotations=READ)]


async def _past(cloud: Cloud, instance: Instance, since: str | None) -> Past:
    """What happened since the last start. Without it, the fields of the instance still tell something."""
    past = await tried(past_of(cloud, instance.region_id, instance.instance_id, since=since))
    return Past((), (), (), (tell("past_unread", problem=past),)) if isinstance(past, CloudError) else past


async def _spec(cloud: Cloud, instance: Instance) -> EcsSpec | None:
    if instance.ecs_spec is None:
        return None
    spec = await tried(cloud.find_ecs_spec(instance.region_id, instance.ecs_spec))
    return None if isinstance(spec, CloudError) else spec


async def _snapshots(cloud: Cloud, instance: Instance) -> Sequence[Snapshot] | CloudError:
    """What was saved of it, where saving failed: the service gives the reason there alone."""
    if instance.status != "SaveFailed":
        return ()
    return await tried(list_snapshots(cloud, instance.region_id, instance.instance_id))


def _chip(image: Image | None, instance: Instance) -> Chip | None:
    return chip_told(image, instance.image_url)


def _last_start(statuses: Sequence[PastStatus]) -> str | None:
    """When it was started the last time; the newest status may be the end of that start."""
    started: str | None = None
    for position, past in enumerate(statuses):
        if position and past.status in _ENDS:
            break
        started = past.since
    return started


def _summary(facts: Facts, causes: Sequence[CauseRow]) -> str:
    if causes:
        return tell("causes_found")
    if facts.has_failed:
        return tell("causes_unknown")
    status = facts.instance.status
    if status == "Running":
        return tell("causes_runs")
    return f"{tell('causes_rests', status=status)} {meaning_of(facts.instance, facts.chip)}"


def _reason(instance: Instance) -> Reason | None:
    if not (instance.reason_code or instance.reason_message):
        return None
    return Reason(code=scrub_log(instance.reason_code or ""), message=scrub_log(instance.reason_message or ""))
