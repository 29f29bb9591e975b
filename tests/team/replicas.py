"""Several `pai-dsw-mcp --http` over one database and one emulator, and what a client asks of one of them."""

import re
import subprocess
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from httpx2 import AsyncClient
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.process.processes import SERVER, RunningEmulator, environment
from tests.support.desk import Person
from tests.support.postgres import Cluster


@dataclass(frozen=True, slots=True)
class Replica:
    """One server, and where it answers."""

    process: subprocess.Popen[str]
    url: str

    @asynccontextmanager
    async def client(self, person: Person | None = None) -> AsyncGenerator[Client]:
        """A client that shows forms, over a connection of its own."""
        async with (
            AsyncClient(timeout=120) as http,
            Client(
                streamable_http_client(self.url, http_client=http), mode="2026-07-28", elicitation_callback=person
            ) as client,
        ):
            yield client

    def kill(self) -> None:
        """kill -9, and gone."""
        self.process.kill()
        self.process.wait()


def begin(cloud: RunningEmulator, database: Cluster, home: Path, **variables: str) -> subprocess.Popen[str]:
    """A server that is starting; what it says comes on its stderr."""
    address = ["--http", "127.0.0.1:0", "--endpoint", cloud.url, "--approve", "form", "--lang", "en"]
    journal = ["--database", database.url, "--database-password-file", str(database.password_file)]
    return subprocess.Popen(
        [SERVER, *address, *journal],
        env=environment(home, **cloud.keys, **variables),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def started(process: subprocess.Popen[str]) -> Replica:
    """The server, when it serves."""
    assert process.stderr is not None
    line = process.stderr.readline()
    said = re.search(r"http://\S+/mcp", line)
    assert said is not None, line + process.stderr.read()
    return Replica(process, said[0])


@contextmanager
def replicas(count: int, cloud: RunningEmulator, database: Cluster, home: Path) -> Generator[list[Replica]]:
    """So many servers, which end with the block."""
    processes = [begin(cloud, database, home) for _ in range(count)]
    running: list[Replica] = []
    try:
        running += [started(process) for process in processes]
        yield running
    finally:
        # A caller may have put others in their place.
        for process in {*processes, *(each.process for each in running)}:
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()


def created(cloud: RunningEmulator) -> Counter[str]:
    """How many instances were made, by name."""
    return Counter(
        entry["parameters"]["InstanceName"]
        for entry in cloud.steering.writes()
        if entry["operation"] == "CreateInstance" and entry["applied"]
    )


async def call(replica: Replica, tool: str, person: Person | None = None, **arguments: Any) -> str:
    """What this server answers to one call."""
    async with replica.client(person) as client:
        answer = await client.call_tool(tool, arguments)
    return "\n".join(block.text for block in answer.content if block.type == "text")
