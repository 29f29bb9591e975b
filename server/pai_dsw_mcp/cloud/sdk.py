"""The generated clients of both products, with the one method replaced that every operation of theirs goes through."""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# The generated clients are annotated, the runtime below them is not.

from typing import Any, Final, Generic

from alibabacloud_aiworkspace20210204.client import Client as AiWorkSpaceClient
from alibabacloud_pai_dsw20220101.client import Client as PaiDswClient
from alibabacloud_tea_openapi.client import Client as OpenApiClient
from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from pai_dsw_mcp.cloud.caller import Caller
from pai_dsw_mcp.cloud.endpoints import Product, host_of
from pai_dsw_mcp.cloud.ticket import Ticket
from pai_dsw_mcp.cloud.wire import ReplyT

RUNTIME: Final = RuntimeOptions()
"""The generated methods ask for it; nothing of it is used."""


class _Calls(OpenApiClient, Generic[ReplyT]):
    """Made for one call: the generated method builds the request, `reply` holds what came back."""

    product: Product

    def __init__(self, caller: Caller, region_id: str, reply_type: type[ReplyT], ticket: Ticket | None = None) -> None:
        host = host_of(self.product, region_id, caller.options.network)
        super().__init__(Config(endpoint=host, region_id=region_id, user_agent=caller.user_agent))
        self._caller = caller
        self._reply_type = reply_type
        self._ticket = ticket
        self.reply: ReplyT

    async def call_api_async(self, params: Params, request: OpenApiRequest, runtime: RuntimeOptions) -> dict[str, Any]:
        """Instead of the SDK's transport, redirects, retries and unchecked parsing.

        Raises:
            CloudError: Anything went wrong.
        """
        del runtime
        self.reply = await self._caller.exchange(self._endpoint, params, request, self._reply_type, self._ticket)
        return {"body": {}, "headers": {}, "statusCode": 200}


class DswCalls(_Calls[ReplyT], PaiDswClient):
    """PAI DSW, 2022-01-01."""

    product = "pai-dsw"


class WorkspaceCalls(_Calls[ReplyT], AiWorkSpaceClient):
    """AIWorkSpace, 2021-02-04."""

    product = "aiworkspace"


class CallerOwner:
    """The base of the families of calls."""

    def __init__(self, caller: Caller) -> None:
        self.caller: Final = caller
