"""A server over HTTP serves clients of both protocol eras, and each is asked in the way that it can be."""

import signal
import socket
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession
from anyio import create_task_group, to_thread
from anyio.lowlevel import checkpoint
from mcp.client import Client

from pai_dsw_mcp.app import tools_for
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.http.listening import listen
from pai_dsw_mcp.journal.errors import WrongChannelError
from tests.approval.page_desk import FORM, origin, token_in
from tests.gate.cases import an_instance, place
from tests.http.site import ANY_PORT, Reply, Site, serving
from tests.support.desk import Desk, Era, Person, told

pytestmark = pytest.mark.anyio

LOOPBACK = address(ANY_PORT)
EACH_ERA = pytest.mark.parametrize("era", ["legacy", "modern"])


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    return new_desk(http=LOOPBACK)


async def approve_on_the_page(url: str) -> None:
    async with ClientSession() as browser:
        async with browser.get(url) as page:
            token = token_in(await page.text())
        form = urlencode({"token": token, "decision": "approve"})
        headers = {"Origin": origin(url), "Content-Type": FORM}
        async with browser.post(url, data=form, headers=headers) as page:
            assert page.status == 200


@EACH_ERA
async def test_a_client_lists_and_calls_the_tools(desk: Desk, era: Era) -> None:
    async with serving(desk) as site, site.client(era) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == [
            each.name for each in tools_for(desk.settings)
        ]
        listed = told(await client.call_tool("list_instances", {"region_id": "cn-hangzhou"}))
        assert listed["instances"] == []


async def started(site: Site, client: Client, instance_id: str) -> dict[str, object]:
    return told(await client.call_tool("start_instance", place(instance_id)))


async def test_a_client_with_forms_is_asked_in_a_form(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    person = Person("yes")
    async with serving(desk) as site, site.client("modern", person) as client:
        ended = await started(site, client, instance_id)
    assert (ended["status"], ended["answered_by"]) == ("done", "form")
    assert len(person.questions) == 1
    assert len(desk.steering.writes()) == 1


@EACH_ERA
async def test_a_client_without_forms_gets_the_page_and_no_terminal(desk: Desk, era: Era) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    # A client of the older protocol has no session here, in which it could be asked.
    person = Person("yes") if era == "legacy" else None
    async with serving(desk) as site, site.client(era, person) as client:
        asked = await started(site, client, instance_id)
        assert asked["status"] == "approval_needed"
        assert "approve`" not in str(asked["message"])
        await approve_on_the_page(str(asked["approve_url"]))
        ended = await started(site, client, instance_id)
    assert (ended["status"], ended["answered_by"]) == ("done", "http_page")
    assert len(desk.steering.writes()) == 1


async def test_a_terminal_does_not_answer_what_was_asked_over_http(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    async with serving(desk) as site, site.client("legacy") as client:
        await started(site, client, instance_id)
    (approval,) = await desk.services.journal.waiting()
    with pytest.raises(WrongChannelError):
        await desk.services.journal.decide(approval.approval_id, approve=True, channel="terminal")


async def test_two_clients_are_served_at_once_and_progress_is_told(desk: Desk) -> None:
    instance_id = an_instance(desk.steering, "Creating")
    told_so: list[float] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:  # the SDK's callback
        told_so.append(progress)

    async with serving(desk) as site, site.client("modern") as one, site.client("legacy") as other:
        desk.steering.instance(instance_id, Status="Running")
        arguments = {**place(instance_id), "until": "Running"}
        assert told(await one.call_tool("wait_for_instance", arguments, progress_callback=note))["done"]
        assert told(await other.call_tool("wait_for_instance", arguments))["done"]


@EACH_ERA
async def test_a_call_that_runs_is_answered_before_the_server_ends(desk: Desk, era: Era) -> None:
    desk.steering.faults({"kind": "delay", "operation": "ListInstances", "seconds": 1.5})
    listed: list[object] = []
    async with create_task_group() as tasks, serving(desk) as site, site.client(era) as client:
        await client.list_tools()

        async def call() -> None:
            listed.append(told(await client.call_tool("list_instances", {"region_id": "cn-hangzhou"}))["instances"])

        tasks.start_soon(call)
        while not await to_thread.run_sync(desk.steering.requests):
            await checkpoint()
        signal.raise_signal(signal.SIGTERM)
        assert (await admin(site, "/readyz")).status == 503
        while not listed:
            await checkpoint()
    assert listed == [[]]


async def admin(site: Site, path: str) -> Reply:
    return await site.raw(f"GET {path} HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n", to=site.admin)


async def test_a_supervisor_is_told_that_it_lives_and_whether_it_is_ready(desk: Desk) -> None:
    async with serving(desk) as site:
        assert [(await admin(site, path)).status for path in ("/livez", "/readyz", "/mcp")] == [200, 200, 404]
        desk.services.journal.close()
        desk.settings.journal_path.parent.chmod(0o755)
        assert [(await admin(site, path)).status for path in ("/livez", "/readyz")] == [200, 503]
        desk.settings.journal_path.parent.chmod(0o700)
        assert (await admin(site, "/readyz")).status == 200
        assert (await site.post(path="/livez")).status == 404


async def test_an_address_that_is_taken_is_refused_with_its_reason() -> None:
    listening, at = listen(LOOPBACK)
    with listening, pytest.raises(RefusedError, match="EADDRINUSE"):
        listen(at)


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    listening, at = listen(LOOPBACK)
    with listening, socket.create_connection((at.host, at.port)), listening.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
