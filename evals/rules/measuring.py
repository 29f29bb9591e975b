"""Rules about what is told of an instance's past and use: measured, complete or said not to be, and newest first."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from evals.records import Event, Records, Request

_MISSING: Final = "InvalidAction.NotFound"


def told_only_what_was_measured(records: Records) -> Iterator[str]:
    """Idle time and figures of use are of instances whose metrics the cloud gave during that very call."""
    for call, event, requests in _answers(records):
        measured = {
            request.parameters.get("InstanceId")
            for request in requests
            if request.operation == "GetInstanceMetrics" and request.status == 200
        }
        for instance_id in _measured_in(call, event):
            if instance_id not in measured:
                yield f"{event.tool} (call {event.number}) tells the use of {instance_id}, which was not measured"


def said_what_was_left_out(records: Records) -> Iterator[str]:
    """An answer names the operation that the service did not have."""
    for _, event, requests in _answers(records):
        for request in requests:
            if request.code == _MISSING and str(request.operation) not in event.text:
                yield f"{event.tool} (call {event.number}) does not say that there is no {request.operation}"


def told_the_newest_first(records: Records) -> Iterator[str]:
    """Times of events fall from row to row; once they may rise, over midnight."""
    for _, event, _ in _answers(records):
        if event.tool == "get_instance_events":
            times = [row["time"] for row in _rows(event, "events") if "time" in row]
            rising = sum(after > before for before, after in pairwise(times))
            if rising > 1:
                yield f"{event.tool} (call {event.number}) does not begin with the newest event"


def _answers(records: Records) -> Iterator[tuple[Event, Event, list[Request]]]:
    """Each call whose answer is no error, the answer, and the requests that the call led to."""
    calls = {event.number: event for event in records.events if event.who == "call"}
    for event in records.events:
        if event.who == "answer" and event.result and not event.is_error and event.number in calls:
            call = calls[event.number]
            yield call, event, [each for each in records.requests if call.requests < each.sequence <= event.requests]


def _rows(event: Event, name: str) -> list[Mapping[str, Any]]:
    """The rows of a list, each with what all of them have in common."""
    return [{**event.result.get("in_all_rows", {}), **row} for row in event.result.get(name, [])]


def _measured_in(call: Event, event: Event) -> Iterator[Any]:
    if event.tool == "list_idle_instances":
        yield from (row["instance_id"] for row in _rows(event, "instances") if "idle_hours" in row)
    if event.tool == "get_instance_metrics" and "metrics" in event.result:
        yield call.arguments["instance_id"]
