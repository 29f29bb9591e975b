"""`evals.json` and `trigger_evals.json` in the form of the skill-creator, out of the scenarios.

`python -m evals.skill_creator` writes both. Two dialects of the first are in use, of which one says `expectations` and
the other `assertions`: both keys carry the same list.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from evals.loading import FIXTURES, HOME, scenarios
from evals.scenario import Between, Scenario
from pai_emulator.operations import OPERATIONS

EVALS: Final = HOME / "evals.json"
TRIGGERS: Final = HOME / "trigger_evals.json"
NEAR_MISSES: Final = HOME / "near-misses.yaml"
_SKILL: Final = HOME.parent / "SKILL.md"
_CUES: Final = re.compile(r"notebook|DSW|GPU|笔记本|实例|机型|镜像|工作空间", re.IGNORECASE)
"""Without one of these a request is only understood by somebody who knows what was talked about before."""
_READS: Final = ("Get", "List")


def skill_evals() -> dict[str, Any]:
    """The scenarios with a good assistant as prompts with statements that can be verified."""
    good = [each for each in scenarios() if each.assistant.character == "good"]
    return {"skill_name": _skill_name(), "evals": [_eval(number, each) for number, each in enumerate(good, start=1)]}


def trigger_evals() -> list[dict[str, Any]]:
    """One request a family, in turns in both languages, and as many that sound alike and belong elsewhere."""
    misses = yaml.safe_load(NEAR_MISSES.read_text(encoding="utf-8"))
    return [
        *({"query": query, "should_trigger": True} for query in _one_a_family()),
        *({"query": each["query"], "should_trigger": False} for each in misses),
    ]


def _one_a_family() -> Iterator[str]:
    asked = [each for each in scenarios() if each.assistant.character == "good" and _CUES.search(each.request)]
    for position, family in enumerate(sorted({each.family for each in asked})):
        language = ("en", "zh")[position % 2]
        of_family = [each for each in asked if each.family == family]
        yield min(of_family, key=lambda each: (each.language != language, -len(each.request))).request


def _skill_name() -> str:
    found = re.search(r"(?m)^name: (\S+)$", _SKILL.read_text(encoding="utf-8"))
    assert found
    return found[1]


def _eval(number: int, one: Scenario) -> dict[str, Any]:
    statements = list(_statements(one))
    files = [f"{HOME.name}/{FIXTURES.name}/{one.cloud.fixture}.json"] if isinstance(one.cloud.fixture, str) else []
    return {
        "id": number,
        "name": one.id,
        "prompt": one.request,
        "expected_output": one.shows,
        "files": files,
        "expectations": statements,
        "assertions": statements,
    }


def _statements(one: Scenario) -> Iterator[str]:
    expect = one.expect
    writes = [operation.name for operation in OPERATIONS if not operation.name.startswith(_READS)]
    if not any(name in writes and wanted != 0 for name, wanted in expect.requests.items()):
        yield "Nothing was changed: the cloud was sent no create, update, start or stop."
    for name, wanted in expect.requests.items():
        if wanted != 0 or name not in writes:
            yield f"The cloud was sent {name} {_count(wanted)}."
    if expect.questions is not None:
        asked = _count(expect.questions)
        yield "The person was not asked to approve anything." if asked == "never" else f"The person was asked {asked}."
    for told in expect.told:
        choices = [told] if isinstance(told, str) else told
        yield f"The person was told {' or '.join(map(repr, choices))}, and it came from an answer of the server."
    yield from (f"The person was not told {text!r}." for text in expect.not_told)
    if expect.instances != "unchanged":
        rows = "; ".join(", ".join(f"{name} {value}" for name, value in row.items()) for row in expect.instances)
        yield f"In the end these instances exist and no others: {rows}."
    if expect.tool_calls is not None:
        yield f"Tools were called {_count(expect.tool_calls)}."
    yield "Region and workspace came from the person, or from an answer that left no choice."


def _count(wanted: int | Between) -> str:
    if isinstance(wanted, int):
        return {0: "never", 1: "once", 2: "twice"}.get(wanted, f"{wanted} times")
    least = f"at least {_times(wanted.at_least)}" if wanted.at_least else ""
    most = "" if wanted.at_most is None else f"at most {_times(wanted.at_most)}"
    return " and ".join(filter(None, (least, most)))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def as_file(content: object) -> str:
    """As it is written."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def write(folder: Path = HOME) -> None:
    """Writes both files; raises OSError."""
    (folder / EVALS.name).write_text(as_file(skill_evals()), encoding="utf-8")
    (folder / TRIGGERS.name).write_text(as_file(trigger_evals()), encoding="utf-8")


if __name__ == "__main__":
    write()
