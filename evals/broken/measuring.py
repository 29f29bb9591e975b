"""Servers that are wrong about what happened to an instance, and how much of it is used."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from evals.broken.server import broken
from pai_dsw_mcp.cloud import monitoring
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.model.instance import Instance
from pai_dsw_mcp.model.monitoring import InstanceEvent
from pai_dsw_mcp.tools import diagnose, events, idle
from pai_dsw_mcp.tools._causes import CauseRow, Facts
from pai_dsw_mcp.tools._past import Past, past_of
from pai_dsw_mcp.tools.idle import Measured


def as_it_is(text: str, _secrets: tuple[str, ...] = ()) -> str:
    """Secrets stay."""
    return text


async def surely_idle(_line: object, _cloud: Cloud, _instance: Instance) -> Measured:
    """Nothing is measured, and everything is idle."""
    return Measured(7200, {"CpuCoreUsage": 0.0})


async def without_a_word(*arguments: Any, **narrowed: Any) -> Past:
    """What could not be read is not said."""
    return replace(await past_of(*arguments, **narrowed), left_out=())


def as_they_come(told: Sequence[InstanceEvent]) -> tuple[InstanceEvent, ...]:
    """The oldest first."""
    return tuple(told)


def no_causes(_facts: Facts) -> list[CauseRow]:
    """Nothing is ever explained."""
    return []


MEASURING: Final = (
    broken(
        "shows the secrets in events",
        "nothing_secret",
        "injection-in-an-event",
        (monitoring, monitoring.scrub_log, as_it_is),
    ),
    broken(
        "takes what was not measured for idle",
        "told_only_what_was_measured",
        "find-idle-not-measured",
        (idle._Line, idle._Line.measure, surely_idle),
    ),
    broken(
        "leaves out in silence what the service does not have",
        "said_what_was_left_out",
        "recover-events-tell",
        (events, events.past_of, without_a_word),
    ),
    broken(
        "tells the oldest event first",
        "told_the_newest_first",
        "recover-events-tell",
        (monitoring, monitoring._newest_first, as_they_come),
    ),
    broken(
        "finds no cause although the events tell it",
        "told",
        "recover-memory-without-a-unit",
        (diagnose, diagnose.causes_of, no_causes),
    ),
)
