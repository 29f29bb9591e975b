"""`python -m tests.team`: three servers over one PostgreSQL, at full size; exit code 1 when something does not hold.

Equal creates at once, creates while servers are killed, a restart of all of them one after the other, and minutes of
mixed load. Clients go through nginx where it is installed, with the file that deploy/ has for it; elsewhere they take
the servers in turn, and the report says so.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
from anyio import CapacityLimiter, to_thread
from httpx2 import HTTPError
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult

from tests.gate.cases import new_notebook
from tests.process.processes import RunningEmulator, running_emulator
from tests.support.desk import REGION, Person
from tests.support.postgres import Cluster, cluster
from tests.team.mixed import mixed_load, wrong_in
from tests.team.proxy import NGINX, NOT_INSTALLED, proxy, version
from tests.team.replicas import Entrance, Replica, about_growth, begin, created, replicas, started
from tests.team.rolling import Rolling

_AT_ONCE = 300
"""Clients at a time: three servers take 200 connections each."""
_TRIES = 20


@dataclass
class Team:
    """The servers, and what stands around them."""

    cloud: RunningEmulator
    database: Cluster
    home: Path
    servers: list[Replica]
    entrances: Sequence[Entrance]
    """Where clients come in: the proxy, or one server after the other."""
    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(_AT_ONCE))

    def start_again(self, number: int) -> None:
        """A server in place of one that is gone, at the same address."""
        gone = self.servers[number]
        self.servers[number] = started(begin(self.cloud, self.database, self.home, gone.at))


async def create(team: Team, number: int, name: str) -> tuple[str, float]:
    """How a create ended that goes on at the next server when one is gone, and how many seconds it took."""
    began = time.monotonic()
    notebook: dict[str, Any] = {**new_notebook(instance_name=name), "region_id": REGION}
    status = "gave up"
    for turn in range(_TRIES):
        answers: list[CallToolResult] = []
        async with team.limiter:
            entrance = team.entrances[(number + turn) % len(team.entrances)]
            try:
                async with entrance.client(Person()) as client:
                    answers.append(await client.call_tool("create_instance", notebook))
            except* (MCPError, HTTPError):
                pass  # whoever has no answer tries again
        if answers:
            structure: dict[str, Any] = answers[0].structured_content or {}
            status = str(structure.get("status", "refused"))
        if status in {"done", "nothing_to_do", "unknown"}:
            break
        await anyio.sleep(0.2)
    return status, time.monotonic() - began


async def equal_creates(team: Team, count: int) -> list[str]:
    """So many calls for one name, all at once; what does not hold."""
    ended: list[tuple[str, float]] = []

    async def one(number: int) -> None:
        ended.append(await create(team, number, "once"))

    async with anyio.create_task_group() as tasks:
        for number in range(count):
            tasks.start_soon(one, number)
    _tell(f"{count} equal creates", ended)
    made = created(team.cloud)["once"]
    return [] if made == 1 else [f"{made} instances of one name"]


async def killed(team: Team, rounds: int) -> list[str]:
    """In each round one server is killed at some moment while all create; what does not hold."""
    ended: list[tuple[str, float]] = []
    chance = random.Random(0)

    async def one(number: int) -> None:
        ended.append(await create(team, number, f"round_{number}"))

    for turn in range(rounds):
        async with anyio.create_task_group() as tasks:
            for number in range(turn * 12, turn * 12 + 12):
                tasks.start_soon(one, number)
            await anyio.sleep(chance.uniform(0, 2))
            victim = chance.randrange(len(team.servers))
            team.servers[victim].kill()
            await to_thread.run_sync(team.start_again, victim)
    _tell(f"creates while a server is killed, {rounds} times", ended)
    doubled = [name for name, made in created(team.cloud).items() if made > 1]
    lost = [status for status, _ in ended if status not in {"done", "nothing_to_do", "unknown"}]
    return [f"{each} was made more than once" for each in doubled] + [f"{len(lost)} calls never ended"] * bool(lost)


async def restarted(team: Team) -> list[str]:
    """Each server is ended as a supervisor ends it, and started again, while all read; what does not hold."""
    rolling = Rolling(team.entrances)
    async with rolling.readers():
        for number, server in enumerate(team.servers):
            await to_thread.run_sync(server.end)
            await to_thread.run_sync(team.start_again, number)
    print(f"reads while each server is started again: {rolling.answered}, {len(rolling.failed)} without an answer")
    # Without a proxy it is the client that goes on at the next server.
    return rolling.failed[:5] if len(team.entrances) == 1 else []


def yeses_used_twice(team: Team) -> list[str]:
    """What the database has: for one yes one operation at most."""
    asked = "SELECT state, count(*) FROM pai_dsw_mcp.approvals GROUP BY state ORDER BY state"
    sent = "SELECT state, count(*) FROM pai_dsw_mcp.operations GROUP BY state ORDER BY state"
    print("approvals:", dict(team.database.ask(asked)), "operations:", dict(team.database.ask(sent)))
    ((used,),) = team.database.ask("SELECT count(*) FROM pai_dsw_mcp.approvals WHERE state = 'used'")
    ((begun,),) = team.database.ask("SELECT count(*) FROM pai_dsw_mcp.operations WHERE state <> 'not_sent'")
    return [] if used == begun else [f"{used} yeses were used for {begun} operations"]


def _tell(what: str, ended: Sequence[tuple[str, float]]) -> None:
    seconds = sorted(taken for _, taken in ended)
    how = ", ".join(f"{count} {status}" for status, count in Counter(status for status, _ in ended).most_common())
    print(f"{what}: {how}; median {seconds[len(seconds) // 2]:.1f} s, p95 {seconds[int(len(seconds) * 0.95)]:.1f} s")


async def prove(team: Team, creates: int, rounds: int, minutes: float) -> list[str]:
    wrong = [*await equal_creates(team, creates), *await killed(team, rounds), *await restarted(team)]
    load = await mixed_load(team.servers, minutes, entrances=team.entrances)
    return [*wrong, *wrong_in(load, created(team.cloud)), *yeses_used_twice(team)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.team")
    parser.add_argument("--creates", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=10.0)
    wanted = parser.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cloud = stack.enter_context(running_emulator(home))
        database = stack.enter_context(cluster())
        servers = stack.enter_context(replicas(3, cloud, database, home))
        entrances: Sequence[Entrance] = servers
        if NGINX is None:
            print(f"Nothing stands before the servers: {NOT_INSTALLED}.")
        else:
            entrances = [stack.enter_context(proxy([each.at for each in servers]))]
            print(f"nginx {'.'.join(map(str, version()))} stands before the servers.")
        team = Team(cloud, database, home, servers, entrances)
        wrong = anyio.run(prove, team, wanted.creates, wanted.rounds, wanted.minutes)
    cores = os.cpu_count() or 1
    print("\n".join(wrong) or "all holds", f"({cores} cores, load {os.getloadavg()[0]:.1f})")
    print(about_growth(cores))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
