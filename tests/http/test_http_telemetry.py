"""Logs, traces and metrics tell what a server does, and nothing of whom it does it for or what they sent."""

import io
import json
import logging
import re
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from typing import cast

import pytest
from aiohttp import ClientSession
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from pai_dsw_mcp.commands.serve_http import exporters_of
from pai_dsw_mcp.errors import RefusedError
from pai_dsw_mcp.flag_values import address
from pai_dsw_mcp.logs import configure_logs
from pai_dsw_mcp.settings import Settings
from tests.gate.cases import an_instance, place
from tests.http.collector import Collector, collecting
from tests.http.provider import AUDIENCE, Provider
from tests.http.site import ANY_PORT, Site, serving
from tests.support.desk import REGION, Desk, Person, told

pytestmark = pytest.mark.anyio

CANARY = "canary"
TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture(scope="module")
def collector() -> Generator[Collector]:
    with collecting() as running:
        yield running


@pytest.fixture
async def site(new_desk: Callable[..., Desk], idp: Provider, collector: Collector) -> AsyncGenerator[Site]:
    desk = new_desk(http=address(ANY_PORT), approve="form", oidc_issuer=idp.issuer, oidc_audience=AUDIENCE)
    async with serving(desk, scrape=collector.exporters.scrape) as running:
        yield running


@pytest.fixture
def log() -> Generator[Callable[[], str]]:
    """What was logged; nothing is left out."""
    loggers = [logging.getLogger(), logging.getLogger("pai_dsw_mcp")]
    before = [(each.handlers[:], each.level) for each in loggers]
    configure_logs("debug")
    (handler,) = loggers[0].handlers
    written = io.StringIO()
    cast("logging.StreamHandler[io.StringIO]", handler).setStream(written)
    yield written.getvalue
    for each, (handlers, level) in zip(loggers, before, strict=True):
        each.handlers[:] = handlers
        each.setLevel(level)


