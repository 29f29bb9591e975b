"""Records the emulator as `verify-cloud --record` records the service: python -m tests.recorded.record."""

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.cloud.recording import Recording
from pai_dsw_mcp.commands.verify_cloud import examine
from pai_emulator.serve import Emulator
from tests.cloud.test_cloud_verify import live_in, unread
from tests.emulator.raw_client import RawClient
from tests.gate.verify_terminal import Terminal, yes

FOLDER: Final = Path(__file__).parent
REGION: Final = "cn-hangzhou"


async def report_of(emulator: Emulator, *, live: bool = False) -> tuple[dict[str, Any], str]:
    """The report of verify-cloud and what was recorded meanwhile; `live` leaves something behind to look at before."""
    admin = emulator.user("admin")
    if live:
        await asyncio.to_thread(_live, emulator)
    options = CloudOptions(endpoint=emulator.url, test_access_key=(admin.access_key_id, admin.access_key_secret))
    recording = Recording()
    report = await examine(options, REGION, gap=0.0, tell=unread, recording=recording)
    return report, recording.as_fixture()


def _live(emulator: Emulator) -> None:
    with RawClient(emulator.url, emulator.user("admin")) as client:
        live_in(emulator, client, count=3)


async def _record() -> None:
    async with Emulator() as emulator:
        _, recording = await report_of(emulator, live=True)
    (FOLDER / "emulator.json").write_text(recording, "utf-8")
    with Emulator() as emulator, TemporaryDirectory() as folder:
        terminal = Terminal(emulator, Path(folder), yes, waits=6.0, recording=Recording())
        await terminal.run()
    assert terminal.recording is not None
    (FOLDER / "emulator_with_writes.json").write_text(_one_of_each(terminal.recording.as_fixture()), "utf-8")


def _one_of_each(recording: str) -> str:
    """The first reply of each operation and status: what a reader of replies can learn from."""
    replies = json.loads(recording)["recorded"]
    first = {(each["operation"], each["status"]): each for each in reversed(replies)}
    return json.dumps({"recorded": [each for each in replies if each in first.values()]}, indent=1) + "\n"


if __name__ == "__main__":
    asyncio.run(_record())
