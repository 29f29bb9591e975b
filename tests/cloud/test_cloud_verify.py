"""verify-cloud: what it sends, what it makes of the answers, and what of them gets into its report."""

import json
import re
from collections.abc import Generator
from functools import partial
from itertools import pairwise
from typing import Any, Final

import pytest

from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.commands.probes import READS
from pai_dsw_mcp.commands.verify_cloud import as_markdown, examine
from pai_dsw_mcp.errors import CloudError
from pai_emulator.assumptions import assumptions
from pai_emulator.faults.model import Assume, DamagedReply, LostReply, ServerError, Throttle
from pai_emulator.serve import Emulator
from pai_emulator.types import JsonObject
from tests.cloud.loopback import TEST_KEY, Loopback, reply
from tests.emulator.raw_client import NOTEBOOK, RawClient

pytestmark = pytest.mark.anyio

REGION: Final = "cn-hangzhou"
INSTANCES: Final = "/api/v2/instances"
PROBED: Final = {name: each for name, each in assumptions().items() if each.probe not in {"", "writes"}}
ALTERNATIVES: Final = [
    (name, value)
    for name, each in PROBED.items()
    for value in each.alternatives
    # What is refused is in no list.
    if value != each.plays and (name, value) != ("memory-without-unit", "refused")
]
CANARY: Final = "canary"
ON_QUOTA: Final[JsonObject] = {
    **{name: value for name, value in NOTEBOOK.items() if name != "EcsSpec"},
    "InstanceName": "on_quota",
    "ResourceId": "quota40001",
    "RequestedResource": {"CPU": "2", "Memory": "4"},
}


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sent: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def unread(key: str, **values: object) -> None:
    """Nobody reads along."""


async def report(url: str, key: tuple[str, str], gap: float = 0.0, time: Time | None = None) -> dict[str, Any]:
    time = time or Time()
    options = CloudOptions(endpoint=url, test_access_key=key)
    return await examine(options, REGION, gap=gap, tell=unread, now=lambda: time.now, sleep=time.sleep)


async def of(emulator: Emulator, gap: float = 0.0, time: Time | None = None) -> dict[str, Any]:
    admin = emulator.user("admin")
    return await report(emulator.url, (admin.access_key_id, admin.access_key_secret), gap, time)


def live_in(emulator: Emulator, admin: RawClient, count: int = 60) -> str:
    """Leaves behind what an account has after a while: many instances, one that was saved, stopped and started."""
    emulator.world.generate_instances(REGION, count)
    admin.call("POST", INSTANCES, body=ON_QUOTA)
    instance_id: str = admin.call("POST", INSTANCES, body=NOTEBOOK).json["InstanceId"]
    emulator.clock.advance(700)
    saved = {"SnapshotName": "saved", "ImageUrl": "registry.example.com/team/saved:v1"}
    for method, path, body in (
        ("POST", "/snapshots", saved),
        ("PUT", "/stop", {}),
        ("PUT", "/start", {}),
    ):
        assert admin.call(method, f"{INSTANCES}/{instance_id}{path}", body=body).status == 200
        emulator.clock.advance(700)
    return instance_id


@pytest.fixture
def admin(emulator: Emulator) -> Generator[RawClient]:
    with RawClient(emulator.url, emulator.user("admin")) as client:
        yield client


def differing(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["assumption"], row["seen"]) for row in found["findings"] if row["agrees"] is False]


async def test_the_emulator_is_as_it_says(emulator: Emulator, admin: RawClient) -> None:
    live_in(emulator, admin)
    found = await of(emulator)
    assert {row["assumption"] for row in found["findings"]} == PROBED.keys()
    assert [row["assumption"] for row in found["findings"] if not row["agrees"]] == ["dsw-denial"]
    assert found["findings"][-1]["why"] == "no_denial"


async def test_it_sends_no_more_requests_than_it_announces(emulator: Emulator, admin: RawClient) -> None:
    live_in(emulator, admin, count=3)
    found = await of(emulator)
    emulator.faults.add(Assume(id="largest-page", value="cut-to-50"))
    cut = await of(emulator)
    assert max(sum(each["times"] for each in one["requests"]) for one in (found, cut)) == READS


@pytest.mark.parametrize(("name", "value"), ALTERNATIVES)
async def test_an_alternative_is_named_and_nothing_else(
    emulator: Emulator, admin: RawClient, name: str, value: str
) -> None:
    emulator.faults.add(Assume(id=name, value=value))
    live_in(emulator, admin)
    if name == "dsw-denial":
        emulator.world.policies["admin"] = {"rights": ["pai*"], "denied": ["paidsw:GetInstance"]}
    assert differing(await of(emulator)) == [(name, value)]


