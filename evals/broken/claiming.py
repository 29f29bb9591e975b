"""Answers that say what is not so, and waits that look too often."""

# What is broken is private to a module or a class.
# pyright: reportPrivateUsage=false

from dataclasses import replace
from typing import Any, Final

from evals.broken.server import broken
from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.errors import CloudError, PaiDswError
from pai_dsw_mcp.gate.done import done
from pai_dsw_mcp.gate.outcome import WriteResult, result
from pai_dsw_mcp.gate.permit import Permit
from pai_dsw_mcp.journal.records import Operation
from pai_dsw_mcp.model.instance import Instance, InstanceFilter
from pai_dsw_mcp.model.status import STARTING_UP
from pai_dsw_mcp.model.wait import Wait, Waits
from pai_dsw_mcp.tools import _tool, create_instance
from pai_dsw_mcp.tools._tool import carry_out

_get_instance = Cloud.get_instance
_NEW: Final = "dsw-0123456789abcdef"


async def done_all_the_same(outcome: Permit | WriteResult) -> Any:
    """What the cloud refused is told as done."""
    try:
        return await carry_out(outcome)
    except CloudError:
        if isinstance(outcome, WriteResult):
            raise
        seen = await outcome.plan.look()
        return await carry_out(seen if isinstance(seen, WriteResult) else done(outcome.approval, None))


async def surely_done(permit: Permit, _error: PaiDswError, operation: Operation, *_: object) -> WriteResult:
    """Nobody knows what became of it, and it is told as done."""
    return done(permit.approval, operation.target_id or _NEW)


async def look_around(cloud: Cloud, region_id: str, instance_id: str) -> Instance:
    """One look at the instance, and one at all of them."""
    await cloud.list_instances(region_id, InstanceFilter())
    return await _get_instance(cloud, region_id, instance_id)


async def already_running(cloud: Cloud, region_id: str, instance_id: str) -> Instance:
    """What starts, will run."""
    found = await _get_instance(cloud, region_id, instance_id)
    return replace(found, status="Running") if found.status in STARTING_UP else found


def whoever_has_it(_wish: object, existing: Instance, _user_id: str | None) -> WriteResult:
    """Whatever has the name is what was asked for."""
    there = result(
        "nothing_to_do",
        "already_exists",
        instance_id=existing.instance_id,
        instance_name=existing.instance_name,
        status=existing.status,
        owner="-",
    )
    return there.model_copy(update={"instance_id": existing.instance_id, "instance_status": existing.status})


def wait_afresh(_waits: object, _whose: str, _region_id: str, _instance_id: str, _until: str, now: float) -> Wait:
    """Each call waits as if it were the first."""
    return Wait(began_at=now, next_look_at=now)


CLAIMING: Final = (
    broken(
        "says that it did what was refused",
        "told_what_was_done",
        "denied-by-rights",
        (_tool, _tool.carry_out, done_all_the_same),
    ),
    broken(
        "says that it did what nobody knows of",
        "told_what_was_done",
        "create-reply-lost",
        (Permit, Permit._failed, surely_done),
    ),
    broken(
        "says that it runs while it starts",
        "told_how_it_stands",
        "wait-until-it-runs",
        (Cloud, Cloud.get_instance, already_running),
    ),
    broken(
        "takes another notebook of that name for the new one",
        "told",
        "reuse-name-in-another-workspace",
        (create_instance.Create, create_instance.Create._already_there, whoever_has_it),
    ),
    broken(
        "looks at all instances whenever it looks at one",
        "looked_at_a_steady_pace",
        "stop-and-wait",
        (Cloud, Cloud.get_instance, look_around),
    ),
    broken(
        "forgets between two calls when it looked",
        "looked_at_a_steady_pace",
        "wait-is-given-up",
        (Waits, Waits.resume, wait_afresh),
    ),
)
