"""People sign in on the approval page; each sees what they asked for, and nothing of anybody else."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.gate.caller import person_of
from pai_dsw_mcp.http.states import SharedStates
from pai_dsw_mcp.journal.records import Approval, Channel
from pai_dsw_mcp.model.change import Change
from tests.approval.changes_to_show import create_a10, create_cpu
from tests.gate.cases import an_instance, place
from tests.http.browser import HOST, PUBLIC, Browser, browser, token_in
from tests.http.provider import AUDIENCE, CLIENT, Provider
from tests.http.site import ANY_PORT, KEYS, Site, serving
from tests.support.desk import Desk, Era, Person, told

pytestmark = pytest.mark.anyio

UNKNOWN = f"{PUBLIC}/approve/{'A' * 22}"


@pytest.fixture
def new_page_desk(new_desk: Callable[..., Desk], idp: Provider) -> Callable[..., Desk]:
    def make(**settings: Any) -> Desk:
        signed_in = {"oidc_issuer": idp.issuer, "oidc_audience": AUDIENCE, "oidc_client_id": CLIENT}
        return new_desk(http=address(ANY_PORT), allow_host=(HOST,), **signed_in, **settings)

    return make


@pytest.fixture
async def site(new_page_desk: Callable[..., Desk]) -> AsyncGenerator[Site]:
    async with serving(new_page_desk()) as running:
        yield running


@pytest.fixture
async def ada(site: Site) -> AsyncGenerator[Browser]:
    async with browser(site) as opened:
        yield opened


@asynccontextmanager
async def another(site: Site, idp: Provider, sub: str = "eve", **claims: Any) -> AsyncGenerator[Browser]:
    """The browser of somebody else, who is signed in."""
    before, idp.person = idp.person, {"sub": sub, **claims}
    async with browser(site) as opened:
        await opened.open(UNKNOWN)
        idp.person = before
        yield opened


async def asked(site: Site, idp: Provider, instance_id: str, era: Era = "legacy") -> dict[str, Any]:
    async with site.client(era, token=idp.token()) as client:
        return told(await client.call_tool("start_instance", place(instance_id)))


async def waiting(site: Site, idp: Provider, change: Change, channel: Channel = "http_page") -> str:
    """The link of a change that ada asked for in a client without forms."""
    approval = await site.desk.services.journal.ask(
        principal=f"credentials/{person_of(idp.issuer, 'ada')}",
        tool=change.action,
        arguments_digest=change.target_name,
        change=change,
        channel=channel,
        channels=frozenset({channel}),
    )
    return await site.desk.services.page.url(approval)


@pytest.fixture
async def link(site: Site, idp: Provider) -> str:
    return await waiting(site, idp, create_cpu())


async def approval_of(site: Site, link: str) -> Approval:
    found = await site.desk.services.journal.get(link.rpartition("/")[2])
    assert found is not None
    return found


@pytest.mark.parametrize("era", ["legacy", "modern"])
async def test_who_asked_signs_in_and_approves(site: Site, idp: Provider, ada: Browser, era: Era) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    link = (await asked(site, idp, instance_id, era))["approve_url"]
    status, html = await ada.open(link)
    assert (status, instance_id in html) == (200, True)
    assert f"at {HOST}" in html
    status, html = await ada.send(link, decision="approve")
    assert (status, "Approved" in html) == (200, True)
    ended = await asked(site, idp, instance_id, era)
    assert (ended["status"], ended["answered_by"]) == ("done", "http_page")
    assert len(site.desk.steering.writes()) == 1


async def test_a_no_with_words_reaches_the_assistant(site: Site, idp: Provider, ada: Browser) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    link = (await asked(site, idp, instance_id))["approve_url"]
    assert (await ada.send(link, decision="reject", feedback="not today"))[0] == 200
    ended = await asked(site, idp, instance_id)
    assert (ended["status"], ended["feedback"]) == ("declined", "not today")


async def test_a_client_with_forms_is_still_asked_in_a_form(site: Site, idp: Provider) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    async with site.client("modern", Person("yes"), idp.token()) as client:
        assert told(await client.call_tool("start_instance", place(instance_id)))["answered_by"] == "form"


async def test_without_a_sign_in_a_link_only_leads_to_the_provider(ada: Browser, idp: Provider, link: str) -> None:
    seen = [await ada.step(each) for each in (link, UNKNOWN)]
    assert [(status, text) for status, text, _ in seen] == [(303, "")] * 2
    await ada.step(str(seen[0][2]))
    wanted = {"response_type": "code", "client_id": CLIENT, "scope": "openid", "code_challenge_method": "S256"}
    assert wanted.items() <= idp.asked.items()
    assert idp.asked["redirect_uri"] == f"{PUBLIC}/sign-in/callback"
    assert len(idp.asked["code_challenge"]) == 43
    assert min(len(idp.asked[each]) for each in ("state", "nonce")) >= 32


async def test_the_cookies_are_for_this_host_over_tls_and_for_no_script(ada: Browser, link: str) -> None:
    await ada.open(link)
    for name, seconds in (("sign-in", 300), ("session", 900)):
        (written,) = [each for each in ada.set_cookies if each.startswith(f"__Host-pai-dsw-{name}=v1.")]
        assert {each.strip() for each in written.split(";")[1:]} == {
            "HttpOnly",
            f"Max-Age={seconds}",
            "Path=/",
            "SameSite=lax",
            "Secure",
        }
    assert list(ada.cookies) == ["__Host-pai-dsw-session"]


async def test_another_person_sees_what_they_would_see_of_nothing(site: Site, idp: Provider, link: str) -> None:
    async with another(site, idp) as eve:
        pages = [await eve.open(each) for each in (link, UNKNOWN, f"{PUBLIC}/approve/x")]
        assert pages[0] == pages[1] == pages[2]
        assert pages[0][0] == 404
        assert (await eve.send(link, decision="approve", token="0" * 64))[0] == 404
    assert (await approval_of(site, link)).state == "waiting"


FORGED: Final[tuple[tuple[dict[str, str], dict[str, str]], ...]] = (
    ({}, {"token": ""}),
    ({}, {"token": "0" * 64}),
    ({"Origin": "https://evil.example"}, {}),
    ({"Origin": ""}, {}),
    ({"Origin": "null"}, {}),
    ({"Sec-Fetch-Site": "same-site"}, {}),
    ({"Sec-Fetch-Site": "cross-site"}, {}),
    ({"Content-Type": "text/plain"}, {}),
)


async def test_an_answer_counts_from_the_page_alone(site: Site, ada: Browser, link: str) -> None:
    await ada.open(link)
    statuses = [(await ada.send(link, headers, decision="approve", **form))[0] for headers, form in FORGED]
    assert statuses == [403] * len(FORGED)
    assert (await approval_of(site, link)).state == "waiting"


async def test_a_token_counts_in_its_session_and_for_its_change_alone(
    site: Site, idp: Provider, ada: Browser, link: str
) -> None:
    other = await waiting(site, idp, create_a10())
    of_other = token_in((await ada.open(other))[1])
    assert (await ada.send(link, decision="approve", token=of_other))[0] == 403
    async with another(site, idp, "ada") as elsewhere:
        of_elsewhere = token_in((await elsewhere.open(link))[1])
    assert of_elsewhere
    assert (await ada.send(link, decision="approve", token=of_elsewhere))[0] == 403
    assert (await approval_of(site, link)).state == "waiting"


async def test_a_sign_in_ends_by_itself(site: Site, ada: Browser, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_in((await ada.open(link))[1])
    cookies = dict(ada.cookies)
    page: Any = site.desk.services.page
    now = site.desk.services.now()
    monkeypatch.setattr(page.cookies, "_now", lambda: now + 901)
    assert (await ada.send(link, decision="approve", token=token))[0] == 401
    assert (await ada.step(link))[0] == 303
    assert ada.cookies.items() > cookies.items()
    assert (await approval_of(site, link)).state == "waiting"


async def test_who_signs_out_is_asked_to_sign_in_again(ada: Browser, link: str) -> None:
    token = token_in((await ada.open(link))[1], sign_out=True)
    refused = await ada.send(f"{PUBLIC}/sign-out", token="0" * 64)
    assert (refused[0], len(ada.cookies)) == (403, 1)
    assert (await ada.send(f"{PUBLIC}/sign-out", {"Origin": "https://evil.example"}, token=token))[0] == 403
    status, html = await ada.send(f"{PUBLIC}/sign-out", token=token)
    assert (status, "signed out" in html, ada.cookies) == (200, True, {})
    assert (await ada.send(f"{PUBLIC}/sign-out", token=token))[0] == 200
    assert (await ada.step(link))[0] == 303


async def test_another_name_of_the_server_has_no_page(site: Site, ada: Browser, link: str) -> None:
    await ada.open(link)
    assert (await ada.step(link, Host=str(site.at)))[0] == 421


async def test_any_replica_goes_on_where_another_one_began(
    new_page_desk: Callable[..., Desk], idp: Provider, site: Site, ada: Browser, link: str
) -> None:
    async with serving(new_page_desk(), page_keys=lambda: ("n" * 32, *KEYS)) as second:
        to_provider = (await ada.step(link))[2]
        back = (await ada.step(str(to_provider)))[2]
        ada.site = second
        assert (await ada.open(str(back)))[0] == 200
        ada.site = site
        # The first one does not know the newer key yet, and has the person sign in again.
        assert (await ada.open(link))[0] == 200
        ada.site = second
        assert (await ada.send(link, decision="approve"))[0] == 200
    assert (await approval_of(site, link)).state == "approved"


async def test_servers_over_one_journal_know_each_others_sessions(
    new_page_desk: Callable[..., Desk],
) -> None:
    desks = new_page_desk(), new_page_desk()
    first, second = (SharedStates(each.services.journal) for each in desks)
    await first.refresh()
    await second.refresh()
    async with (
        serving(desks[0], page_keys=lambda: first.keys) as one,
        serving(desks[1], page_keys=lambda: second.keys) as other,
        browser(one) as person,
    ):
        assert (await person.open(UNKNOWN))[0] == 404
        person.site = other
        assert (await person.step(UNKNOWN))[0] == 404


async def test_a_decided_change_can_be_taken_back_and_says_so(site: Site, ada: Browser, link: str) -> None:
    await ada.send(link, decision="approve")
    status, html = await ada.open(link)
    assert (status, "Take the approval back" in html) == (410, True)
    assert (await ada.send(link, decision="take_back"))[0] == 200
    assert (await approval_of(site, link)).state == "rejected"


async def test_a_long_answer_is_refused(ada: Browser, link: str) -> None:
    token = token_in((await ada.open(link))[1])
    assert (await ada.send(link, decision="approve", token=token, feedback="x" * 20_000))[0] == 413


async def test_an_answer_that_breaks_off_decides_nothing(site: Site, ada: Browser, link: str) -> None:
    await ada.open(link)
    cookie = "; ".join(f"{name}={value}" for name, value in ada.cookies.items())
    path = link.removeprefix(PUBLIC)
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nOrigin: {PUBLIC}\r\nCookie: {cookie}\r\n"
    form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n"
    reader, writer = await asyncio.open_connection(site.at.host, site.at.port)
    writer.write(f"{head}{form}decision=approve&token=".encode())
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    assert (await approval_of(site, link)).state == "waiting"


async def test_a_journal_that_cannot_be_used_is_told(site: Site, ada: Browser, link: str) -> None:
    await ada.open(link)
    site.desk.services.journal.close()
    site.desk.settings.journal_path.write_bytes(b"x" * 4096)
    status, html = await ada.open(link)
    assert (status, "could not be recorded" in html) == (500, True)
