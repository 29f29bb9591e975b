"""The DSW operations on instances.

Documented: the parameters, that a taken name and an update that changes nothing are HTTP 400, that StartInstance needs
Stopped or Failed, that CreateInstance answers while the instance is still Creating, that a subscription instance needs
`paidsw:CreatePrePaidInstance` or `paidsw:UpdatePrePaidInstance`. Third party: that another owner is ignored without a
word unless an owner or administrator of the workspace names them. Assumed: the same of UpdateInstance; that a name is
unique in its region, over all workspaces and owners; that the default workspace is taken where none is given;
`_CHANGEABLE_WHILE_RUNNING`.
"""

from datetime import datetime
from typing import Final

from pai_emulator import errors, lifecycle, mounts, policy
from pai_emulator.call import Call
from pai_emulator.dsw_snapshots import save
from pai_emulator.instance import Instance
from pai_emulator.instance_listing import list_instances as find_instances
from pai_emulator.instance_settings import check_compute, check_disks, require, settle
from pai_emulator.instance_view import as_got, as_listed
from pai_emulator.lifecycle import Outcome
from pai_emulator.parameters import CREATE_INSTANCE, DISASSOCIATIONS, UPDATE_INSTANCE
from pai_emulator.policy import USER_NAMES
from pai_emulator.query import Query
from pai_emulator.quota_queue import take_turns
from pai_emulator.region_state import RegionState
from pai_emulator.shapes import checked
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_MOUNTS: Final = frozenset({"Datasets", "DynamicMount"})
_CHANGEABLE_WHILE_RUNNING: Final = frozenset({"InstanceName", "Accessibility", "Priority", "UserId"}) | _MOUNTS
_OTHERWISE_CHANGEABLE: Final = {"none": frozenset[str](), "all": frozenset({*CREATE_INSTANCE, *UPDATE_INSTANCE})}
"""The alternatives."""


def create_instance(world: World, call: Call) -> JsonObject:
    """CreateInstance."""
    region = world.region(call.region_id)
    settings = settle(region, checked(call.body, CREATE_INSTANCE))
    require(settings)
    settings["WorkspaceId"] = _workspace_id(region, settings)
    if "ResourceId" in settings:
        _authorize(region, call, settings["WorkspaceId"], "paidsw:CreatePrePaidInstance")
    region.check_member(call, settings["WorkspaceId"], "paidsw:CreatePostPaidInstance")
    _check_name(world, region, settings["InstanceName"])
    user_id = region.owner_of_new(call.user, settings["WorkspaceId"], settings.pop("UserId", None))
    outcome = world.outcome(region, settings)
    instance = world.add_instance(region, settings, user_id)
    route = lifecycle.CREATE_ON_QUOTA if instance.resource_id else lifecycle.CREATE
    _send(world, region, instance, route, outcome, now=instance.created_at)
    return {"InstanceId": instance.instance_id}


def get_instance(world: World, call: Call) -> JsonObject:
    """GetInstance. `Token` is ignored, and `Fields` (comma-separated) limits the fields shown (both assumed)."""
    region, instance = world.find_instance(call)
    view = as_got(region, instance, world.clock.now())
    fields = Query(call).csv("Fields")
    return {name: value for name, value in view.items() if name in fields} if fields else view


def list_instances(world: World, call: Call) -> JsonObject:
    """ListInstances."""
    region, now = world.region(call.region_id), world.clock.now()
    query, default, faults = Query(call), region.default_workspace() or {}, world.faults
    page = query.page(default_size=10)
    region.check_member(call, query.text("WorkspaceId") or default.get("WorkspaceId"), "paidsw:ListInstances")
    private_only = faults.lists_private_only(call.region_id)
    found = find_instances(region, call, now, faults.list_lag(call.region_id), private_only=private_only)
    listed = [as_listed(region, instance, now) for instance in page.cut(found)]
    return {"Instances": listed, "TotalCount": len(found)}


def update_instance(world: World, call: Call) -> JsonObject:
    """UpdateInstance."""
    region, instance = world.find_instance(call)
    if instance.resource_id:
        _authorize(region, call, instance.workspace_id, "paidsw:UpdatePrePaidInstance")
    status = instance.allow("UpdateInstance", world.clock.now())
    asked = checked(call.body, UPDATE_INSTANCE)
    start = asked.pop("StartInstance", False)
    before = {**instance.settings, "UserId": instance.user_id}
    after = _updated(region, before, asked)
    if after["UserId"] != before["UserId"] and not region.administers(call.user, instance.workspace_id):
        after["UserId"] = before["UserId"]
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if not changed:
        raise errors.validation_error(f"Instance {instance.instance_id} is like this already.")
    fixed = changed - _changeable_while_running(world, region) if status == "Running" else set[str]()
    if fixed:
        names = ", ".join(sorted(fixed))
        raise errors.wrong_status(instance.instance_id, status, f"changing {names}")
    check_compute(after)
    check_disks(before, after)
    mounts.check(after)
    if "InstanceName" in changed:
        _check_name(world, region, after["InstanceName"])
    if world.faults.drops_updates(region.region_id):
        after = before
    instance.user_id = after.pop("UserId")
    instance.user_name = USER_NAMES.get(instance.user_id, instance.user_name)
    instance.settings = after
    if status == "Running":
        is_live = world.faults.assumed(region.region_id, "mounts-while-running") == "live"
        restarts = mounts.made_at_start(before) != mounts.made_at_start(after) and not is_live
        _send(world, region, instance, lifecycle.UPDATE_RESTARTING if restarts else lifecycle.UPDATE_RUNNING)
    elif start:
        outcome = world.outcome(region, after)
        _send(world, region, instance, ("Updating", *_start_route(world, instance)), outcome)
    else:
        _send(world, region, instance, lifecycle.UPDATE_STOPPED)
    return {"InstanceId": instance.instance_id}


