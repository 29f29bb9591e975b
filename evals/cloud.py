"""The cloud of a scenario: one emulator a seed, which every scenario of this process finds as new."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self, cast

from evals.loading import fixture_of
from evals.records import Records, Request
from evals.scenario import Scenario
from pai_emulator.clock import VirtualClock
from pai_emulator.data.workspaces import workspaces
from pai_emulator.faults.model import Fault
from pai_emulator.fixture import load_fixture
from pai_emulator.members import PEOPLE
from pai_emulator.policy import users_from_seed
from pai_emulator.quota_queue import taken
from pai_emulator.region_state import RegionState
from pai_emulator.serve import Emulator
from pai_emulator.types import JsonObject

_SECRET_PARTS: Final = ("password", "token", "secret", "auth")
_SHORTEST_SECRET: Final = 8
_OF_A_WORKSPACE: Final = ("WorkspaceId", "WorkspaceName", "DisplayName", "Description", "EnvTypes", "Status")
REGION_NAMES: Final = {
    "cn-hangzhou": ["Hangzhou", "杭州"],
    "cn-shanghai": ["Shanghai", "上海"],
    "cn-beijing": ["Beijing", "北京"],
    "cn-shenzhen": ["Shenzhen", "深圳"],
    "cn-guangzhou": ["Guangzhou", "广州"],
    "cn-wulanchabu": ["Ulanqab", "乌兰察布"],
    "cn-hongkong": ["Hong Kong", "香港"],
    "ap-southeast-1": ["Singapore", "新加坡"],
}
"""What a person may call a region besides its id."""


class CloudInUse:
    """An emulator that stands as a scenario wants it, and what can be read off it."""

    def __init__(self, emulator: Emulator, scenario: Scenario) -> None:
        self.emulator = emulator
        self._scenario = scenario
        emulator.reset()
        fixture = fixture_of(scenario)
        if fixture is not None:
            # A copy, because the world changes what it holds.
            load_fixture(emulator.world, fixture.model_copy(deep=True))
        emulator.faults.add(*scenario.cloud.faults)
        name = scenario.cloud.user
        # The keys of another seed are unknown here.
        self._user = users_from_seed(scenario.cloud.seed + 1)[0] if name == "nobody" else emulator.user(name)
        self._began = emulator.clock.now()
        self.instances_before = self.instances()
        self._free_of_quotas = self._read_free_of_quotas()
        self.workspaces_before = self.workspaces()
        of_the_fixture = fixture.regions if fixture is not None else ()
        self._workspaces_at_start = {
            region_id: _names_of(emulator.world.region(region_id).workspaces) for region_id in of_the_fixture
        }

    @property
    def access_key(self) -> tuple[str, str]:
        """Of the user whose rights the server has."""
        return self._user.access_key_id, self._user.access_key_secret

    @property
    def request_count(self) -> int:
        """How many requests have arrived."""
        return len(self.emulator.journal)

    def now(self) -> float:
        """Seconds since the epoch, by the emulator's clock."""
        return self.emulator.clock.now().timestamp()

    def passed(self) -> float:
        """Seconds since the scenario began."""
        return (self.emulator.clock.now() - self._began).total_seconds()

    async def sleep(self, seconds: float) -> None:
        """Lets time pass without taking any."""
        self.emulator.clock.advance(seconds)

    def set_faults(self, faults: list[Fault]) -> None:
        """These, and no others."""
        self.emulator.faults.clear()
        self.emulator.faults.add(*faults)

    def meddle(self, instance: str, fields: JsonObject) -> None:
        """Overwrites fields of an instance, which is given by name or id; raises KeyError where there is none."""
        ids = {row["InstanceName"]: str(row["InstanceId"]) for row in self.instances()}
        self.emulator.world.overwrite_instance(ids.get(instance, instance), fields)

    def instances(self) -> list[JsonObject]:
        """Every instance of every region, as GetInstance would show it to somebody with every right."""
        regions: Mapping[str, JsonObject] = self.emulator.world.snapshot()["regions"]
        return [
            {**row, **self.emulator.world.overwrite_instance(row["InstanceId"], {}), "RegionId": region_id}
            for region_id, region in regions.items()
            for row in region["instances"]
        ]

    def workspaces(self) -> list[JsonObject]:
        """Every workspace that a request made or changed, with roles by names of people and settings by their keys."""
        regions: Mapping[str, JsonObject] = self.emulator.world.snapshot()["regions"]
        return [
            {
                "RegionId": region_id,
                **{name: row[name] for name in _OF_A_WORKSPACE},
                "Members": {PEOPLE[user_id]["MemberName"]: [*roles] for user_id, roles in row["Members"].items()},
                "Configs": {
                    f"{each['CategoryName']}.{each['ConfigKey']}": each["ConfigValue"] for each in row["Configs"]
                },
            }
            for region_id, region in regions.items()
            for row in region.get("workspaces", [])
        ]

    def tell(self, records: Records) -> None:
        """Writes down what the cloud knows."""
        records.requests = [Request.model_validate(entry) for entry in self.emulator.journal.to_json()]
        records.instances_before = self.instances_before
        records.instances = self.instances()
        records.workspaces_before = self.workspaces_before
        records.workspaces = self.workspaces()
        records.began = self._began.timestamp()
        self.explain(records)

    def explain(self, records: Records) -> None:
        """Writes down what is known beside, of the scenario and of the regions that were asked for."""
        specs = self._specs(records)
        records.prices = {name: row["Price"] for name, row in specs.items()}
        records.currencies = {name: row["Currency"] for name, row in specs.items()}
        records.free_of_quotas = self._free_of_quotas
        records.people = {user_id: person["MemberName"] for user_id, person in PEOPLE.items()}
        records.language = self._scenario.language
        records.cost_line = self._scenario.client.cost_line
        records.region_names = REGION_NAMES
        records.workspace_names = self._workspace_names(records)
        start = self._scenario.cloud
        found = _secrets_in([self.instances_before, records.instances])
        client = self._scenario.client
        private = {*client.environment.values(), *client.image_auths.values()}
        records.secrets = sorted({*self._keys(), *found, *start.secrets, *private})
        records.hostile_words = start.hostile_words
        # What is expected not to be sent is no wish.
        records.wished = [name for name, count in self._scenario.expect.requests.items() if count != 0]

    def _read_free_of_quotas(self) -> dict[str, dict[str, float]]:
        """What no workload has of each quota, in units and GiB."""
        now = self.emulator.clock.now()
        regions = [self.emulator.world.region(region_id) for region_id in REGION_NAMES]
        return {
            quota_id: {name: quota[name] - used for name, used in taken(region, quota, now).items()}
            for region in regions
            for quota_id, quota in region.quotas.items()
        }

    def _keys(self) -> set[str]:
        return {key for user in self.emulator.users for key in (user.access_key_id, user.access_key_secret)}

    def _regions(self, records: Records) -> list[RegionState]:
        """The regions that were asked for."""
        ids = {request.region_id for request in records.requests if request.region_id and request.operation}
        return [self.emulator.world.region(region_id) for region_id in sorted(ids)]

    def _specs(self, records: Records) -> dict[str, JsonObject]:
        """Every spec with its hourly price, by `region/spec`."""
        return {
            f"{region.region_id}/{name}": row
            for region in self._regions(records)
            for name, row in region.ecs_specs.items()
        }

    def _workspace_names(self, records: Records) -> dict[str, list[str]]:
        """What a person may call each workspace that was there from the beginning."""
        ids = [region.region_id for region in self._regions(records)]
        known = self._workspaces_at_start
        found = [known[each] if each in known else _names_of(workspaces(each)) for each in ids]
        return {workspace_id: names for names_by_id in found for workspace_id, names in names_by_id.items()}


