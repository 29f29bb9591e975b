"""The world to begin with, read from a JSON file.

    {"time": "2026-01-05T09:00:00Z",
     "users": {"viewer": {"rights": [], "denied": ["paidsw:StopInstance"]}},
     "assume": {"stop-from": "running"},
     "regions": {"cn-hangzhou": {
        "workspaces": [...], "quotas": [...], "images": [...], "datasets": [...], "ecs_specs": [...],
        "instances": [{"InstanceName": "notes", "EcsSpec": "ecs.g6.large", "ImageUrl": "...", "Status": "Stopped"}]}}}

Every part may be left out. A user is one of the test users, with the RAM policy that they have instead of their own. A
row of the catalogue has the wire's names; it is merged into the row that has its id, or added. An instance has the
fields of CreateInstance, and the state of GetInstance. `World.snapshot` writes the same.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, NonNegativeInt, PositiveInt, ValidationError
from pydantic.alias_generators import to_pascal

from pai_emulator.assumptions import check_alternative
from pai_emulator.auto_stop import IdleRule, Timer
from pai_emulator.data.regions import REGIONS
from pai_emulator.errors import ApiError
from pai_emulator.fixture_rows import ADMIN, DEFAULTS, IDS, REQUIRED
from pai_emulator.instance import Instance
from pai_emulator.instance_settings import require, settle
from pai_emulator.lifecycle import STATUSES, Course, Step, continued, travel
from pai_emulator.mounts import without_shown_addresses
from pai_emulator.parameters import CREATE_INSTANCE
from pai_emulator.quota_queue import take_turns
from pai_emulator.recorded import Recorded
from pai_emulator.region_state import RegionState
from pai_emulator.shapes import checked
from pai_emulator.types import JsonObject
from pai_emulator.world import World


class _Region(BaseModel):
    model_config = ConfigDict(extra="forbid")

    workspaces: list[JsonObject] = []
    quotas: list[JsonObject] = []
    images: list[JsonObject] = []
    datasets: list[JsonObject] = []
    ecs_specs: list[JsonObject] = []
    instances: list[JsonObject] = []


class _Policy(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rights: list[str] = []
    denied: list[str] = []


def _assumption(chosen: dict[str, str]) -> dict[str, str]:
    for name, value in chosen.items():
        check_alternative(name, value)
    return chosen


class Fixture(BaseModel):
    """A fixture file: the time, what the users may do, the alternatives to play, and what the regions hold.

    `recorded` are replies of the service, which take the place of the emulator's own.
    """

    model_config = ConfigDict(extra="forbid")

    time: AwareDatetime | None = None
    users: dict[Literal["admin", "developer", "viewer", "pipeline-role"], _Policy] = {}
    assume: Annotated[dict[str, str], AfterValidator(_assumption)] = {}
    regions: dict[str, _Region] = {}
    recorded: list[Recorded] = []


class _IdleRule(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_pascal)

    max_idle_time_in_minutes: PositiveInt
    idle_time_in_minutes: NonNegativeInt = 0
    cpu_percent_threshold: PositiveInt | None = None
    gpu_percent_threshold: PositiveInt | None = None


class _Timer(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_pascal)

    due_time: AwareDatetime


class _State(BaseModel):
    """What an instance has beside its settings. Left out, it is Running, since now, and the administrator's."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_pascal)

    instance_id: str | None = None
    status: str = "Running"
    gmt_create_time: AwareDatetime | None = None
    gmt_modified_time: AwareDatetime | None = None
    accumulated_running_time_in_ms: NonNegativeInt | None = None
    reason_code: str = ""
    reason_message: str = ""
    instance_snapshot_list: list[JsonObject] = []
    idle_instance_culler: _IdleRule | None = None
    instance_shutdown_timer: _Timer | None = None
    events: list[str] = []
    idle_since: AwareDatetime | None = None
    overwritten: JsonObject = {}


class FixtureError(ValueError):
    """The file is no fixture; the message says where."""


def read_fixture(path: Path) -> Fixture:
    """A fixture file; raises FixtureError where it is not of the form, OSError where it cannot be read."""
    try:
        return Fixture.model_validate_json(path.read_bytes())
    except ValidationError as error:
        message = f"{path}: {error}"
        raise FixtureError(message) from None


