"""The vendor's credential chain, kept apart: secrets leave this module in a signature and in no other way.

The chain may read files, ask a metadata service or exchange tokens, each of which can take seconds and can fail with
secrets in the text of its exception. So it runs in one thread of its own, one call at a time for all who wait, and its
exceptions end here. Its asynchronous API is not used: it holds a lock across a wait and freezes the event loop.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# The credentials package has no annotations on what is used of it here.

import asyncio
import hashlib
import os
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from alibabacloud_credentials.client import Client as VendorCredentials
from alibabacloud_credentials.models import Config
from alibabacloud_credentials.utils import auth_constant, auth_util
from alibabacloud_tea_openapi.utils import Utils

from pai_dsw_mcp.cloud.message import Request
from pai_dsw_mcp.cloud.options import CloudOptions, Identity
from pai_dsw_mcp.cloud.profiles import Profile, read_profile
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
    """What the selected profile says of itself; the chain reads the file once, and a person may change it."""


@dataclass(frozen=True, slots=True)
class _Problem:
    kind: ErrorKind
    key: str | None = None
    profile: str = ""


class Credentials:
    """Resolves credentials, signs with them, and notices when they become somebody else's."""

    def __init__(self, options: CloudOptions) -> None:
        self._options = options
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="credentials")
        self._lock = threading.Lock()
        self._flight: Future[_Key | _Problem] | None = None
        self._vendor: VendorCredentials | None = None
        self._key: _Key | None = None
        self._fresh_until = 0.0
        self._pinned: tuple[str, tuple[str, ...]] | None = None

    async def identity(self, operation: str) -> Identity:
        """Who requests are signed as; the first answer is the one that stays.

        Raises:
            CredentialsError: There are none, they cannot be used, or they changed hands.
        """
        return (await self._current(operation)).identity

    async def sign(self, request: Request, digest: str, operation: str) -> None:
        """Add the headers that prove who asks; `digest` is the SHA-256 of the body in hex.

        Raises:
            CredentialsError: There are none, they cannot be used, or they changed hands.
        """
        key = await self._current(operation)
        request.headers["x-acs-credentials-provider"] = key.identity.provider
        if key.security_token:
            request.headers["x-acs-accesskey-id"] = key.access_key_id
            request.headers["x-acs-security-token"] = key.security_token
        request.headers["Authorization"] = Utils.get_authorization(
            request, ALGORITHM, digest, key.access_key_id, key.access_key_secret
        )

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text: the live key, longest part first."""
        key = self._key
        parts = (key.security_token, key.access_key_secret, key.access_key_id) if key else ()
        return tuple(part for part in parts if part)

    def renew(self) -> None:
        """Ask the chain anew at the next use, from its first provider on: the service says that the key has ended."""
        with self._lock:
            self._vendor = None
            self._fresh_until = 0.0

    def close(self) -> None:
        """Let the thread end; does not wait for a chain that hangs."""
        self._thread.shutdown(wait=False)

    async def _current(self, operation: str) -> _Key:
        key = self._key
        if key is not None and time.monotonic() < self._fresh_until:
            return key
        waiter = asyncio.wrap_future(self._join_flight())
        # Unlike a plain await, this leaves the flight alone when one of those who wait for it is cancelled.
        await asyncio.wait({waiter})
        landed = waiter.result()
        if isinstance(landed, _Problem):
            raise CredentialsError(landed.kind, operation=operation, key=landed.key, profile=landed.profile)
        return landed

    def _join_flight(self) -> Future[_Key | _Problem]:
        """The one resolution that is under way, or a new one. Its result is never an exception of the vendor."""
        with self._lock:
            if self._flight is not None:
                return self._flight
            resolving = self._thread.submit(self._resolve)
            self._flight = landed = Future()
            # A running future cannot be cancelled, so nobody who waits for it can take it from the others.
            landed.set_running_or_notify_cancel()
        resolving.add_done_callback(lambda done: self._land(done, landed))
        return landed

    def _land(self, done: "Future[_Key | _Problem]", landed: "Future[_Key | _Problem]") -> None:
        # Reading the exception instead of catching it leaves no class out, and nothing of it goes further.
        result = _Problem(ErrorKind.CREDENTIALS_MISSING) if done.exception() else done.result()
        if isinstance(result, _Problem) and result.kind is ErrorKind.CREDENTIALS_MISSING and _is_set_up():
            result = _Problem(ErrorKind.CREDENTIALS_INVALID, "credentials_unusable")
        with self._lock:
            if isinstance(result, _Key):
                owner = (result.identity.principal, result.configured)
                self._pinned = self._pinned or owner
                if owner == self._pinned:
                    self._key = result
                    self._fresh_until = time.monotonic() + _FRESH_SECONDS
                else:
                    result = _Problem(ErrorKind.IDENTITY_CHANGED)
            self._flight = None
        landed.set_result(result)

    def _resolve(self) -> _Key | _Problem:
        """In the thread: check what the chain would do, then let it."""
        profile = None if self._options.test_access_key or _from_environment() else _selected_profile()
        if profile is not None and "External" in profile.modes:
            return _Problem(ErrorKind.CREDENTIALS_INVALID, "credentials_external", profile.name)
        if profile is not None and not profile.is_complete:
            return _Problem(ErrorKind.CREDENTIALS_INVALID, "credentials_incomplete", profile.name)
        if self._vendor is None:
            self._vendor = self._chain()
        found = self._vendor.get_credential()
        access_key_id, secret = str(found.access_key_id or ""), str(found.access_key_secret or "")
        token = str(found.security_token or "")
        if not access_key_id or not secret:
            return _Problem(ErrorKind.CREDENTIALS_MISSING)
        if (self._options.endpoint is not None) != access_key_id.startswith("TEST"):
            return _Problem(ErrorKind.ENDPOINT_REFUSED, "endpoint_needs_test_keys")
        provider = str(found.provider_name)
        configured = profile.facts if profile and provider.startswith("default/cli_profile") else ()
        return _Key(
            access_key_id, secret, token, _identity(provider, access_key_id, bool(token), configured), configured
        )

    def _chain(self) -> VendorCredentials:
        if self._options.test_access_key is None:
            return VendorCredentials()
        access_key_id, secret = self._options.test_access_key
        return VendorCredentials(Config(type="access_key", access_key_id=access_key_id, access_key_secret=secret))


def _from_environment() -> bool:
    """Whether the chain stops at its first provider."""
    return bool(auth_util.environment_access_key_id and auth_util.environment_access_key_secret)


def _selected_profile() -> Profile | None:
    if auth_util.environment_cli_profile_disabled.lower() == "true":
        return None
    return read_profile(auth_constant.HOME, auth_util.environment_profile_name)


def _is_set_up() -> bool:
    """Whether something was configured that then failed, so that "none were found" would mislead."""
    return bool(
        _selected_profile()
        or auth_util.enable_oidc_credential
        or auth_util.environment_credentials_uri
        # Unlike `Path.exists`, this has no exception for a folder that is closed to us.
        or os.access(Path(auth_constant.HOME, ".alibabacloud", "credentials.ini"), os.F_OK)
    )


def _identity(provider: str, access_key_id: str, is_temporary: bool, configured: tuple[str, ...]) -> Identity:
    """A permanent key identifies itself; of a temporary one, what it was obtained for does."""
    if not is_temporary:
        return Identity(provider, "access_key", f"key-{_digest(access_key_id)}")
    facts = configured or (provider, str(auth_util.environment_role_arn), str(auth_util.environment_ecs_metadata))
    return Identity(provider, "sts", f"role-{_digest(*facts)}")


def _digest(*facts: str) -> str:
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()[:16]
