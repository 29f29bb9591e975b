"""Whether a file holds the records of one whole run, as `python -m evals serve` writes them.

Nobody is kept from inventing a run from beginning to end. What is left out, cut off, mixed up, or changed in one place
does not fit the rest, or does not fit the scenario, and is told as such instead of being judged.
"""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from evals.cloud import Clouds, moment
from evals.loading import ScenarioError, scenario
from evals.records import Event, Records
from pai_emulator.operations import OPERATIONS

_OF_THE_SCENARIO: Final = (
    "language",
    "cost_line",
    "began",
    "instances_before",
    "workspaces_before",
    "people",
    "prices",
    "currencies",
    "region_names",
    "workspace_names",
    "secrets",
    "hostile_words",
    "wished",
)
"""What follows from the scenario and from the requests, and is worked out again."""
_STILL: Final = ("InstanceName", "EcsSpec", "ImageId", "ImageUrl", "Accessibility", "WorkspaceId")
"""What no instance changes by itself."""
_SETTLED: Final = frozenset({"Running", "Stopped", "Failed"})
_KNOWN: Final = frozenset(operation.name for operation in OPERATIONS)
_SLACK: Final = 0.001
"""Seconds by which two clocks that are the same one may differ once they were written down."""


class EvidenceError(ValueError):
    """A file holds no records of a whole run; the message says which and why."""


def read_evidence(path: Path) -> Records:
    """Records that can be judged.

    Raises:
        EvidenceError: They are no records, or not those of a whole run.
        ScenarioError: They are of a scenario that there is not.
        OSError: The file cannot be read.
    """
    try:
        written = json.loads(path.read_bytes(), object_pairs_hook=_object)
        records = Records.model_validate(written)
    except ValidationError as error:
        where = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:3])
        raise EvidenceError(f"{path.name}: these are no records ({where})") from None
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{path.name}: this is no JSON as serve writes it ({error})") from None
    unlike = next(_unlike(written, records.model_dump(mode="json"), ""), None)
    try:
        found = [unlike] if unlike else list(flaws(records))
    except ScenarioError:
        raise
    except (LookupError, TypeError, ValueError) as error:
        found = [f"something in them is not what it should be ({error})"]
    if found:
        raise EvidenceError("\n".join([f"{path.name}: these are not the records of a whole run", *found]))
    return records


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name is given twice")
    return fields


def _unlike(written: Any, whole: Any, place: str) -> Iterator[str]:
    """Where a file differs from what its records would be written as: a field is missing, or unknown."""
    if isinstance(written, dict) and isinstance(whole, dict):
        there: dict[str, Any] = dict(written)  # pyright: ignore[reportUnknownArgumentType]  # JSON
        wanted: dict[str, Any] = dict(whole)  # pyright: ignore[reportUnknownArgumentType]  # the same
        yield from (f"{place}{name} is missing" for name in wanted.keys() - there.keys())
        yield from (f"{place}{name} is unknown" for name in there.keys() - wanted.keys())
        for name in wanted.keys() & there.keys():
            yield from _unlike(there[name], wanted[name], f"{place}{name}.")
    elif isinstance(written, list) and isinstance(whole, list):
        for number, (one, other) in enumerate(zip(written, whole, strict=True)):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # JSON
            yield from _unlike(one, other, f"{place}{number}.")


def flaws(records: Records) -> Iterator[str]:
    """What does not fit, in words; raises ScenarioError."""
    for part in _PARTS:
        yield from part(records)


def _fits_the_scenario(records: Records) -> Iterator[str]:
    one = scenario(records.scenario)
    again = records.model_copy()
    with Clouds() as clouds:
        cloud = clouds.take(one)
        cloud.explain(again)
        again.began = cloud.now()
        again.instances_before = cloud.instances_before
        again.workspaces_before = cloud.workspaces_before
    yield from (
        f"{name} is not that of {one.id}" for name in _OF_THE_SCENARIO if getattr(records, name) != getattr(again, name)
    )
    first = records.events[0] if records.events else None
    if first is None or (first.who, first.text) != ("person", one.request):
        yield "it does not begin with the person's request"
    if records.unmet:
        yield "it says what a script came to, and no script was played"


def _requests_are_all_there(records: Records) -> Iterator[str]:
    if [each.sequence for each in records.requests] != [*range(1, len(records.requests) + 1)]:
        yield "requests are missing, or not in order"
    times = [moment(each.time) for each in records.requests]
    if any(later < earlier for earlier, later in pairwise([records.began, *times])):
        yield "requests are not in the order of time"
    for each in records.requests:
        # STS is of the older style, in which a read is sent with POST too.
        is_write = each.method != "GET" and each.product != "sts"
        applied = each.outcome.startswith("applied")
        if (each.write, each.applied) != (is_write, applied) or each.operation not in {None, *_KNOWN}:
            yield f"request {each.sequence} contradicts itself"


