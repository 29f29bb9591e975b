"""A scenario's server on stdio, for harnesses that bring their own assistant, with the records of what passed.

Forms are the business of the client outside. A page or a code in the chat is answered by the scenario's person, as
soon as the assistant is told of it. Time is virtual: waiting takes none.
"""

import asyncio
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from anyio import to_thread

from evals.cloud import Clouds
from evals.harness import start_server
from evals.person import ScriptedPerson
from evals.records import Event, Records
from evals.scenario import Scenario
from evals.wire import WireTap

_END: Final = b"\n"


async def serve(scenario: Scenario, record: Path) -> None:
    """Serves until stdin ends, then writes the records."""
    records = Records(scenario=scenario.id, era=scenario.client.eras[-1])
    with Clouds() as clouds, tempfile.TemporaryDirectory(prefix="pai-dsw-evals-") as folder:
        cloud = clouds.take(scenario)
        records.events.append(Event(who="person", text=scenario.request, at=0.0, requests=0))

        def note(text: str) -> None:
            asked = Event(who="question", text=text, at=cloud.passed(), requests=cloud.request_count)
            records.events.append(asked)

        person = ScriptedPerson(scenario.person, scenario.client.kind, cloud, note)

        def hear(text: str) -> None:
            # On the tap's own thread: the page is served by the loop of the server.
            asyncio.run(person.hear(text))

        tap = WireTap(records, cloud, hear)
        with Tapped(tap.from_client, tap.from_server):
            await start_server(scenario, cloud, Path(folder)).run_stdio_async()
        tap.finish()
        records.questions += person.questions
        cloud.tell(records)
    await to_thread.run_sync(record.write_text, records.model_dump_json(indent=1))


class Tapped:
    """Puts pipes in the place of stdin and stdout of this process; every line is told before it is passed on."""

    def __init__(self, from_client: Callable[[str], None], from_server: Callable[[str], None]) -> None:
        self._client_in, self._client_out = os.dup(0), os.dup(1)
        self._outward = threading.Thread()
        self._tell = from_client, from_server

    def __enter__(self) -> None:
        server_in, feed = os.pipe()
        drain, server_out = os.pipe()
        os.dup2(server_in, 0)
        os.dup2(server_out, 1)
        os.close(server_in)
        os.close(server_out)
        inward = threading.Thread(target=_pump, args=(self._client_in, feed, self._tell[0]), daemon=True)
        self._outward = threading.Thread(
            target=_pump, args=(drain, os.dup(self._client_out), self._tell[1]), daemon=True
        )
        inward.start()
        self._outward.start()

    def __exit__(self, *_: object) -> None:
        # The server may keep a copy of its end of the pipe, so that it never closes: an empty line is the end.
        os.write(1, _END)
        os.dup2(self._client_out, 1)
        self._outward.join()


def _pump(source: int, sink: int, tell: Callable[[str], None]) -> None:
    with open(source, "rb") as lines, open(sink, "wb", buffering=0) as out:  # descriptors, not paths
        for line in lines:
            if line == _END:
                break
            tell(line.decode(errors="replace"))
            out.write(line)