def load_fixture(world: World, fixture: Fixture) -> None:
    """Put a fixture into a world, and move its clock to `time` if that is ahead; raises FixtureError."""
    if fixture.time is not None:
        world.clock.advance(max(0.0, (fixture.time - world.clock.now()).total_seconds()))
    world.policies |= {name: policy.model_dump() for name, policy in fixture.users.items()}
    for region_id, content in fixture.regions.items():
        if region_id not in REGIONS:
            message = f"regions: there is no region {region_id}"
            raise FixtureError(message)
        _load_region(world, world.region(region_id), content)


def _load_region(world: World, region: RegionState, content: _Region) -> None:
    rows = {
        "workspaces": (region.workspaces, content.workspaces),
        "quotas": (region.quotas, content.quotas),
        "images": (region.images, content.images),
        "datasets": (region.datasets, content.datasets),
        "ecs_specs": (region.ecs_specs, content.ecs_specs),
    }
    for kind, (known, given) in rows.items():
        for position, row in enumerate(given):
            _load_row(kind, known, row, f"{region.region_id}.{kind}[{position}]")
    for position, row in enumerate(content.instances):
        try:
            _load_instance(world, region, row)
        except (ApiError, ValueError) as error:
            message = f"{region.region_id}.instances[{position}]: {error}"
            raise FixtureError(message) from None
    for quota_id in region.quotas:
        take_turns(region, quota_id, world.clock.now())


def _load_row(kind: str, known: dict[str, JsonObject], row: JsonObject, where: str) -> None:
    row_id = row.get(IDS[kind])
    missing = {IDS[kind], *REQUIRED[kind]} - row.keys()
    if row_id is None or (row_id not in known and missing):
        message = f"{where}: lacks {', '.join(sorted(missing))}"
        raise FixtureError(message)
    known[row_id] = known.get(row_id, DEFAULTS[kind]) | row


def _load_instance(world: World, region: RegionState, row: JsonObject) -> None:
    settings = _settings(region, {name: value for name, value in row.items() if name in CREATE_INSTANCE})
    state = _State.model_validate({name: value for name, value in row.items() if name not in CREATE_INSTANCE})
    user_id = settings.pop("UserId", ADMIN)
    _put_in_state(world, world.add_instance(region, settings, user_id, instance_id=state.instance_id), state)


def _settings(region: RegionState, given: JsonObject) -> JsonObject:
    given = checked(given, CREATE_INSTANCE)
    if "Datasets" in given:
        given["Datasets"] = without_shown_addresses(region, given["Datasets"])
    settings = settle(region, given)
    require(settings)
    default = region.default_workspace() or {}
    settings.setdefault("WorkspaceId", default.get("WorkspaceId"))
    if settings["WorkspaceId"] not in region.workspaces:
        message = f"there is no workspace {settings['WorkspaceId']}"
        raise FixtureError(message)
    if any(other.name == settings["InstanceName"] for other in region.instances.values()):
        message = f"the name {settings['InstanceName']} is taken"
        raise FixtureError(message)
    return settings


def _put_in_state(world: World, instance: Instance, state: _State) -> None:
    if state.status not in STATUSES:
        message = f"there is no status {state.status}"
        raise FixtureError(message)
    now = world.clock.now()
    instance.created_at = state.gmt_create_time or now
    instance.changed_at = state.gmt_modified_time or instance.created_at
    instance.undelayed = _course(world, instance, state)
    instance.follow(instance.undelayed, now)
    if state.accumulated_running_time_in_ms is not None:
        instance.seconds_before = state.accumulated_running_time_in_ms / 1000 - instance.seconds_running(now)
    rule, timer = state.idle_instance_culler, state.instance_shutdown_timer
    instance.keep_rules(
        rule
        and IdleRule(
            rule.max_idle_time_in_minutes,
            now - timedelta(minutes=rule.idle_time_in_minutes),
            rule.cpu_percent_threshold,
            rule.gpu_percent_threshold,
        ),
        timer and Timer(timer.due_time, now),
        now,
    )
    instance.snapshots = state.instance_snapshot_list
    instance.events, instance.idle_since = state.events, state.idle_since
    instance.overwritten = state.overwritten


def _course(world: World, instance: Instance, state: _State) -> Course:
    """Where the instance stays, or, for a status that passes, the rest of the way."""
    reason = (state.reason_code, state.reason_message) if state.reason_code or state.reason_message else None
    route = continued(state.status, on_quota=instance.resource_id is not None)
    if len(route) == 1:
        return (Step(state.status, instance.changed_at, reason),)
    now = world.clock.now()
    return travel(route, now, lambda passed: world.seeded.fraction(instance.instance_id, passed), reason)
