"""Plays many scenarios, one after the other."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio

from evals.broken.catalogue import BROKEN
from evals.broken.server import Broken
from evals.cloud import Clouds
from evals.harness import replay
from evals.links import Link
from evals.loading import scenario
from evals.records import Records
from evals.scenario import Era, Scenario
from evals.verdict import Verdict, judge
from pai_dsw_mcp.settings import ResultMode


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario in one era."""

    scenario: Scenario
    records: Records
    verdict: Verdict
    seconds: float


@dataclass(frozen=True, slots=True)
class Control:
    """One broken server, and the parts of the verdict that it failed where it was tried."""

    broken: Broken
    failed: frozenset[str]
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether the part that is meant to has caught it."""
        return self.broken.caught_by in self.failed


@dataclass(slots=True)
class Played:
    """Everything that was played."""

    runs: list[Run] = field(default_factory=list[Run])
    controls: list[Control] = field(default_factory=list[Control])

    @property
    def passed(self) -> bool:
        """Whether every scenario passed and every broken server was caught."""
        return all(run.verdict.passed for run in self.runs) and all(control.caught for control in self.controls)


def play(chosen: Sequence[Scenario], *, broken: bool, link: Link = "memory", arm: ResultMode = "both") -> Played:
    """Plays each in each of its eras, and the broken servers if they are wanted."""
    return anyio.run(_play, chosen, broken, link, arm)


async def _play(chosen: Sequence[Scenario], broken: bool, link: Link, arm: ResultMode) -> Played:
    played = Played()
    with Clouds() as clouds:
        for each in chosen:
            for era in each.client.eras:
                played.runs.append(await play_one(each, era, clouds, link, arm))
        for control in BROKEN if broken else ():
            played.controls.append(await try_broken(control, clouds))
    return played


async def play_one(one: Scenario, era: Era, clouds: Clouds, link: Link = "memory", arm: ResultMode = "both") -> Run:
    """One scenario in one era; `arm` is what the server's answers hold."""
    began = time.perf_counter()
    records = await replay(one, era, clouds, link, arm)
    verdict = judge(one, records)
    return Run(one, records, verdict, time.perf_counter() - began)


async def try_broken(control: Broken, clouds: Clouds) -> Control:
    """Breaks the server and plays the scenario in which that shows."""
    began = time.perf_counter()
    with control.breaks():
        records = await replay(scenario(control.scenario), control.era, clouds)
    failed = judge(scenario(control.scenario), records).failed()
    return Control(control, frozenset(failed), time.perf_counter() - began)
