"""What counts as a sign-in on the approval page, and what does not."""

import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any, Final

import jwt
import pytest
from aiohttp import web

from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.http.authorization_code import client_secret
from tests.http.browser import HOST, PUBLIC, Browser, browser
from tests.http.provider import AUDIENCE, CLIENT, Provider, rsa_key
from tests.http.site import ANY_PORT, Site, serving
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

PAGE: Final = f"{PUBLIC}/approve/{'A' * 22}"
CALLBACK: Final = f"{PUBLIC}/sign-in/callback"


@pytest.fixture
def new_site_desk(new_desk: Callable[..., Desk], idp: Provider) -> Callable[..., Desk]:
    def make(**settings: Any) -> Desk:
        signed_in = {"oidc_issuer": idp.issuer, "oidc_audience": AUDIENCE, "oidc_client_id": CLIENT}
        return new_desk(http=address(ANY_PORT), allow_host=(HOST,), **signed_in, **settings)

    return make


@pytest.fixture
async def site(new_site_desk: Callable[..., Desk]) -> AsyncGenerator[Site]:
    async with serving(new_site_desk()) as running:
        yield running


@pytest.fixture
async def ada(site: Site) -> AsyncGenerator[Browser]:
    async with browser(site) as opened:
        yield opened


def is_signed_in(who: Browser) -> bool:
    return "__Host-pai-dsw-session" in who.cookies


async def came_back(who: Browser, idp: Provider) -> str:
    """The address to which the provider sends a browser that begins to sign in."""
    to_provider = (await who.step(PAGE))[2]
    back = (await who.step(str(to_provider)))[2]
    assert back is not None
    assert back.startswith(CALLBACK)
    assert idp.asked["redirect_uri"] == CALLBACK
    return back


BAD_CLAIMS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "another nonce": lambda: {"nonce": "x" * 32},
    "no nonce": lambda: {"nonce": None},
    "another issuer": lambda: {"iss": "https://evil.example"},
    "no issuer": lambda: {"iss": None},
    "another client": lambda: {"aud": "other"},
    "the audience of the tools": lambda: {"aud": AUDIENCE},
    "no audience": lambda: {"aud": None},
    "several audiences, and not said for whom": lambda: {"aud": [CLIENT, "other"]},
    "for another of several": lambda: {"aud": [CLIENT, "other"], "azp": "other"},
    "for another one": lambda: {"azp": "other"},
    "expired": lambda: {"exp": int(time.time()) - 60},
    "no expiry": lambda: {"exp": None},
    "not yet valid": lambda: {"nbf": int(time.time()) + 120},
    "no subject": lambda: {"sub": None},
    "an empty subject": lambda: {"sub": ""},
    "another key": lambda: {"key": rsa_key("other")},
    "a secret": lambda: {"key": "s" * 64, "algorithm": "HS256"},
    "a key that is not known": lambda: {"key": rsa_key("other"), "headers": {"kid": "other"}},
}


async def test_an_identity_that_proves_nothing_lets_nobody_in(site: Site, idp: Provider) -> None:
    for name, claims in BAD_CLAIMS.items():
        async with browser(site) as each:
            back = await came_back(each, idp)
            idp.id_token = idp.identity(**{"nonce": idp.asked["nonce"], **claims()})
            assert ((await each.open(back))[0], is_signed_in(each), name) == (403, False, name)


async def test_an_unsigned_identity_lets_nobody_in(ada: Browser, idp: Provider) -> None:
    back = await came_back(ada, idp)
    claims = idp.claims(aud=CLIENT, nonce=idp.asked["nonce"])
    idp.id_token = jwt.encode(claims, "", "none", {"kid": "first"})
    assert ((await ada.open(back))[0], is_signed_in(ada)) == (403, False)


GOOD_CLAIMS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"aud": [CLIENT]},
    {"azp": CLIENT},
    {"aud": [CLIENT, "other"], "azp": CLIENT},
    {"groups": "no list"},
)


async def test_an_identity_for_this_page_lets_its_person_in(site: Site, idp: Provider) -> None:
    for claims in GOOD_CLAIMS:
        async with browser(site) as each:
            back = await came_back(each, idp)
            idp.id_token = idp.identity(nonce=idp.asked["nonce"], preferred_username="ada.l", **claims)
            status, html = await each.open(back)
            assert (status, is_signed_in(each)) == (404, True)
            assert '<bdi dir="ltr">ada.l</bdi>' in html


BAD_RETURNS: Final = {
    "another state": {"state": "x" * 32},
    "no state": {"state": ""},
    "another provider": {"iss": "https://evil.example"},
    "no code": {"code": ""},
    "a code of nobody": {"code": "code-99"},
    "a refusal": {"error": "access_denied", "code": ""},
}


