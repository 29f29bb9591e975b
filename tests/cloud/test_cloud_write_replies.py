"""The reply to a write: what counts as success."""

import pytest

from pai_dsw_mcp.cloud.writer import Writer
from pai_dsw_mcp.errors import CloudError
from pai_dsw_mcp.model.members import MembersToRemove
from pai_dsw_mcp.model.writes import REMOVE_MEMBER, Request
from tests.cloud.loopback import Loopback, reply

pytestmark = pytest.mark.anyio


async def test_a_code_under_http_200_is_no_success() -> None:
    removal = Request(REMOVE_MEMBER.requests[0], MembersToRemove(member_ids="40001-2"), {"workspace_id": "40001"})
    refusing = reply({"Code": "100600017", "Message": "Owner not allowed to delete"})
    async with Loopback(refusing) as server, server.cloud() as cloud:
        with pytest.raises(CloudError) as caught:
            await Writer(cloud, operation_id="op").send(REMOVE_MEMBER, "cn-hangzhou", "40001/admin", (removal,))
    assert caught.value.outcome == "unknown"
    assert server.received[0].operation == "DeleteMembers"