async def test_a_chinese_report_tells_each_assumption_in_chinese(emulator: Emulator) -> None:
    rows = [row.split(" | ")[0] for row in as_markdown(await of(emulator), "zh").splitlines() if row.startswith("| `")]
    assert len(rows) == len(PROBED)
    assert [row for row in rows if not re.search("[\u4e00-\u9fff]", row)] == []


async def test_only_a_report_of_the_service_asks_to_be_sent(emulator: Emulator) -> None:
    found = await of(emulator)
    assert ("issue" in as_markdown(found, "en"), "issue" in as_markdown(found, "zh")) == (False, False)
    for changed in (found, found | {"findings": [found["findings"][0] | {"agrees": False}]}):
        assert "issue" in as_markdown(changed | {"cloud": "cloud"}, "en")


async def test_outside_of_the_allowed_workspaces_it_looks_at_no_instance(emulator: Emulator, admin: RawClient) -> None:
    live_in(emulator, admin)
    emulator.journal.clear()
    user = emulator.user("admin")
    key = (user.access_key_id, user.access_key_secret)
    options = CloudOptions(endpoint=emulator.url, test_access_key=key, workspaces=("40002",))
    rows = {row["assumption"]: row for row in (await examine(options, REGION, gap=0.0, tell=unread))["findings"]}
    assert {name for name, row in rows.items() if row["why"] == "refused"} == {"unknown-workspace"}
    looked_at = {entry.path.split("/")[4] for entry in emulator.journal.entries if entry.operation == "GetLifecycle"}
    home = {emulator.world.region(REGION).instances[each].workspace_id for each in looked_at}
    assert home == {"40002"}


async def test_a_denial_of_the_default_agrees(emulator: Emulator, admin: RawClient) -> None:
    emulator.world.policies["admin"] = {"rights": ["pai*"], "denied": ["paidsw:*"]}
    rows = {row["assumption"]: row for row in (await of(emulator))["findings"]}
    assert rows["dsw-denial"]["agrees"]
    assert {rows[name]["why"] for name in ("unknown-instance", "largest-page", "system-logs")} == {"refused"}
    assert rows["unknown-image"]["agrees"]


async def test_an_account_without_instances_settles_less_and_claims_no_more(emulator: Emulator) -> None:
    rows = {row["assumption"]: row for row in (await of(emulator))["findings"]}
    assert rows["largest-page"]["sure"] == "certain"
    unseen = {name: row["why"] for name, row in rows.items() if not row["seen"]}
    assert unseen == {
        "list-visibility": "no_public",
        "no-reason": "no_instances",
        "memory-without-unit": "no_bare_memory",
        "status-after-start": "no_restart",
        "snapshot-life-cycle": "no_save",
        "dsw-denial": "no_denial",
    }


@pytest.mark.parametrize("value", ["50", "cut-to-50"])
async def test_the_largest_page_shows_where_there_are_few_instances(emulator: Emulator, value: str) -> None:
    emulator.faults.add(Assume(id="largest-page", value=value))
    specs = emulator.world.region(REGION).ecs_specs
    one = next(each for each in specs.values() if each["AcceleratorType"] == "CPU")
    specs.update({f"ecs.c{n}.large": {**one, "InstanceType": f"ecs.c{n}.large"} for n in range(10, 70)})
    assert differing(await of(emulator)) == [("largest-page", value)]


@pytest.mark.parametrize(
    ("instances", "specs", "seen"),
    [
        ((101, 120), (0, 0), "more"),
        ((100, 120), (0, 0), "cut"),
        ((3, 3), (60, 60), "more"),
        ((3, 3), (20, 60), "cut"),
        ((3, 3), (9, 9), "answered"),
    ],
)
async def test_a_page_of_any_size_that_is_answered_is_told_as_what_came(
    instances: tuple[int, int], specs: tuple[int, int], seen: str
) -> None:
    listed = reply({"Instances": [{}] * instances[0], "TotalCount": instances[1]})
    others = reply({"EcsSpecs": [{}] * specs[0], "TotalCount": specs[1]})
    async with Loopback(listed, listed, listed, others, listed) as service:
        found = await report(service.url, TEST_KEY)
    rows = {row["assumption"]: row for row in found["findings"]}
    assert (rows["largest-page"]["seen"], rows["largest-page"]["agrees"]) == (seen, False)


