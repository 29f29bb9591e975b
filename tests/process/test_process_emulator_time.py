"""A server with an emulator that lives faster than the clock knows which time it is there."""

import json
import time
import urllib.request
from datetime import datetime
from pathlib import Path

from pai_dsw_mcp.commands.embedded import EmbeddedEmulator
from tests.gate.cases import new_notebook
from tests.process.conversation import MODERN, Conversation, yes
from tests.process.processes import INSTALLED_SERVER, ServerProcess, environment
from tests.process.test_process_command_line import wait_for

SPEED = 600.0


def time_in(emulator: EmbeddedEmulator) -> float:
    """What the emulator itself says."""
    request = urllib.request.Request(
        f"{emulator.url}/_emulator/clock", data=b"{}", headers={"x-emulator-key": emulator.control_key}
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        return datetime.fromisoformat(json.load(reply)["now"]).timestamp()


def test_the_time_in_an_emulator_is_known_from_when_it_began_and_its_speed() -> None:
    with EmbeddedEmulator(speed=SPEED) as emulator:
        assert emulator.url
        before = emulator.time_at(time.time())
        said = time_in(emulator)
        after = emulator.time_at(time.time())
        assert before - 1 < said < after + 1
        # More than what passed here: it lives faster.
        assert said - time.time() > 0
        moment = time.time()
        assert abs(emulator.time_at(moment) - emulator.time_at(moment - 1) - SPEED) < SPEED / 10


def test_an_instance_of_a_fast_emulator_is_measured(tmp_path: Path) -> None:
    arguments = ["--emulator", "--emulator-speed", str(SPEED), "--toolsets", "all"]
    with ServerProcess(arguments, environment(tmp_path), INSTALLED_SERVER) as server:
        client = Conversation(server, MODERN, yes)
        client.open()
        place = {"instance_id": client.told("create_instance", **new_notebook())["instance_id"]}
        assert wait_for(lambda: "metrics" in client.told("get_instance_metrics", **place, hours=1))
        assert client.told("get_instance", **place)["status"] == "Running"