def _names_of(rows: Mapping[str, JsonObject]) -> dict[str, list[str]]:
    return {
        workspace_id: [
            *filter(None, (row["WorkspaceName"], row["DisplayName"])),
            *(("default workspace", "默认工作空间") if row["IsDefault"] else ()),
        ]
        for workspace_id, row in rows.items()
    }


def _secrets_in(value: object, name: str = "") -> set[str]:
    """The texts under names that speak of secrets."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return {found for key, field in fields.items() for found in _secrets_in(field, key)}
    if isinstance(value, list):
        return {found for item in cast("list[Any]", value) for found in _secrets_in(item, name)}
    is_secret = isinstance(value, str) and any(part in name.lower() for part in _SECRET_PARTS)
    return {str(value)} if is_secret and len(str(value)) >= _SHORTEST_SECRET else set()


class Clouds:
    """The emulators of this process. Not for two scenarios at the same time."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._by_seed: dict[int, Emulator] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def take(self, scenario: Scenario) -> CloudInUse:
        """The cloud at the start of a scenario."""
        seed = scenario.cloud.seed
        if seed not in self._by_seed:
            self._by_seed[seed] = self._stack.enter_context(Emulator(seed=seed, clock=VirtualClock()))
        return CloudInUse(self._by_seed[seed], scenario)


def moment(text: str) -> float:
    """Seconds since the epoch of a time in the journal."""
    return datetime.fromisoformat(text).timestamp()
