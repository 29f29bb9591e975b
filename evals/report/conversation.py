"""A run as it was heard and seen: who said what, what was called, what the cloud was sent, and the verdict."""

import json
from collections.abc import Iterator
from typing import Final

from evals.cloud import moment
from evals.play import Run
from evals.records import Event, Question, Request
from evals.report.markup import Html, Piece, join, row, tag
from evals.rules.catalogue import ASSISTANT_RULES, SERVER_RULES
from evals.verdict import Part

_ANSWERS: Final = {
    "approve": "approved",
    "reject": "rejected",
    "close": "closed without an answer",
    "accept_empty": "accepted without being shown",
    "no_decision": "filled in without a decision",
    "wrong_name": "approved with a wrong name",
    "similar_name": "approved with a name spelt in another way",
    "no_name": "approved without the name",
    "never": "never answered",
}
_GROUPS: Final = {
    "outcome": "What came of it",
    "server": "What the server sees to",
    "assistant": "What only the assistant can see to",
    "script": "What each step came to",
}
_LONG: Final = 3


def conversation(run: Run) -> Html:
    """The transcript."""
    questions = iter(run.records.questions)
    steps = [_step(event, questions) for event in run.records.events]
    return tag("ol", *(tag("li", step) for step in steps), class_="talk", lang=run.scenario.language)


def _step(event: Event, questions: Iterator[Question]) -> Html:
    match event.who:
        case "person":
            return _bubble("person", "person", event.text)
        case "assistant":
            return _bubble("assistant", "assistant", event.text)
        case "call":
            arguments = json.dumps(event.arguments, ensure_ascii=False)
            return tag("div", tag("code", tag("b", event.tool or ""), " ", arguments), class_="call")
        case "answer":
            return _answer(event)
        case "question":
            return _question(event, next(questions, None))
        case _:
            return tag("div", event.text, class_="note")


def _bubble(kind: str, who: str, said: str) -> Html:
    return tag("div", tag("span", who, class_="who"), tag("p", said, dir="auto"), class_=f"bubble {kind}")


def _answer(event: Event) -> Html:
    lines = event.text.splitlines() or [""]
    kind = "answer error" if event.is_error else "answer"
    if len(lines) <= _LONG:
        return tag("div", tag("p", event.text), class_=kind)
    more = tag("span", f" {len(lines) - 1} more lines", class_="more")
    return tag("details", tag("summary", lines[0], more), tag("pre", "\n".join(lines[1:])), class_=kind)


def _question(event: Event, question: Question | None) -> Html:
    if question is None:
        return tag("div", tag("pre", event.text), class_="question")
    answer = _ANSWERS[question.answer] + (f": {question.feedback}" if question.feedback else "")
    kind = "yes" if question.approved else "no"
    asked = tag("span", f"the person is asked, in the {question.channel}", class_="who")
    return tag("div", asked, tag("pre", question.text), tag("p", answer, class_=f"decision {kind}"), class_="question")


def requests(run: Run) -> Html:
    """What the cloud was sent, by its own journal."""
    head = row(["", "after", "operation", "status", "what came of it"], head=True)
    rows = [_request(each, run) for each in run.records.requests]
    if not rows:
        return tag("p", "The cloud was sent nothing.", class_="none")
    return tag("div", tag("table", tag("thead", head), tag("tbody", *rows)), class_="scroll")


def _request(request: Request, run: Run) -> Html:
    passed = max(0.0, moment(request.time) - run.records.began)
    outcome = request.code or ("took effect" if request.applied and request.write else "")
    cells: list[Piece] = [
        str(request.sequence),
        f"{passed:.0f} s",
        request.operation,
        str(request.status or "-"),
        outcome,
    ]
    return row(cells, class_="write" if request.write else None)


def verdict(run: Run) -> Html:
    """Every part, by whose business it is."""
    groups = [
        tag(
            "div", tag("h4", title), tag("ul", *(_part(part, run) for part in run.verdict.parts if part.about == about))
        )
        for about, title in _GROUPS.items()
    ]
    reward = tag("p", "Reward ", tag("b", f"{run.verdict.reward:.0f}"), _proof(run), class_="reward")
    return join([tag("div", *groups, class_="parts"), reward])


def _part(part: Part, run: Run) -> Html:
    declared = part.name in run.scenario.expect.breaches
    kind = "ok" if not part.problems else "declared" if declared else "bad"
    mark = {"ok": "held", "declared": "broken, as declared", "bad": "broken"}[kind]
    problems = [tag("p", problem) for problem in part.problems]
    rule = {**SERVER_RULES, **ASSISTANT_RULES}.get(part.name)
    name = tag("span", part.name.replace("_", " "), title=rule.__doc__ if rule else None)
    return tag(
        "li", tag("i", class_=f"dot {kind}", title=mark, role="img", aria_label=mark), name, *problems, class_=kind
    )


def _proof(run: Run) -> str:
    channels = ", ".join(run.verdict.proof)
    return f" · the yes behind each write came through: {channels}" if channels else " · nothing was changed"
