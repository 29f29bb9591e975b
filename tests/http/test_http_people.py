"""Several people share one server: each has approvals, refusals, questions and operations of their own."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
from mcp.client import Client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, InputRequiredResult
from starlette.types import ASGIApp, Receive, Scope, Send

from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.http.challenge import WritingCalls
from tests.gate.cases import an_instance, new_notebook, place
from tests.http.provider import AUDIENCE, Provider
from tests.http.site import ANY_PORT, Site, serving
from tests.support.desk import REGION, Desk, Era, Person, text_of, told

pytestmark = pytest.mark.anyio

EACH_ERA = pytest.mark.parametrize("era", ["legacy", "modern"])
OTHERS = pytest.mark.parametrize("other", [{"sub": "eve"}, {"client_id": "phone"}], ids=["person", "client"])
LOST = {"kind": "lost_reply", "operation": "CreateInstance"}


@pytest.fixture
async def site(new_desk: Callable[..., Desk], idp: Provider) -> AsyncGenerator[Site]:
    desk = new_desk(http=address(ANY_PORT), approve="form", oidc_issuer=idp.issuer, oidc_audience=AUDIENCE)
    async with serving(desk) as running:
        yield running


async def start(client: Client, instance_id: str) -> CallToolResult:
    return await client.call_tool("start_instance", place(instance_id))


async def question(client: Client, instance_id: str) -> InputRequiredResult:
    """The form that the client would show."""
    found = await client.session.call_tool("start_instance", place(instance_id), allow_input_required=True)
    assert isinstance(found, InputRequiredResult)
    return found


async def answer(client: Client, instance_id: str, asked: InputRequiredResult) -> CallToolResult:
    """The call with a yes to this form."""
    yes = {"action": "accept", "content": {"decision": "approve"}}
    return await client.session.call_tool(
        "start_instance",
        place(instance_id),
        input_responses=dict.fromkeys(asked.input_requests or {}, yes),  # type: ignore[arg-type]  # as on the wire
        request_state=asked.request_state,
    )


@EACH_ERA
async def test_a_token_that_may_only_read_is_not_offered_what_writes(site: Site, idp: Provider, era: Era) -> None:
    async with (
        site.client(era, token=idp.token(scope="dsw:read")) as reader,
        site.client(era, token=idp.token()) as all_,
    ):
        offered = list((await reader.list_tools()).tools)
        assert offered
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in offered)
        assert {tool.name for tool in offered} < {tool.name for tool in (await all_.list_tools()).tools}
        assert told(await reader.call_tool("list_instances", {"region_id": REGION}))["instances"] == []


async def test_the_list_of_tools_is_for_no_shared_cache(site: Site, idp: Provider) -> None:
    async with site.client("modern", token=idp.token()) as client:
        assert (await client.list_tools()).cache_scope == "private"


@EACH_ERA
async def test_a_writing_call_with_a_reading_token_is_told_the_scope(site: Site, idp: Provider, era: Era) -> None:
    token = idp.token(scope="dsw:read")
    call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"start_instance","arguments":{}}}'
    version = "2025-11-25" if era == "legacy" else "2026-07-28"
    reply = await site.post(call, authorization=f"Bearer {token}", mcp_protocol_version=version)
    assert reply.status == 403
    where = f'resource_metadata="http://{site.at}/.well-known/oauth-protected-resource/mcp"'
    assert reply.headers["www-authenticate"] == (
        'Bearer error="insufficient_scope", error_description="Required scope: dsw:write",'
        f' {where}, scope="dsw:read dsw:write"'
    )


@pytest.mark.parametrize("body", ["[", "[" * 9000, "[]"], ids=["no JSON", "many lists", "a batch"])
async def test_a_malformed_call_with_a_reading_token_is_answered_as_any(site: Site, idp: Provider, body: str) -> None:
    assert (await site.post(body, authorization=f"Bearer {idp.token(scope='dsw:read')}")).status == 400


async def passed_on(self: WritingCalls, scope: Scope, receive: Receive, send: Send) -> None:
    app: ASGIApp = vars(self)["_app"]
    await app(scope, receive, send)


async def test_the_gate_itself_refuses_a_reading_token(
    site: Site, idp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WritingCalls, "__call__", passed_on)
    instance_id, person = an_instance(site.desk.steering, "Stopped"), Person("yes")
    async with site.client("modern", person, idp.token(scope="dsw:read")) as reader:
        refused = await start(reader, instance_id)
    assert refused.is_error
    assert "dsw:write" in text_of(refused)
    assert (person.questions, site.desk.steering.writes()) == ([], [])


async def test_a_client_without_forms_is_refused(site: Site, idp: Provider) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    async with site.client("legacy", Person("yes"), idp.token()) as client:
        refused = await start(client, instance_id)
    assert refused.is_error
    assert "form" in text_of(refused)
    assert "http://" not in text_of(refused)


@OTHERS
async def test_a_form_is_answered_by_whom_it_was_shown_to_alone(
    site: Site, idp: Provider, other: dict[str, str]
) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    async with (
        site.client("modern", Person(), idp.token()) as ada,
        site.client("modern", Person(), idp.token(**other)) as eve,
    ):
        asked = await question(ada, instance_id)
        with pytest.raises(MCPError, match="requestState"):
            await answer(eve, instance_id, asked)
        assert site.desk.steering.writes() == []
        assert told(await answer(ada, instance_id, asked))["status"] == "done"
    assert len(site.desk.steering.writes()) == 1


@pytest.mark.parametrize(("said", "status"), [("yes", "done"), ("no", "declined")])
async def test_who_answers_a_form_is_named(site: Site, idp: Provider, said: Any, status: str) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    async with site.client("modern", Person(said), idp.token(preferred_username="ada.l")) as ada:
        ended = told(await start(ada, instance_id))
    assert (ended["status"], "(form ada.l, " in ended["message"]) == (status, True)


async def test_a_yes_counts_for_whom_it_was_given_to_alone(site: Site, idp: Provider) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    asked = Person("cancel")
    async with (
        site.client("modern", Person(), idp.token()) as ada,
        site.client("modern", asked, idp.token(sub="eve")) as eve,
    ):
        await question(ada, instance_id)
        (approval,) = await site.desk.services.journal.waiting()
        await site.desk.services.journal.decide(approval.approval_id, approve=True, channel="form")
        assert told(await start(eve, instance_id))["status"] == "declined"
        assert len(asked.questions) == 1
        assert site.desk.steering.writes() == []
        assert told(await start(ada, instance_id))["status"] == "done"


async def test_the_noes_of_one_person_are_no_pause_for_another(site: Site, idp: Provider) -> None:
    instances = [an_instance(site.desk.steering, "Stopped") for _ in range(4)]
    async with (
        site.client("modern", Person("no"), idp.token(sub="eve")) as eve,
        site.client("modern", Person("yes"), idp.token()) as ada,
    ):
        *noes, paused = [await start(eve, each) for each in instances]
        assert [told(no)["status"] for no in noes] == ["declined"] * 3
        assert "questions in a row" in text_of(paused)
        assert told(await start(ada, instances[0]))["status"] == "done"


async def test_a_person_may_go_on_in_another_client(site: Site, idp: Provider) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    async with (
        site.client("modern", Person(), idp.token()) as desktop,
        site.client("modern", Person("no"), idp.token(client_id="phone")) as phone,
    ):
        await question(desktop, instance_id)
        (approval,) = await site.desk.services.journal.waiting()
        await site.desk.services.journal.decide(approval.approval_id, approve=True, channel="form")
        assert told(await start(phone, instance_id))["status"] == "done"


async def test_many_questions_of_one_person_leave_room_for_another(site: Site, idp: Provider) -> None:
    instances = [an_instance(site.desk.steering, "Stopped") for _ in range(11)]
    async with (
        site.client("modern", Person(), idp.token(sub="eve")) as eve,
        site.client("modern", Person("yes"), idp.token()) as ada,
    ):
        for each in instances[:10]:
            await question(eve, each)
        assert (await start(eve, instances[10])).is_error
        assert told(await start(ada, instances[10]))["status"] == "done"


async def test_what_became_of_one_persons_request_is_told_to_nobody_else(site: Site, idp: Provider) -> None:
    site.desk.steering.faults(LOST, {"kind": "list_lag", "seconds": 120})

    async def create(name: str, person: Person, **who: str) -> dict[str, Any]:
        async with site.client("modern", person, idp.token(**who)) as client:
            return told(
                await client.call_tool("create_instance", {"region_id": REGION, **new_notebook(instance_name=name)})
            )

    assert (await create("of_ada", Person("yes")))["status"] == "unknown"
    eve, ada = Person("no"), Person("no")
    await create("of_eve", eve, sub="eve")
    await create("of_ada_2", ada)
    assert ["of_ada" in str(each.questions[0].message).replace("of_ada_2", "") for each in (eve, ada)] == [False, True]


async def test_two_people_who_change_the_same_instance_send_one_request(site: Site, idp: Provider) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    async with (
        site.client("modern", Person(), idp.token()) as ada,
        site.client("modern", Person(), idp.token(sub="eve")) as eve,
    ):
        of_ada, of_eve = await question(ada, instance_id), await question(eve, instance_id)
        assert told(await answer(ada, instance_id, of_ada))["status"] == "done"
        assert told(await answer(eve, instance_id, of_eve))["status"] == "nothing_to_do"
    assert len(site.desk.steering.writes()) == 1


async def test_each_person_has_calls_of_their_own(new_desk: Callable[..., Desk], idp: Provider) -> None:
    signs_in = {"approve": "form", "oidc_issuer": idp.issuer, "oidc_audience": AUDIENCE}
    async with serving(new_desk(http=address(ANY_PORT), reads_per_minute=1, **signs_in)) as site:
        refused: list[bool] = []
        for claims in ({}, {"client_id": "phone"}, {"sub": "eve", "scope": "dsw:read"}):
            async with site.client("modern", token=idp.token(**claims)) as client:
                refused.append((await client.call_tool("list_workspaces", {"region_id": REGION})).is_error)
    assert refused == [False, True, False]
