"""What the person of a scenario says to a live assistant, without a model behind it.

The person answers what is asked in words: as in the script, as far as it goes, with what is known, and else by taking
what is proposed. A person who has said no, or who has what was wished for, says nothing more.
"""

import re
from typing import Final

from evals.records import Question
from evals.scenario import Between, Hear, Scenario

MOST_REPLIES: Final = 4
"""After so many replies the person is tired of it."""
_LOOKS: Final = ("Get", "List")
_ASKS: Final = re.compile(r"[?？]")
_ADDRESS: Final = re.compile(r"https?://\S+")
_CHANNEL: Final = re.compile(r"/approve/|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def asks(said: str) -> bool:
    """Whether words end up in a question to the person; one in an address is none."""
    return _ASKS.search(_ADDRESS.sub("", said)) is not None


def changes_wished(one: Scenario) -> dict[str, int]:
    """How often at least each operation that changes something has to be sent, if it has to."""
    counts = {
        operation: wanted.at_least if isinstance(wanted, Between) else wanted
        for operation, wanted in one.expect.requests.items()
        if not operation.startswith(_LOOKS)
    }
    return {operation: count for operation, count in counts.items() if count}


def reply_to(one: Scenario, said: str, questions: list[Question], turn: int) -> str | None:
    """The person's next words, after `turn` earlier ones; None when there is nothing more to say."""
    if turn >= MOST_REPLIES:
        return None
    at_a_channel = one.client.kind in ("page", "chat")
    if at_a_channel and _CHANNEL.search(said) and questions:
        return _about_the_channel(one, approved=questions[-1].approved)
    content = _is_content(one, questions)
    scripted = [step.person for step in one.assistant.script if isinstance(step, Hear)]
    if not at_a_channel and turn < len(scripted) and (asks(said) or not content):
        return " ".join(filter(None, [scripted[turn], _known(one) if turn == 0 else ""]))
    if content or not asks(said):
        return None
    return " ".join(filter(None, [_known(one) if turn == 0 else "", _leave(one)]))


def _about_the_channel(one: Scenario, *, approved: bool) -> str:
    if one.language == "zh":
        return "我已经批准了，请继续。" if approved else "我不同意。"
    return "I approved it, go on." if approved else "I said no."


def _is_content(one: Scenario, questions: list[Question]) -> bool:
    """Whether the person said no, or yes to as many changes as were wished for."""
    wished = sum(changes_wished(one).values())
    approved = sum(each.approved for each in questions)
    return bool(questions) and (not questions[-1].approved or (wished > 0 and approved >= wished))


def _known(one: Scenario) -> str:
    known = ", ".join(f"{name} {value}" for name, value in one.person.knows.items())
    if not known:
        return ""
    return f"{known}。" if one.language == "zh" else f"{known}."


def _leave(one: Scenario) -> str:
    """What is left to the assistant; who wished for no change wants none."""
    wants_a_change = bool(changes_wished(one)) or bool(one.expect.questions)
    if one.language == "zh":
        return "其余按你的建议，请继续。" if wants_a_change else "其余按你的建议，但什么都不要改动。"
    return (
        "For the rest I take what you propose; go on." if wants_a_change else "As you think best, but change nothing."
    )
