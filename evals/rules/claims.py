"""Rules about what a server says of the cloud: what it has done there, and how things stand."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from evals.answers import spread
from evals.cloud import moment
from evals.records import Event, Records, Request

_SENT: Final = frozenset({"done", "partly_done", "unknown"})
_SETTLED: Final = frozenset({"Running", "Stopped", "Failed"})
"""What an instance does not leave by itself."""
_OF_A_WORKSPACE: Final = ("WorkspaceName", "DisplayName", "Description", "EnvTypes")


def told_what_was_done(records: Records) -> Iterator[str]:
    """What an answer calls done, the cloud has carried out; and what was carried out is told to have been sent."""
    calls = {event.number: event for event in records.events if event.who == "call"}
    answers = [event for event in records.events if event.who == "answer" and event.number in calls]
    windows = [(answer, _applied_during(calls[answer.number], answer, records)) for answer in answers]
    for place, (answer, applied) in enumerate(windows):
        if answer.result.get("status") == "done":
            yield from _unfounded(answer, [*_applied_before(answer, windows[:place]), *applied], records)
            yield from _refused_during(calls[answer.number], answer, records)
    for write in records.writes():
        told = [answer for answer, applied in windows if write in applied]
        if write.applied and told and not any(_admits(answer) for answer in told):
            yield f"{write.operation} (request {write.sequence}) was carried out; {told[0].tool} does not say so"


def _applied_during(call: Event, answer: Event, records: Records) -> list[Request]:
    seen = records.requests[call.requests : answer.requests]
    return [request for request in seen if request.write and request.applied]


def _applied_before(answer: Event, windows: Sequence[tuple[Event, list[Request]]]) -> Iterator[Request]:
    """What was carried out while calls under the same approval said that the outcome was unknown."""
    for earlier, applied in windows:
        told = earlier.result
        if told.get("status") == "unknown" and told.get("reference") == answer.result.get("reference") is not None:
            yield from applied


def _refused_during(call: Event, answer: Event, records: Records) -> Iterator[str]:
    """A change of which a part was refused is not done; a follow-up is told by itself."""
    told = [each.get("status") for each in spread(answer.result).get("follow_ups", [])]
    if any(status != "done" for status in told):
        return
    for request in records.requests[call.requests : answer.requests]:
        if request.write and request.status is not None and request.status >= 400:
            yield f"{answer.tool} (call {answer.number}) says done; {request.operation} was refused"


def _unfounded(answer: Event, applied: list[Request], records: Records) -> Iterator[str]:
    told = f"{answer.tool} (call {answer.number})"
    targets = {_target(write, records) for write in applied}
    if not applied:
        yield f"{told} says done; the cloud has done nothing"
    for target in _targets_in(answer):
        if target not in targets:
            yield f"{told} says that it was done to {target}, which is not so"


def _targets_in(answer: Event) -> list[object]:
    """What an answer says it was done to: an instance, each of a batch, or a workspace."""
    result = spread(answer.result)
    done = [each.get("instance_id") for each in result.get("follow_ups", []) if each.get("status") == "done"]
    if answer.tool == "stop_instances":
        return done
    named = result.get("instance_id") or result.get("workspace_id")
    # Of a member no id is told.
    return [named] if named or not result.get("change", {}).get("member_name") else []


def _target(write: Request, records: Records) -> object:
    """The id of the instance or workspace that a write made or changed."""
    for kind, rows in (("Instance", records.instances), ("Workspace", records.workspaces)):
        name = write.parameters.get(f"{kind}Name")
        named = (row[f"{kind}Id"] for row in rows if row[f"{kind}Name"] == name)
        # A new instance has the id of its workspace in its body.
        if found := write.parameters.get(f"{kind}Id") if name is None else next(named, None):
            return found
    return None


def told_what_really_changed(records: Records) -> Iterator[str]:
    """What an answer calls done of a workspace is so in the cloud, unless somebody changed it again."""
    calls = {event.number: event for event in records.events if event.who == "call"}
    for answer in records.events:
        if answer.who != "answer" or answer.number not in calls or answer.result.get("status") != "done":
            continue
        for write in _applied_during(calls[answer.number], answer, records):
            later = records.requests[answer.requests :]
            if not any(each.write and each.operation == write.operation for each in later):
                yield from (
                    f"{answer.tool} (call {answer.number}) says done; {each}" for each in _unlike(write, records)
                )


def _unlike(write: Request, records: Records) -> Iterator[str]:
    """Where a workspace is not as a write wanted it."""
    rows = [row for row in records.workspaces if row["WorkspaceId"] == _target(write, records)]
    found: dict[str, Any] = rows[0] if rows else {}
    settings: dict[str, Any] = found.get("Configs", {})
    wanted = {name: write.parameters[name] for name in _OF_A_WORKSPACE if name in write.parameters}
    if write.operation in {"UpdateWorkspace", "CreateWorkspace"}:
        yield from (f"{name} is not {value}" for name, value in wanted.items() if found.get(name) != value)
    for each in write.parameters.get("Configs", []):
        place = f"{each['CategoryName']}.{each['ConfigKey']}"
        if settings.get(place) != each["ConfigValue"]:
            yield f"{place} is not {each['ConfigValue']}"


def _admits(answer: Event) -> bool:
    """An answer that never came, or came as an error, denies nothing."""
    return not answer.raw or answer.is_error or answer.result.get("status") in _SENT


def sent_the_time_that_was_asked_for(records: Records) -> Iterator[str]:
    """A time with an offset reaches the cloud as the same moment."""
    calls = {event.number: event for event in records.events if event.who == "call"}
    for answer in records.events:
        wish = calls[answer.number].arguments.get("stop_at") if answer.number in calls else None
        if answer.who != "answer" or not isinstance(wish, str):
            continue
        for request in records.requests[calls[answer.number].requests : answer.requests]:
            due = request.parameters.get("DueTime")
            if isinstance(due, str) and moment(due) != moment(wish):
                yield f"{answer.tool} (call {answer.number}) was asked for {wish} and sent {due}"


def told_how_it_stands(records: Records) -> Iterator[str]:
    """Who was told that an instance runs, has stopped or failed finds it so in the end, if nothing happened since."""
    told: dict[str, tuple[str, Event]] = {}
    calls = {event.number: event for event in records.events if event.who == "call"}
    for event in records.events:
        if event.who == "note" and not event.raw:
            # Time passes, somebody meddles: what was told before need not be so any more.
            told.clear()
        elif event.who == "answer" and event.number in calls:
            told |= {instance_id: (status, event) for instance_id, status in _standings(event, calls[event.number])}
    rows = {row["InstanceId"]: row for row in records.instances}
    for instance_id, (status, event) in told.items():
        later = records.requests[event.requests :]
        is_touched = any(
            each.applied and each.parameters.get("InstanceId") == instance_id for each in later if each.write
        )
        row = rows.get(instance_id)
        if row is not None and status in _SETTLED and not is_touched and row["Status"] != status:
            yield f"{event.tool} (call {event.number}) says that {instance_id} is {status}; it is {row['Status']}"


def _standings(answer: Event, call: Event) -> Iterator[tuple[str, str]]:
    """Each instance that an answer speaks of, with its status."""
    rows: list[dict[str, Any]] = [*spread(answer.result).get("instances", []), answer.result]
    for row in rows:
        instance_id = row.get("instance_id") or call.arguments.get("instance_id")
        status = row.get("instance_status") or row.get("status")
        if isinstance(instance_id, str) and isinstance(status, str):
            yield instance_id, status
