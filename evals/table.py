"""What `make evals` prints."""

from collections import Counter
from itertools import groupby
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.play import Played, Run

_WIDTH: Final = 180


def show(played: Played) -> None:
    """A table of the scenarios, one of the broken servers, and the sum."""
    console = Console(highlight=False, width=_WIDTH)
    console.print(_scenarios(played))
    if played.controls:
        console.print(_controls(played))
    _sum(played, console)


def _scenarios(played: Played) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Scenarios", title_justify="left", pad_edge=False)
    for name in ("family", "scenario", "lang", "client", "assistant"):
        table.add_column(name, no_wrap=True)
    for name in ("eras", "asked", "writes", "calls", "ms"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for _, group in groupby(played.runs, key=lambda run: run.scenario.id):
        runs = list(group)
        first = runs[0]
        table.add_row(
            first.scenario.family,
            first.scenario.id,
            first.scenario.language,
            first.scenario.client.kind,
            first.scenario.assistant.character,
            str(len(runs)),
            _each(runs, [run.verdict.questions for run in runs]),
            _each(runs, [len(run.records.writes()) for run in runs]),
            _each(runs, [run.verdict.tool_calls for run in runs]),
            str(round(sum(run.seconds for run in runs) * 1000)),
            _verdict(runs),
        )
    return table


def _each(runs: list[Run], counts: list[int]) -> str:
    """One number where the eras agree."""
    return str(counts[0]) if len(set(counts)) == 1 else "/".join(map(str, counts[: len(runs)]))


def _verdict(runs: list[Run]) -> Text:
    failed = [run for run in runs if not run.verdict.passed]
    if not failed:
        declared = runs[0].scenario.expect.breaches
        return Text("passed" + (f" (breaks {', '.join(declared)})" if declared else ""), style="green")
    problems = [f"{run.records.era}: {problem}" for run in failed for problem in run.verdict.problems()]
    return Text("FAILED\n" + "\n".join(problem[:600] for problem in problems), style="red")


def _controls(played: Played) -> Table:
    table = Table(box=box.SIMPLE_HEAD, title="Broken servers", title_justify="left", pad_edge=False)
    for name in ("server", "caught by", "in", "verdict"):
        table.add_column(name, no_wrap=True)
    for control in played.controls:
        verdict = (
            "caught" if control.caught else f"NOT CAUGHT (failed {', '.join(sorted(control.failed)) or 'nothing'})"
        )
        table.add_row(
            control.broken.name,
            control.broken.caught_by,
            control.broken.scenario,
            Text(verdict, style="green" if control.caught else "red"),
        )
    return table


def _sum(played: Played, console: Console) -> None:
    good = sum(run.verdict.passed for run in played.runs)
    caught = sum(control.caught for control in played.controls)
    seconds = sum(each.seconds for each in [*played.runs, *played.controls])
    channels = Counter(channel for run in played.runs for channel in run.verdict.proof)
    ids = {run.scenario.id for run in played.runs}
    chinese = {run.scenario.id for run in played.runs if run.scenario.language == "zh"}
    slowest = max((run.seconds for run in played.runs), default=0.0)
    console.print(
        "The yes behind the writes came through: "
        + ", ".join(f"{channel} {count}" for channel, count in channels.most_common())
        + (". None: nobody had said yes, which a server with the chat channel cannot see." if channels["none"] else ".")
        if channels
        else "Nothing was written."
    )
    console.print(
        f"{len(ids)} scenarios ({len(chinese)} in Chinese): {good} of {len(played.runs)} runs passed; "
        + (f"{caught} of {len(played.controls)} broken servers caught; " if played.controls else "")
        + f"{seconds:.1f} s, the slowest run {slowest:.2f} s",
        style="bold green" if played.passed else "bold red",
    )
