"""The generated clients, with the one method replaced that every operation of theirs goes through."""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# The generated clients are annotated, the runtime below them is not.

from functools import partial
from typing import Any, Final, Generic

from alibabacloud_pai_dsw20220101.client import Client as PaiDswClient
from alibabacloud_pai_dsw20220101.models import GetInstanceRequest
from alibabacloud_tea_openapi.client import Client as OpenApiClient
from alibabacloud_tea_openapi.utils_models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from pai_dsw_mcp.cloud.caller import Caller, ReplyT
from pai_dsw_mcp.cloud.endpoints import Service, host_of
from pai_dsw_mcp.cloud.operations import WriteToken
from pai_dsw_mcp.cloud.replies import GetInstanceReply
from pai_dsw_mcp.cloud.scope import check_request, check_workspace, instance_of

RUNTIME: Final = RuntimeOptions()
"""The generated methods ask for it; nothing of it is used."""


_OF_A_WORKSPACE: Final = frozenset({"GetInstance", "GetDataset"})
"""Reads by an id that does not tell the workspace; only the reply does."""


class ReplyCall(OpenApiClient, Generic[ReplyT]):
    """Made for one call: the generated method builds the request, `reply` holds what came back."""

    product: Service

    def __init__(
        self, caller: Caller, region_id: str, reply_type: type[ReplyT], token: WriteToken | None = None
    ) -> None:
        host = host_of(self.product, region_id, caller.options.network)
        super().__init__(Config(endpoint=host, region_id=region_id, user_agent=caller.user_agent))
        self._caller, self._place = caller, region_id
        self._read = partial(reply_type.model_validate_json, context={"region_id": region_id})
        self._token = token
        self.reply: ReplyT

    async def call_api_async(self, params: Params, request: OpenApiRequest, runtime: RuntimeOptions) -> dict[str, Any]:
        """Instead of the SDK's transport, redirects, retries and unchecked parsing.

        Raises:
            CloudError: Anything went wrong.
        """
        del runtime
        options, action, path = self._caller.options, str(params.action), str(params.pathname)
        check_request(options, self._place, action, path, request.query, request.body)
        if instance_id := instance_of(options, action, path):
            owner = DswCall(self._caller, self._place, GetInstanceReply)
            await owner.get_instance_with_options_async(instance_id, GetInstanceRequest(), {}, RUNTIME)
        self.reply = await self._caller.exchange(self._endpoint, params, request, self._read, self._token)
        if action in _OF_A_WORKSPACE:
            reply: Any = self.reply
            check_workspace(options, action, reply.root.workspace_id)
        return {"body": {}, "headers": {}, "statusCode": 200}


class DswCall(ReplyCall[ReplyT], PaiDswClient):
    """PAI DSW, 2022-01-01."""

    product = "pai-dsw"


class IdentityCall(ReplyCall[ReplyT]):
    """STS, 2015-04-01: two operations, for which a generated client would be a package more."""

    product = "sts"

    async def get_caller_identity(self) -> None:
        """Whose credentials these are."""
        await self._ask("GetCallerIdentity", {})

    async def assume_role(self, role_arn: str, session_name: str) -> None:
        """Temporary keys of a role, for an hour."""
        await self._ask("AssumeRole", {"RoleArn": role_arn, "RoleSessionName": session_name})

    async def _ask(self, action: str, query: dict[str, str]) -> None:
        """As the generated client of STS builds it."""
        params = Params(
            action=action,
            version="2015-04-01",
            protocol="HTTPS",
            pathname="/",
            method="POST",
            auth_type="AK",
            style="RPC",
            req_body_type="formData",
            body_type="json",
        )
        await self.call_api_async(params, OpenApiRequest(query=query), RUNTIME)
