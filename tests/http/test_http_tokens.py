"""Which tokens let somebody in, and what those are told whose tokens do not."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any, Final

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.http.sign_in import SharedToken
from tests.http.provider import AUDIENCE, Provider, ec_key, public, rsa_key
from tests.http.site import ANY_PORT, Reply, Site, serving
from tests.http.test_http_refusals import PING
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

SHARED: Final = "0123456789abcdef0123456789abcdef"
LIST: Final = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
WRITE: Final = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"start_instance","arguments":{}}}'


@pytest.fixture
async def site(new_desk: Callable[..., Desk], idp: Provider) -> AsyncGenerator[Site]:
    desk = new_desk(http=address(ANY_PORT), approve="form", oidc_issuer=idp.issuer, oidc_audience=AUDIENCE)
    async with serving(desk) as running:
        yield running


async def asked(site: Site, token: str | None, body: str = PING) -> Reply:
    return await site.post(body, authorization=None if token is None else f"Bearer {token}")


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def pem() -> bytes:
    """The public key as a file, which some libraries take for a secret."""
    return rsa_key("first").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def forged(idp: Provider, algorithm: str) -> str:
    """Signed with the public key as if it were a secret."""
    signed = f"{part({'alg': algorithm, 'typ': 'JWT', 'kid': 'first'})}.{part(idp.claims())}"
    mac = hmac.new(pem(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def changed(token: str, place: int, value: str) -> str:
    parts = token.split(".")
    parts[place] = value
    return ".".join(parts)


def bad_tokens(idp: Provider) -> dict[str, str]:
    now = int(time.time())
    good = idp.token()
    return {
        "empty": "",
        "no JWT": "abc",
        "two parts": good.rpartition(".")[0],
        "no signature": changed(good, 2, ""),
        "another signature": changed(good, 2, idp.token(sub="eve").split(".")[2]),
        "changed claims": changed(good, 1, part(idp.claims(sub="eve"))),
        "a changed byte": good[:-10] + ("A" if good[-10] != "A" else "B") + good[-9:],
        "alg none": f"{part({'alg': 'none', 'typ': 'JWT', 'kid': 'first'})}.{part(idp.claims())}.",
        "alg None in capitals": f"{part({'alg': 'NONE', 'typ': 'JWT', 'kid': 'first'})}.{part(idp.claims())}.",
        "the public key as a secret": forged(idp, "HS256"),
        "the public key as a secret, called RS256": forged(idp, "RS256"),
        "a secret of its own": idp.signed(key="s" * 64, algorithm="HS256"),
        "another key": idp.signed(key=rsa_key("other")),
        "another key under an id that is not known": idp.signed(key=rsa_key("other"), headers={"kid": "other"}),
        "a key in its own header": idp.signed(
            key=rsa_key("other"), headers={"kid": "other", "jwk": public(rsa_key("other"), "other", "RS256")}
        ),
        "a place of keys in its own header": idp.signed(
            key=rsa_key("other"), headers={"kid": "other", "jku": "http://127.0.0.1:1/keys"}
        ),
        "another kind of key": idp.signed(key=ec_key("other"), algorithm="ES256"),
        "another algorithm of the key": idp.signed(algorithm="PS256"),
        "an algorithm that does not count": idp.signed(algorithm="RS512"),
        "no key id": jwt.encode(idp.claims(), rsa_key("first"), "RS256"),
        "an extension that must be understood": idp.signed(headers={"crit": ["x"], "x": 1}),
        "expired": idp.token(exp=now - 1),
        "no expiry": idp.token(exp=None),
        "not yet valid": idp.token(nbf=now + 120),
        "issued tomorrow": idp.token(iat=now + 86_400),
        "no time of issue": idp.token(iat=None),
        "another issuer": idp.token(iss="https://evil.example"),
        "an issuer with a slash more": idp.token(iss=f"{idp.issuer}/"),
        "no issuer": idp.token(iss=None),
        "another audience": idp.token(aud="https://other.example/mcp"),
        "a part of the audience": idp.token(aud=AUDIENCE[:-1]),
        "no audience": idp.token(aud=None),
        "an empty audience": idp.token(aud=[]),
        "no subject": idp.token(sub=None),
        "an empty subject": idp.token(sub=""),
        "a header of many lists": f"{base64.urlsafe_b64encode(b'[' * 9000).decode()}.e30.e30",
    }


async def test_bad_tokens_are_refused_and_told_where_to_sign_in(site: Site, idp: Provider) -> None:
    bad = bad_tokens(idp)
    assert len(bad) >= 30
    metadata = f'resource_metadata="http://{site.at}/.well-known/oauth-protected-resource/mcp"'
    for name, token in bad.items():
        reply = await asked(site, token)
        challenge = reply.headers.get("www-authenticate", "")
        assert (name, reply.status) == (name, 401)
        assert challenge.startswith('Bearer error="invalid_token"'), name
        assert metadata in challenge, name
        assert 'scope="dsw:read dsw:write"' in challenge, name
    # However many keys are asked for, the provider is asked once.
    assert idp.looks == 1


async def test_who_has_no_token_is_told_where_to_get_one(site: Site) -> None:
    for scheme in (None, "Basic YTpi"):
        reply = await site.post(PING, authorization=scheme)
        assert reply.status == 401
        assert reply.headers["www-authenticate"].startswith("Bearer ")
    told = (await asked(site, None)).headers["www-authenticate"]
    metadata = f"http://{site.at}/.well-known/oauth-protected-resource/mcp"
    assert told == f'Bearer resource_metadata="{metadata}", scope="dsw:read dsw:write"'


async def test_the_metadata_names_provider_and_scopes(site: Site, idp: Provider) -> None:
    path = "/.well-known/oauth-protected-resource/mcp"
    reply = await site.raw(f"GET {path} HTTP/1.1\r\nHost: {site.at}\r\nConnection: close\r\n\r\n")
    assert reply.status == 200
    assert json.loads(reply.body) == {
        "resource": f"http://{site.at}/mcp",
        "authorization_servers": [idp.issuer],
        "scopes_supported": ["dsw:read", "dsw:write"],
        "bearer_methods_supported": ["header"],
    }


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"aud": ["https://other.example", AUDIENCE]},
        {"scope": None, "scp": "dsw:read"},
        {"scope": None, "scp": ["dsw:read", 1]},
        {"client_id": None, "azp": "desktop"},
        {"nbf": 1},
    ],
    ids=str,
)
async def test_good_tokens_let_in(site: Site, idp: Provider, changed: dict[str, Any]) -> None:
    # The provider's clock may be a little ahead.
    assert (await asked(site, idp.token(iat=int(time.time()) + 20, **changed))).status == 200


async def test_a_token_without_a_scope_is_refused(site: Site, idp: Provider) -> None:
    texts = [{"scope": scope} for scope in ("", "dsw:write", "dsw:reader", "openid profile")]
    others: list[Any] = [3, True, 1.5, {"dsw:read": 1}, [3], [["dsw:read"]]]
    no_text = [{"scope": None, name: found} for name in ("scope", "scp") for found in others]
    null = jwt.encode(idp.claims() | {"scope": None}, rsa_key("first"), "RS256", {"kid": "first"})
    for token in [*(idp.token(**claims) for claims in (*texts, *no_text)), null]:
        reply = await asked(site, token)
        assert reply.status == 403
        assert reply.headers["www-authenticate"].startswith('Bearer error="insufficient_scope"')
        assert 'scope="dsw:read dsw:write"' in reply.headers["www-authenticate"]


def token_file(folder: Path, text: str = f"{SHARED}\n") -> Path:
    path = folder / "token"
    path.write_text(text)
    path.chmod(0o600)
    return path


async def test_the_one_token_of_a_single_user(new_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = new_desk(http=address(ANY_PORT), bearer_token_file=token_file(tmp_path))
    async with serving(desk) as site:
        assert (await asked(site, SHARED)).status == 200
        for wrong in (None, "", SHARED[:-1], f"{SHARED}0", SHARED.upper(), f"{SHARED}\u00e9"):
            reply = await asked(site, wrong)
            assert (reply.status, "Bearer " in reply.headers["www-authenticate"]) == (401, True)
        async with site.client("modern", token=SHARED) as client:
            assert "start_instance" in {tool.name for tool in (await client.list_tools()).tools}


@pytest.mark.parametrize("text", ["", "short", "0" * 31, f"{SHARED} {SHARED}", f"{SHARED}\n{SHARED}"], ids=repr)
async def test_a_token_that_can_be_guessed_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RefusedError, match="32 characters"):
        SharedToken(token_file(tmp_path, text))
