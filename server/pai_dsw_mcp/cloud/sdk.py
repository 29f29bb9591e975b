"""What `client` loads late: the calls of the products, their models and their replies."""

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Final

from alibabacloud_pai_dsw20220101 import models as dsw_models

from pai_dsw_mcp.cloud import member_replies, monitoring_replies, replies
from pai_dsw_mcp.cloud.assumed_role import AssumedRole, AssumeRoleReply
from pai_dsw_mcp.cloud.caller import Caller, ReplyT
from pai_dsw_mcp.cloud.calls import RUNTIME, DswCall, IdentityCall, ReplyCall
from pai_dsw_mcp.cloud.operations import WriteToken
from pai_dsw_mcp.cloud.options import Role, Session
from pai_dsw_mcp.cloud.write_replies import BareWriteReply, DswWriteReply, WriteReply
from pai_dsw_mcp.model.writes import ApiWrite

if TYPE_CHECKING:
    from pai_dsw_mcp.cloud.aiworkspace import AiWorkSpace


class Sdk:
    """Everything that importing `client` must not load, in one place, so that the first call loads it at once."""

    dsw: Final = dsw_models
    replies: Final = replies
    monitoring_replies: Final = monitoring_replies
    member_replies: Final = member_replies
    runtime: Final = RUNTIME

    def __init__(self, caller: Caller) -> None:
        self.caller: Final = caller
        self._aiworkspace: AiWorkSpace | None = None

    def under_role(self, role: Role, session: Session, now: Callable[[], float]) -> "Sdk":
        """The same for one person, over the same connections, which hold nothing of anybody."""
        own = self.caller

        async def assume(region_id: str) -> AssumeRoleReply:
            call = self.identity_call(region_id, AssumeRoleReply)
            await call.assume_role(role.arn, session.name)
            return call.reply

        signer = AssumedRole(own.credentials, assume, role, session, now)
        return Sdk(Caller(own.options, pause=own.pause, signer=signer, transport=own.transport))

    def dsw_call(self, region_id: str, reply_type: type[ReplyT]) -> DswCall[ReplyT]:
        """One read of DSW."""
        return DswCall(self.caller, region_id, reply_type)

    async def aiworkspace(self) -> "AiWorkSpace":
        """AIWorkSpace. Loading does not block the event loop."""
        return self._aiworkspace or await asyncio.to_thread(self._load_aiworkspace)

    def identity_call(self, region_id: str, reply_type: type[ReplyT]) -> IdentityCall[ReplyT]:
        """One request to STS."""
        return IdentityCall(self.caller, region_id, reply_type)

    async def write_call(
        self, write: ApiWrite, region_id: str, token: WriteToken
    ) -> tuple[ModuleType, ReplyCall[WriteReply]]:
        """The models of the product that is written to, and one write."""
        reply_type = DswWriteReply if write.says_success else BareWriteReply
        if write.product == "aiworkspace":
            product = await self.aiworkspace()
            return product.models, product.call(region_id, reply_type, token)
        return self.dsw, DswCall(self.caller, region_id, reply_type, token)

    def _load_aiworkspace(self) -> "AiWorkSpace":
        # A tenth of a second of imports, and memory that whoever only lists and stops instances does without.
        from pai_dsw_mcp.cloud.aiworkspace import AiWorkSpace  # noqa: PLC0415

        self._aiworkspace = AiWorkSpace(self.caller)
        return self._aiworkspace
