"""One call, from the request that a generated method built to a reply that can be trusted."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# The SDK's runtime has no annotations.

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import aiohttp
from alibabacloud_tea_openapi.utils import Utils
from alibabacloud_tea_openapi.utils_models import OpenApiRequest, Params
from darabonba.core import DaraCore
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ValidationError

from pai_dsw_mcp import telemetry
from pai_dsw_mcp.cloud.credentials import Credentials, Signer
from pai_dsw_mcp.cloud.endpoints import hosts_of
from pai_dsw_mcp.cloud.failures import Attempt, of_exception, of_reply
from pai_dsw_mcp.cloud.message import Reply, Request, without_empty_lists
from pai_dsw_mcp.cloud.operations import OPERATIONS, Operation, WriteToken
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.retry import pause_before_next, seconds_ahead
from pai_dsw_mcp.cloud.transport import ReplyTooLargeError, Transport
from pai_dsw_mcp.errors import CloudError, CredentialsError, ErrorKind
from pai_dsw_mcp.model.identity import CallerIdentity
from pai_dsw_mcp.version import VERSION

ReplyT = TypeVar("ReplyT", bound=BaseModel)

_FAILURES: Final = (aiohttp.ClientError, ReplyTooLargeError, OSError, TimeoutError, ValueError)
"""What the transport can raise; `ValueError` is a proxy address that aiohttp cannot use."""


class Caller:
    """What all calls share: options, credentials, connections."""

    def __init__(
        self,
        options: CloudOptions,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        signer: Signer | None = None,
        transport: Transport | None = None,
    ) -> None:
        self.options: Final = options
        self.credentials: Final[Signer] = signer or Credentials(options)
        self.transport: Final = transport or Transport(options)
        # The vendor's skill asks for the first part, by which it recognises its users' calls.
        self.user_agent: Final = f"AlibabaCloud-Agent-Skills/alibabacloud-pai-dsw-manage pai-dsw-mcp/{VERSION}"
        self.clock_skew: float | None = None
        self.listeners: list[Callable[[str, Reply, CloudError | None], None]] = []
        """Who is told of every reply: its operation, and what is wrong with it."""
        self.identity: CallerIdentity | CloudError | None = None
        """Whose credentials these are, or why that is not known; None until somebody asks."""
        self.identifying: Final = asyncio.Lock()
        self.pause: Final = pause

    async def exchange(
        self,
        host: str,
        params: Params,
        request: OpenApiRequest,
        read: Callable[[bytes], ReplyT],
        token: WriteToken | None,
    ) -> ReplyT:
        """Send it and `read` the reply; reads are tried up to three times, writes once.

        Raises:
            CloudError: The request may not be sent, or the reply is not a success.
        """
        operation = self._permitted(host, params, token)
        seconds = self.options.write_timeout if operation.is_write else self.options.read_timeout
        attempt = Attempt(operation, host, seconds)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        tries = 0
        while True:
            tries += 1
            name = operation.name
            with telemetry.span(
                "pai_dsw_mcp.cloud.call.duration",
                name,
                {"rpc.method": name},
                kind=SpanKind.CLIENT,
                level=logging.DEBUG,
            ) as facts:
                failure = await self._try(attempt, params, request, read, deadline)
                if not isinstance(failure, CloudError):
                    return failure
                facts[telemetry.ERROR] = failure.kind
            pause = None if operation.is_write else self._pause_after(failure, tries)
            if pause is None or loop.time() + pause >= deadline:
                raise failure
            await self.pause(pause)

    async def close(self) -> None:
        """Close connections and let the credential thread end."""
        await self.transport.close()
        self.credentials.close()

    def _permitted(self, host: str, params: Params, token: WriteToken | None) -> Operation:
        """The table row of this request, if it may be sent at all."""
        action = str(params.action)
        operation = OPERATIONS.get(action)
        if operation is None or params.method != operation.method or not operation.path.fullmatch(str(params.pathname)):
            raise CloudError(ErrorKind.REFUSED, operation=action)
        if host not in hosts_of(operation.product):
            raise CloudError(ErrorKind.ENDPOINT_REFUSED, operation=action, host=host)
        if operation.is_write and self.options.read_only:
            raise CloudError(ErrorKind.READ_ONLY, operation=action)
        if operation.is_write and (token is None or not token.spend(action)):
            raise CloudError(ErrorKind.REFUSED, operation=action)
        return operation

    def _pause_after(self, failure: CloudError, tries: int) -> float | None:
        if failure.kind is ErrorKind.CREDENTIALS_EXPIRED and tries == 1:
            self.credentials.renew()
            return 0.0
        if isinstance(failure, CredentialsError):
            return None  # whoever gets the credentials has tried again already
        return pause_before_next(failure, tries)

    async def _try(
        self,
        attempt: Attempt,
        params: Params,
        request: OpenApiRequest,
        read: Callable[[bytes], ReplyT],
        deadline: float,
    ) -> ReplyT | CloudError:
        """One transmission. A failure is returned, so that it is raised where no other exception is being handled."""
        sent = False
        try:
            async with asyncio.timeout_at(deadline):
                signed = await self._signed(attempt, params, request)
                sent = True
                reply = await self.transport.send(signed, attempt.host)
        except CloudError as error:
            return error
        except _FAILURES as error:
            return of_exception(error, attempt, sent=sent)
        self.clock_skew = seconds_ahead(reply.headers.get("date", ""))
        found = self._read(attempt, reply, read)
        for listener in self.listeners:
            listener(attempt.operation.name, reply, found if isinstance(found, CloudError) else None)
        return found

    def _read(self, attempt: Attempt, reply: Reply, read: Callable[[bytes], ReplyT]) -> ReplyT | CloudError:
        secrets = (*self.credentials.secrets(), *self.options.secrets)
        if not 200 <= reply.status < 300:
            return of_reply(reply, attempt, secrets)
        try:
            return read(reply.body)
        except ValidationError:
            return of_reply(reply, attempt, secrets)

    async def _signed(self, attempt: Attempt, params: Params, request: OpenApiRequest) -> Request:
        """The request as the SDK's own `do_request_async` makes it, header by header."""
        action = attempt.operation.name
        body = None if request.body is None else _json(request.body)
        digest = hashlib.sha256(body or b"").hexdigest()
        headers = {
            "host": attempt.host,
            "x-acs-version": str(params.version),
            "x-acs-action": action,
            "user-agent": Utils.get_user_agent(self.user_agent),
            "x-acs-date": Utils.get_timestamp(),
            "x-acs-signature-nonce": Utils.get_nonce(),
            "accept": "application/json",
            "x-acs-content-sha256": digest,
        }
        if body is not None:
            headers["content-type"] = "application/json; charset=utf-8"
        signed = Request(attempt.operation.method, str(params.pathname), dict(request.query or {}), headers, body)
        await self.credentials.sign(signed, digest, action)
        return signed


def _json(body: Any) -> bytes:
    return str(DaraCore.to_json_string(without_empty_lists(body))).encode()
