"""Plays a recorded run again, without a model: `python -m evals.live.again LOG [FOLDER]`.

Whatever the model said in the log, mockllm says once more; the server, the person and the verdict are as new. Samples
with a page or a code in the chat are left out: what was said there leads to a server that is no more.
"""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import sys

from inspect_ai import eval as inspect_eval
from inspect_ai.log import read_eval_log
from inspect_ai.model import ModelUsage, get_model

from evals.live.task import notebooks
from evals.loading import scenario


def main(log_path: str, folder: str) -> int:
    """Plays every sample of a log; the exit code says whether all came to the same scores."""
    same = True
    # Long texts lie beside the events in a log.
    for sample in read_eval_log(log_path, resolve_attachments=True).samples or []:
        if scenario(str(sample.id)).client.kind in ("page", "chat"):
            continue
        outputs = [event.output for event in sample.events if event.event == "model"]
        for output in outputs:
            # Without usage mockllm would count tokens with a vocabulary that it fetches from the network.
            output.usage = ModelUsage()
        model = get_model("mockllm/model", custom_outputs=outputs)
        again = inspect_eval(notebooks(only=str(sample.id)), model=model, log_dir=folder, display="none")[0]
        scores = [each.scores for each in again.samples or []]
        played = [each["verdict"].value for each in scores if each]
        recorded = sample.scores["verdict"].value if sample.scores else None
        same &= played == [recorded]
        sys.stdout.write(f"{sample.id}: {'the same' if played == [recorded] else f'{recorded} became {played}'}\n")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "evals/out/logs"))
