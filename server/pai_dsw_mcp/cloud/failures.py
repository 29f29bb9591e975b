"""The one place where anything that goes wrong on the way to the cloud becomes a `CloudError`.

Callers raise what these functions return outside their own `except`, so that no foreign exception, whose attributes
may hold signed headers, becomes the cause or context.
"""

import re
from dataclasses import dataclass
from typing import Any, Final, cast

import aiohttp
from pydantic_core import from_json

from pai_dsw_mcp.cloud.denials import explain
from pai_dsw_mcp.cloud.message import REQUEST_ID, Reply
from pai_dsw_mcp.cloud.operations import Operation
from pai_dsw_mcp.cloud.retry import retry_after
from pai_dsw_mcp.cloud.transport import REPLY_CAP, ReplyTooLargeError
from pai_dsw_mcp.errors import (
    CloudError,
    ConnectionFailedError,
    CredentialsError,
    ErrorKind,
    Outcome,
    ReplyError,
    ServiceError,
)
from pai_dsw_mcp.model.sanitize import mask_accounts, sanitize
from pai_dsw_mcp.model.scrub import LONGEST, scrub
from pai_dsw_mcp.texts.render import say

_MESSAGE_CAP: Final = 300
_CODE: Final = re.compile(r"[A-Za-z0-9_.]{1,64}")
_ANYTHING: Final = re.compile(rf".{{1,{LONGEST}}}", re.DOTALL)
_UNREACHABLE: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""Raised before a byte of the request was sent: no address, no connection, no TLS, no way through the proxy."""

_CODES: Final[tuple[tuple[re.Pattern[str], ErrorKind], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"Throttling(\..*)?", ErrorKind.THROTTLED),
        (r"InvalidSecurityToken\.Expired|SecurityTokenExpired", ErrorKind.CREDENTIALS_EXPIRED),
        (r"InvalidSecurityToken(\..*)?|(Invalid|Missing)AccessKeyId(\..*)?", ErrorKind.CREDENTIALS_INVALID),
        (r"SignatureDoesNotMatch|IncompleteSignature|MissingSecurityToken", ErrorKind.CREDENTIALS_INVALID),
        (r"InvalidTimeStamp(\..*)?", ErrorKind.CLOCK_WRONG),
        (r"SignatureNonceUsed|InvalidApi\.NotFound|InvalidAction\.NotFound", ErrorKind.SERVICE_FAILED),
        # AIWorkSpace answers a missing right with HTTP 404 and this code (measured by a third party).
        (r"100700008|NoPermission.*|Forbidden(\..*)?|PermissionError|AccessDenied.*", ErrorKind.PERMISSION_DENIED),
        (r"100400027|100400008|201300003", ErrorKind.NOT_FOUND),
        (r"WorkspaceNameAlreadyExists", ErrorKind.NAME_TAKEN),
    )
)
_STATUSES: Final = {
    401: ErrorKind.CREDENTIALS_INVALID,
    403: ErrorKind.PERMISSION_DENIED,
    404: ErrorKind.NOT_FOUND,
    408: ErrorKind.TIMEOUT,
    429: ErrorKind.THROTTLED,
}
_LISTS: Final = {
    "GetInstance": "list_instances",
    "GetWorkspace": "list_workspaces",
    "GetImage": "list_images",
    "GetDataset": "list_datasets",
    "GetQuota": "list_quotas",
}
"""The tool that shows what there is, where an id is unknown."""
_CREDENTIALS: Final = {
    ErrorKind.CREDENTIALS_MISSING,
    ErrorKind.CREDENTIALS_INVALID,
    ErrorKind.CREDENTIALS_EXPIRED,
}
_UNSETTLED: Final = frozenset({408, 409, 429})
"""Refusals after which a write may still have happened."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried; `seconds` is the deadline of the whole operation."""

    operation: Operation
    host: str
    seconds: float

    @property
    def outcome(self) -> Outcome:
        """What is known of the effect once the request may have reached the service."""
        return "unknown" if self.operation.is_write else "none"


