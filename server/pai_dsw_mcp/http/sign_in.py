"""Who is let in: whoever has the one token of a single user, or an access token of an identity provider."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import jwt
from mcp.server.auth.provider import AccessToken, TokenVerifier

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.gate.caller import OWNER, READ, WRITE
from pai_dsw_mcp.http.keys import ALGORITHMS, SigningKeys
from pai_dsw_mcp.model.sanitize import sanitize
from pai_dsw_mcp.private_values import private_text

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]{32,1024}=*")
_CLAIMS: Final = ("exp", "iat", "iss", "aud", "sub")
_NAME_CAP: Final = 80
_LEEWAY_SECONDS: Final = 30.0
"""By which the provider's clock may be ahead of ours."""


class SharedToken(TokenVerifier):
    """Lets in whoever knows the one token; compared in constant time."""

    def __init__(self, path: Path) -> None:
        """Reads the token.

        Raises:
            RefusedError: The file cannot be read, is open to others, or holds a token that can be guessed.
        """
        token = private_text(path).strip()
        if not _TOKEN.fullmatch(token):
            raise RefusedError("bearer_token_weak", path=path)
        self._digest = hashlib.sha256(token.encode()).digest()

    async def verify_token(self, token: str) -> AccessToken | None:
        """The one user, who may do everything that the server offers."""
        if not hmac.compare_digest(hashlib.sha256(token.encode()).digest(), self._digest):
            return None
        return AccessToken(token="", client_id="bearer-token", scopes=[READ, WRITE])  # is not kept


async def claims_of(token: str, keys: SigningKeys, *, issuer: str, audience: str) -> dict[str, Any] | None:
    """What a JWT says that this provider signed for this audience; None where it does not count.

    Raises:
        ProviderUnavailableError: Nobody can say, because the provider cannot be asked.
    """
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = await keys.find(kid) if isinstance(kid, str) else None
        if key is None:
            return None
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=audience,
            leeway=_LEEWAY_SECONDS,
            options={"require": list(_CLAIMS)},
        )
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    return claims if claims["sub"] else None


class AccessTokens(TokenVerifier):
    """Lets in whoever has a JWT that this provider signed for this server."""

    def __init__(self, keys: SigningKeys, *, issuer: str, audience: str, owner_claim: str | None = None) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._owner_claim = owner_claim

    async def verify_token(self, token: str) -> AccessToken | None:
        """Whose token it is, and what it allows; None where it does not count.

        Raises:
            ProviderUnavailableError: Nobody can say, because the provider cannot be asked.
        """
        claims = await claims_of(token, self._keys, issuer=self._issuer, audience=self._audience)
        if claims is None:
            return None
        return AccessToken(
            token="",  # nothing here needs it again, and nothing passes it on
            client_id=str(claims.get("client_id") or claims.get("azp") or ""),
            scopes=_scopes(claims),
            expires_at=int(claims["exp"]),
            subject=claims["sub"],
            claims={"iss": self._issuer, "name": name_in(claims), OWNER: claims.get(self._owner_claim or "")},
        )


def _scopes(claims: dict[str, Any]) -> list[str]:
    """What the token allows: `scope` is the standard's name, `scp` that of Entra and Okta.

    A claim that is neither text nor a list allows nothing.
    """
    match claims.get("scope", claims.get("scp")):
        case str(text):
            return text.split()
        case [*found]:
            return [each for each in found if isinstance(each, str)]
        case _:
            return []


def name_in(claims: Mapping[str, Any]) -> str:
    """What the person is called, for people."""
    found = (claims.get(each) for each in ("preferred_username", "email", "sub"))
    return next(sanitize(each, _NAME_CAP) for each in found if isinstance(each, str) and each)
