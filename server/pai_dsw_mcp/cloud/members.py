"""Who is in a workspace. Apart from the other reads about workspaces, which most servers never load."""

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.operations import checked
from pai_dsw_mcp.cloud.paging import read_all
from pai_dsw_mcp.model.members import Member


async def list_members(cloud: Cloud, region_id: str, workspace_id: str) -> tuple[Member, ...]:
    """Every member of a workspace."""
    sdk = await cloud.sdk()
    aiworkspace = await sdk.aiworkspace()
    path_id = checked("workspace_id", workspace_id)

    async def page(number: int, size: int) -> tuple[tuple[Member, ...], int]:
        call = aiworkspace.call(region_id, sdk.member_replies.ListMembersReply)
        request = aiworkspace.models.ListMembersRequest(page_number=number, page_size=size)
        await call.list_members_with_options_async(path_id, request, {}, sdk.runtime)
        return call.reply.members, call.reply.total_count

    return await read_all("ListMembers", page, lambda member: member.member_id)
