"""What an instance really has after an update that the service may take and drop without a word."""

from collections.abc import Awaitable, Callable

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.gate.outcome import ReadBack
from pai_dsw_mcp.model.instance import InstanceChanges
from pai_dsw_mcp.tools._advanced import owner_found
from pai_dsw_mcp.tools._quota_wish import share_found


def look_after(cloud: Cloud, region_id: str, changes: InstanceChanges) -> Callable[[str], Awaitable[ReadBack]] | None:
    """A look at the owner and the share of a quota, where they change."""
    user_id, share = changes.user_id, changes.requested_resource
    if user_id is None and share is None:
        return None

    async def look(instance_id: str) -> ReadBack:
        found = await cloud.get_instance(region_id, instance_id)
        looks = [owner_found(user_id, found)] if user_id else []
        looks += [share_found(share, found)] if share else []
        return ReadBack(is_so=all(each.is_so for each in looks), told=" ".join(each.told for each in looks))

    return look
