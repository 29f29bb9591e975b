"""The page behind the sign-in in a real browser, whose cookies, redirects and origins are not those of a test."""

from collections.abc import Callable

import pytest
from playwright.async_api import expect

from pai_dsw_mcp.flag_values import address
from tests.gate.cases import an_instance, place
from tests.http.provider import AUDIENCE, CLIENT, Provider
from tests.http.site import ANY_PORT, serving
from tests.support.chromium import CHROMIUM, connected
from tests.support.desk import Desk, told

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


async def test_a_person_signs_in_sees_their_own_change_alone_and_approves(
    new_desk: Callable[..., Desk], idp: Provider, chromium_at: str
) -> None:
    signed_in = {"oidc_issuer": idp.issuer, "oidc_audience": AUDIENCE, "oidc_client_id": CLIENT}
    desk = new_desk(http=address(ANY_PORT), **signed_in)
    instance_id = an_instance(desk.steering, "Stopped")
    async with serving(desk) as site, connected(chromium_at) as chromium:
        page = await (await chromium.new_context(locale="en-US")).new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        links: list[str] = []
        for sub in ("ada", "eve"):
            async with site.client("legacy", token=idp.token(sub=sub)) as client:
                links.append(str(told(await client.call_tool("start_instance", place(instance_id)))["approve_url"]))
        await page.goto(links[0])
        await expect(page.get_by_text("You are signed in as ada")).to_be_visible()
        await page.goto(links[1])
        await expect(page.get_by_role("heading", name="Nothing waits for you under this link")).to_be_visible()
        await page.goto(links[0])
        await page.get_by_role("button", name="Approve").click()
        await expect(page.get_by_role("heading", name="Approved")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="You are signed out here")).to_be_visible()
        assert await page.context.cookies() == []
        assert [each for each in complaints if "favicon" not in each and "404" not in each] == []
        async with site.client("legacy", token=idp.token()) as client:
            assert told(await client.call_tool("start_instance", place(instance_id)))["status"] == "done"
