"""Who calls: the credentials of this server, and over HTTP also the person who signed in."""

import hashlib
import json
from typing import Final

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import principal_components

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.errors import RefusedError

READ: Final = "dsw:read"
WRITE: Final = "dsw:write"
"""The scopes of a token. Whoever writes also reads."""


async def principal_of(cloud: Cloud) -> str:
    """Whose approvals, refusals and operations a change belongs to.

    Of a token it is whom its issuer names, through whatever client: a digest, because the journal need not name them.

    Raises:
        CloudError: There are no credentials.
        RefusedError: The token of this call may only read.
    """
    if not may_write():
        raise RefusedError("scope_missing", scope=WRITE)
    credentials = (await cloud.identity()).principal
    token = get_access_token()
    if token is None:
        return credentials
    _, issuer, subject = principal_components(token)
    return f"{credentials}/{person_of(issuer, subject)}"


def who_calls() -> str:
    """Who signed in, without a look at the cloud; without a sign-in everybody is the same."""
    token = get_access_token()
    if token is None:
        return ""
    _, issuer, subject = principal_components(token)
    return person_of(issuer, subject)


def person_of(issuer: str | None, subject: str | None) -> str:
    """The part of a principal that stands for whom this issuer names so."""
    return hashlib.sha256(json.dumps([issuer, subject]).encode()).hexdigest()[:32]


def is_of_person(principal: str, person: str) -> bool:
    """Whether this person, as `person_of` has them, is whom the principal stands for."""
    return principal.partition("/")[2] == person


def name_of_caller() -> str | None:
    """What the person who signed in is called, for whoever is asked to approve in their place."""
    token = get_access_token()
    name = (token.claims or {}).get("name") if token is not None else None
    return name if isinstance(name, str) else None


def credentials_of(principal: str) -> str:
    """The credentials with which this principal works."""
    return principal.partition("/")[0]


def may_write() -> bool:
    """Whether this call may change something, after a person's yes: with a token, only where that says so."""
    token = get_access_token()
    return token is None or WRITE in token.scopes
