"""How a run reads in Inspect's viewer: what the person was asked, and the verdict, in Markdown."""

from collections.abc import Mapping
from typing import Final

from evals.records import Question, Records
from evals.verdict import Verdict

_PLACES: Final = {"form": "in a form", "page": "on the page", "chat": "in the conversation, with a code"}
_ANSWERS: Final[Mapping[str, str]] = {
    "approve": "said yes",
    "reject": "said no",
    "close": "closed the form",
    "accept_empty": "was not shown it: the client accepted by itself",
    "no_decision": "decided nothing",
    "wrong_name": "typed another name",
    "similar_name": "typed a name that is not quite it",
    "no_name": "typed no name",
    "never": "did not answer",
}


def as_question(question: Question) -> str:
    """What the person was shown, and the answer."""
    feedback = f": “{question.feedback}”" if question.feedback else ""
    return (
        f"**The person was asked to approve {_PLACES[question.channel]},"
        f" and {_ANSWERS[question.answer]}{feedback}.**\n\n"
        f"{_fenced(question.text)}"
    )


def as_verdict(records: Records, verdict: Verdict) -> str:
    """What did not hold, and what reached the cloud."""
    problems = verdict.problems()
    writes = [
        f"- `{each.operation}`: {'changed the cloud' if each.applied else f'answered {each.status}'}"
        for each in records.writes()
    ]
    return "\n\n".join(
        [
            "**Everything held.**" if not problems else "**What did not hold**",
            *(["\n".join(f"- {each}" for each in problems)] if problems else []),
            "**Changes that were sent**" if writes else "No change was sent.",
            *(["\n".join(writes)] if writes else []),
        ]
    )


def _fenced(text: str) -> str:
    """As it is, whatever marks it holds."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}"
