"""Minutes of mixed load: people who read and change, and clients that send what no server should take."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import anyio
from mcp_types import CallToolResult

from tests.gate.cases import new_notebook
from tests.support.desk import REGION, Person, text_of, told
from tests.team.replicas import NAME, Entrance, Replica

_READERS: Final = 6
_WRITERS: Final = 3
_TRIES: Final = 3
_CALLS: Final = 20
"""Calls over one connection: people come and go."""
_WARM: Final = 0.2
"""The part of the time after which memory should grow no more: until then caches and pools fill."""
_GROWTH: Final = 1.25
_PAUSE: Final = 0.05
_PATIENCE: Final = 30.0
"""Seconds for the answer to something bad: a server cuts off earlier who does not finish asking."""
_HEAD: Final = "POST /mcp HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nAccept: */*\r\n"
SLOW: Final = "no more than a beginning"
BAD: Final = {
    "not HTTP": "\x16\x03\x01 hello\r\n\r\n",
    "no such path": "GET /etc/passwd HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
    "another host": "GET /mcp HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n",
    "another origin": _HEAD + "Origin: https://example.com\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}",
    "no JSON": _HEAD + "Content-Length: 5\r\nConnection: close\r\n\r\n" + 5 * "{{",
    "a body without end": _HEAD + "Content-Length: 99999999999\r\nConnection: close\r\n\r\n" + "x" * 10_000,
    "headers without end": "GET /mcp HTTP/1.1\r\n" + "X: " + "y" * 200_000,
    SLOW: "POST /mcp HTT",
}


@dataclass
class Load:
    """What came of it. `memory` has MiB of each server, one row for each look."""

    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    failed: list[str] = field(default_factory=list[str])
    made: list[str] = field(default_factory=list[str])
    repeated: int = 0
    bad: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    memory: list[list[float]] = field(default_factory=list[list[float]])

    async def timed(self, what: str, call: Callable[[], Awaitable[CallToolResult]]) -> CallToolResult:
        """The answer, and how long it took. A list that changes while it is read is asked for again."""
        began = time.monotonic()
        answer = await call()
        for _ in range(_TRIES - 1):
            if not answer.is_error:
                break
            self.repeated += 1
            answer = await call()
        self.seconds.setdefault(what, []).append(time.monotonic() - began)
        if answer.is_error:
            self.failed.append(f"{what}: {text_of(answer)[:200]}")
        return answer


async def mixed_load(
    servers: Sequence[Replica], minutes: float, bad: Mapping[str, str] = BAD, *, entrances: Sequence[Entrance] = ()
) -> Load:
    """Plays it, with everybody at once, and returns what came of it.

    `bad` has what is sent that should not be: through the proxy, if there is one, and to each server. `entrances` are
    where people come in, who else take the servers in turn.
    """
    people = entrances or servers
    attacked = [*people, *(each for each in servers if each not in people)]
    load, until = Load(), time.monotonic() + 60 * minutes

    async def again(play: Callable[[int, int], Awaitable[None]], number: int) -> None:
        # Each at least once, also on a busy machine.
        await play(number, 0)
        turn = 1
        while time.monotonic() < until:
            await play(number, turn)
            turn += 1

    async def read(number: int, turn: int) -> None:
        async with people[(number + turn) % len(people)].client() as client:
            for _ in range(_CALLS):
                listed = partial(client.call_tool, "list_instances", {"region_id": REGION, "limit": 20})
                await load.timed("reads", listed)
                await anyio.sleep(_PAUSE)

    async def write(number: int, turn: int) -> None:
        name = f"mixed_{number}_{turn}"
        async with people[(number + turn) % len(people)].client(Person()) as client:
            notebook = {**new_notebook(instance_name=name), "region_id": REGION}
            made = await load.timed("creates", partial(client.call_tool, "create_instance", notebook))
            load.made.append(name)
            where = {"region_id": REGION, "instance_id": told(made)["instance_id"]}
            await load.timed("stops", partial(client.call_tool, "stop_instance", where))
            await anyio.sleep(_PAUSE)

    async def misbehave(number: int, turn: int) -> None:
        what = [*bad][(number + turn) % len(bad)]
        load.bad[what, await _answer(attacked[turn % len(attacked)], bad[what])] += 1
        await anyio.sleep(_PAUSE)

    async def look(_number: int, _turn: int) -> None:
        load.memory.append([await _megabytes(each.process.pid) for each in servers])
        await anyio.sleep(2)

    async with anyio.create_task_group() as tasks:
        for play, count in ((read, _READERS), (write, _WRITERS), (misbehave, len(bad)), (look, 1)):
            for number in range(count):
                tasks.start_soon(again, play, number)
    return load


def wrong_in(load: Load, created: Counter[str]) -> list[str]:
    """What does not hold; prints the figures."""
    for what, seconds in load.seconds.items():
        ordered = sorted(seconds)
        middle, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
        print(f"mixed load, {what}: {len(ordered)}, median {middle * 1000:.0f} ms, p95 {most * 1000:.0f} ms")
    print(f"calls that were repeated: {load.repeated}")
    print("bad requests:", ", ".join(f"{what}: {count} {ended}" for (what, ended), count in sorted(load.bad.items())))
    warm = load.memory[int(len(load.memory) * _WARM) :]
    growth = [last / first for first, last in zip(warm[0], _ends(warm), strict=True)]
    print("memory:", ", ".join(f"{mib:.0f} MiB, {by:.2f}x" for mib, by in zip(_ends(warm), growth, strict=True)))
    taken = [f"{what} was answered {ended}" for what, ended in load.bad if ended.startswith("2")]
    lost = [f"{name} was made {created[name]} times" for name in load.made if created[name] != 1]
    grown = [f"memory grew {by:.2f}x" for by in growth if by > _GROWTH]
    return [*load.failed[:5], *taken, *lost, *grown]


def _ends(memory: Sequence[Sequence[float]]) -> list[float]:
    """The largest of each server in the last tenth of the time."""
    return [max(column) for column in zip(*memory[-max(1, len(memory) // 10) :], strict=True)]


async def _answer(entrance: Entrance, text: str) -> str:
    """The status of the answer to this, or that the connection ended without one."""
    at = urlsplit(entrance.url)
    assert at.hostname is not None
    reader, writer = await asyncio.open_connection(at.hostname, at.port, ssl=entrance.tls)
    received = b""
    try:
        with anyio.fail_after(_PATIENCE):
            writer.write(text.format(host=NAME).encode())
            received = await reader.read(1000)
    except (ConnectionError, TimeoutError) as error:
        return type(error).__name__
    finally:
        writer.close()
    return received.split(b" ")[1].decode() if received.startswith(b"HTTP/") else "closed"


async def _megabytes(pid: int) -> float:
    """What a process has in memory."""
    shown = await anyio.run_process(["ps", "-o", "rss=", "-p", str(pid)])
    return int(shown.stdout) / 1024
