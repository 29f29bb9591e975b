"""HTTPS: the emulator's own address, and the proxy through which programs with fixed hosts reach it."""

import asyncio
import http.client
import json
import socket
import ssl
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from alibabacloud_aiworkspace20210204 import models as aiworkspace_models
from alibabacloud_aiworkspace20210204.client import Client as AIWorkSpaceClient
from alibabacloud_pai_dsw20220101 import models as dsw_models
from alibabacloud_pai_dsw20220101.client import Client as DswClient
from alibabacloud_tea_openapi.models import Config
from cryptography import x509

from pai_emulator.faults.model import Reset
from pai_emulator.serve import Emulator
from tests.emulator.raw_client import AIWORKSPACE, DSW, sign

HOST = "pai-dsw.cn-shanghai.aliyuncs.com"
INSTANCES = "/api/v2/instances"
DEADLINE = 20


@pytest.fixture(scope="module")
def proxied() -> Iterator[Emulator]:
    with Emulator(proxy_port=0) as emulator:
        yield emulator


def authority(emulator: Emulator) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=emulator.ca_file)


def connection(emulator: Emulator, host: str, context: ssl.SSLContext | None = None) -> http.client.HTTPSConnection:
    """A connection of the standard library to `host`, through the proxy."""
    address = urlsplit(emulator.proxy_url)
    made = http.client.HTTPSConnection(
        str(address.hostname), address.port, timeout=DEADLINE, context=context or authority(emulator)
    )
    made.set_tunnel(host, 443)
    return made


@contextmanager
def plain(emulator: Emulator) -> Generator[socket.socket]:
    address = urlsplit(emulator.proxy_url)
    with socket.create_connection((address.hostname, address.port), timeout=DEADLINE) as opened:
        yield opened


def everything(opened: socket.socket) -> bytes:
    """What arrives until the other side closes."""
    parts: list[bytes] = []
    while part := opened.recv(4096):
        parts.append(part)
    return b"".join(parts)


def sdk_config(emulator: Emulator, algorithm: str | None) -> Any:
    """A configuration as for the cloud, its hosts unchanged, save for the proxy."""
    user = emulator.user("admin")
    return Config(
        access_key_id=user.access_key_id,
        access_key_secret=user.access_key_secret,
        region_id="cn-shanghai",
        https_proxy=emulator.proxy_url,
        ca=str(emulator.ca_file),
        signature_algorithm=algorithm,  # pyright: ignore[reportArgumentType]  # None is its default
    )


@pytest.mark.parametrize("algorithm", [None, "v2"])
@pytest.mark.parametrize("way", ["sync", "async"])
def test_the_official_sdk_reaches_its_fixed_hosts_through_the_proxy(
    proxied: Emulator, algorithm: str | None, way: str
) -> None:
    config = sdk_config(proxied, algorithm)
    dsw: Any = DswClient(config)
    aiworkspace: Any = AIWorkSpaceClient(config)
    instances: Any = dsw_models.ListInstancesRequest(instance_name="a b", page_size=5, labels={"a": "ä/+"})
    workspaces: Any = aiworkspace_models.ListWorkspacesRequest()
    if way == "async":
        listed = asyncio.run(dsw.list_instances_async(instances))
        found = asyncio.run(aiworkspace.list_workspaces_async(workspaces))
    else:
        listed, found = dsw.list_instances(instances), aiworkspace.list_workspaces(workspaces)
    assert listed.body.instances == []
    assert [row.workspace_id for row in found.body.workspaces] == ["40011", "40012"]
    entries = proxied.journal.entries[-2:]
    assert [(entry.operation, entry.region_id, entry.user) for entry in entries] == [
        ("ListInstances", "cn-shanghai", "admin"),
        ("ListWorkspaces", "cn-shanghai", "admin"),
    ]


def test_the_standard_library_reaches_every_host_on_one_connection_each(proxied: Emulator) -> None:
    for host, path, version in (
        (HOST, INSTANCES, DSW),
        ("pai-dsw-vpc.us-east-1.aliyuncs.com", INSTANCES, DSW),
        ("aiworkspace.aliyuncs.com", "/api/v1/workspaces", AIWORKSPACE),
    ):
        client = connection(proxied, host)
        for _ in range(2):
            client.request(
                "GET", path, headers=sign(proxied.user("admin"), "GET", path, {}, {"host": host}, version=version)
            )
            with client.getresponse() as reply:
                assert (reply.status, "RequestId" in json.loads(reply.read())) == (200, True)
        client.close()


@pytest.mark.anyio
async def test_aiohttp_reaches_a_fixed_host(proxied: Emulator) -> None:
    headers = sign(proxied.user("admin"), "GET", INSTANCES, {}, {"host": HOST})
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"https://{HOST}{INSTANCES}", headers=headers, proxy=proxied.proxy_url, ssl=authority(proxied)
        ) as reply,
    ):
        assert reply.status == 200


@pytest.mark.parametrize(
    "target",
    [
        "example.com:443",
        "oss-cn-shanghai.aliyuncs.com:443",
        "pai-dsw.mars.aliyuncs.com:443",
        f"{HOST}.example.com:443",
        f"{HOST}:80",
        "127.0.0.1:443",
        HOST,
        "",
    ],
)
def test_any_other_host_is_refused_and_not_asked(proxied: Emulator, target: str) -> None:
    with plain(proxied) as opened:
        opened.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        answer = everything(opened)
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert target.encode() in answer


