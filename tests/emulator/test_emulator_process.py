"""`pai-emulator` as a process, and the emulator in this one."""

import asyncio
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pai_emulator.__main__ import main, stop_at_end_of
from pai_emulator.call import User
from pai_emulator.faults.model import Delay
from pai_emulator.serve import Emulator
from tests.emulator.raw_client import NOTEBOOK, RawClient
from tests.support.programs import PYTHON

INSTANCES = "/api/v2/instances"
DEADLINE = 120


@contextmanager
def emulator_process(*arguments: str, python: str = PYTHON) -> Generator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The process and the line it printed first."""
    command = [python, "-m", "pai_emulator", *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.terminate()


def user_of(announcement: dict[str, Any], name: str) -> User:
    known = next(user for user in announcement["users"] if user["name"] == name)
    return User(name, "", known["access_key_id"], known["access_key_secret"], tuple(known["rights"]))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_says_where_it_is_serves_and_ends_on_a_signal(number: signal.Signals) -> None:
    with emulator_process("--port", "0", "--seed", "7", python=sys.executable) as (process, announcement):
        assert sorted(announcement) == ["began_at", "control_key", "url", "users"]
        assert announcement["url"].startswith("http://127.0.0.1:")
        assert [user["name"] for user in announcement["users"]] == ["admin", "developer", "viewer"]
        assert all(
            sorted(user) == ["access_key_id", "access_key_secret", "name", "rights"]
            and user["access_key_id"].startswith("TEST")
            for user in announcement["users"]
        )
        with RawClient(announcement["url"], user_of(announcement, "admin")) as client:
            assert client.call("GET", INSTANCES).status == 200
            headers: dict[str, str | list[str]] = {"host": "localhost", "x-emulator-key": announcement["control_key"]}
            assert len(client.send("GET", "/_emulator/journal", headers).json["entries"]) == 1
        process.send_signal(number)
        assert process.wait(DEADLINE) == 0
        assert process.stdout is not None
        assert process.stderr is not None
        assert (process.stdout.read(), process.stderr.read()) == ("", "")


@pytest.mark.parametrize(
    ("options", "scheme", "more"),
    [
        (["--tls"], "https", ["ca_file"]),
        (["--proxy"], "http", ["ca_file", "proxy"]),
        (["--tls", "--proxy", "0"], "https", ["ca_file", "proxy"]),
    ],
)
def test_the_process_says_which_authority_and_which_proxy(options: list[str], scheme: str, more: list[str]) -> None:
    with emulator_process(*options) as (process, announcement):
        assert sorted(announcement) == sorted(["began_at", "control_key", "url", "users", *more])
        context = ssl.create_default_context(cafile=announcement["ca_file"])
        url = announcement["url"]
        request = urllib.request.Request(
            url + "/_emulator/clock", b"{}", {"x-emulator-key": announcement["control_key"]}
        )
        with urllib.request.urlopen(request, timeout=DEADLINE, context=context) as reply:
            assert (url.partition(":")[0], reply.status) == (scheme, 200)
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
    assert not Path(announcement["ca_file"]).parent.exists()


def test_the_process_can_end_with_its_parent() -> None:
    with emulator_process("--exit-with-parent") as (process, _):
        assert process.stdin is not None
        process.stdin.write("whatever\n")
        process.stdin.close()
        assert process.wait(DEADLINE) == 0


def test_the_end_of_input_after_the_end_of_the_loop_harms_nobody() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    loop = asyncio.new_event_loop()
    loop.close()
    stopped = asyncio.Event()
    stop_at_end_of(reading, loop, stopped)
    os.close(reading)
    assert not stopped.is_set()


def test_a_fast_clock_runs_ahead() -> None:
    with emulator_process("--speed", "100000") as (_, announcement):
        request = urllib.request.Request(
            announcement["url"] + "/_emulator/clock",
            b"{}",
            {"x-emulator-key": announcement["control_key"]},
        )
        moments: list[str] = []
        for _ in range(2):
            with urllib.request.urlopen(request, timeout=DEADLINE) as reply:
                moments.append(json.loads(reply.read())["now"])
    assert moments[0][:10] < moments[1][:10] or moments[0] < moments[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--host", "0.0.0.0"],
        ["--host", "example.com"],
        ["--host", "192.168.0.1"],
        ["--speed", "0"],
        ["--speed", "inf"],
        ["--speed", "nan"],
        ["--speed", "fast"],
        ["--port", "x"],
        ["--proxy", "x"],
        ["--unknown"],
    ],
)
def test_wrong_use_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("flag", ["--port", "--proxy"])
@pytest.mark.parametrize("port", ["80800", "-1", "http"])
def test_a_port_that_there_is_not_is_wrong_use(flag: str, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([f"{flag}={port}"])
    assert caught.value.code == 2
    assert f"{port} is not a port: give a number from 0 to 65535" in capsys.readouterr().err


def test_a_process_begins_with_the_world_of_its_fixture(tmp_path: Path) -> None:
    fixture = tmp_path / "fixture.json"
    fixture.write_text(json.dumps({"regions": {"cn-hangzhou": {"instances": [NOTEBOOK]}}}))
    with (
        emulator_process("--fixture", str(fixture), "--host", "localhost") as (_, announcement),
        RawClient(announcement["url"], user_of(announcement, "admin")) as client,
    ):
        names = [instance["InstanceName"] for instance in client.call("GET", INSTANCES).json["Instances"]]
    assert names == ["notebook"]


def test_a_reset_brings_the_fixture_back(tmp_path: Path) -> None:
    fixture = tmp_path / "fixture.json"
    image = {"ImageId": "image-1", "Name": "own", "ImageUri": "registry/own", "Labels": [{"Key": "a", "Value": "b"}]}
    fixture.write_text(json.dumps({"regions": {"cn-hangzhou": {"instances": [NOTEBOOK], "images": [image]}}}))
    with Emulator(fixture=fixture) as emulator:
        (begun,) = emulator.world.snapshot()["regions"]["cn-hangzhou"]["instances"]
        emulator.world.overwrite_instance(begun["InstanceId"], {"Priority": 9})
        emulator.world.region("cn-hangzhou").images["image-1"]["Labels"].clear()
        emulator.reset()
        assert emulator.world.snapshot()["regions"]["cn-hangzhou"]["instances"] == [begun]
        assert emulator.world.region("cn-hangzhou").images["image-1"]["Labels"] == image["Labels"]


@pytest.mark.parametrize("content", [None, "{", '{"planets": {}}'])
def test_a_fixture_that_cannot_be_used_ends_with_2(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fixture = tmp_path / "fixture.json"
    if content is not None:
        fixture.write_text(content)
    assert main(["--fixture", str(fixture)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert str(fixture) in output.err


def test_a_taken_port_ends_with_1(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    port = emulator.url.rpartition(":")[2]
    assert main(["--port", port]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("pai-emulator: It cannot listen on 127.0.0.1 (EADDRINUSE).")


def test_a_taken_port_leaves_no_thread_behind(emulator: Emulator) -> None:
    before = threading.active_count()
    with pytest.raises(OSError, match="in use"):
        Emulator(port=int(emulator.url.rpartition(":")[2])).start()
    assert threading.active_count() == before


@pytest.mark.anyio
async def test_the_emulator_serves_on_the_running_loop() -> None:
    async with Emulator() as emulator:
        with RawClient(emulator.url, emulator.user("admin")) as client:
            reply = await asyncio.to_thread(client.call, "GET", INSTANCES)
            assert reply.status == 200
        assert len(emulator.journal) == 1
        emulator.reset()
        assert len(emulator.journal) == 0


def test_the_emulator_listens_on_ipv6_too() -> None:
    with Emulator(host="::1") as emulator, RawClient(emulator.url, emulator.user("admin")) as client:
        assert emulator.url.startswith("http://[::1]:")
        assert client.call("GET", INSTANCES).status == 200


def test_a_stopped_emulator_answers_no_more() -> None:
    emulator = Emulator()
    emulator.start()
    address = emulator.url.removeprefix("http://").split(":")
    emulator.stop()
    emulator.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address[0], int(address[1])), timeout=1)


def test_stopping_gives_up_replies_that_are_held_back() -> None:
    with Emulator() as emulator, RawClient(emulator.url, emulator.user("admin"), timeout=0.05) as hasty:
        emulator.faults.add(Delay(seconds=60))
        with pytest.raises(TimeoutError):
            hasty.call("GET", INSTANCES)
        start = time.monotonic()
        emulator.stop()
        assert time.monotonic() - start < 2


def test_it_starts_in_a_moment() -> None:
    durations: list[float] = []
    for _ in range(3):
        start = time.perf_counter()
        with Emulator():
            durations.append(time.perf_counter() - start)
    assert min(durations) < 0.05


def test_an_unknown_user_is_a_key_error(emulator: Emulator) -> None:
    with pytest.raises(KeyError):
        emulator.user("nobody")
