"""What the front answers is what the server would say, byte for byte; all else it leaves to the server."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_types import InitializeRequestParams
from mcp_types.methods import validate_client_request
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from pai_dsw_mcp.answers import FILE, Answers, answers_for
from tests.house.answers import CLIENT, LOCALES, VARIANTS, Message, drawn, legacy, modern, request, spoken

LEGACY, (MODERN,) = HANDSHAKE_PROTOCOL_VERSIONS[-1], MODERN_PROTOCOL_VERSIONS
EACH_VARIANT = pytest.mark.parametrize("arguments", VARIANTS, ids=" ".join)
EACH_LANGUAGE = pytest.mark.parametrize("language", LOCALES)
EACH_OPENING = pytest.mark.parametrize("opening", [legacy(LEGACY)[:2], modern(MODERN)[:1]], ids=["legacy", "modern"])
INITIALIZE = legacy(LEGACY)[0]
CAPABILITIES: Message = {
    "elicitation": {"form": {"applyDefaults": True}, "url": {}},
    "extensions": {"io.modelcontextprotocol/ui": {"mimeTypes": ["text/html;profile=mcp-app"]}},
    "roots": {"listChanged": True},
    "sampling": {"tools": {}},
    "tasks": {"list": {}, "requests": {"elicitation": {"create": {}}}},
}


def ready(*before: Message, language: str = "en", arguments: tuple[str, ...] = ()) -> Answers:
    """The answers of a conversation in which this was said before."""
    answers = answers_for(language, arguments)
    assert answers is not None
    for message in before:
        assert answers.reply(json.dumps(message).encode()) is not None
    return answers


def with_params(message: Message, **params: Any) -> Message:
    return {**message, "params": {**message["params"], **params}}


@pytest.mark.anyio
async def test_the_ready_made_answers_are_what_the_server_says() -> None:
    assert await drawn() == await anyio.Path(FILE).read_text("utf-8"), "after a wanted change: make docs"


@EACH_LANGUAGE
@EACH_VARIANT
@pytest.mark.parametrize("protocol", [*HANDSHAKE_PROTOCOL_VERSIONS, *MODERN_PROTOCOL_VERSIONS])
@pytest.mark.anyio
async def test_a_ready_made_reply_is_the_reply_of_the_server_byte_for_byte(
    arguments: tuple[str, ...], language: str, protocol: str
) -> None:
    lines = modern(protocol) if protocol in MODERN_PROTOCOL_VERSIONS else legacy(protocol)
    expected = await spoken(arguments, language, lines)
    answers = ready(language=language, arguments=arguments)
    replies = [answers.reply(json.dumps(line).encode()) for line in lines]
    told = [reply.decode().rstrip("\n") for reply in replies if reply]
    assert told == [reply for reply in expected if "result" in json.loads(reply)]
    assert len(told) >= 5


@EACH_OPENING
@pytest.mark.parametrize("number", [0, -1, 2**70, "", "a b", "编号", "\x7f"])
@pytest.mark.anyio
async def test_a_reply_repeats_the_id_as_the_server_does(opening: list[Message], number: Any) -> None:
    asked = {**(modern(MODERN)[-1] if len(opening) == 1 else request("tools/list")), "id": number}
    line = json.dumps(asked, ensure_ascii=False)
    reply = ready(*opening).reply(line.encode())
    assert reply is not None
    assert reply.decode() == (await spoken((), "en", [*opening, line]))[-1] + "\n"


def test_parameters_may_be_left_out_and_lines_may_end_as_they_like() -> None:
    answers = ready(*legacy(LEGACY)[:2])
    assert answers.reply(b' {"method": "ping", "id": 1, "jsonrpc": "2.0"}\r\n') == (
        b'{"jsonrpc":"2.0","id":1,"result":{}}\n'
    )


@EACH_OPENING
@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "17",
        "[" * 100_000,
        json.dumps(request("ping")).replace("ping", "\\u0070ing"),
        "\ufeff" + json.dumps(request("ping")),
        json.dumps([request("ping")]),
        json.dumps(request("ping") | {"jsonrpc": "1.0"}),
        json.dumps(request("ping") | {"id": True}),
        json.dumps(request("ping") | {"id": 1.0}),
        json.dumps(request("ping") | {"id": None}),
        json.dumps(request("ping") | {"more": 1}),
        json.dumps(request("ping") | {"params": None}),
        json.dumps(request("ping") | {"params": []}),
        json.dumps(request("ping") | {"method": 7}),
        json.dumps(request("ping") | {"id": '"'}),
        json.dumps({"jsonrpc": "2.0", "method": "ping"}),
        json.dumps({"jsonrpc": "2.0", "id": 1, "result": {}}),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized", "params": {"_meta": {}}}),
        json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}),
        json.dumps(request("tools/call", name="list_workspaces", arguments={})),
        json.dumps(request("tools/list", cursor="1")),
        json.dumps(request("tools/list", _meta={"progressToken": 1})),
        json.dumps(request("no/such/method")),
        json.dumps(request("initialize")),
        json.dumps(INITIALIZE),
        json.dumps(with_params(modern(MODERN)[-1], cursor="1")),
        json.dumps(request("tools/list", _meta={**modern(MODERN)[0]["params"]["_meta"], "progressToken": 1})),
    ],
)
def test_what_is_not_plain_is_left_to_the_server(opening: list[Message], line: str) -> None:
    assert ready(*opening).reply(line.encode()) is None


def test_lines_that_are_not_utf_8_are_left_to_the_server() -> None:
    assert ready(*legacy(LEGACY)[:2]).reply(b'{"jsonrpc": "2.0", "id": "\xff", "method": "ping"}') is None


@pytest.mark.parametrize("package", ["pai_dsw_mcp-0.1.1", "mcp-2.4.0", "mcp_types-2.30.0", "pydantic-3.14.3"])
def test_answers_of_another_version_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    (tmp_path / f"{package}.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert answers_for("en", ()) is None


def test_answers_of_packages_that_are_not_there_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", ["no/such/folder"])
    assert answers_for("en", ()) is None


def test_the_eras_are_not_mixed() -> None:
    old, new = json.dumps(request("tools/list")).encode(), json.dumps(modern(MODERN)[-1]).encode()
    assert ready().reply(old) is None
    assert ready().reply(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}') is None
    assert ready(modern(MODERN)[0]).reply(old) is None
    assert ready(modern(MODERN)[0]).reply(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}') is None
    assert ready(INITIALIZE).reply(new) is None
    of_the_other = {"io.modelcontextprotocol/protocolVersion": LEGACY}
    meta = modern(MODERN)[-1]["params"]["_meta"] | of_the_other
    assert ready().reply(json.dumps(request("tools/list", _meta=meta)).encode()) is None


@pytest.mark.parametrize("has_cards", [False, True])
@pytest.mark.parametrize("opening", [legacy, modern])
def test_the_list_names_cards_to_a_client_that_draws_them(
    opening: Callable[[str, Message], list[Message]], *, has_cards: bool
) -> None:
    able = {"extensions": CAPABILITIES["extensions"]} if has_cards else {}
    lines = opening(LEGACY if opening is legacy else MODERN, able)
    (asked,) = [line for line in lines if line["method"] == "tools/list"]
    reply = ready(*(lines[:2] if opening is legacy else ())).reply(json.dumps(asked).encode())
    assert reply is not None
    assert (b"ui://pai-dsw-mcp/instance" in reply) == has_cards


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('"capabilities": {}', f'"capabilities": {json.dumps(CAPABILITIES)}'),
        ('"capabilities": {}', '"capabilities": {"experimental": {"a": {"b": NaN}}}'),
        ('"capabilities": {}', '"capabilities": {"experimental": {"a": {"b": 1e999}}}'),
        ('"capabilities": {}', '"capabilities": {"experimental": {"a": {"b": [[[[[[]]]]]]}}}'),
        ('"capabilities": {}', '"capabilities": 7, "capabilities": {}'),
        ('"capabilities": {}', '"capabilities": {}, "protocolVersion": "2024-11-05"'),
        ('"id": "initialize"', '"id": 5, "id": 6'),
        ('"id": "initialize"', '"id": -0'),
        ('"2.0"', '"1.0", "jsonrpc": "2.0"'),
    ],
)
@pytest.mark.anyio
async def test_unusual_json_that_is_answered_is_answered_as_the_server_does(written: str, instead: str) -> None:
    line = json.dumps(INITIALIZE).replace(written, instead)
    reply = ready().reply(line.encode())
    assert reply is not None
    assert await spoken((), "en", [line]) == [reply.decode().rstrip("\n")]


@pytest.mark.parametrize(
    "params",
    [
        {"protocolVersion": "2025-01-01"},
        {"protocolVersion": MODERN},
        {"protocolVersion": 20251125},
        {"clientInfo": {"name": "client"}},
        {"clientInfo": {**CLIENT, "icons": ""}},
        {"clientInfo": {**CLIENT, "icons": []}},
        {"clientInfo": None},
        {"capabilities": None},
        {"capabilities": {"new": {}}},
        {"capabilities": {"tasks": {"requests": {"elicitation": True}}}},
        {"capabilities": {"experimental": {"deep": {"value": json.loads("[" * 500 + "]" * 500)}}}},
        {"capabilities": {"extensions": {"io.modelcontextprotocol/ui": {"mimeTypes": ["text/html"]}}}},
        {"_meta": {}},
    ],
    ids=range(13),
)
def test_a_handshake_that_is_not_plain_is_left_to_the_server(params: Message) -> None:
    assert ready().reply(json.dumps(with_params(INITIALIZE, **params)).encode()) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 1) | st.text(max_size=2),
    lambda inside: st.dictionaries(st.sampled_from(["form", "listChanged", "requests", "list"]), inside, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from(["elicitation", "experimental", "extensions", "roots", "sampling", "tasks", "new"])


@settings(deadline=None)
@given(
    capabilities=st.dictionaries(NAMES, VALUES, max_size=2) | VALUES,
    client=st.dictionaries(st.sampled_from(["title", "websiteUrl", "icons", "more"]), VALUES, max_size=2),
)
def test_a_client_that_is_answered_is_one_that_the_server_accepts(capabilities: Any, client: Message) -> None:
    for protocol in HANDSHAKE_PROTOCOL_VERSIONS:
        params = {"protocolVersion": protocol, "capabilities": capabilities, "clientInfo": {**CLIENT, **client}}
        if ready().reply(json.dumps(request("initialize", **params)).encode()):
            validate_client_request("initialize", protocol, params)
            InitializeRequestParams.model_validate(params, by_name=False)
    meta = {"protocolVersion": MODERN, "clientInfo": {**CLIENT, **client}, "clientCapabilities": capabilities}
    asked = request("tools/list", _meta={f"io.modelcontextprotocol/{name}": value for name, value in meta.items()})
    if ready().reply(json.dumps(asked).encode()):
        validate_client_request("tools/list", MODERN, asked["params"])
