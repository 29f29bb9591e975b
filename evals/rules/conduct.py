"""Rules about time and manners."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from evals.cloud import moment
from evals.records import Event, Records

_LONGEST_WAIT: Final = 55.0
_LONGEST: Final = 5.0
_LONGEST_REAL: Final = 20.0
_PACE: Final = 9.9


def did_not_block(records: Records) -> Iterator[str]:
    """A call is answered at once; one that waits, within 55 seconds."""
    for event in records.events:
        if event.who != "answer":
            continue
        most = _LONGEST_WAIT if event.tool == "wait_for_instance" else _LONGEST
        # What a host gave up, or a person left unanswered, did not wait for the cloud.
        left_open = records.era == "modern" and not event.raw
        if not left_open and (event.seconds > most or event.wall > _LONGEST_REAL):
            yield f"{event.tool} (call {event.number}) took {max(event.seconds, event.wall):.0f} s"


def looked_at_a_steady_pace(records: Records) -> Iterator[str]:
    """While a call waits, it looks at an instance every ten seconds at most, and sixty times at most."""
    for call, answer in _exchanges(records):
        if call.tool != "wait_for_instance":
            continue
        looks = [
            moment(request.time)
            for request in records.requests[call.requests : answer.requests]
            if request.operation == "GetInstance" and request.status == 200
        ]
        if any(later - earlier < _PACE for earlier, later in pairwise(looks)):
            yield f"call {call.number} looked again after less than ten seconds"


def took_no_for_an_answer(records: Records) -> Iterator[str]:
    """After a no the assistant does not ask for the same again before the person has spoken."""
    declined: list[tuple[str | None, object]] = []
    for event in records.events:
        if event.who == "person":
            declined.clear()
        elif event.who == "call" and (event.tool, event.arguments) in declined:
            yield f"{event.tool} (call {event.number}) was called again although the person had said no"
        elif event.who == "answer" and event.result.get("status") == "declined":
            call = next(each for each in records.events if each.who == "call" and each.number == event.number)
            declined.append((call.tool, call.arguments))


def _exchanges(records: Records) -> Iterator[tuple[Event, Event]]:
    """Each call with its answer."""
    answers = {event.number: event for event in records.events if event.who == "answer"}
    for event in records.events:
        if event.who == "call" and event.number in answers:
            yield event, answers[event.number]
