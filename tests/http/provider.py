"""An identity provider on loopback that publishes its keys and signs what a test wants signed."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

AUDIENCE: Final = "https://dsw.example.com/mcp"


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
    mine: dict[str, Any] = field(default_factory=dict[str, Any])

    async def discover(self, _: web.Request) -> web.Response:
        uri = self.jwks_uri or f"{self.issuer}/keys"
        return web.json_response({"issuer": self.says_issuer or self.issuer, "jwks_uri": uri}, status=self.status)

    async def publish(self, _: web.Request) -> web.Response:
        self.looks += 1
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
async def provider() -> AsyncGenerator[Provider]:
    app = web.Application()
    made = Provider("", [public(rsa_key("first"), "first", "RS256")])
    app.router.add_get("/realm/.well-known/openid-configuration", made.discover)
    app.router.add_get("/realm/keys", made.publish)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}/realm"
    try:
        yield made
    finally:
        await runner.cleanup()