def request(method: str, name: str, **arguments: str) -> str:
    """As a client sends it whose request id and trace hold a canary."""
    trace = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "tracestate": f"canary={CANARY}", "baggage": "x=canary"}
    params = {"_meta": trace, "name": name, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": CANARY, "method": method, "params": params})


async def scraped(site: Site) -> str:
    async with ClientSession() as http, http.get(f"http://{site.admin}/metrics") as reply:
        assert reply.status == 200
        assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        return await reply.text()


def facts(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value for each in span.attributes}


async def test_a_change_is_told_with_its_outcome_and_its_calls_of_the_cloud(
    site: Site, idp: Provider, collector: Collector, log: Callable[[], str]
) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    async with site.client("modern", Person("yes"), token=idp.token()) as client:
        assert told(await client.call_tool("start_instance", place(instance_id)))["status"] == "done"
    metrics = await scraped(site)
    calls = {
        re.sub(r".*outcome=\"(\w*)\".*", r"\1", line)
        for line in metrics.splitlines()
        if line.startswith("mcp_server_operation_duration_seconds_count")
        and 'gen_ai_tool_name="start_instance"' in line
    }
    assert calls == {"asked", "done"}
    assert 'pai_dsw_mcp_cloud_call_duration_seconds_count{rpc_method="StartInstance"} 1.0' in metrics
    assert "process_resident_memory_bytes" in metrics
    spans = collector.spans()
    request = next(each for each in spans if facts(each).get("outcome") == "done")
    assert request.name == "tools/call start_instance"
    sent = next(each for each in spans if each.name == "StartInstance")
    assert (sent.trace_id, sent.parent_span_id) == (request.trace_id, request.span_id)
    lines = [json.loads(line) for line in log().splitlines()]
    assert [line["outcome"] for line in lines if line.get("gen_ai.tool.name") == "start_instance"] == ["asked", "done"]
    assert {"StartInstance", "POST /mcp"} <= {line["message"] for line in lines}


async def test_a_handshake_is_told_with_the_version_that_was_agreed(
    site: Site, idp: Provider, collector: Collector, log: Callable[[], str]
) -> None:
    async with site.client("legacy", token=idp.token()) as client:
        agreed = client.protocol_version
        await client.list_tools()
    lines = [json.loads(line) for line in log().splitlines()]
    told = {line["message"]: line["mcp.protocol.version"] for line in lines if "mcp.protocol.version" in line}
    assert told == dict.fromkeys(("initialize", "notifications/initialized", "tools/list"), agreed)
    (began,) = (each for each in collector.spans() if each.name == "initialize")
    assert facts(began)["mcp.protocol.version"] == agreed


async def test_a_request_belongs_to_the_trace_of_its_client(site: Site, idp: Provider, collector: Collector) -> None:
    await site.post(request("tools/call", "list_workspaces", region_id=REGION), authorization=f"Bearer {idp.token()}")
    found = [each for each in collector.spans() if each.trace_id.hex() == TRACE]
    assert "tools/call list_workspaces" in {each.name for each in found}


async def test_nothing_that_people_sent_is_told(
    site: Site, idp: Provider, collector: Collector, log: Callable[[], str]
) -> None:
    instance_id = an_instance(site.desk.steering, "Stopped")
    site.desk.steering.instance(instance_id, InstanceName=CANARY)
    person = idp.token(sub=CANARY, client_id=CANARY, preferred_username=CANARY)
    bearer = {"authorization": f"Bearer {person}"}
    at = f"{CANARY}.example.com"
    async with site.client("modern", Person("no"), token=person) as client:
        assert (await client.call_tool("list_instances", {"region_id": REGION, CANARY: CANARY})).is_error
        assert (await client.call_tool("get_instance", {"region_id": REGION, "instance_id": CANARY})).is_error
        await client.call_tool("start_instance", place(instance_id))
    for method in ("tools/call", "prompts/get", CANARY, "notifications/canary"):
        await site.post(request(method, CANARY, canary=CANARY), **bearer)
    notification = {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": {CANARY: CANARY}}}
    await site.post(json.dumps(notification), **bearer)
    await site.post(CANARY, **bearer)
    await site.post("{}", authorization=f"Bearer {CANARY}")
    await site.post("{}", path=f"/{CANARY}", host=at)
    await site.raw(f"CANARY /{CANARY}?{CANARY} HTTP/1.1\r\nHost: {site.at}\r\nConnection: close\r\n\r\n")
    metrics = await scraped(site)
    collector.flush()
    assert 'gen_ai_tool_name="_OTHER"' in metrics
    assert 'http_response_status_code="421"' in metrics
    written = log()
    assert '"http.response.status_code": "401"' in written
    for text in (metrics, written, repr(collector.bodies)):
        assert CANARY not in text.lower()
        assert instance_id not in text
        assert person not in text


async def test_a_failure_is_told_by_its_kind(site: Site, idp: Provider, collector: Collector) -> None:
    site.desk.steering.faults({"kind": "server_error", "operation": "ListWorkspaces", "times": 9})
    async with site.client("modern", token=idp.token()) as client:
        assert (await client.call_tool("list_workspaces", {"region_id": REGION})).is_error
    failed = [each for each in collector.spans() if facts(each).get("error.type") == "service_failed"]
    assert {each.name for each in failed} == {"ListWorkspaces", "tools/call list_workspaces"}
    assert {each.status.message for each in failed} == {""}


async def test_without_the_packages_metrics_say_what_is_missing(new_desk: Callable[..., Desk]) -> None:
    async with serving(new_desk(http=address(ANY_PORT))) as site:
        reply = await site.raw("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", to=site.admin)
        assert reply.status == 404
        assert "`pip install '.[otel]'` in a checkout" in reply.body


async def test_nothing_measures_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert exporters_of(Settings()) is None
    monkeypatch.setitem(sys.modules, "pai_dsw_mcp.http.exporters", None)
    assert exporters_of(Settings(admin_listen=address(ANY_PORT))) is None
    with pytest.raises(RefusedError, match="otel"):
        exporters_of(Settings(otlp_endpoint="http://127.0.0.1:4318"))
