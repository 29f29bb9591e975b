"""Whose keys count, for how long, and who waits while they are read from the identity provider."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.http.keys import SigningKeys
from tests.http.provider import AUDIENCE, Provider, ec_key, public, rsa_key
from tests.http.site import ANY_PORT, Reply, Site, serving
from tests.http.test_http_refusals import PING
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock() -> list[float]:
    return [1000.0]


@pytest.fixture
async def site(new_desk: Callable[..., Desk], idp: Provider, clock: list[float]) -> AsyncGenerator[Site]:
    desk = new_desk(http=address(ANY_PORT), approve="form", oidc_issuer=idp.issuer, oidc_audience=AUDIENCE)
    async with serving(desk, keys=SigningKeys(idp.issuer, now=lambda: clock[0])) as running:
        yield running


async def asked(site: Site, token: str) -> Reply:
    return await site.post(PING, authorization=f"Bearer {token}")


async def test_keys_are_rotated(site: Site, idp: Provider, clock: list[float]) -> None:
    assert (await asked(site, idp.token())).status == 200
    idp.keys = [
        {"kty": "unknown"},
        public(rsa_key("second"), "second", "RS256"),
        public(ec_key("third"), "third", "ES256"),
        public(rsa_key("fourth"), "fourth", "RS256", use="enc"),
    ]
    second = idp.signed(key=rsa_key("second"), headers={"kid": "second"})
    third = idp.signed(key=ec_key("third"), algorithm="ES256", headers={"kid": "third"})
    fourth = idp.signed(key=rsa_key("fourth"), headers={"kid": "fourth"})
    assert (await asked(site, second)).status == 401
    clock[0] += 10
    found = [(await asked(site, token)).status for token in (second, third, fourth, idp.token())]
    assert found == [200, 200, 401, 401]
    assert idp.looks == 2


async def test_a_key_that_was_withdrawn_does_not_count_for_long(site: Site, idp: Provider, clock: list[float]) -> None:
    assert (await asked(site, idp.token())).status == 200
    idp.keys = []
    clock[0] += 299
    assert (await asked(site, idp.token())).status == 200
    clock[0] += 1
    assert (await asked(site, idp.token())).status == 401


async def test_a_key_that_was_withdrawn_while_nobody_came_does_not_count(
    site: Site, idp: Provider, clock: list[float]
) -> None:
    assert (await asked(site, idp.token())).status == 200
    idp.keys = []
    clock[0] += 3000
    assert (await asked(site, idp.token())).status == 401


async def looked(idp: Provider, times: int) -> None:
    """Waits until the keys were asked for so many times."""
    with anyio.fail_after(20):
        while idp.looks < times:
            await checkpoint()


async def test_who_has_a_known_key_does_not_wait_for_the_look_of_strangers(
    site: Site, idp: Provider, clock: list[float]
) -> None:
    assert (await asked(site, idp.token())).status == 200
    stranger = idp.signed(key=rsa_key("other"), headers={"kid": "other"})
    told: list[int] = []

    async def come() -> None:
        told.append((await asked(site, stranger)).status)

    clock[0] += 10
    idp.held = asyncio.Event()
    async with anyio.create_task_group() as tasks:
        for _ in range(3):
            tasks.start_soon(come)
        await looked(idp, 2)
        assert (await asked(site, idp.token())).status == 200
        assert told == []
        clock[0] += 10
        assert (await asked(site, idp.token())).status == 200
        idp.held.set()
    # One at a time, for all of them.
    assert (told, idp.looks) == ([401] * 3, 2)


async def test_nobody_waits_while_keys_that_count_are_renewed(
    site: Site, idp: Provider, clock: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    assert (await asked(site, idp.token())).status == 200
    clock[0] += 290
    idp.held = asyncio.Event()
    assert [(await asked(site, idp.token())).status for _ in range(3)] == [200] * 3
    await looked(idp, 2)
    whole, idp.padding = idp.padding, " " * 300_000
    idp.held.set()
    with anyio.fail_after(20):
        while "cannot be read" not in caplog.text:
            await checkpoint()
    # The keys are old now. A look has just failed, so the next one holds up nobody either.
    clock[0] += 15
    idp.held, idp.padding, idp.keys = asyncio.Event(), whole, []
    assert (await asked(site, idp.token())).status == 200
    await looked(idp, 3)
    # Later, old keys count only after another look.
    clock[0] += 10
    idp.held.set()
    assert (await asked(site, idp.token())).status == 401


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 500},
        {"status": 302},
        {"says_issuer": "https://evil.example"},
        {"jwks_uri": "http://evil.example/keys"},
        {"jwks_uri": "http://[/keys"},
        {"jwks_uri": "http://127.0.0.1:1/keys"},
        {"padding": " " * 300_000},
        {"keys": "none"},
    ],
    ids=str,
)
async def test_without_the_provider_nobody_is_let_in(
    site: Site, idp: Provider, clock: list[float], broken: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    whole = {name: getattr(idp, name) for name in broken}
    for name, value in broken.items():
        setattr(idp, name, value)
    reply = await asked(site, idp.token())
    assert (reply.status, reply.headers["retry-after"]) == (503, "10")
    assert "The identity provider" in caplog.text
    clock[0] += 10
    for name, value in whole.items():
        setattr(idp, name, value)
    assert (await asked(site, idp.token())).status == 200


async def test_known_keys_count_for_an_hour_without_the_provider(site: Site, idp: Provider, clock: list[float]) -> None:
    assert (await asked(site, idp.token())).status == 200
    idp.status = 500
    clock[0] += 3599
    assert (await asked(site, idp.token())).status == 200
    clock[0] += 1
    assert (await asked(site, idp.token())).status == 503