@pytest.mark.parametrize("tail", [b"x" * 70_000, b"\r\n\r\nGET / HTTP/1.1\r\n"])
def test_what_does_not_wait_for_the_answer_is_refused(proxied: Emulator, tail: bytes) -> None:
    with plain(proxied) as opened:
        opened.sendall(f"CONNECT {HOST}:443 HTTP/1.1".encode() + tail)
        assert everything(opened).startswith(b"HTTP/1.1 400 ")


def test_a_head_without_a_target_is_refused(proxied: Emulator) -> None:
    with plain(proxied) as opened:
        opened.sendall(b"CONNECT \r\n\r\n")
        assert everything(opened).startswith(b"HTTP/1.1 403 ")


def test_a_head_may_come_in_pieces(proxied: Emulator) -> None:
    with plain(proxied) as opened:
        for piece in ("CON", f"NECT {HOST}:443 HTTP/1.1\r\n", "\r\n"):
            opened.sendall(piece.encode())
        answer = opened.recv(4096)
        assert answer.startswith(b"HTTP/1.1 200 ")
        with authority(proxied).wrap_socket(opened, server_hostname=HOST) as secured:
            assert secured.getpeercert()


def test_a_request_in_one_piece_with_the_end_of_the_handshake_is_answered(proxied: Emulator) -> None:
    received, to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
    secured = authority(proxied).wrap_bio(received, to_send, server_hostname=HOST)
    with plain(proxied) as opened:
        opened.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
        assert opened.recv(4096).startswith(b"HTTP/1.1 200 ")
        while secured.version() is None:
            with suppress(ssl.SSLWantReadError):
                secured.do_handshake()
                continue
            opened.sendall(to_send.read())
            received.write(opened.recv(65536))
        secured.write(f"GET {INSTANCES} HTTP/1.1\r\nhost: {HOST}\r\n\r\n".encode())
        opened.sendall(to_send.read())
        reply = b""
        while b"RequestId" not in reply:
            received.write(opened.recv(65536))
            with suppress(ssl.SSLWantReadError):
                reply += secured.read(65536)
    assert reply.startswith(b"HTTP/1.1 ")


def test_plain_http_is_answered_on_the_proxy_too_and_a_foreign_host_is_not_found(proxied: Emulator) -> None:
    address = urlsplit(proxied.proxy_url).netloc
    for host, status in ((HOST, 200), ("example.com", 404)):
        client = http.client.HTTPConnection(address, timeout=DEADLINE)
        headers = sign(proxied.user("admin"), "GET", INSTANCES, {}, {"host": host})
        client.request("GET", f"http://{host}{INSTANCES}", headers=headers)
        with client.getresponse() as reply:
            assert reply.status == status
        client.close()


def test_who_does_not_trust_the_authority_gets_nowhere(proxied: Emulator) -> None:
    before = len(proxied.journal)
    client = connection(proxied, HOST, ssl.create_default_context())
    with pytest.raises(ssl.SSLCertVerificationError):
        client.connect()
    client.close()
    assert len(proxied.journal) == before


def test_the_authority_is_for_the_clouds_names_alone(proxied: Emulator) -> None:
    """Who trusts it for good has not given the emulator, or who reads its memory, any other name."""
    assert proxied.ca_file is not None
    certificate = x509.load_pem_x509_certificate(proxied.ca_file.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert (names.critical, [str(name.value) for name in names.value.permitted_subtrees or ()]) == (
        True,
        ["aliyuncs.com", "localhost", "127.0.0.0/8", "::1/128"],
    )
    assert list(proxied.ca_file.parent.iterdir()) == [proxied.ca_file]


def test_a_fault_reaches_through_the_proxy(proxied: Emulator) -> None:
    proxied.faults.add(Reset())
    client = connection(proxied, HOST)
    client.request("GET", INSTANCES, headers=sign(proxied.user("admin"), "GET", INSTANCES, {}, {"host": HOST}))
    with pytest.raises((ConnectionError, ssl.SSLError)):
        client.getresponse()
    client.close()


def test_an_emulator_can_speak_https_itself() -> None:
    with Emulator(tls=True) as emulator:
        address = urlsplit(emulator.url)
        assert (address.scheme, emulator.proxy_url) == ("https", "")
        client = http.client.HTTPSConnection(address.netloc, timeout=DEADLINE, context=authority(emulator))
        headers = sign(emulator.user("admin"), "GET", INSTANCES, {}, {"host": address.netloc})
        client.request("GET", INSTANCES, headers=headers)
        with client.getresponse() as reply:
            assert reply.status == 200
        client.close()
        ca_file = emulator.ca_file
        assert ca_file is not None
    assert not ca_file.exists()


def test_a_stopped_proxy_lets_go_of_those_who_wait(proxied: Emulator) -> None:
    emulator = Emulator(proxy_port=0)
    emulator.start()
    with plain(emulator) as silent, plain(emulator) as shaking:
        silent.sendall(b"CONNECT ")
        shaking.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\n\r\n".encode())
        assert shaking.recv(4096).startswith(b"HTTP/1.1 200 ")
        emulator.stop()
        for opened in (silent, shaking):
            with suppress(ConnectionResetError):
                assert everything(opened) == b""


def test_a_taken_proxy_port_opens_nothing(proxied: Emulator) -> None:
    taken = urlsplit(proxied.proxy_url).port
    emulator = Emulator(proxy_port=taken)
    with pytest.raises(OSError, match="in use"):
        emulator.start()
    assert emulator.ca_file is not None
    assert not emulator.ca_file.exists()
