"""The keys with which an identity provider signs: fetched from it alone, kept for a while, and never guessed."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import aiohttp
from jwt import PyJWK, PyJWTError
from pydantic import BaseModel, ValidationError
from starlette.authentication import AuthenticationError

from pai_dsw_mcp.flag_values import travels_safely

_LOGGER: Final = logging.getLogger(__name__)
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
"""How tokens may be signed: never with a secret that this server would have to share."""
_RENEWED_SECONDS: Final = 240.0
"""After which the keys are read again, while those that are known count on."""
_FRESH_SECONDS: Final = 300.0
"""After which no key counts before they are read again, so that one that was withdrawn does not count for long."""
_LONGEST_SECONDS: Final = 3600.0
"""How long keys count while the provider cannot be reached; then nobody is let in."""
_PAUSE_SECONDS: Final = 10.0
"""Between two looks, whatever tokens come: one with a key that does not exist costs no request."""
_FAILED_SECONDS: Final = 2 * _PAUSE_SECONDS
"""After the beginning of a look that failed, in which nobody with a known key waits for the next one."""
DEADLINE: Final = aiohttp.ClientTimeout(total=5)
_CAP: Final = 256 * 1024
_DISCOVERY: Final = "/.well-known/openid-configuration"


class ProviderUnavailableError(AuthenticationError):
    """The identity provider cannot be asked, so nobody can be let in."""


class Provider(BaseModel):
    """What a provider says of itself; the endpoints are for people who sign in on the approval page."""

    issuer: str
    jwks_uri: str
    authorization_endpoint: str = ""
    token_endpoint: str = ""


class _KeySet(BaseModel):
    keys: list[dict[str, Any]]


class SigningKeys:
    """The keys of one provider, by their id, and what it says of itself."""

    def __init__(self, issuer: str, *, now: Callable[[], float] = time.monotonic) -> None:
        """Asks nothing yet. `now` gives seconds."""
        self._issuer = issuer
        self._now = now
        self._keys: Mapping[str, PyJWK] = {}
        self._provider: Provider | None = None
        self._fetched_at = self._tried_at = self._failed_at = float("-inf")
        # One at a time: everybody who has to wait waits for the same one.
        self._look: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> PyJWK | None:
        """The key with this id; None where the provider has none.

        A look holds up those alone whose key is not known, or was read too long ago.

        Raises:
            ProviderUnavailableError: It could not be asked for too long.
        """
        await self._refresh(is_missing=kid not in self._keys)
        return self._keys.get(kid)

    async def provider(self) -> Provider:
        """What the provider says of itself.

        Raises:
            ProviderUnavailableError: It could not be asked for too long.
        """
        return await self._refresh(is_missing=self._provider is None)

    @property
    def count(self) -> int:
        """How many there were at the last look."""
        return len(self._keys)

    async def _refresh(self, *, is_missing: bool) -> Provider:
        now = self._now()
        age = now - self._fetched_at
        look = self._look_at(now) if is_missing or age >= _RENEWED_SECONDS else None
        has_to_wait = is_missing or (age >= _FRESH_SECONDS and now - self._failed_at >= _FAILED_SECONDS)
        if look is not None and has_to_wait:
            # Whoever goes away does not end it for the others.
            await asyncio.shield(look)
        if self._provider is None or self._now() - self._fetched_at >= _LONGEST_SECONDS:
            raise ProviderUnavailableError
        return self._provider

    def _look_at(self, now: float) -> asyncio.Task[None] | None:
        """The look that is under way, or a new one; None for a while after the last one."""
        if self._look is not None and not self._look.done():
            return self._look
        if now - self._tried_at < _PAUSE_SECONDS:
            return None
        self._tried_at = now
        self._look = asyncio.create_task(self._fetch(now))
        return self._look

    async def _fetch(self, now: float) -> None:
        """Looks, and keeps what was known where that fails."""
        try:
            async with aiohttp.ClientSession(timeout=DEADLINE) as session:
                found = Provider.model_validate_json(await _read(session, self._issuer.rstrip("/") + _DISCOVERY))
                if found.issuer != self._issuer or not travels_safely(found.jwks_uri):
                    _LOGGER.warning("The identity provider gives another issuer, or an unsafe address for its keys.")
                    self._failed_at = now
                    return
                keys = _usable(_KeySet.model_validate_json(await _read(session, found.jwks_uri)))
        except (aiohttp.ClientError, OSError, ValidationError) as error:
            _LOGGER.warning("The identity provider cannot be read (%s).", type(error).__name__)
            self._failed_at = now
            return
        self._keys, self._provider, self._fetched_at = keys, found, now


async def _read(session: aiohttp.ClientSession, url: str) -> bytes:
    """What is there, if it is short and there at once: a redirect leads elsewhere.

    Raises:
        ClientError: There is something else.
    """
    async with session.get(url, allow_redirects=False) as reply:
        return await whole(reply)


async def whole(reply: aiohttp.ClientResponse) -> bytes:
    """The body of a reply that is a short success.

    Raises:
        ClientError: It is something else.
    """
    body = b""
    while len(body) <= _CAP and (piece := await reply.content.read(_CAP)):
        body += piece
    if reply.status != 200 or len(body) > _CAP:
        raise aiohttp.ClientPayloadError
    return body


def _usable(found: _KeySet) -> Mapping[str, PyJWK]:
    """Those that sign in a way that counts here."""
    keys: dict[str, PyJWK] = {}
    for each in found.keys:
        try:
            key = PyJWK.from_dict(each)
        except PyJWTError:
            continue
        if isinstance(key.key_id, str) and key.public_key_use != "enc" and key.algorithm_name in ALGORITHMS:
            keys[key.key_id] = key
    return keys
