"""Two logs side by side, such as with and without the skill: `python -m evals.live.compare LOG LOG`."""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import math
import re
import sys
from typing import Any, Final

from inspect_ai.log import EvalLog, read_eval_log, read_eval_log_sample_summaries

from evals.live.arms import Arm, Run, show_scenarios, show_scores, wide_console
from evals.live.measures import Measures

_SCORER: Final = "verdict"
_PASS_K: Final = re.compile(r"pass_k_(\d+)")


def arm_of(path: str) -> Arm:
    """The runs of a log."""
    header = read_eval_log(path, header_only=True)
    runs = [
        Run(str(each.id), each.epoch, scores_of((each.scores or {})[_SCORER].value) if each.scores else None)
        for each in read_eval_log_sample_summaries(path)
    ]
    skill = header.eval.task_args.get("skill", True)
    return Arm(f"{'with' if skill else 'without'} skill", header.eval.model, runs, _pass_k(header))


def scores_of(value: Any) -> Measures:
    """The scores as Inspect keeps them; what could not be is no number there."""
    scores: dict[str, Any] = {name: None if _is_none(number) else number for name, number in value.items()}
    return Measures(**scores)


def _is_none(number: float | None) -> bool:
    return number is None or math.isnan(number)


def _pass_k(header: EvalLog) -> dict[int, float]:
    """What Inspect's reducers made of `success`."""
    scores = header.results.scores if header.results else []
    found = {_PASS_K.fullmatch(each.reducer or ""): each for each in scores if each.name == "success"}
    return {int(match[1]): each.metrics["mean"].value for match, each in found.items() if match}


def main(one: str, other: str) -> int:
    """Prints the tables."""
    console = wide_console()
    arms = arm_of(one), arm_of(other)
    show_scenarios(console, *arms)
    show_scores(console, *arms)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
