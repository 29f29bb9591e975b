"""Who calls: the credentials of this server, and over HTTP also the person who signed in."""

import hashlib
import json
import re
from typing import Final

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import principal_components

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import Session
from pai_dsw_mcp.errors import RefusedError

READ: Final = "dsw:read"
WRITE: Final = "dsw:write"
"""The scopes of a token. Whoever writes also reads."""

OWNER: Final = "owner"
"""Where the sign-in keeps the claim that `--owner-claim` names."""
_NOT_IN_A_SESSION_NAME: Final = re.compile(r"[^A-Za-z0-9.@_-]")
_NAME_CAP: Final = 31
"""With the digest, the 64 characters that a session's name may have."""
_USER_ID: Final = re.compile("[0-9]{1,32}")


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


def person_in(principal: str) -> str | None:
    """The person, as `person_of` has them, whom the principal stands for; None where nobody signed in."""
    return principal.partition("/")[2] or None


def is_of_person(principal: str, person: str) -> bool:
    """Whether this person, as `person_of` has them, is whom the principal stands for."""
    return person_in(principal) == person


def name_of_caller() -> str | None:
    """What the person who signed in is called, for whoever is asked to approve in their place."""
    token = get_access_token()
    name = (token.claims or {}).get("name") if token is not None else None
    return name if isinstance(name, str) else None


def session_of_caller() -> Session:
    """The session in which the role is assumed for whoever calls: named after them, and told apart by the digest.

    Raises:
        RefusedError: Nobody signed in.
    """
    token = get_access_token()
    _, issuer, subject = (None, None, None) if token is None else principal_components(token)
    if subject is None:
        raise RefusedError("nobody_signed_in")
    person, name = person_of(issuer, subject), name_of_caller() or ""
    return Session(person, f"{_NOT_IN_A_SESSION_NAME.sub('_', name)[:_NAME_CAP]}-{person}")


def owner_of_caller(claim: str) -> str:
    """The cloud user id that the token of this call has, to own what is created.

    Raises:
        RefusedError: It has none.
    """
    token = get_access_token()
    # Some providers write it as a number.
    owner = str((token.claims or {}).get(OWNER)) if token is not None else ""
    if not _USER_ID.fullmatch(owner):
        raise RefusedError("owner_claim_missing", claim=claim)
    return owner


def credentials_of(principal: str) -> str:
    """The credentials with which this principal works."""
    return principal.partition("/")[0]


def may_write() -> bool:
    """Whether this call may change something, after a person's yes: with a token, only where that says so."""
    token = get_access_token()
    return token is None or WRITE in token.scopes
