"""The state of all regions, and changes to it that no request made."""

from dataclasses import replace
from datetime import datetime
from typing import Final, cast

from pai_emulator import errors, mounts
from pai_emulator.call import Call, User
from pai_emulator.clock import Clock
from pai_emulator.data.regions import REGIONS
from pai_emulator.faults.model import Faults
from pai_emulator.instance import Instance
from pai_emulator.instance_view import as_got, idle_rule_view, time_text, timer_view
from pai_emulator.lifecycle import Course, Outcome, Step
from pai_emulator.parameters import CREATE_INSTANCE
from pai_emulator.policy import ROLE_ID, ROLE_NAME, USER_IDS, USER_NAMES
from pai_emulator.quota_queue import take_turns
from pai_emulator.region_state import RegionState
from pai_emulator.seeded import Seeded
from pai_emulator.shapes import checked
from pai_emulator.types import JsonObject

_GENERATED_SPECS: Final = ("ecs.g6.large", "ecs.gn6i-c4g1.xlarge", "ecs.gn7i-c8g1.2xlarge", "ecs.c6.large")


class World:
    """Every region of the account. Time is the clock's, ids come from `seed`, and `faults` say what is out of stock."""

    def __init__(self, clock: Clock, seed: int = 0, faults: Faults | None = None) -> None:
        self.clock = clock
        self.faults = faults or Faults()
        self.seeded = Seeded(seed)
        self.policies: dict[str, JsonObject] = {}
        self._regions: dict[str, RegionState] = {}
        self._created = 0
        self.sessions: dict[str, User] = {}

    def region(self, region_id: str) -> RegionState:
        """A region's state; raises `InvalidRegionId.NotFound` for an unknown region."""
        if region_id not in REGIONS:
            raise errors.region_not_found(region_id)
        if region_id not in self._regions:
            self._regions[region_id] = RegionState.at_start(region_id)
        return self._regions[region_id]

    def with_policy(self, user: User) -> User:
        """The user under the RAM policy that the fixture gives them, if it does: `rights` and `denied`.

        A session of a role is under its own, else under that of the role.
        """
        policy = self.policies.get(user.name) or self.policies.get(user.name.partition("/")[0])
        if policy is None:
            return user
        return replace(user, rights=tuple(policy.get("rights", ())), denied=tuple(policy.get("denied", ())))

    def points_of(self, call: Call) -> frozenset[str]:
        """The permission points of the caller's roles in the workspace that a call is about."""
        if call.region_id not in REGIONS:
            return frozenset()
        region = self.region(call.region_id)
        instance = region.instances.get(call.path.get("InstanceId", ""))
        named = (instance and instance.workspace_id, *(source.get("WorkspaceId") for source in (call.path, call.query)))
        workspace_id = next(filter(None, named), call.body.get("WorkspaceId"))
        return region.points_of(call.user, workspace_id if isinstance(workspace_id, str) else None)

    def add_instance(
        self,
        region: RegionState,
        settings: JsonObject,
        user_id: str,
        *,
        course: Course = (),
        instance_id: str | None = None,
    ) -> Instance:
        """A new instance with the next id, or the given one; it begins with `course`, or Running since now."""
        self._created += 1
        now = self.clock.now()
        instance = Instance(
            instance_id=instance_id or f"dsw-{self.seeded.hexadecimal(16, 'instance', self._created)}",
            region_id=region.region_id,
            number=30_000 + self._created,
            user_id=user_id,
            user_name=ROLE_NAME if user_id == ROLE_ID else USER_NAMES[user_id],
            settings={"Accessibility": "PRIVATE", **settings},
            created_at=now,
            course=course or (Step("Running", now),),
            changed_at=now,
        )
        region.instances[instance.instance_id] = instance
        region.touch()
        return instance

    def find_instance(self, call: Call) -> tuple[RegionState, Instance]:
        """The instance that the path of a call names; raises not found also where the caller may not know of it."""
        region = self.region(call.region_id)
        instance = region.instances.get(call.path["InstanceId"])
        if instance is None or not region.may_see(call.user, instance):
            raise errors.instance_not_found(call.path["InstanceId"])
        return region, instance

    def outcome(self, region: RegionState, settings: JsonObject) -> Outcome:
        """The outcome of starting an instance with these settings now."""
        if "ResourceId" in settings:
            if not self._has_memory(region, settings["RequestedResource"]["Memory"]):
                return "memory has no unit"
        elif not self._in_stock(region, settings):
            return "no stock"
        if not region.can_pull(settings):
            return "no such image"
        if region.chip_type(settings) not in {None, region.resources(settings).accelerator_type}:
            return "image does not fit"
        given = settings.get("Datasets", [])
        fails = self.faults.is_mount_failing(region.region_id, given) or mounts.out_of_reach(region.region_id, given)
        return "mount fails" if fails else "runs"

    def _has_memory(self, region: RegionState, amount: str) -> bool:
        """Whether a container can be made with this amount of memory; raises the ApiError that refuses it."""
        played = self.faults.assumed(region.region_id, "memory-without-unit")
        if amount[-1].isdigit() and played == "refused":
            raise errors.validation_error(f"RequestedResource.Memory needs a unit: {amount}.")
        return not amount[-1].isdigit() or played == "GiB"

    def ecs_spec(self, region: RegionState, instance_type: str) -> JsonObject:
        """A row of ListEcsSpecs, with the stock as the faults have it."""
        row = region.ecs_specs[instance_type]
        if self.faults.is_sold_out(region.region_id, instance_type):
            return row | {"IsAvailable": False, "SpotStockStatus": "NoStock"}
        return row

    def _in_stock(self, region: RegionState, settings: JsonObject) -> bool:
        row = self.ecs_spec(region, settings["EcsSpec"])
        is_spot = settings.get("SpotSpec", {}).get("SpotStrategy", "NoSpot") != "NoSpot"
        return row["IsAvailable"] and (not is_spot or row["SpotStockStatus"] == "WithStock")

    # Changes that no request made.

    def overwrite_instance(self, instance_id: str, fields: JsonObject) -> JsonObject:
        """Set any fields of GetInstance and return all of them; an instance of any region, whoever it belongs to.

        A `Status` stays until the next call for the instance, `Events` and `IdleSince` are as in a fixture. What a call
        can set is kept as a setting; everything else, and null, only covers what the wire would show, until the next
        call.
        """
        region, instance = self._anywhere(instance_id)
        now = self.clock.now()
        if "InstanceId" in fields:
            raise errors.validation_error("InstanceId cannot be changed.")
        for name, value in fields.items():
            self._overwrite(instance, name, value, now)
            region.touch()
        if instance.resource_id is not None:
            take_turns(region, instance.resource_id, now)
        return as_got(region, instance, now)

    def _overwrite(self, instance: Instance, name: str, value: object, now: datetime) -> None:
        match name, value:
            case "Status", str():
                instance.stand(value, now)
            case "AccumulatedRunningTimeInMs", int():
                instance.seconds_before += value / 1000 - instance.seconds_running(now)
            case "GmtCreateTime", str():
                instance.created_at = _moment(value)
            case (("Events" | "IdleSince"), _):
                _overwrite_monitoring(instance, value)
            case "InstanceSnapshotList", list():
                instance.snapshots = cast("list[JsonObject]", value)
            case (("UserId" | "UserName"), str()):
                setattr(instance, {"UserId": "user_id", "UserName": "user_name"}[name], value)
            case (("ImageId" | "ImageUrl"), _):
                instance.overwritten[name] = value
            case _, None:
                instance.overwritten[name] = value
            case _ if name in CREATE_INSTANCE:
                instance.settings |= checked({name: value}, CREATE_INSTANCE)
            case _:
                instance.overwritten[name] = value

    def _anywhere(self, instance_id: str) -> tuple[RegionState, Instance]:
        for region in self._regions.values():
            if instance_id in region.instances:
                return region, region.instances[instance_id]
        raise errors.instance_not_found(instance_id)

    def generate_instances(self, region_id: str, count: int) -> list[str]:
        """Add `count` varied instances, half of them Running and half Stopped, and return their ids."""
        region = self.region(region_id)
        workspace_ids = list(region.workspaces) or ["0"]
        user_ids = list(USER_IDS.values())[:2]
        now = self.clock.now()
        made: list[str] = []
        for position in range(count):
            settings: JsonObject = {
                "InstanceName": f"generated_{self._created:05}",
                "WorkspaceId": workspace_ids[position % len(workspace_ids)],
                "EcsSpec": _GENERATED_SPECS[position % len(_GENERATED_SPECS)],
                "ImageUrl": f"registry-vpc.{region_id}.aliyuncs.com/example/notebook:{position % 7}",
                "Accessibility": "PUBLIC" if position % 3 else "PRIVATE",
                "Labels": [{"Key": "batch", "Value": str(position // 100)}],
                "Priority": 1 + position % 9,
            }
            course = (Step("Stopped" if position % 2 else "Running", now),)
            made.append(self.add_instance(region, settings, user_ids[position % 2], course=course).instance_id)
        return made

    def snapshot(self) -> JsonObject:
        """Every instance, saved image and changed workspace, in the form of a fixture that makes this world again."""
        now = self.clock.now()
        regions: JsonObject = {}
        for region in self._regions.values():
            saved = [image for image in region.images.values() if image.get("SourceType") == "instance"]
            instances = [_record(instance, now) for instance in region.instances.values()]
            changed = [region.workspaces[workspace_id] for workspace_id in sorted(region.changed_workspaces)]
            if instances or changed:
                regions[region.region_id] = {"images": saved, "instances": instances}
            if changed:
                regions[region.region_id]["workspaces"] = changed
        users = {"users": self.policies} if self.policies else {}
        return {"time": time_text(now), **users, "regions": regions}


def _overwrite_monitoring(instance: Instance, value: object) -> None:
    """A list of events, or the time since when it is idle; None where it works again."""
    if isinstance(value, list):
        instance.events = [str(each) for each in cast("list[object]", value)]
    else:
        instance.idle_since = None if value is None else _moment(str(value))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise errors.validation_error(f"{text} is no time.") from None


def _record(instance: Instance, now: datetime) -> JsonObject:
    step = instance.step(now)
    record: JsonObject = {
        **instance.settings,
        "InstanceId": instance.instance_id,
        "UserId": instance.user_id,
        "Status": step.status,
        "GmtCreateTime": time_text(instance.created_at),
        "GmtModifiedTime": time_text(instance.modified_at(now)),
        "AccumulatedRunningTimeInMs": int(instance.seconds_running(now) * 1000),
    }
    if step.reason is not None:
        record["ReasonCode"], record["ReasonMessage"] = step.reason
    if instance.events:
        record["Events"] = instance.events
    if instance.idle_since:
        record["IdleSince"] = time_text(instance.idle_since)
    if instance.snapshots:
        record["InstanceSnapshotList"] = instance.snapshots
    if (rule := idle_rule_view(instance, now)) is not None:
        record["IdleInstanceCuller"] = {name: value for name, value in rule.items() if name != "InstanceId"}
    if (timer := timer_view(instance, now)) is not None:
        record["InstanceShutdownTimer"] = {"DueTime": timer["DueTime"]}
    if instance.overwritten:
        record["Overwritten"] = instance.overwritten
    return record
