"""The scenarios with a real model, through Inspect: `inspect eval evals/live/task.py --model openai-api/local/NAME`.

Not part of the tests: Inspect comes from requirements/live.txt. The bridge between the model and the server is our own,
because Inspect's client cannot answer a form.
"""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false, reportUntypedFunctionDecorator=false

import re
import tempfile
from pathlib import Path
from typing import Any, Final

from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import Score, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import Tool, ToolDef, ToolError, ToolParams

from evals.cloud import Clouds
from evals.live.person import reply_to
from evals.live.talk import Talk
from evals.loading import HOME, scenario, scenarios
from evals.scenario import Call, Era, Hear, Say, Scenario
from evals.verdict import Verdict, judge

_MOST_REPLIES: Final = 4
_FRONT_MATTER: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


@task
def notebooks(only: str | list[str] = "", *, skill: bool = True, era: Era = "modern") -> Task:
    """Every scenario that a live assistant can play; `only` is a list of ids, `skill=false` leaves SKILL.md out."""
    wanted = set(filter(None, only.split(",") if isinstance(only, str) else only))
    chosen = [each for each in scenarios() if (each.id in wanted if wanted else playable(each))]
    samples = [Sample(id=each.id, input=each.request, metadata={"family": each.family}) for each in chosen]
    return Task(dataset=samples, solver=converse(era=era, skill=skill), scorer=verdict())


def playable(one: Scenario) -> bool:
    """Whether nothing but talk and calls happens in it; what happens in between belongs to a script."""
    return one.assistant.character == "good" and all(isinstance(s, Call | Say | Hear) for s in one.assistant.script)


@solver
def converse(era: Era, *, skill: bool) -> Solver:
    """The model, the person and the server, until the person has nothing more to say."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        one = scenario(str(state.sample_id))
        if skill:
            text = _FRONT_MATTER.sub("", (HOME.parent / "SKILL.md").read_text(encoding="utf-8"))
            state.messages.insert(0, ChatMessageSystem(content=text))
        with Clouds() as clouds, tempfile.TemporaryDirectory(prefix="pai-dsw-live-") as folder:
            async with Talk(one, era, clouds.take(one), Path(folder), "memory") as talk:
                state.tools = [bridge(talk, each) for each in talk.tools]
                for turn in range(_MOST_REPLIES):
                    seen = len(state.messages)
                    state = await generate(state, tool_calls="loop")
                    said = [each.text for each in state.messages[seen:] if isinstance(each, ChatMessageAssistant)]
                    await talk.say("\n".join(filter(None, said)))
                    reply = reply_to(one, said[-1] if said else "", talk.questions, turn)
                    if reply is None:
                        break
                    await talk.hear(reply)
                    state.messages.append(ChatMessageUser(content=reply))
            records = talk.finish()
        state.store.set("records", records.model_dump())
        state.store.set("verdict", judge(one, records, replayed=False).model_dump())
        return state

    return solve


def bridge(talk: Talk, offered: Any) -> Tool:
    """A tool of the server as a tool of Inspect."""

    async def execute(**arguments: Any) -> str:
        text, is_error = await talk.call(offered.name, arguments)
        if is_error:
            raise ToolError(text)
        return text

    parameters = ToolParams.model_validate(offered.input_schema)
    for name, each in parameters.properties.items():
        each.description = each.description or name
    return ToolDef(execute, name=offered.name, description=offered.description, parameters=parameters).as_tool()


@scorer(metrics={"*": [mean()]})
def verdict() -> Any:
    """The same verdict as in replay, as numbers."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001  # the scorer's form
        found = Verdict.model_validate(state.store.get("verdict"))
        value = {
            "success": float(found.passed),
            "reward": found.reward,
            "breaches": float(len(found.breached())),
            "questions": float(found.questions),
            "tool_calls": float(found.tool_calls),
        }
        return Score(value=value, explanation="\n".join(found.problems()) or "everything held")

    return score
