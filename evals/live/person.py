"""What the person of a scenario says to a live assistant, without a model: what is known, and that a door was used."""

import re
from typing import Final

from evals.records import Question
from evals.scenario import Scenario

_ASKS: Final = re.compile(r"[?？]")
_LINK: Final = re.compile(r"/approve/|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


def reply_to(one: Scenario, said: str, questions: list[Question], turn: int) -> str | None:
    """The person's next words; None when there is nothing more to say."""
    is_chinese = one.language == "zh"
    if one.client.kind in ("page", "chat") and _LINK.search(said) and questions:
        approved = questions[-1].approved
        if is_chinese:
            return "我已经批准了，请继续。" if approved else "我不同意。"
        return "I approved it, go on." if approved else "I said no."
    if turn or not _ASKS.search(said):
        return None
    known = ", ".join(f"{name} {value}" for name, value in one.person.knows.items())
    if is_chinese:
        return f"{known}。其余按你的建议，请继续。" if known else "按你的建议，请继续。"
    return f"{known}. For the rest I take what you propose; go on." if known else "As you propose; go on."
