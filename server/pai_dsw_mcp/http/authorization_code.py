"""How a person signs in on the approval page: OpenID Connect, authorization code with PKCE."""

import base64
import hashlib
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import quote_plus, urlencode

import aiohttp
from pydantic import BaseModel, ValidationError

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.flag_values import travels_safely
from pai_dsw_mcp.gate.caller import person_of
from pai_dsw_mcp.http.cookies import Session, SignIn
from pai_dsw_mcp.http.keys import DEADLINE, Provider, ProviderUnavailableError, SigningKeys, whole
from pai_dsw_mcp.http.sign_in import claims_of, name_in
from pai_dsw_mcp.private_values import private_text

_LOGGER: Final = logging.getLogger(__name__)


class _Tokens(BaseModel):
    id_token: str


@dataclass(frozen=True, slots=True)
class AuthorizationCode:
    """One client of one provider. Without a secret it is a public client: PKCE alone then ties the code to us."""

    keys: SigningKeys
    issuer: str
    client_id: str
    secret: str | None
    redirect_uri: str
    approver_group: str | None

    async def begin(self, path: str) -> tuple[str, SignIn]:
        """Where to send the browser, and what it has to bring back.

        Raises:
            ProviderUnavailableError: The provider cannot be asked, or lets nobody sign in.
        """
        provider = await self._provider()
        begun = SignIn(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            path=path,
        )
        digest = hashlib.sha256(begun.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        url = provider.authorization_endpoint
        return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}", begun

    async def complete(self, begun: SignIn, returned: Mapping[str, str]) -> Session | None:
        """Who came back with this code; None where that proves nothing.

        Raises:
            ProviderUnavailableError: The provider cannot be asked.
        """
        # A provider that names itself in the answer (RFC 9207) must be the one that was asked.
        if returned.get("iss", self.issuer) != self.issuer or "code" not in returned:
            return None
        token = await self._redeem(await self._provider(), begun, returned["code"])
        claims = token and await claims_of(token, self.keys, issuer=self.issuer, audience=self.client_id)
        if not claims or claims.get("nonce") != begun.nonce:
            return None
        # A token for several says for whom it is; that must be this client.
        is_for_one = isinstance(claims["aud"], str) or len(claims["aud"]) == 1
        if claims.get("azp", self.client_id if is_for_one else None) != self.client_id:
            return None
        return Session(
            person=person_of(self.issuer, claims["sub"]),
            name=name_in(claims),
            is_approver=self.approver_group is not None and self.approver_group in _groups(claims),
            secret=secrets.token_urlsafe(32),
        )

    async def _provider(self) -> Provider:
        provider = await self.keys.provider()
        if not (travels_safely(provider.authorization_endpoint) and travels_safely(provider.token_endpoint)):
            raise ProviderUnavailableError
        return provider

    async def _redeem(self, provider: Provider, begun: SignIn, code: str) -> str | None:
        """The ID token for this code; None where the provider gives none.

        Raises:
            ProviderUnavailableError: The provider does not answer.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": begun.verifier,
        }
        headers: dict[str, str] = {}
        if self.secret is None:
            form["client_id"] = self.client_id
        else:
            pair = f"{quote_plus(self.client_id)}:{quote_plus(self.secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        try:
            async with (
                aiohttp.ClientSession(timeout=DEADLINE) as session,
                session.post(provider.token_endpoint, data=form, headers=headers, allow_redirects=False) as reply,
            ):
                if reply.status != 200:
                    _LOGGER.warning("The identity provider gave no token on a sign-in: status %s", reply.status)
                return _Tokens.model_validate_json(await whole(reply)).id_token
        except (aiohttp.ClientPayloadError, ValidationError):
            return None
        except (aiohttp.ClientError, OSError):
            pass
        raise ProviderUnavailableError


def _groups(claims: Mapping[str, Any]) -> list[Any]:
    found = claims.get("groups")
    return cast("list[Any]", found) if isinstance(found, list) else []


def client_secret(path: Path | None) -> str | None:
    """The secret of the client; None for a public client.

    Raises:
        RefusedError: The file cannot be read, is open to others, or is empty.
    """
    if path is None:
        return None
    secret = private_text(path).strip()
    if not secret:
        raise RefusedError("client_secret_empty", path=path)
    return secret
