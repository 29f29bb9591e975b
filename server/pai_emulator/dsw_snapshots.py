"""The DSW operations on snapshots: an environment that is saved as a custom image.

Documented: the parameters, the fields, the statuses Committing, Pushing, Failed and Saved, that a snapshot that is
Pushing has an image id already, and that the newest is first. Assumed: that the instance is Running or SaveFailed
before, Saving meanwhile, and Running or SaveFailed again afterwards; how long that takes; that the image is in the
catalogue of the workspace, private, once the snapshot is Saved; that names may repeat, and an address only with
`Overwrite`, which puts the new image in the place of the old one; the form of an address; reason and message of a
failure.
"""

import re
from datetime import datetime
from typing import Final

from pai_emulator import errors, lifecycle, policy
from pai_emulator.call import Call
from pai_emulator.data.images import image_id
from pai_emulator.instance import Instance
from pai_emulator.instance_settings import settle
from pai_emulator.instance_view import snapshot_view, time_text
from pai_emulator.parameters import CREATE_INSTANCE_SNAPSHOT
from pai_emulator.query import Query
from pai_emulator.quota_queue import take_turns
from pai_emulator.region_state import RegionState
from pai_emulator.shapes import checked
from pai_emulator.types import JsonObject
from pai_emulator.world import World

_ADDRESS: Final = re.compile(r"[a-z0-9][a-z0-9.-]*(:\d+)?(/[a-z0-9._-]+)+:[A-Za-z0-9._-]{1,128}", re.ASCII)
_FAILED: Final = {
    "Status": "Failed",
    "ReasonCode": "InternalError",
    "ReasonMessage": "Push image failed: denied: requested access to the resource is denied",
}


def create_instance_snapshot(world: World, call: Call) -> JsonObject:
    """CreateInstanceSnapshot."""
    region, instance = world.find_instance(call)
    asked = checked(call.body, CREATE_INSTANCE_SNAPSHOT)
    for name in ("SnapshotName", "ImageUrl"):
        if not asked.get(name):
            raise errors.missing_parameter(name)
    if not _ADDRESS.fullmatch(asked["ImageUrl"]):
        raise errors.validation_error(f"ImageUrl {asked['ImageUrl']} is not an address with a tag.")
    settle(region, {"Labels": asked.get("Labels", [])})
    instance.allow("CreateInstanceSnapshot", world.clock.now())
    taken = region.find_image({"ImageUrl": asked["ImageUrl"]})
    if taken is not None and not asked.get("Overwrite", False):
        raise errors.validation_error(f"Image already exists: {asked['ImageUrl']}.")
    stays = world.faults.assumed(region.region_id, "snapshot-life-cycle") == "Running"
    return save(world, region, instance, asked, lifecycle.SAVE_RUNNING if stays else lifecycle.SAVE)


def get_instance_snapshot(world: World, call: Call) -> JsonObject:
    """GetInstanceSnapshot."""
    _, instance = world.find_instance(call)
    for snapshot in instance.snapshots:
        if snapshot.get("SnapshotId") == call.path["SnapshotId"]:
            return _shown(snapshot, world.clock.now())
    raise errors.snapshot_not_found(call.path["SnapshotId"])


def list_instance_snapshot(world: World, call: Call) -> JsonObject:
    """ListInstanceSnapshot."""
    _, instance = world.find_instance(call)
    query = Query(call)
    query.choice("SortBy", {"gmtCreate", "GmtCreateTime"})
    oldest_first = query.choice("Order", {"ASC", "DESC"}) == "ASC"
    found = instance.snapshots if oldest_first else instance.snapshots[::-1]
    listed = [_shown(each, world.clock.now()) for each in query.page(default_size=10).cut(found)]
    return {"Snapshots": listed, "TotalCount": len(found)}


def save(
    world: World, region: RegionState, instance: Instance, asked: JsonObject, route: tuple[str, ...]
) -> JsonObject:
    """Set the instance on a route that saves its environment; `asked` is a body of CreateInstanceSnapshot."""
    now, fails = world.clock.now(), world.faults.save_fails(region.region_id)
    instance.set_out(lifecycle.SAVE_FAILING if fails else route, now, world.seeded.fraction)
    if instance.resource_id is not None:
        take_turns(region, instance.resource_id, now)
    region.touch()
    ends = instance.course[1].begins
    position = len(instance.snapshots)
    name, address = asked["SnapshotName"], asked["ImageUrl"]
    taken = region.find_image({"ImageUrl": address})
    new_id = taken["ImageId"] if taken else image_id(instance.instance_id, str(position))
    snapshot: JsonObject = {
        "SnapshotId": f"snp-{world.seeded.hexadecimal(16, 'snapshot', instance.instance_id, position)}",
        "SnapshotName": name,
        "InstanceId": instance.instance_id,
        "ImageId": new_id,
        "ImageName": name,
        "ImageUrl": address,
        "RepositoryUrl": f"https://cr.console.aliyun.com/repository/{region.region_id}/saved/{name}/images",
        "Labels": asked.get("Labels", []),
        "ExcludePaths": asked.get("ExcludePaths", []),
        "ReasonCode": "",
        "ReasonMessage": "",
        "GmtCreateTime": time_text(now),
        "GmtModifiedTime": time_text(ends),
        "PushedFrom": time_text(now + (ends - now) / 3),
        "EndsAt": time_text(ends),
    }
    instance.snapshots.append(snapshot | _FAILED if fails else snapshot)
    if not fails:
        description = asked.get("SnapshotDescription", f"Saved from {instance.name}")
        region.images[new_id] = _image(region, instance, snapshot, description)
    return {"InstanceId": instance.instance_id, "SnapshotId": snapshot["SnapshotId"]}


def _image(region: RegionState, instance: Instance, snapshot: JsonObject, description: str) -> JsonObject:
    """The custom image, which is there from the time on at which it was created."""
    labels = {
        "system.chipType": region.resources(instance.settings).accelerator_type,
        "system.supported.dsw": "true",
        "system.dsw.fromInstanceId": instance.instance_id,
    }
    created_at = snapshot["EndsAt"].replace("Z", ".000Z")
    return {
        "ImageId": snapshot["ImageId"],
        "Name": snapshot["ImageName"],
        "Description": description,
        "ImageUri": snapshot["ImageUrl"],
        "Accessibility": "PRIVATE",
        "Size": 12 * 2**30,
        "UserId": instance.user_id,
        "ParentUserId": policy.ACCOUNT_ID,
        "WorkspaceId": instance.workspace_id,
        "SourceType": "instance",
        "SourceId": instance.instance_id,
        "GmtCreateTime": created_at,
        "GmtModifiedTime": created_at,
        "Labels": [{"Key": key, "Value": value} for key, value in labels.items()] + snapshot["Labels"],
    }


def _shown(snapshot: JsonObject, now: datetime) -> JsonObject:
    view = snapshot_view(snapshot, now)
    return {name: value for name, value in view.items() if name not in {"ImageName", "RepositoryUrl"}}