def start_instance(world: World, call: Call) -> JsonObject:
    """StartInstance."""
    region, instance = world.find_instance(call)
    instance.allow("StartInstance", world.clock.now())
    _send(world, region, instance, _start_route(world, instance), world.outcome(region, instance.settings))
    return {"InstanceId": instance.instance_id}


def stop_instance(world: World, call: Call) -> JsonObject:
    """StopInstance. That `SaveImage` makes a custom image of the workspace, in a place of its own, is assumed."""
    region, instance = world.find_instance(call)
    if not Query(call).flag("SaveImage"):
        played = world.faults.assumed(region.region_id, "stop-from")
        instance.allow("StopInstance", world.clock.now(), lifecycle.STOPPED_FROM.get(played or ""))
        _send(world, region, instance, lifecycle.STOP)
        return {"InstanceId": instance.instance_id}
    instance.allow("StopInstance with SaveImage", world.clock.now())
    name = f"{instance.name}_{len(instance.snapshots) + 1}".lower().replace("_", "-")
    address = f"registry-vpc.{region.region_id}.aliyuncs.com/saved/{name}:{instance.number}"
    save(world, region, instance, {"SnapshotName": name, "ImageUrl": address}, lifecycle.SAVE_AND_STOP)
    return {"InstanceId": instance.instance_id}


def _authorize(region: RegionState, call: Call, workspace_id: str, action: str) -> None:
    if not region.permits(call.user, workspace_id, action):
        raise policy.denial(action, call)


def _workspace_id(region: RegionState, settings: JsonObject) -> str:
    workspace = region.default_workspace()
    workspace_id = settings.get("WorkspaceId", workspace and workspace["WorkspaceId"])
    if workspace_id not in region.workspaces:
        raise errors.validation_error(f"Workspace {workspace_id} does not exist in {region.region_id}.")
    return workspace_id


def _check_name(world: World, region: RegionState, name: str) -> None:
    if any(instance.name == name for instance in region.instances.values()):
        raise errors.name_exists(name, world.faults.assumed(region.region_id, "taken-name") or "ValidationError")


def _changeable_while_running(world: World, region: RegionState) -> frozenset[str]:
    played = world.faults.assumed(region.region_id, "changes-while-running")
    names = _OTHERWISE_CHANGEABLE.get(played or "", _CHANGEABLE_WHILE_RUNNING)
    return names - _MOUNTS if world.faults.assumed(region.region_id, "mounts-while-running") == "refused" else names


def _updated(region: RegionState, before: JsonObject, asked: JsonObject) -> JsonObject:
    """The settings after an update: first what is disassociated goes, then what is given takes its place."""
    after = dict(before)
    for flag, name in DISASSOCIATIONS.items():
        if not asked.pop(flag, False):
            continue
        if name == "ForwardInfos":
            after["UserVpc"] = {key: value for key, value in before.get("UserVpc", {}).items() if key != name}
        else:
            after.pop(name, None)
    if "Datasets" in asked:
        asked["Datasets"] = mounts.without_shown_addresses(region, asked["Datasets"])
    given = settle(region, asked)
    if given.keys() & {"ImageId", "ImageUrl"}:
        after = {name: value for name, value in after.items() if name not in {"ImageId", "ImageUrl"}}
    after |= given
    return {name: value for name, value in after.items() if value not in ({}, [])}


def _send(
    world: World,
    region: RegionState,
    instance: Instance,
    route: tuple[str, ...],
    outcome: Outcome = "runs",
    *,
    now: datetime | None = None,
) -> None:
    """Set the instance on a route, which ends in Failed where it starts up and the outcome is not that it runs.

    `now` is when a new instance was made, so that it was nothing before, also where the clock runs on meanwhile.
    """
    way = route if outcome == "runs" else lifecycle.to_failed(route, outcome)
    now = now or world.clock.now()
    instance.set_out(way, now, world.seeded.fraction, outcome)
    if instance.resource_id is not None:
        take_turns(region, instance.resource_id, now)
    region.touch()


def _start_route(world: World, instance: Instance) -> tuple[str, ...]:
    if instance.resource_id:
        return lifecycle.START_ON_QUOTA
    played = world.faults.assumed(instance.region_id, "status-after-start")
    return lifecycle.STARTS.get(played or "", lifecycle.START)
