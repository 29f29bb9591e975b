"""Two sets of live runs side by side: every score, and what changes from one to the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from statistics import mean, stdev
from typing import Final, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table

from evals.live.measures import SCORES, Measures

_STUB: Final = "/stub"
_WIDTH: Final = 140


class Run(NamedTuple):
    """One conversation; `scores` is None where it ended in an error."""

    scenario: str
    epoch: int
    scores: Measures | None


@dataclass(frozen=True, slots=True)
class Arm:
    """The runs of one log. `pass_k` is how often k runs of a scenario all succeed, by k."""

    name: str
    model: str
    runs: list[Run]
    pass_k: Mapping[int, float] = field(default_factory=dict[int, float])

    def of(self, score: str) -> dict[str, float]:
        """The mean of a score for each scenario that has it."""
        found: dict[str, list[float]] = {}
        for run in self.runs:
            number = None if run.scores is None else getattr(run.scores, score)
            if number is not None:
                found.setdefault(run.scenario, []).append(number)
        return {scenario: mean(numbers) for scenario, numbers in found.items()}

    def errors(self) -> list[str]:
        """The scenarios of which a run ended in an error."""
        return [run.scenario for run in self.runs if run.scores is None]


def differences(one: Arm, other: Arm, score: str) -> dict[str, float]:
    """From `one` to `other`, for each scenario that both have played."""
    before, after = one.of(score), other.of(score)
    return {scenario: after[scenario] - before[scenario] for scenario in sorted(before) if scenario in after}


def show_scores(console: Console, one: Arm, other: Arm) -> None:
    """Every score of both arms, and the mean difference of the scenarios with its standard error."""
    table = _table("score", one.name, other.name, "difference", "what it is")
    for score, meaning in SCORES.items():
        changes = list(differences(one, other, score).values())
        table.add_row(score, _mean(one.of(score)), _mean(other.of(score)), _spread(changes), meaning)
    for k in sorted({*one.pass_k, *other.pass_k}):
        cells = [_number(arm.pass_k[k]) if k in arm.pass_k else "-" for arm in (one, other)]
        table.add_row(f"pass^{k}", *cells, "", f"{k} runs of a scenario all succeed")
    console.print(table)
    for arm in (one, other):
        if arm.errors():
            console.print(f"{arm.name}: {len(arm.errors())} runs ended in an error and count nowhere: {arm.errors()}")
    if any(arm.model.endswith(_STUB) for arm in (one, other)):
        console.print(
            "The stub plays scripts and reads no skill: its scores say that the way works, and its tokens\n"
            "(four characters each) how much longer SKILL.md makes a prompt. Nothing here is about a model."
        )


def show_scenarios(console: Console, one: Arm, other: Arm) -> None:
    """What changes in each scenario that both arms have played."""
    table = _table("scenario", f"success {one.name}", f"success {other.name}", "difference", "tool calls", "tokens")
    calls, tokens = differences(one, other, "tool_calls"), differences(one, other, "tokens")
    before, after = one.of("success"), other.of("success")
    for scenario, change in differences(one, other, "success").items():
        table.add_row(
            scenario,
            _number(before[scenario]),
            _number(after[scenario]),
            _signed(change),
            _signed(calls[scenario]),
            _signed(tokens[scenario]),
        )
    console.print(table)


def wide_console() -> Console:
    """Stdout, as wide as the tables want."""
    return Console(highlight=False, width=_WIDTH)


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="left" if name == "what it is" else "right")
    return table


def _mean(by_scenario: Mapping[str, float]) -> str:
    return _number(mean(by_scenario.values())) if by_scenario else "-"


def _spread(changes: list[float]) -> str:
    if not changes:
        return "-"
    error = f" ± {_number(stdev(changes) / sqrt(len(changes)))}" if len(changes) > 1 else ""
    return f"{_signed(mean(changes))}{error}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _signed(value: float) -> str:
    return "0" if value == 0 else f"{'+' if value > 0 else '-'}{_number(abs(value))}"