def _events_are_all_there(records: Records) -> Iterator[str]:
    for earlier, later in pairwise(records.events):
        if later.at < earlier.at - _SLACK or later.requests < earlier.requests:
            yield f"events are not in order: {later.who} {later.tool or later.text[:40]!r}"
    if any(event.requests > len(records.requests) for event in records.events):
        yield "requests are missing at the end"
    calls = [event for event in records.events if event.who == "call"]
    answers = {event.number: event for event in records.events if event.who == "answer"}
    if [call.number for call in calls] != [*range(1, len(calls) + 1)]:
        yield "calls are missing, or not in order"
    if len(answers) != sum(event.who == "answer" for event in records.events):
        yield "a call is answered twice"
    left_open = any(question.answer == "never" for question in records.questions)
    for call in calls:
        answer = answers.pop(call.number, None)
        if answer is None and not left_open:
            yield f"call {call.number} ({call.tool}) was never answered"
        if answer is not None and (answer.tool != call.tool or answer.requests < call.requests):
            yield f"the answer to call {call.number} ({call.tool}) is another one's"
    yield from (f"the answer to call {number} has no call" for number in answers)
    if calls and records.era == "legacy" and not records.listing:
        yield "what the server said of itself is missing"


def _events_tell_of_every_request(records: Records) -> Iterator[str]:
    """A request is made while a call lasts: one that no call brought shows that a call is missing."""
    began = {event.number: event.requests for event in records.events if event.who == "call"}
    ended = {event.number: event.requests for event in records.events if event.who == "answer"}
    lasted = [range(start, ended.get(number, len(records.requests))) for number, start in began.items()]
    for each in records.requests:
        if not any(each.sequence - 1 in span for span in lasted):
            yield f"no call brought request {each.sequence} ({each.operation})"
            return


def _answers_are_as_they_came(records: Records) -> Iterator[str]:
    for event in records.events:
        if event.who == "answer" and not _is_as_it_came(event):
            yield f"the answer to call {event.number} ({event.tool}) is not what came over the wire"


def _is_as_it_came(event: Event) -> bool:
    try:
        message: dict[str, Any] = json.loads(event.raw)
        result: dict[str, Any] = message.get("result") or message["error"]
        blocks: list[dict[str, Any]] = result.get("content", [])
        text = "\n".join(str(block.get("text", "")) for block in blocks) or str(result)
    except (ValueError, LookupError, AttributeError):
        return False
    is_error = "error" in message or bool(result.get("isError"))
    return (event.text, event.result, event.is_error) == (text, result.get("structuredContent") or {}, is_error)


def _questions_are_all_there(records: Records) -> Iterator[str]:
    asked = [event.text for event in records.events if event.who == "question"]
    if sorted(asked) != sorted(question.text for question in records.questions):
        yield "questions are missing, or were never asked"
    for question in records.questions:
        is_in_order = 0 <= question.asked_after <= question.answered_after <= len(records.requests)
        if not is_in_order or (question.approved and question.answer != "approve"):
            yield f"a question contradicts itself: {question.text[:40]!r}"


def _the_end_follows(records: Records) -> Iterator[str]:
    """What nobody changed is as it was, and what is new was created."""
    applied = [each for each in records.writes() if each.applied]
    before = {row["InstanceId"]: row for row in records.instances_before}
    after = {row["InstanceId"]: row for row in records.instances}
    touched = {each.parameters.get("InstanceId") for each in applied}
    for instance_id, row in after.items():
        earlier = before.get(instance_id)
        if earlier is None or instance_id in touched:
            continue
        still = [name for name in _STILL if row.get(name) != earlier.get(name)]
        if still or (earlier["Status"] in _SETTLED and row["Status"] != earlier["Status"]):
            yield f"{instance_id} changed, and no request did it"
    workspaces = {each.parameters.get("WorkspaceId") for each in applied if each.operation != "CreateInstance"}
    names = {each.parameters.get("WorkspaceName") for each in applied}
    for row in records.workspaces:
        if row["WorkspaceId"] not in workspaces and row["WorkspaceName"] not in names:
            yield f"workspace {row['WorkspaceId']} changed, and no request did it"
    made = len(after.keys() - before.keys())
    created = sum(each.operation == "CreateInstance" for each in applied)
    if made != created:
        yield f"{made} instances are new, and {created} were created"


_PARTS: Final[tuple[Callable[[Records], Iterator[str]], ...]] = (
    _fits_the_scenario,
    _requests_are_all_there,
    _events_are_all_there,
    _events_tell_of_every_request,
    _answers_are_as_they_came,
    _questions_are_all_there,
    _the_end_follows,
)
