"""The scenarios with a real model, through Inspect: `inspect eval evals/live/task.py --model openai-api/local/NAME`.

Not part of the tests: Inspect comes from requirements/live.txt. The bridge between the model and the server is our own:
Inspect's client cannot answer a form, and it would judge arguments and shorten results in the server's place.
"""
# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportUnknownArgumentType=false, reportUntypedFunctionDecorator=false

import math
import re
import tempfile
from pathlib import Path
from typing import Any, Final

import anyio
from inspect_ai import Task, task
from inspect_ai.dataset import Sample
from inspect_ai.log import transcript
from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig, execute_tools, get_model
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import Tool, ToolDef, ToolError, ToolInfo, ToolParams
from inspect_ai.viewer import ScoreColorScale, TaskSamplesView, ViewerConfig

from evals.cloud import Clouds
from evals.live.measures import SCORES, measure
from evals.live.playable import chosen
from evals.live.showing import as_question, as_verdict
from evals.live.stub import SCENARIO_HEADER
from evals.live.talk import Sees, Talk
from evals.loading import HOME, scenario
from evals.records import Records
from evals.scenario import Era
from evals.verdict import judge

_MOST_MESSAGES: Final = 120
_MOST_SECONDS: Final = 1800
_UNLIMITED: Final = 0
_WORKING: Final = anyio.Lock()
"""Held by the conversation whose server works. All share this process, and one's work is not another's slowness."""
_SAMPLES_VIEW: Final = TaskSamplesView(
    name="Runs",
    compact_scores=True,
    # A column has room for so much.
    score_labels={
        "success": "Success",
        "reward": "Reward",
        "server_breaches": "Server broke",
        "assistant_breaches": "Model broke",
        "over_refusal": "Over-refusal",
        "approvals_asked": "Approvals",
        "questions_asked": "Questions",
        "tool_calls": "Tool calls",
        "tokens": "Tokens",
    },
    score_color_scales={
        "success": ScoreColorScale(palette="good-high", min=0, max=1),
        "reward": ScoreColorScale(palette="good-high", min=0, max=1),
        "server_breaches": ScoreColorScale(palette="good-low", min=0, max=1),
        "assistant_breaches": ScoreColorScale(palette="good-low", min=0, max=1),
        "over_refusal": ScoreColorScale(palette="good-low", min=0, max=1),
    },
    color_scales_enabled=True,
)
_FRONT_MATTER: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_RECORDS: Final = "records"


@task
def notebooks(only: str | list[str] = "", *, skill: bool = True, era: Era = "modern", sees: Sees = "both") -> Task:
    """Every scenario that a live assistant can play; `only` is a list of ids, `skill=false` leaves SKILL.md out.

    `sees` is what the host shows its model of a result: text, structured, or both.
    """
    ids = only.split(",") if isinstance(only, str) else only
    samples = [
        Sample(
            id=each.id,
            input=each.request,
            target=each.shows,
            metadata={"family": each.family, "language": each.language, "client": each.client.kind},
        )
        for each in chosen(filter(None, ids))
    ]
    return Task(
        dataset=samples,
        solver=converse(era=era, skill=skill, sees=sees),
        scorer=verdict(),
        message_limit=_MOST_MESSAGES,
        time_limit=_MOST_SECONDS,
        metadata={"scores": SCORES},
        viewer=ViewerConfig(task_samples_view=_SAMPLES_VIEW),
        headline_metric="verdict.success",
    )


@solver
def converse(era: Era, *, skill: bool, sees: Sees) -> Solver:
    """The model, the person and the server, until the person has nothing more to say."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001  # the solver's form
        one = scenario(str(state.sample_id))
        if skill:
            text = _FRONT_MATTER.sub("", (HOME.parent / "SKILL.md").read_text(encoding="utf-8"))
            state.messages.insert(0, ChatMessageSystem(content=text))
        with Clouds() as clouds, tempfile.TemporaryDirectory(prefix="pai-dsw-live-") as folder:
            async with Talk(one, era, clouds.take(one), Path(folder), sees) as talk:
                # As a host does, whether it has the skill or not.
                state.messages.insert(0, ChatMessageSystem(content=talk.instructions))
                assistant = _Assistant(talk, one.id)
                reply: str | None = ""
                while reply is not None:
                    reply = talk.reply(await assistant.turn(state))
                    if reply is not None:
                        state.messages.append(ChatMessageUser(content=reply))
            records = talk.finish()
        state.store.set(_RECORDS, records.model_dump())
        return state

    return solve


class _Assistant:
    """The model under test, with the server's tools in its hands."""

    def __init__(self, talk: Talk, scenario_id: str) -> None:
        self._talk = talk
        # Only the stub is told which scenario it is in.
        is_stub = str(get_model()).endswith("/stub")
        self._config = GenerateConfig(extra_headers={SCENARIO_HEADER: scenario_id} if is_stub else None)
        self._questions_shown = 0
        self._offered = [
            ToolInfo(
                name=each.name,
                description=each.description or "",
                parameters=ToolParams.model_validate(each.input_schema),
            )
            for each in talk.tools
        ]
        self._tools = [self._bridge(each.name) for each in talk.tools]

    async def turn(self, state: TaskState) -> str:
        """Speaks and calls until the person has the word; gives what was said last."""
        while True:
            state.output = await get_model().generate(state.messages, self._offered, config=self._config)
            message = state.output.message
            state.messages.append(message)
            if message.text:
                await self._talk.say(message.text)
                self._show_questions()
            if not message.tool_calls:
                return message.text
            # Hosts differ in how much of a result they show; here it is all of it.
            async with _WORKING:
                done = await execute_tools(state.messages, self._tools, max_output=_UNLIMITED)
            state.messages.extend(done.messages)

    def _bridge(self, name: str) -> Tool:
        """A tool of the server as a tool of Inspect, which takes any arguments: to refuse them is the server's part."""

        async def execute(**kwargs: Any) -> str:
            seen = await self._talk.use(name, kwargs)
            self._show_questions()
            if seen.is_error:
                raise ToolError(seen.text)
            return seen.text

        return ToolDef(execute, name=name, description=name, parameters=ToolParams(additionalProperties=True)).as_tool()

    def _show_questions(self) -> None:
        """Puts into the transcript what the person was asked to approve."""
        shown, self._questions_shown = self._questions_shown, len(self._talk.questions)
        for question in self._talk.questions[shown:]:
            transcript().info(as_question(question), source="person")


@scorer(metrics={"*": [mean()]})
def verdict() -> Scorer:
    """The same verdict as in replay, as numbers. What cannot be is no number and not part of any mean."""

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001  # the scorer's form
        one = scenario(str(state.sample_id))
        records = Records.model_validate(state.store.get(_RECORDS))
        found = judge(one, records, replayed=False)
        measures = measure(one, records, found, state.token_usage)
        value = {name: math.nan if number is None else number for name, number in measures._asdict().items()}
        said = [event.text for event in records.events if event.who == "assistant"]
        return Score(value=value, answer=said[-1] if said else "", explanation=as_verdict(records, found))

    return score
