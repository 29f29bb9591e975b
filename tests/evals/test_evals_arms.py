"""Two sets of live runs side by side."""

from io import StringIO

from rich.console import Console

from evals.live.arms import Arm, Run, differences, show_scenarios, show_scores
from evals.live.measures import Measures


def scored(success: float, tokens: float, over_refusal: float | None = None) -> Measures:
    return Measures(
        success=success,
        reward=success,
        server_breaches=0,
        assistant_breaches=0,
        over_refusal=over_refusal,
        approvals_asked=1,
        questions_asked=0,
        tool_calls=2,
        tokens=tokens,
    )


def test_two_arms_are_compared_by_the_scenarios_that_both_have_played() -> None:
    skilled = Arm(
        "with skill",
        "openai-api/local/stub",
        [
            Run("a", 1, scored(1, 100)),
            Run("a", 2, scored(0, 200)),
            Run("b", 1, scored(1, 50)),
            Run("c", 1, None),
            Run("e", 1, scored(1, 50)),
        ],
        {2: 0.5},
    )
    plain = Arm("without skill", "x/y", [Run("a", 1, scored(0, 50, 1)), Run("b", 1, scored(1, 50)), Run("d", 1, None)])
    assert differences(skilled, plain, "success") == {"a": -0.5, "b": 0}
    assert differences(skilled, plain, "over_refusal") == {}
    console = Console(file=StringIO(), width=150)
    show_scores(console, skilled, plain)
    show_scenarios(console, skilled, plain)
    assert isinstance(console.file, StringIO)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    assert "success 0.83 0.50 -0.25 ± 0.25 everything came as the scenario says" in lines
    assert "over_refusal - 1.00 - a change that was wished for was left undone for no reason" in lines
    assert "pass^2 0.50 - 2 runs of a scenario all succeed" in lines
    assert "with skill: 1 runs ended in an error and count nowhere: ['c']" in lines
    assert any(line.startswith("The stub plays scripts and reads no skill") for line in lines)
    assert "a 0.50 0.00 -0.50 0 -100" in lines
