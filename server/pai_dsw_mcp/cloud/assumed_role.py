"""Temporary keys of a role, for one person: asked of STS with the server's own credentials, renewed before they end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from pai_dsw_mcp.cloud.credentials import Signer, digest_of, sign_request
from pai_dsw_mcp.cloud.message import Request
from pai_dsw_mcp.cloud.options import Identity, Role, Session
from pai_dsw_mcp.errors import CloudError, CredentialsError, ErrorKind, ReplyError
from pai_dsw_mcp.texts.render import render

_AHEAD: Final = 300.0
"""Seconds before their end in which keys are no longer used: more than any request takes."""

_Secret = Annotated[str, Field(min_length=1, repr=False)]


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal, hide_input_in_errors=True)


class _Keys(_Wire):
    access_key_id: _Secret
    access_key_secret: _Secret
    security_token: _Secret
    expiration: AwareDatetime


class _RoleUser(_Wire):
    assumed_role_id: str


class AssumeRoleReply(_Wire):
    """AssumeRole."""

    credentials: _Keys
    assumed_role_user: _RoleUser


class AssumedRole:
    """Signs with keys of the role, and with nothing else: without them nothing is sent."""

    def __init__(
        self,
        own: Signer,
        assume: Callable[[str], Awaitable[AssumeRoleReply]],
        role: Role,
        session: Session,
        now: Callable[[], float],
    ) -> None:
        """`assume` asks the token service of a region, signed by `own`: the credentials of the server."""
        self._own = own
        self._assume = assume
        self._role = role
        self._session = session
        self._now = now
        self._asking = asyncio.Lock()
        self._keys: _Keys | None = None

    async def identity(self, operation: str) -> Identity:
        """Who requests are signed as: this person in this role, on behalf of the server's pinned credentials.

        Raises:
            CredentialsError: The server has no credentials, or they belong to another identity.
        """
        own = await self._own.identity(operation)
        return Identity(
            provider=f"ram_role_arn/{own.provider}",
            kind="sts",
            principal=f"role-{digest_of(own.principal, self._role.arn, self._session.person)}",
            expires_at=self._keys.expiration.timestamp() if self._keys else None,
        )

    async def sign(self, request: Request, digest: str, operation: str) -> None:
        """Add the headers that authenticate the request; `digest` is the SHA-256 of the body in hex.

        Raises:
            CredentialsError: The role could not be assumed.
        """
        async with self._asking:
            if self._keys is None or self._now() >= self._keys.expiration.timestamp() - _AHEAD:
                # `<service>.<region>.aliyuncs.com`: the region that is asked anyway can be reached from here.
                self._keys = await self._ask(request.headers["host"].split(".")[1], operation)
            keys = self._keys
        sign_request(
            request,
            digest,
            provider="ram_role_arn",
            access_key_id=keys.access_key_id,
            access_key_secret=keys.access_key_secret,
            security_token=keys.security_token,
        )

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text: these keys, and the server's own."""
        keys = self._keys
        mine = (keys.security_token, keys.access_key_secret, keys.access_key_id) if keys else ()
        return (*mine, *self._own.secrets())

    def renew(self) -> None:
        """Assume the role again at the next use, because the service says that the keys have expired."""
        self._keys = None

    def close(self) -> None:
        """There is nothing to end."""

    async def _ask(self, region_id: str, operation: str) -> _Keys:
        try:
            reply = await self._assume(region_id)
            self._check(reply)
        except CloudError as error:
            failure = error
        else:
            return reply.credentials
        raise _not_assumed(failure, operation)

    def _check(self, reply: AssumeRoleReply) -> None:
        """Refuses keys that are for another session, or for another role than those before."""
        role_id, _, session_name = reply.assumed_role_user.assumed_role_id.partition(":")
        if session_name != self._session.name:
            raise ReplyError(ErrorKind.REPLY_INVALID, operation="AssumeRole", status=200)
        self._role.role_id = self._role.role_id or role_id
        if role_id != self._role.role_id:
            raise CredentialsError(ErrorKind.IDENTITY_CHANGED, operation="AssumeRole")


def _not_assumed(failure: CloudError, operation: str) -> CredentialsError:
    """The failure as that of the operation that needed the role; nothing of that was sent."""
    values: dict[str, Any] = {"key": "role_not_assumed", "why": render(failure.sentence)}
    return CredentialsError(
        failure.kind,
        operation=operation,
        status=failure.status,
        code=failure.code,
        request_id=failure.request_id,
        remedy=failure.remedy,
        **values,
    )
