"""The emulator is fast enough not to be what a test or a benchmark measures.

Processor time is what counts here, of client and emulator together: the machine is shared.
"""

import socket
import statistics
import time
from collections.abc import Callable
from typing import Any

import pytest

from pai_emulator.serve import Emulator
from tests.emulator.raw_client import NOTEBOOK, RawClient, sign

pytestmark = pytest.mark.usefixtures("without_coverage")

INSTANCES = "/api/v2/instances"


def median_milliseconds(work: Callable[[], Any], repetitions: int) -> float:
    """The best median of three rounds."""
    medians: list[float] = []
    for _ in range(3):
        durations: list[float] = []
        for _ in range(repetitions):
            start = time.process_time()
            work()
            durations.append(time.process_time() - start)
        medians.append(statistics.median(durations) * 1000)
    return min(medians)


def test_a_signed_get_instance_takes_about_a_millisecond(emulator: Emulator, admin: RawClient) -> None:
    instance_id = admin.call("POST", INSTANCES, body=NOTEBOOK).json["InstanceId"]
    assert median_milliseconds(lambda: admin.call("GET", f"{INSTANCES}/{instance_id}"), 200) < 2


def test_ten_thousand_instances_are_listed_a_page_at_a_time(emulator: Emulator, admin: RawClient) -> None:
    emulator.world.generate_instances("cn-hangzhou", 10_000)
    everything = {"WorkspaceId": "ALL", "ResourceId": "ALL", "PageSize": "100"}
    start = time.process_time()
    seen = {
        item["InstanceId"]
        for page in range(1, 101)
        for item in admin.call("GET", INSTANCES, {**everything, "PageNumber": str(page)}).json["Instances"]
    }
    assert len(seen) == 10_000
    assert time.process_time() - start < 5


def test_a_reply_is_written_in_one_piece(emulator: Emulator) -> None:
    host = emulator.url.removeprefix("http://")
    lines = [
        f"{name}: {value}" for name, value in sign(emulator.user("admin"), "GET", INSTANCES, {}, {"host": host}).items()
    ]
    address, _, port = host.partition(":")
    with socket.create_connection((address, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join([f"GET {INSTANCES} HTTP/1.1", *lines, "", ""]).encode())
        head, _, body = connection.recv(1 << 16).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"content-length: {len(body)}".encode() in head.lower()
    assert body.endswith(b"}")
