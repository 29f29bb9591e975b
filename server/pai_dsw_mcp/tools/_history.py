"""What this server did to an instance, as its journal has it: the service itself keeps no record of changes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from pai_dsw_mcp.gate.services import Services
from pai_dsw_mcp.journal.errors import JournalError
from pai_dsw_mcp.journal.store import Journal
from pai_dsw_mcp.model.change import Change, Item, Parameter
from pai_dsw_mcp.model.instance import Instance, SpotSpec
from pai_dsw_mcp.model.writes import SET_AUTO_STOP
from pai_dsw_mcp.tools._projection import Projection, Shown

_LOOKED_AT: Final = 100
_MOST: Final = 5
_LATELY: Final = 60.0
_BEGINS_A_RUN: Final = frozenset({"create_instance", "start_instance"})
_NO_VALUE: Final = frozenset({"RegionId", "InstanceId"})


class PastWrite(Projection):
    """A write that the service accepted; of an update, what it changed from and to."""

    at: str
    action: str
    changed: dict[Shown, Shown] | None = None


async def history_of(services: Services, instance_id: str) -> list[PastWrite] | None:
    """The newest writes to the instance, newest first; None where there is none, or the journal cannot be read.

    Their times are those of the cloud, as everything else that is told of an instance.
    """
    journal = services.journal
    # A look at an instance is no reason to make the file.
    if not journal.database.is_made():
        return None
    try:
        operations = await journal.operations(limit=_LOOKED_AT)
        accepted = [each for each in operations if each.target_id == instance_id and each.state == "done"][:_MOST]
        approvals = [await journal.get(each.approval_id) for each in accepted]
    except JournalError:
        return None
    return [
        PastWrite(
            at=datetime.fromtimestamp(services.cloud_time(operation.sent_at), UTC).strftime("%Y-%m-%dT%H:%MZ"),
            action=operation.action,
            changed=_changed(approval.change.parameters)
            if approval is not None and operation.action == "update_instance"
            else None,
        )
        for operation, approval in zip(accepted, approvals, strict=True)
    ] or None


def is_stopped_from_here(history: Sequence[PastWrite] | None) -> bool:
    """Whether the last that ended or began a run, as far as the history tells, is a stop."""
    for each in history or ():
        if each.action == "stop_instance":
            return True
        if each.action in _BEGINS_A_RUN or "StartInstance" in (each.changed or {}):
            return False
    return False


async def accepted_lately(journal: Journal, instance_id: str, action: str, now: float) -> bool:
    """Whether the service accepted this action of ours so lately that it may not show in the status yet."""
    if not journal.database.is_made():
        return False
    try:
        operations = await journal.operations(limit=_LOOKED_AT)
    except JournalError:
        return False
    return any(
        (each.target_id, each.action, each.state) == (instance_id, action, "done") and now - each.sent_at < _LATELY
        for each in operations
    )


async def unsent_auto_stops(journal: Journal) -> dict[str, Change]:
    """The automatic stops that a person approved in the last day and that were not sent, by the id of the instance."""
    if not journal.database.is_made():
        return {}
    try:
        changes = await journal.follow_ups_not_sent(tool=SET_AUTO_STOP.action)
    except JournalError:
        return {}
    return {each.target_id: each for each in changes if each.target_id is not None}


async def spots_set_here(journal: Journal) -> dict[str, SpotSpec | None]:
    """What this server made of spot last, by the ids of the instances; None where it took spot away."""
    if not journal.database.is_made():
        return {}
    try:
        return dict(await journal.spot_changes())
    except JournalError:
        return {}


async def known_spots(journal: Journal) -> dict[str, SpotSpec]:
    """How the instances are bought that this server made spot, by their ids: the service itself does not tell."""
    return {instance_id: spot for instance_id, spot in (await spots_set_here(journal)).items() if spot is not None}


async def command_set_here(journal: Journal, instance_id: str) -> tuple[Item, ...] | None:
    """The start-up command that this server set last, line by line; empty where it took it away, None where neither."""
    command: tuple[Item, ...] | None = None
    for change in await journal.changes_of(instance_id):
        sent = {each.name: each.value for each in change.parameters}
        if "DisassociateUserCommand" in sent:
            command = ()
        if isinstance(lines := sent.get("UserCommand"), tuple):
            command = lines
    return command


def not_set(instance: Instance, unsent: Mapping[str, Change]) -> str | None:
    """The values of an approved automatic stop that the instance lacks; None where it lacks nothing."""
    change = unsent.get(instance.instance_id)
    if change is None:
        return None
    values = {each.name: str(each.value) for each in change.parameters if each.name not in _NO_VALUE}
    lacks_idle_rule = "MaxIdleTimeInMinutes" in values and instance.max_idle_minutes is None
    lacks_timer = bool(values.keys() & {"DueTime", "RemainingTimeInMs"}) and instance.auto_stop_due_at is None
    shown = ", ".join(f"{name} {value}" for name, value in values.items())
    return shown if lacks_idle_rule or lacks_timer else None


def _changed(parameters: tuple[Parameter, ...]) -> dict[str, str]:
    return {each.name: _step(each) for each in parameters if each.name not in _NO_VALUE}


def _step(parameter: Parameter) -> str:
    """From what to what. Lists are not repeated: storage addresses in them are shown elsewhere, and filtered."""
    if not isinstance(parameter.value, str):
        return "changed"
    return f"{parameter.before} -> {parameter.value}" if isinstance(parameter.before, str) else parameter.value
