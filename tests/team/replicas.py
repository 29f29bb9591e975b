"""Several `pai-dsw-mcp --http` over one database and one emulator, and what a client asks of one of them."""

import re
import ssl
import subprocess
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from httpx2 import AsyncClient
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.process.processes import DEADLINE, SERVER, RunningEmulator, environment
from tests.support.desk import Person
from tests.support.postgres import Cluster

NAME: Final = "dsw.example.com"
"""By which clients know the servers, whichever of them it is."""
_CORES_TO_GROW: Final = 8
"""From which on servers need not take turns with what they speak to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Where clients come in: a server, or the proxy before several. `tls` trusts the certificate there."""

    url: str
    tls: ssl.SSLContext | None = None

    @asynccontextmanager
    async def client(self, person: Person | None = None) -> AsyncGenerator[Client]:
        """A client that shows forms, over a connection of its own."""
        async with (
            # Without TLS nothing is verified: reading all that the system trusts takes a tenth of a second.
            AsyncClient(timeout=120, headers={"Host": NAME}, verify=self.tls or False) as http,
            Client(
                streamable_http_client(self.url, http_client=http), mode="2026-07-28", elicitation_callback=person
            ) as client,
        ):
            yield client


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica(Entrance):
    """One server."""

    process: subprocess.Popen[str]

    @property
    def at(self) -> str:
        """Its address and port."""
        return urlsplit(self.url).netloc

    def kill(self) -> None:
        """kill -9, and gone."""
        self.process.kill()
        gone(self.process)

    def end(self) -> None:
        """Ends as a supervisor ends it: the calls that run are answered first."""
        self.process.terminate()
        gone(self.process)


def gone(process: subprocess.Popen[str]) -> None:
    """Waits for its end."""
    process.wait(DEADLINE)
    assert process.stderr is not None
    process.stderr.close()


def begin(
    cloud: RunningEmulator, database: Cluster, home: Path, at: str = "127.0.0.1:0", **variables: str
) -> subprocess.Popen[str]:
    """A server that is starting at this address; what it says comes on its stderr."""
    address = ["--http", at, "--allow-host", NAME, "--endpoint", cloud.url, "--approve", "form", "--lang", "en"]
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
    return Replica(process=process, url=said[0])


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
            gone(process)


def about_growth(cores: int) -> str:
    """What a run on so many cores cannot tell."""
    if cores >= _CORES_TO_GROW:
        return "This does not measure whether more servers do more."
    return (
        f"Whether more servers do more cannot be shown on {cores} cores, which clients, servers, database and emulator"
        f" share: it takes {_CORES_TO_GROW} or more."
    )


def created(cloud: RunningEmulator) -> Counter[str]:
    """How many instances were made, by name."""
    return Counter(
        entry["parameters"]["InstanceName"]
        for entry in cloud.steering.writes()
        if entry["operation"] == "CreateInstance" and entry["applied"]
    )


async def call(entrance: Entrance, tool: str, person: Person | None = None, **arguments: Any) -> str:
    """What is answered there to one call."""
    async with entrance.client(person) as client:
        answer = await client.call_tool(tool, arguments)
    return "\n".join(block.text for block in answer.content if block.type == "text")
