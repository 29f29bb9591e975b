"""Above a line, another person of a group approves: neither a form nor the yes of who asks counts there."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest

from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.model.change import Change, Load, Price
from pai_dsw_mcp.model.limits import Money
from pai_dsw_mcp.model.second_person import SecondPerson
from tests.approval.changes_to_show import create_cpu
from tests.gate.cases import an_instance, place
from tests.http.browser import HOST, PUBLIC, Browser, browser
from tests.http.provider import AUDIENCE, CLIENT, Provider
from tests.http.site import ANY_PORT, Site, serving
from tests.support.desk import Desk, Person, told

pytestmark = pytest.mark.anyio

GROUP: Final = "ml-leads"
LINE: Final = Money(0.01, "CNY")


@pytest.fixture
def new_team(new_desk: Callable[..., Desk], idp: Provider) -> Callable[..., Desk]:
    def make(**settings: Any) -> Desk:
        signed_in = {"oidc_issuer": idp.issuer, "oidc_audience": AUDIENCE, "oidc_client_id": CLIENT}
        line = {"second_person_above": LINE, "approver_group": GROUP}
        return new_desk(http=address(ANY_PORT), allow_host=(HOST,), **{**signed_in, **line, **settings})

    return make


@pytest.fixture
async def site(new_team: Callable[..., Desk]) -> AsyncGenerator[Site]:
    async with serving(new_team()) as running:
        yield running


@asynccontextmanager
async def signed_in(site: Site, idp: Provider, sub: str, *groups: str) -> AsyncGenerator[Browser]:
    idp.person = {"sub": sub, "groups": [*groups]}
    async with browser(site) as opened:
        await opened.open(f"{PUBLIC}/approve/{'A' * 22}")
        yield opened


async def start(site: Site, idp: Provider, instance_id: str, person: Person | None = None) -> dict[str, Any]:
    """What ada is told, whose client may have forms."""
    async with site.client("modern", person, idp.token(preferred_username="ada.l")) as client:
        return told(await client.call_tool("start_instance", place(instance_id)))


async def test_another_person_of_the_group_approves_and_sees_who_asks(site: Site, idp: Provider) -> None:
    instance_id, person = an_instance(site.desk.steering, "Stopped"), Person("yes")
    asked = await start(site, idp, instance_id, person)
    assert (asked["status"], person.questions) == ("approval_needed", [])
    assert GROUP in asked["message"]
    async with signed_in(site, idp, "eve", GROUP, "others") as eve:
        status, html = await eve.open(asked["approve_url"])
        assert (status, "ada.l" in html, GROUP in html) == (200, True, False)
        assert (await eve.send(asked["approve_url"], decision="approve"))[0] == 200
    ended = await start(site, idp, instance_id, person)
    assert (ended["status"], ended["answered_by"], person.questions) == ("done", "second_person", [])
    assert "(second_person eve, " in ended["message"]
    assert len(site.desk.steering.writes()) == 1


async def test_who_asks_cannot_approve_even_as_one_of_the_group(site: Site, idp: Provider) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    link = (await start(site, idp, instance_id))["approve_url"]
    async with signed_in(site, idp, "ada", GROUP) as ada:
        status, html = await ada.open(link)
        assert (status, GROUP in html, 'value="approve"' in html) == (200, True, False)
        assert (await ada.send(link, decision="approve"))[0] == 403
        assert (await start(site, idp, instance_id))["status"] == "approval_needed"
        assert site.desk.steering.writes() == []
        assert (await ada.send(link, decision="reject", feedback="too dear"))[0] == 200
    ended = await start(site, idp, instance_id)
    assert (ended["status"], ended["answered_by"], ended["feedback"]) == ("declined", "http_page", "too dear")
    assert "(http_page ada, " in ended["message"]


@pytest.mark.parametrize("groups", [(), ("others", f"{GROUP}-2"), (GROUP.upper(),)], ids=["none", "others", "capitals"])
async def test_whoever_is_not_of_the_group_sees_nothing(site: Site, idp: Provider, groups: tuple[str, ...]) -> None:
    link = (await start(site, idp, an_instance(site.desk.steering, "Stopped")))["approve_url"]
    async with signed_in(site, idp, "eve", *groups) as eve:
        assert (await eve.open(link))[0] == 404
        assert (await eve.send(link, decision="approve", token="0" * 64))[0] == 404


async def test_a_server_that_takes_forms_alone_shows_none_above_the_line(
    new_team: Callable[..., Desk], idp: Provider
) -> None:
    person = Person("yes")
    async with serving(new_team(approve="form")) as site:
        asked = await start(site, idp, an_instance(site.desk.steering, "Stopped"), person)
    assert (asked["status"], person.questions) == ("approval_needed", [])
    assert asked["approve_url"].startswith(PUBLIC)


async def test_the_group_sees_nothing_that_waits_for_who_asked(new_team: Callable[..., Desk], idp: Provider) -> None:
    async with serving(new_team(second_person_above=Money(1e6, "CNY"))) as site:
        link = (await start(site, idp, an_instance(site.desk.steering, "Stopped")))["approve_url"]
        async with signed_in(site, idp, "eve", GROUP) as eve:
            assert (await eve.open(link))[0] == 404
        async with signed_in(site, idp, "ada") as ada:
            assert 'value="approve"' in (await ada.open(link))[1]


async def test_a_wrong_answer_of_the_group_is_asked_again(site: Site, idp: Provider) -> None:
    link = (await start(site, idp, an_instance(site.desk.steering, "Stopped")))["approve_url"]
    async with signed_in(site, idp, "eve", GROUP) as eve:
        assert (await eve.send(link, decision=""))[0] == 422
        assert (await eve.send(link, decision="reject"))[0] == 200


async def test_a_yes_that_was_given_before_there_was_a_line_does_not_count(
    new_team: Callable[..., Desk], idp: Provider
) -> None:
    async with serving(new_team(second_person_above=None, approver_group=None)) as before:
        instance_id = an_instance(before.desk.steering, "Stopped")
        link = (await start(before, idp, instance_id))["approve_url"]
        async with signed_in(before, idp, "ada") as ada:
            assert (await ada.send(link, decision="approve"))[0] == 200
    async with serving(new_team()) as after:
        asked = await start(after, idp, instance_id)
        assert (asked["status"], asked["approve_url"] == link) == ("approval_needed", False)
        assert after.desk.steering.writes() == []


async def test_what_waits_for_another_person_stays_so_where_the_line_is_gone(
    site: Site, new_team: Callable[..., Desk], idp: Provider
) -> None:
    link = (await start(site, idp, an_instance(site.desk.steering, "Stopped")))["approve_url"]
    async with (
        serving(new_team(second_person_above=None, approver_group=None)) as after,
        signed_in(after, idp, "ada") as ada,
    ):
        assert 'value="approve"' not in (await ada.open(link))[1]
        assert (await ada.send(link, decision="approve"))[0] == 403


def load(*, gpus: float = 0, price: Price | None = None, is_metered: bool = True) -> Load:
    return Load(gpus=gpus, price=price, is_metered=is_metered)


def yuan(hourly: float) -> Price:
    return Price(hourly=hourly, currency="CNY")


WHAT_RUNS: Final[dict[str, tuple[Load | None, bool]]] = {
    "nothing more than before": (None, False),
    "on the line": (load(price=yuan(20)), False),
    "above it": (load(price=yuan(20.01)), True),
    "of a price that nobody knows": (load(), True),
    "in another currency": (load(price=Price(hourly=1, currency="USD")), True),
    "on a quota": (load(gpus=8, is_metered=False), False),
}


@pytest.mark.parametrize(("runs", "is_needed"), WHAT_RUNS.values(), ids=WHAT_RUNS)
def test_what_needs_a_second_person(runs: Load | None, *, is_needed: bool) -> None:
    line = SecondPerson(Money(20, "CNY"), GROUP)
    change: Change = create_cpu().model_copy(update={"load": runs})
    assert line.is_needed_for(change) is is_needed
    batch = create_cpu().model_copy(update={"load": None, "then": (change,)})
    assert line.is_needed_for(batch) is is_needed