async def test_it_reads_only_and_a_dozen_times_a_minute_at_most(emulator: Emulator, admin: RawClient) -> None:
    live_in(emulator, admin)
    emulator.journal.clear()
    emulator.faults.add(Throttle(operation="ListInstances", times=2))
    time, times = Time(), list[float]()

    def now() -> float:
        # Everything that was sent by now.
        times.extend([time.now] * (len(emulator.journal) - len(times)))
        return time.now

    user = emulator.user("admin")
    options = CloudOptions(endpoint=emulator.url, test_access_key=(user.access_key_id, user.access_key_secret))
    told: list[tuple[str, dict[str, Any]]] = []

    def tell(key: str, **values: Any) -> None:
        told.append((key, values))

    await examine(options, REGION, gap=5.0, tell=tell, now=now, sleep=partial(sleep_after, time, now))
    assert not any(entry.write for entry in emulator.journal.entries)
    assert len(times) == len(emulator.journal) > 15
    assert all(after - before >= 5 for before, after in pairwise(times))
    assert told[0] == ("verify_begins", {"reads": READS, "gap": 5, "seconds": 90})
    # A list that was asked for again after a 429 is one step.
    assert [values["left"] for _, values in told[1:]] == list(reversed(range(READS)))[: len(times) - 2]


async def sleep_after(time: Time, now: Any, seconds: float) -> None:
    now()
    await time.sleep(seconds)


@pytest.mark.parametrize(
    "fault", [ServerError(times=None, after=1), Throttle(times=None, after=1), LostReply(times=None, after=1)]
)
async def test_what_is_not_answered_is_not_seen(emulator: Emulator, fault: Any) -> None:
    emulator.faults.add(fault)
    found = await of(emulator)
    assert {row["agrees"] for row in found["findings"]} == {None}


async def test_an_answer_that_is_missing_leaves_one_assumption_open(emulator: Emulator, admin: RawClient) -> None:
    live_in(emulator, admin)
    # The third list asks for the page that is too large; a read is tried three times.
    emulator.faults.add(ServerError(operation="ListInstances", after=2, times=3))
    rows = {row["assumption"]: row for row in (await of(emulator))["findings"]}
    assert [name for name, row in rows.items() if row["why"] == "no_answer"] == ["largest-page"]


async def test_without_a_first_answer_there_is_no_report(emulator: Emulator) -> None:
    with pytest.raises(CloudError):
        await report(emulator.url, TEST_KEY)
    emulator.faults.add(LostReply(times=None))
    with pytest.raises(CloudError):
        await of(emulator)


@pytest.mark.parametrize("damage", ["wrong_types", "missing_total", "wrong_case"])
async def test_a_damaged_reply_harms_nothing(emulator: Emulator, admin: RawClient, damage: Any) -> None:
    live_in(emulator, admin)
    for operation in ("ListInstances", "GetLifecycle", "ListInstanceSnapshot"):
        emulator.faults.add(DamagedReply(operation=operation, damage=damage, times=None))
    assert {row["assumption"] for row in (await of(emulator))["findings"]} == PROBED.keys()


def poisoned(reply_body: JsonObject) -> JsonObject:
    """The reply with a canary in every text that is not empty, and as a name."""
    marked = re.sub(r': "(?!")', f': "{CANARY}-', json.dumps(reply_body))
    return {**json.loads(marked), f"{CANARY}-name": f"{CANARY}-text"}


@pytest.mark.parametrize("status", [200, 400, 403, 404])
async def test_nothing_that_the_account_holds_gets_into_the_report(status: int) -> None:
    row = {"InstanceId": "dsw-canary0123456789", "ReasonCode": "", "InstanceName": "x", "Status": "Running"}
    life: JsonObject = {"Lifecycle": [[{"Status": "Stopped"}], [{"Status": "Starting"}]]}
    body = {"Instances": [poisoned(row) | {"InstanceId": row["InstanceId"]}], "TotalCount": 1, **poisoned(life)}
    error = {"Code": f"{CANARY}1234567890", "Message": f"{CANARY}", "RequestId": f"{CANARY}-id"}
    async with Loopback(reply(body | poisoned({"Snapshots": [{"Status": "Saved"}]}) | error, status)) as service:
        found = await report(service.url, TEST_KEY)
    for text in (json.dumps(found), as_markdown(found, "en"), as_markdown(found, "zh")):
        assert CANARY not in text
