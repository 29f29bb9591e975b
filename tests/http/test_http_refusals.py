"""What is refused before a tool runs, and with which status."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from pai_dsw_mcp.flag_values import address
from tests.http.site import ANY_PORT, Site, serving
from tests.support.desk import Desk

pytestmark = pytest.mark.anyio

NAME: Final = "dsw.example.com"
PAGE: Final = "https://console.example.com"
PING: Final = '{"jsonrpc":"2.0","id":1,"method":"ping"}'
WRITES: Final = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"start_instance","arguments":%s}}'

CASES: Final[dict[str, tuple[dict[str, Any], int]]] = {
    "its address": ({}, 200),
    "localhost": ({"host": "localhost:{port}"}, 200),
    "an allowed name": ({"host": NAME}, 200),
    "an allowed name in capitals": ({"host": NAME.upper()}, 200),
    "an allowed origin": ({"origin": PAGE}, 200),
    "no host": ({"host": None}, 400),
    "an empty host": ({"host": ""}, 421),
    "another host": ({"host": "evil.example"}, 421),
    "its address without the port": ({"host": "127.0.0.1"}, 421),
    "another port": ({"host": "127.0.0.1:1"}, 421),
    "an allowed name with a port": ({"host": f"{NAME}:{{port}}"}, 421),
    "a name below an allowed one": ({"host": f"a.{NAME}"}, 421),
    "a name that begins as an allowed one": ({"host": f"{NAME}.evil.example"}, 421),
    "an allowed name with a dot": ({"host": f"{NAME}."}, 421),
    "a user in the host": ({"host": f"{NAME}@evil.example"}, 421),
    "two hosts": ({"host": f"{NAME}\r\nHost: {NAME}"}, 400),
    "two hosts in one": ({"host": f"{NAME}, evil.example"}, 421),
    "another address of this machine": ({"host": "127.0.0.2:{port}"}, 421),
    "all addresses": ({"host": "0.0.0.0:{port}"}, 421),
    "the address as a number": ({"host": "2130706433:{port}"}, 421),
    "a forwarded host": ({"host": "evil.example", "x_forwarded_host": NAME}, 421),
    "another origin": ({"origin": "https://evil.example"}, 403),
    "an origin that begins as an allowed one": ({"origin": f"{PAGE}.evil.example"}, 403),
    "an allowed origin with a port": ({"origin": f"{PAGE}:444"}, 403),
    "an allowed origin without TLS": ({"origin": PAGE.replace("https", "http")}, 403),
    "the origin of a file": ({"origin": "null"}, 403),
    "an empty origin": ({"origin": ""}, 403),
    "its own origin": ({"origin": "http://127.0.0.1:{port}"}, 403),
    "two origins": ({"origin": f"{PAGE}\r\nOrigin: https://evil.example"}, 400),
    "two tokens": ({"authorization": "Bearer a\r\nAuthorization: Bearer b"}, 400),
    "two protocol versions": ({"mcp_protocol_version": "2025-11-25\r\nMCP-Protocol-Version: 2026-07-28"}, 400),
    "another path": ({"path": "/"}, 404),
    "a slash behind the path": ({"path": "/mcp/"}, 404),
    "a whole address as the path": ({"path": "http://evil.example/mcp"}, 404),
    "a form": ({"content_type": "application/x-www-form-urlencoded"}, 400),
    "plain text": ({"content_type": "text/plain"}, 400),
    "no JSON": ({"body": "{"}, 400),
    "a batch": ({"body": f"[{PING}]"}, 400),
    "a protocol version of tomorrow": ({"mcp_protocol_version": "2099-01-01"}, 400),
    "a body that is too long": (
        {"body": f"40001\r\n{' ' * 262_145}", "content_length": None, "transfer_encoding": "chunked"},
        413,
    ),
    "a length that is too long": ({"content_length": "262145"}, 413),
    "a length that is no number": ({"content_length": "many"}, 400),
    "headers that are too long": ({"x_long": "a" * 17_000}, 431),
}


async def status(site: Site, case: dict[str, Any]) -> int:
    filled = {name: value and value.replace("{port}", str(site.at.port)) for name, value in case.items()}
    return (await site.post(**{"body": PING, **filled})).status


async def test_hosts_origins_headers_and_bodies(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(http=address(ANY_PORT), allow_host=(NAME,), allow_origin=(PAGE,))
    async with serving(desk) as site:
        found = {name: await status(site, case) for name, (case, _) in CASES.items()}
    assert found == {name: wanted for name, (_, wanted) in CASES.items()}
    assert len(CASES) >= 36


async def test_nothing_but_post_is_answered(new_desk: Callable[..., Desk]) -> None:
    async with serving(new_desk(http=address(ANY_PORT))) as site:
        for method in ("GET", "HEAD", "DELETE", "PUT", "OPTIONS"):
            reply = await site.raw(f"{method} /mcp HTTP/1.1\r\nHost: {site.at}\r\nConnection: close\r\n\r\n")
            assert (reply.status, reply.headers["allow"]) == (405, "POST")


async def test_a_page_of_an_allowed_origin_may_ask_first(new_desk: Callable[..., Desk]) -> None:
    async with serving(new_desk(http=address(ANY_PORT), allow_origin=(PAGE,))) as site:
        asked = f"OPTIONS /mcp HTTP/1.1\r\nHost: {site.at}\r\nOrigin: {PAGE}\r\nAccess-Control-Request-Method: POST\r\n"
        reply = await site.raw(f"{asked}Connection: close\r\n\r\n")
        assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, PAGE)


async def test_an_address_that_is_not_loopback_goes_by_its_allowed_names_alone(new_desk: Callable[..., Desk]) -> None:
    async with serving(new_desk(http=address("0.0.0.0:0"), allow_host=(NAME,))) as site:
        assert await status(site, {"host": NAME}) == 200
        for host in ("0.0.0.0:{port}", "127.0.0.1:{port}", "localhost:{port}"):
            assert await status(site, {"host": host}) == 421
