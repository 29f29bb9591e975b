"""An identity provider on loopback that publishes its keys and signs what a test wants signed.

Whoever is sent to it is signed in at once, as the person that a test names. `python -m tests.http.provider` runs it for
somebody who tries a server out (docs/team.md).
"""

import asyncio
import base64
import hashlib
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

AUDIENCE: Final = "https://dsw.example.com/mcp"
CLIENT: Final = "approval-page"
_PORT: Final = 9000


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """One key for each name: making one takes long."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    del name
    return ec.generate_private_key(ec.SECP256R1())


def public(key: PrivateKeyTypes, kid: str, algorithm: str, **more: str) -> dict[str, Any]:
    made = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return {**made, "kid": kid, "use": "sig", "alg": algorithm, **more}


@dataclass
class Provider:
    """What it says, and how often it was asked for its keys."""

    issuer: str
    keys: list[dict[str, Any]]
    says_issuer: str | None = None
    jwks_uri: str | None = None
    status: int = 200
    padding: str = ""
    looks: int = 0
    held: asyncio.Event | None = None
    """Until it is set, nobody is answered who asks for the keys."""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "ada"})
    secret: str | None = None
    asked: dict[str, str] = field(default_factory=dict[str, str])
    codes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    returns: dict[str, str] = field(default_factory=dict[str, str])
    token_reply: web.Response | None = None
    id_token: str | None = None
    endpoints: dict[str, str] = field(default_factory=dict[str, str])

    async def discover(self, _: web.Request) -> web.Response:
        said = {
            "issuer": self.says_issuer or self.issuer,
            "jwks_uri": self.jwks_uri or f"{self.issuer}/keys",
            "authorization_endpoint": f"{self.issuer}/authorize?realm=ml",
            "token_endpoint": f"{self.issuer}/token",
        }
        return web.json_response({**said, **self.endpoints}, status=self.status)

    async def authorize(self, request: web.Request) -> web.Response:
        """Sends the browser back with a code, or with what a test wants returned instead."""
        self.asked = dict(request.query)
        code = f"code-{len(self.codes)}"
        self.codes[code] = self.asked
        back = {"code": code, "state": self.asked["state"], "iss": self.issuer, **self.returns}
        shown = urlencode({name: value for name, value in back.items() if value})
        return web.Response(status=302, headers={"Location": f"{self.asked['redirect_uri']}?{shown}"})

    async def redeem(self, request: web.Request) -> web.Response:
        """The ID token for a code: once, for who asked for it, and with the verifier of the challenge."""
        if self.token_reply is not None:
            return self.token_reply
        form = {name: str(value) for name, value in (await request.post()).items()}
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        basic = base64.b64encode(f"{CLIENT}:{self.secret}".encode()).decode()
        is_client = (
            form.get("client_id") == CLIENT
            if self.secret is None
            else request.headers.get("Authorization") == f"Basic {basic}"
        )
        if (
            asked is None
            or not is_client
            or asked["code_challenge_method"] != "S256"
            or asked["code_challenge"] != base64.urlsafe_b64encode(digest).decode().rstrip("=")
            or (asked["client_id"], asked["redirect_uri"]) != (CLIENT, form["redirect_uri"])
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = self.id_token or self.identity(nonce=asked["nonce"])
        return web.json_response({"id_token": token, "access_token": "opaque", "token_type": "Bearer"})

    def identity(self, **changed: Any) -> str:
        """An ID token of the person, with these claims changed."""
        claims: dict[str, Any] = {"aud": CLIENT, "scope": None, "client_id": None, **self.person, **changed}
        return self.signed(**claims)

    async def publish(self, _: web.Request) -> web.Response:
        self.looks += 1
        if self.held is not None:
            await self.held.wait()
        return web.json_response({"keys": self.keys, "padding": self.padding})

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Those of a good token; None leaves one out."""
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "ada",
            "client_id": "desktop",
            "scope": "dsw:read dsw:write",
            "iat": now,
            "exp": now + 300,
        }
        return {name: value for name, value in {**good, **changed}.items() if value is not None}

    def token(self, **changed: Any) -> str:
        """A token with these claims changed."""
        return self.signed(**changed)

    def signed(
        self, *, key: Any = None, algorithm: str = "RS256", headers: dict[str, Any] | None = None, **changed: Any
    ) -> str:
        """A token with these claims changed, signed with its first key or with another one."""
        signed_with = rsa_key("first") if key is None else key
        return jwt.encode(self.claims(**changed), signed_with, algorithm, {"kid": "first", **(headers or {})})


@asynccontextmanager
async def provider(port: int = 0) -> AsyncGenerator[Provider]:
    app = web.Application()
    made = Provider("", [public(rsa_key("first"), "first", "RS256")])
    app.router.add_get("/realm/.well-known/openid-configuration", made.discover)
    app.router.add_get("/realm/keys", made.publish)
    app.router.add_get("/realm/authorize", made.authorize)
    app.router.add_post("/realm/token", made.redeem)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    made.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}/realm"
    try:
        yield made
    finally:
        await runner.cleanup()


async def serve() -> None:
    """Runs until Ctrl-C, and prints a token of two people; in a browser everybody is ada."""
    async with provider(_PORT) as running:
        day = int(time.time()) + 86_400
        for person in ("ada", "eve"):
            sys.stdout.write(f"export {person.upper()}={running.token(sub=person, exp=day)}\n")
        sys.stdout.write(f"# {running.issuer} signs in whoever comes; end it with Ctrl-C\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(serve())