async def test_what_the_provider_did_not_send_lets_nobody_in(site: Site, idp: Provider) -> None:
    for name, returned in BAD_RETURNS.items():
        async with browser(site) as each:
            idp.returns = returned
            status, html = await each.open(await came_back(each, idp))
            assert (status, is_signed_in(each), name) == (403, False, name)
            assert ("did not let you in" in html) == (name == "a refusal")
            assert "__Host-pai-dsw-sign-in" not in each.cookies


async def test_a_provider_that_does_not_name_itself_in_the_answer_is_taken(ada: Browser, idp: Provider) -> None:
    idp.returns = {"iss": ""}
    assert ((await ada.open(PAGE))[0], is_signed_in(ada)) == (404, True)


async def test_a_sign_in_ends_in_the_browser_where_it_began(site: Site, ada: Browser, idp: Provider) -> None:
    """Else somebody could have others sign in under a name that is not theirs."""
    back = await came_back(ada, idp)
    async with browser(site) as other:
        assert ((await other.open(back))[0], is_signed_in(other)) == (403, False)
        await came_back(other, idp)
        assert ((await other.open(back))[0], is_signed_in(other)) == (403, False)
    assert is_signed_in(ada) is False
    assert ((await ada.open(back))[0], is_signed_in(ada)) == (404, True)


async def test_a_code_counts_once(site: Site, ada: Browser, idp: Provider) -> None:
    back = await came_back(ada, idp)
    async with browser(site, cookies=dict(ada.cookies)) as thief:
        await ada.open(back)
        assert ((await thief.open(back))[0], is_signed_in(thief)) == (403, False)


async def test_one_kind_of_cookie_is_not_taken_for_another(site: Site, ada: Browser, idp: Provider) -> None:
    await came_back(ada, idp)
    begun = ada.cookies["__Host-pai-dsw-sign-in"]
    for forged in (begun, begun[:-2], "v1.AAAA", "", "x", "v1.%00"):
        async with browser(site, cookies={"__Host-pai-dsw-session": forged}) as each:
            assert (await each.step(PAGE))[0] == 303


async def test_a_sign_in_that_takes_too_long_begins_anew(
    site: Site, ada: Browser, idp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = await came_back(ada, idp)
    page: Any = site.desk.services.page
    now = site.desk.services.now()
    monkeypatch.setattr(page.cookies, "_now", lambda: now + 301)
    assert ((await ada.open(back))[0], is_signed_in(ada)) == (403, False)


REPLIES: Final[dict[str, tuple[Callable[[], web.Response], int]]] = {
    "a failure": (lambda: web.Response(status=500), 403),
    "a refusal": (lambda: web.json_response({"error": "invalid_client"}, status=401), 403),
    "another place": (lambda: web.Response(status=307, headers={"Location": "http://evil.example"}), 403),
    "no JSON": (lambda: web.Response(text="<html>"), 403),
    "no identity": (lambda: web.json_response({"access_token": "a"}), 403),
    "no token": (lambda: web.json_response({"id_token": "x.y.z"}), 403),
    "more than anybody reads": (lambda: web.Response(text="x" * 300_000), 403),
}


async def test_a_provider_that_gives_no_identity_lets_nobody_in(site: Site, idp: Provider) -> None:
    for name, (reply, status) in REPLIES.items():
        async with browser(site) as each:
            idp.token_reply = reply()
            assert ((await each.open(PAGE))[0], is_signed_in(each), name) == (status, False, name)


async def test_a_provider_that_is_away_is_told(site: Site, idp: Provider, new_site_desk: Callable[..., Desk]) -> None:
    idp.endpoints = {"token_endpoint": "http://127.0.0.1:1/token"}
    async with browser(site) as each:
        status, html = await each.open(PAGE)
        assert (status, is_signed_in(each)) == (503, False)
        assert "cannot be reached" in html
    for endpoints in ({"token_endpoint": "http://idp.example/token"}, {"authorization_endpoint": ""}):
        idp.endpoints = endpoints
        async with serving(new_site_desk()) as other, browser(other) as each:
            assert (await each.step(PAGE))[0] == 503


async def test_a_client_with_a_secret_proves_itself_with_it(
    new_site_desk: Callable[..., Desk], idp: Provider, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cr%et+\n", encoding="utf-8")
    file.chmod(0o600)
    idp.secret = "s3cr%25et%2B"
    async with serving(new_site_desk(oidc_client_secret_file=file)) as site, browser(site) as each:
        assert ((await each.open(PAGE))[0], is_signed_in(each)) == (404, True)
        idp.secret = "another"
        each.cookies.clear()
        assert ((await each.open(PAGE))[0], is_signed_in(each)) == (403, False)


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("\n", encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(RefusedError, match="--oidc-client-id"):
        client_secret(file)
