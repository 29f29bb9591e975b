"""The vendor's credential chain, kept apart: secrets leave this module in a signature and in no other way.

A provider may ask a metadata service or exchange tokens, which can take seconds and can fail with secrets in the text
of its exception. So it runs in a thread of its own, one call at a time for all waiters, and its exceptions end here.
The vendor's asynchronous API is not used: it holds a lock across an await and blocks the event loop.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# The credentials package has no annotations on what is used of it here.

import asyncio
import hashlib
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from alibabacloud_credentials.utils import auth_util
from alibabacloud_credentials_api import ICredentialsProvider as Provider
from alibabacloud_tea_openapi.utils import Utils

from pai_dsw_mcp.cloud.message import Request
from pai_dsw_mcp.cloud.options import CloudOptions, Identity
from pai_dsw_mcp.cloud.profiles import ProfileError
from pai_dsw_mcp.cloud.sources import Source, find_source
from pai_dsw_mcp.errors import CredentialsError, ErrorKind

ALGORITHM: Final = "ACS3-HMAC-SHA256"

_FRESH_SECONDS: Final = 30.0
"""How long a key is used before the chain is asked again; it renews temporary keys 15 minutes before they end."""


@dataclass(frozen=True, slots=True)
class _Key:
    access_key_id: str = field(repr=False)
    access_key_secret: str = field(repr=False)
    security_token: str = field(repr=False)
    identity: Identity
    configured: tuple[str, ...]
    """What identifies the selected profile; a person may change it while we run."""


@dataclass(frozen=True, slots=True)
class _Problem:
    kind: ErrorKind
    key: str | None = None
    values: dict[str, Any] = field(default_factory=dict[str, Any])


_UNUSABLE: Final = _Problem(ErrorKind.CREDENTIALS_INVALID, "credentials_unusable")


class Signer(Protocol):
    """Who signs requests, and as whom."""

    async def identity(self, operation: str) -> Identity:
        """Who requests are signed as; it stays the same."""
        ...

    async def sign(self, request: Request, digest: str, operation: str) -> None:
        """Add the headers that authenticate the request; `digest` is the SHA-256 of the body in hex."""
        ...

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""
        ...

    def renew(self) -> None:
        """Get new keys at the next use."""
        ...

    def close(self) -> None:
        """End what runs in the background."""
        ...


def sign_request(
    request: Request, digest: str, *, provider: str, access_key_id: str, access_key_secret: str, security_token: str
) -> None:
    """Add the headers that authenticate the request; a permanent key has an empty token."""
    request.headers["x-acs-credentials-provider"] = provider
    if security_token:
        request.headers["x-acs-accesskey-id"] = access_key_id
        request.headers["x-acs-security-token"] = security_token
    request.headers["Authorization"] = Utils.get_authorization(
        request, ALGORITHM, digest, access_key_id, access_key_secret
    )


class Credentials:
    """Resolves credentials, signs with them, and refuses them once they belong to another identity."""

    def __init__(self, options: CloudOptions) -> None:
        self._options = options
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="credentials")
        self._lock = threading.Lock()
        self._flight: Future[_Key | _Problem] | None = None
        self._source: Source | None = None
        self._provider: Provider | None = None
        self._key: _Key | None = None
        self._fresh_until = 0.0
        self._pinned: tuple[str, tuple[str, ...]] | None = None

    async def identity(self, operation: str) -> Identity:
        """Who requests are signed as; the first identity is pinned.

        Raises:
            CredentialsError: There are none, they cannot be used, or they belong to another identity.
        """
        return (await self._current(operation)).identity

    async def sign(self, request: Request, digest: str, operation: str) -> None:
        """Add the headers that authenticate the request; `digest` is the SHA-256 of the body in hex.

        Raises:
            CredentialsError: There are none, they cannot be used, or they belong to another identity.
        """
        key = await self._current(operation)
        sign_request(
            request,
            digest,
            provider=key.identity.provider,
            access_key_id=key.access_key_id,
            access_key_secret=key.access_key_secret,
            security_token=key.security_token,
        )

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text: the live key, longest part first."""
        key = self._key
        parts = (key.security_token, key.access_key_secret, key.access_key_id) if key else ()
        return tuple(part for part in parts if part)

    def renew(self) -> None:
        """Ask a new provider at the next use, because the service says that the key has expired."""
        with self._lock:
            self._source = self._provider = None
            self._fresh_until = 0.0

    def close(self) -> None:
        """Let the thread end; does not wait for a chain that hangs."""
        self._thread.shutdown(wait=False)

    async def _current(self, operation: str) -> _Key:
        key = self._key
        if key is not None and time.monotonic() < self._fresh_until:
            return key
        waiter = asyncio.wrap_future(self._join_flight())
        seconds = self._options.read_timeout
        try:
            # Unlike a plain await, this does not cancel the shared resolution when one of its waiters is cancelled.
            landed, _ = await asyncio.wait({waiter}, timeout=seconds)
            result = waiter.result() if landed else _Problem(ErrorKind.TIMEOUT)
        finally:
            waiter.cancel()
        if isinstance(result, _Problem):
            raise CredentialsError(
                result.kind, operation=operation, key=result.key, seconds=f"{seconds:g}", **result.values
            )
        return result

    def _join_flight(self) -> Future[_Key | _Problem]:
        """Single-flight: the resolution that is under way, or a new one. Its result is never a vendor exception."""
        with self._lock:
            if self._flight is not None:
                return self._flight
            resolving = self._thread.submit(self._resolve)
            self._flight = landed = Future()
            # A running future cannot be cancelled, so no waiter can cancel it for the others.
            landed.set_running_or_notify_cancel()
        resolving.add_done_callback(lambda done: self._land(done, landed))
        return landed

    def _land(self, done: "Future[_Key | _Problem]", landed: "Future[_Key | _Problem]") -> None:
        """Cannot fail: whatever the outcome of the resolution, its waiters get a result."""
        with self._lock:
            self._flight = None
        # Reading the exception instead of catching it covers every class, and none of its text leaks.
        landed.set_result(_UNUSABLE if done.exception() else done.result())

    def _resolve(self) -> _Key | _Problem:
        """In the thread: resolve the identity, and compare it with the pinned one."""
        try:
            found = self._ask()
        except ProfileError as error:
            return _Problem(ErrorKind.CREDENTIALS_INVALID, error.key, error.values)
        if isinstance(found, _Problem):
            return found
        owner = (found.identity.principal, found.configured)
        self._pinned = self._pinned or owner
        if owner != self._pinned:
            return _Problem(ErrorKind.IDENTITY_CHANGED)
        with self._lock:
            self._key = found
            self._fresh_until = time.monotonic() + _FRESH_SECONDS
        return found

    def _ask(self) -> _Key | _Problem:
        source = find_source(self._options)
        if source is None:
            return _missing()
        with self._lock:
            provider = self._provider if source == self._source else None
        if provider is None:
            provider = source.provider()
            with self._lock:
                self._source, self._provider = source, provider
        # Annotated with an interface that lacks the expiration, which every provider's credentials have.
        found: Any = provider.get_credentials()
        access_key_id, secret = str(found.get_access_key_id() or ""), str(found.get_access_key_secret() or "")
        token = str(found.get_security_token() or "")
        if not access_key_id or not secret:
            return _UNUSABLE
        if (self._options.endpoint is not None) != access_key_id.startswith("TEST"):
            key = "test_keys_need_endpoint" if self._options.endpoint is None else "endpoint_needs_test_keys"
            return _Problem(ErrorKind.ENDPOINT_REFUSED, key)
        identity = _identity(f"{source.name}{found.get_provider_name()}", access_key_id, bool(token), source.facts)
        identity = replace(identity, expires_at=found.get_expiration())
        return _Key(access_key_id, secret, token, identity, source.facts)


def _missing() -> _Problem:
    """Nothing is set up; a half that was set is named, never its value."""
    halves = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": auth_util.environment_access_key_id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": auth_util.environment_access_key_secret,
    }
    there, missing = ([name for name, value in halves.items() if bool(value) == is_set] for is_set in (True, False))
    if not there:
        return _Problem(ErrorKind.CREDENTIALS_MISSING)
    return _Problem(ErrorKind.CREDENTIALS_MISSING, "credentials_half", {"there": there[0], "missing": missing[0]})


def _identity(provider: str, access_key_id: str, is_temporary: bool, configured: tuple[str, ...]) -> Identity:
    """A permanent key is its own identity; a temporary one is identified by the configuration it comes from."""
    if not is_temporary:
        return Identity(provider, "access_key", f"key-{digest_of(access_key_id)}")
    facts = configured or (provider, str(auth_util.environment_role_arn), str(auth_util.environment_ecs_metadata))
    return Identity(provider, "sts", f"role-{digest_of(*facts)}")


def digest_of(*facts: str) -> str:
    """Stands for these facts in a principal."""
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:16]
