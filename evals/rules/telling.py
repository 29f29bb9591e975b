"""Rules about what an answer has to say: who answered and in which words, of which cloud, and the same in each form."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias, cast

from evals.answers import SENTENCES, in_words, read_text
from evals.records import Event, Question, Records
from evals.rules.account import accounts

Json: TypeAlias = Mapping[str, Any]
_MARKS: Final = ("emulator", "模拟")
_NO_LETTER: Final = re.compile(r"[\W_]")


def told_who_answered(records: Records) -> Iterator[str]:
    """An answer that says done names the channel of the yes; one that says no repeats the person's words."""
    yes = {each.write.sequence: each.question for each in accounts(records)}
    calls = {event.number: event for event in records.events if event.who == "call"}
    asked = 0
    for event in records.events:
        asked += event.who == "question"
        if event.who != "answer" or event.number not in calls:
            continue
        status, sent = event.result.get("status"), range(calls[event.number].requests + 1, event.requests + 1)
        question = next((yes[number] for number in sent if yes.get(number)), None)
        if status == "done" and question and event.result.get("answered_by") != question.channel:
            yield f"{event.tool} (call {event.number}) does not say that the yes came through the {question.channel}"
        if status == "declined" and asked:
            yield from _left_out(event, records.questions[asked - 1])


def _left_out(answer: Event, question: Question) -> Iterator[str]:
    words = question.feedback
    if question.answer == "reject" and words and (words not in answer.text or words not in str(answer.result)):
        yield f"{answer.tool} (call {answer.number}) does not repeat the person's words {words!r}"


def text_and_structure_agree(records: Records) -> Iterator[str]:
    """What an answer says in its text it says in its structure, and the other way round: hosts show either."""
    for event in records.events:
        if event.who == "answer" and event.result and not event.is_error and records.arm == "both":
            text = read_text(event.text)
            sentences = _letters(text.get(SENTENCES[0], ""))
            told = {name: value for name, value in text.items() if _letters(value) not in sentences}
            for problem in _differences(told, in_words(event.result), sentences):
                yield f"{event.tool} (call {event.number}): {problem}"


def _differences(text: Json, structure: Json, sentences: str) -> Iterator[str]:
    """Field by field; what the sentences say, no fact has to say again."""
    for name in dict.fromkeys((*structure, *text)):
        said, meant = text.get(name, ""), structure.get(name, "")
        rows, others = _rows_in(said), _rows_in(meant)
        if rows and len(rows) == len(others):
            for row, other in zip(rows, others, strict=True):
                yield from _differences(row, other, sentences)
        elif _letters(said) != _letters(meant) and (said or _letters(meant) not in sentences):
            yield f"{name} is {str(meant)[:80]!r} in the structure and {str(said)[:80]!r} in the text"


def _rows_in(value: Any) -> list[Json]:
    """The rows of a table, or an object as its only row."""
    rows = cast("list[Any]", value) if isinstance(value, list) else [value]
    return rows if all(isinstance(row, Mapping) for row in rows) else []


def _letters(value: Any) -> str:
    """The letters and figures of a value, whatever joins them."""
    if isinstance(value, Mapping):
        fields = cast("Json", value)
        return "".join(_letters(name) + letters for name, part in fields.items() if (letters := _letters(part)))
    if isinstance(value, list):
        return "".join(map(_letters, cast("list[Any]", value)))
    return _NO_LETTER.sub("", str(value))


def marked_the_emulator(records: Records) -> Iterator[str]:
    """Nobody takes an emulator for the cloud: whatever comes from it says so."""
    for event in records.events:
        if event.who == "answer" and event.result and not any(mark in event.text.lower() for mark in _MARKS):
            yield f"{event.tool} (call {event.number}) does not say that it comes from an emulator"
    for question in records.questions:
        if question.channel != "chat" and not any(mark in question.text.lower() for mark in _MARKS):
            yield f"the question in the {question.channel} does not say that it is about an emulator"
