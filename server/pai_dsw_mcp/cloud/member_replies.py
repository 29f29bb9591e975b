"""The replies of `cloud.members`."""

from typing import Annotated

from pai_dsw_mcp.cloud.wire import Count, CreatedAt, NullMeans, ReadAs, Texts, Wire
from pai_dsw_mcp.model.members import Member


class WireMember(Member, Wire):
    """`Members[]`."""

    member_name: Annotated[str, NullMeans("")] = ""
    roles: Texts = ()
    created_at: CreatedAt = None


class ListMembersReply(Wire):
    """ListMembers."""

    members: tuple[Annotated[Member, ReadAs(WireMember)], ...]
    total_count: Count
