"""Plays a recorded run again, without a model: `python -m evals.live.again LOG [FOLDER]`.

Whatever the model said in the log, mockllm says once more; the server, the person and the verdict are as new. Where it
spoke of a link or a code of the server of then, the one of now is put in its place.
"""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

from inspect_ai import eval as inspect_eval
from inspect_ai import task_with
from inspect_ai.log import EvalSample, read_eval_log
from inspect_ai.model import ChatMessage, ModelOutput, ModelUsage, get_model

from evals.live.compare import scores_of
from evals.live.measures import Measures
from evals.live.task import notebooks

_OF_ONE_SERVER: Final = re.compile(r"http://127\.0\.0\.1:\d+/approve/[A-Za-z0-9_-]{22}|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
_AT_ONCE: Final = 8


def play_again(
    log_path: str, folder: str, epochs: int | None = None
) -> dict[str, tuple[Measures | None, Measures | None]]:
    """The scores of each run of a log, as they were and as they are now; of the first epochs, or of all."""
    # Long texts lie beside the events in a log.
    log = read_eval_log(log_path, resolve_attachments=True)
    samples = [each for each in log.samples or [] if epochs is None or each.epoch <= epochs]
    arguments = {name: value for name, value in log.eval.task_args.items() if name != "only"}
    tasks = [
        task_with(notebooks(only=str(each.id), **arguments), model=_playing(each), name=f"{each.id}-{each.epoch}")
        for each in samples
    ]
    logs = inspect_eval(tasks, log_dir=folder, display="none", max_tasks=_AT_ONCE)
    now = {each.eval.task: _scores(each.samples[0]) if each.samples else None for each in logs}
    return {f"{each.id}-{each.epoch}": (_scores(each), now.get(f"{each.id}-{each.epoch}")) for each in samples}


def _scores(sample: EvalSample) -> Measures | None:
    return scores_of(sample.scores["verdict"].value) if sample.scores else None


def _playing(sample: EvalSample) -> Any:
    """A model that says what was said in a run."""
    calls = iter([event for event in sample.events if event.event == "model"])

    def next_output(messages: list[ChatMessage], *_: object) -> ModelOutput:
        then = next(calls)
        output = then.output.model_dump_json()
        for old, new in zip(_found_in(then.input), _found_in(messages), strict=False):
            output = output.replace(old, new)
        said = ModelOutput.model_validate_json(output)
        # Without usage mockllm would count tokens with a vocabulary that it fetches from the network.
        said.usage = said.usage or ModelUsage()
        return said

    play: Callable[..., ModelOutput] = next_output
    return get_model("mockllm/model", custom_outputs=play, memoize=False)


def _found_in(messages: Sequence[ChatMessage]) -> list[str]:
    results = "\n".join(each.text for each in messages if each.role == "tool")
    return list(dict.fromkeys(_OF_ONE_SERVER.findall(results)))


def main(log_path: str, folder: str) -> int:
    """Plays every run of a log; the exit code says whether all came to the same scores."""
    played = play_again(log_path, folder)
    for name, (then, now) in played.items():
        sys.stdout.write(f"{name}: {'the same' if then == now else f'{then} became {now}'}\n")
    return 0 if all(then == now for then, now in played.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "evals/out/logs"))
