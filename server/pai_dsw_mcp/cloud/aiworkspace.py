"""AIWorkSpace: its generated client. Loaded when it is first asked for, because that takes time and memory."""

from typing import Final

from alibabacloud_aiworkspace20210204 import models
from alibabacloud_aiworkspace20210204.client import Client

from pai_dsw_mcp.cloud.caller import Caller, ReplyT
from pai_dsw_mcp.cloud.calls import ReplyCall
from pai_dsw_mcp.cloud.operations import WriteToken


class WorkspaceCall(ReplyCall[ReplyT], Client):
    """AIWorkSpace, 2021-02-04."""

    product = "aiworkspace"


class AiWorkSpace:
    """The requests of AIWorkSpace and their models."""

    models: Final = models

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def call(self, region_id: str, reply_type: type[ReplyT], token: WriteToken | None = None) -> WorkspaceCall[ReplyT]:
        """One read; with a token, one write."""
        return WorkspaceCall(self._caller, region_id, reply_type, token)