def of_exception(error: Exception, attempt: Attempt, *, sent: bool) -> CloudError:
    """From any exception of the transport; only its type is used, never its text."""
    outcome = attempt.outcome if sent else "none"

    def made(kind: ErrorKind, family: type[CloudError], outcome: Outcome = outcome) -> CloudError:
        return family(
            kind,
            operation=attempt.operation.name,
            outcome=outcome,
            host=attempt.host,
            seconds=f"{attempt.seconds:g}",
            limit=REPLY_CAP,
        )

    if isinstance(error, _UNREACHABLE):
        return made(ErrorKind.UNREACHABLE, ConnectionFailedError, "none")
    if isinstance(error, ReplyTooLargeError):
        return made(ErrorKind.REPLY_TOO_LARGE, ReplyError)
    if isinstance(error, TimeoutError):
        return made(ErrorKind.TIMEOUT, ConnectionFailedError)
    if isinstance(error, aiohttp.ClientResponseError):
        return made(ErrorKind.REPLY_INVALID, ReplyError)
    return made(ErrorKind.CONNECTION_LOST, ConnectionFailedError)


def of_reply(reply: Reply, attempt: Attempt, secrets: tuple[str, ...]) -> CloudError:
    """From a reply that is not a valid success; `secrets` are removed from what the service wrote."""
    name = attempt.operation.name
    if 300 <= reply.status < 400:
        return ReplyError(ErrorKind.REDIRECTED, operation=name, outcome=attempt.outcome, status=reply.status)
    refusal = _object(reply.body)
    code = _matching(_CODE, refusal, "Code", "code")
    request_id = _unless_secret(_matching(REQUEST_ID, refusal, "RequestId", "requestId"), secrets)
    if reply.status < 300 and refusal.get("Success") is not False:
        code = None
    if code is None and reply.status < 500 and reply.status not in _UNSETTLED:
        return ReplyError(
            ErrorKind.REPLY_INVALID,
            operation=name,
            outcome=attempt.outcome,
            status=reply.status,
            request_id=request_id,
        )
    kind = _kind(reply.status, code or "")
    settled = code is not None and 400 <= reply.status < 500 and reply.status not in _UNSETTLED
    key, values, remedy = None, {"action": attempt.operation.action}, None
    if kind is ErrorKind.PERMISSION_DENIED:
        key, values, remedy = explain(attempt.operation.action, refusal.get("AccessDeniedDetail"), secrets)
    elif kind is ErrorKind.NOT_FOUND and name in _LISTS:
        remedy = say("remedy_not_found", tool=_LISTS[name])
    return (CredentialsError if kind in _CREDENTIALS else ServiceError)(
        kind,
        key=key,
        remedy=remedy,
        operation=name,
        outcome="none" if settled else attempt.outcome,
        status=reply.status,
        code=_unless_secret(code, secrets),
        # The reply to a refused signature repeats what was signed, with key id and token.
        message=None if kind in _CREDENTIALS else _quoted(_matching(_ANYTHING, refusal, "Message", "message"), secrets),
        request_id=request_id,
        retry_after=retry_after(reply.headers),
        seconds=f"{attempt.seconds:g}",
        host=attempt.host,
        **values,
    )


def _kind(status: int, code: str) -> ErrorKind:
    for pattern, kind in _CODES:
        if pattern.fullmatch(code):
            return kind
    if status in _STATUSES:
        return _STATUSES[status]
    return ErrorKind.INVALID_PARAMETER if 400 <= status < 500 else ErrorKind.SERVICE_FAILED


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = from_json(body)
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _matching(pattern: re.Pattern[str], found: Any, *names: str) -> str | None:
    """The first of these members that is a string, if it matches as a whole."""
    members = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    text = next((members[name] for name in names if isinstance(members.get(name), str)), None)
    return text if text is not None and pattern.fullmatch(text) else None


def _unless_secret(text: str | None, secrets: tuple[str, ...]) -> str | None:
    """An identifier is shown whole or not at all."""
    return text if text and scrub(text, secrets) == text else None


def _quoted(message: str | None, secrets: tuple[str, ...]) -> str | None:
    """As a code span, in which Markdown has no links, images or HTML, and which the message cannot end."""
    # Masked before it is cut, because half of an account id would not be recognised.
    shown = sanitize(mask_accounts(scrub(message or "", secrets)).replace("`", "'"), _MESSAGE_CAP - 2)
    return f"`{shown}`" if shown else None
