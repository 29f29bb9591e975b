"""Where an instance stands in the queue of its resource quota, as far as the service tells."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.operations import is_id
from pai_dsw_mcp.cloud.quotas import list_queue
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.quota import QueuedWorkload
from pai_dsw_mcp.tools._projection import NOT_EMPTY, Moment, Projection, Scrubbed, Shown
from pai_dsw_mcp.tools._render import number, tell


class QueuePlace(Projection):
    """A place in a queue. `ahead` counts those in front by product; the reason is in the service's words."""

    position: int | None = None
    waiting: int
    since: Moment | None = None
    ahead: Annotated[dict[Shown, int] | None, NOT_EMPTY] = None
    ahead_gpu: float
    reason: Scrubbed | None = None


async def place_in_queue(cloud: Cloud, instance: Instance) -> tuple[QueuePlace | None, str | None]:
    """The place, and a sentence about it; neither for an instance that waits for no quota.

    A queue that cannot be read only leaves the place unknown.
    """
    quota_id = instance.resource_id or ""
    if instance.status != "Queuing" or not is_id("quota_id", quota_id):
        return None, None
    try:
        queue = await list_queue(cloud, instance.region_id, quota_id)
    except CloudError as error:
        return None, tell("queue_place_unread", quota_id=quota_id, problem=error.explain())
    own = next((each for each in queue if each.workload_id == instance.instance_id), None)
    if own is None:
        return None, tell("queue_place_unknown", quota_id=quota_id, waiting=len(queue))
    place = _place(own, queue)
    return place, tell("queue_place", quota_id=quota_id, waiting=place.waiting, ahead=_ahead(place))


def _place(own: QueuedWorkload, queue: Sequence[QueuedWorkload]) -> QueuePlace:
    position = own.position
    ahead = [each for each in queue if position is not None and each.position is not None and each.position < position]
    return QueuePlace(
        position=position,
        waiting=len(queue),
        since=own.enqueued_at,
        ahead=dict(Counter(each.workload_type or "unknown" for each in ahead).most_common()),
        ahead_gpu=sum(each.resource.gpu or 0 for each in ahead),
        reason=own.reason,
    )


def _ahead(place: QueuePlace) -> str:
    if place.position is None:
        return tell("queue_no_position")
    count = sum((place.ahead or {}).values())
    if not count:
        return tell("queue_next")
    return tell("queue_ahead", count=count, gpu=number(place.ahead_gpu))
