"""What the tests of automatic stops share."""

from datetime import datetime
from typing import Any

from tests.gate.cases import an_instance
from tests.support.desk import Desk, Person, told

MORNING = datetime.fromisoformat("2026-01-05T08:00:00Z").timestamp()
"""When the emulator begins."""
RULE = {"CpuPercentThreshold": 20, "MaxIdleTimeInMinutes": 60, "IdleTimeInMinutes": 7}
TIMER = {"DueTime": "2026-01-05T20:00:00Z", "RemainingTimeInMs": 43_200_000}
BOTH: dict[str, Any] = {"idle_minutes": 60, "stop_at": "2026-01-05T18:00+08:00"}
"""What a create or a start asks for, and in `RULES` what is sent for it."""
NOT_YET = {"kind": "auto_stop_needs_running"}
RULES = [
    ("CreateIdleInstanceCuller", {"CpuPercentThreshold": 10, "MaxIdleTimeInMinutes": 60}),
    ("CreateInstanceShutdownTimer", {"DueTime": "2026-01-05T10:00:00Z"}),
]


def running(desk: Desk, **fields: Any) -> str:
    instance_id = an_instance(desk.steering, "Running")
    desk.steering.instance(instance_id, **fields)
    return instance_id


def sent(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    """Every write, with what was set in it."""
    return [
        (entry["operation"], {name: value for name, value in entry["parameters"].items() if name != "InstanceId"})
        for entry in desk.steering.writes()
    ]


async def call(desk: Desk, tool: str, person: Person | None = None, **arguments: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person or Person("yes"), tool, **arguments))
