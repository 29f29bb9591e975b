"""What GetInstanceEvents, GetLifecycle and ListSystemLogs tell of an instance."""

from datetime import datetime
from typing import Any

import pytest

from pai_emulator.clock import VirtualClock
from pai_emulator.faults.model import MountFails, SoldOut, SystemLogs
from pai_emulator.fixture import Fixture, load_fixture
from pai_emulator.world import World
from tests.emulator.service import CPU_SPEC, LONG_ENOUGH, Service

DATA = "oss://bucket/data/"


@pytest.fixture
def service() -> Service:
    return Service()


def events(service: Service, instance_id: str, **query: Any) -> list[str]:
    return service.do("GetInstanceEvents", instance_id, query=query)["Events"]


def statuses(service: Service, instance_id: str, **query: Any) -> list[list[str]]:
    sessions = service.do("GetLifecycle", instance_id, query=query)["Lifecycle"]
    return [[row["Status"] for row in session] for session in sessions]


def test_events_tell_a_life_oldest_first_with_the_time_of_day(service: Service) -> None:
    instance_id = service.running(Datasets=[{"Uri": DATA, "MountPath": "/mnt/data"}])
    service.do("StopInstance", instance_id)
    lines = events(service, instance_id)
    assert [line[10:] for line in lines] == [
        "Scheduled: successfully assigned to a node",
        'Pulling image "modelscope:1.34.0-pytorch2.3.1-cpu-py311-ubuntu22.04"',
        "All mountpoints have been successfully attached to the instance",
        "Started container dsw-notebook",
        "Killing: Stopping container dsw-notebook",
    ]
    assert [line[:8] for line in lines] == sorted(line[:8] for line in lines)
    assert lines[0].startswith("08:00:")


class _RunningClock(VirtualClock):
    """Moves on whenever it is read, as a real one does."""

    def now(self) -> datetime:
        self.advance(0.001)
        return super().now()


def test_a_new_instance_was_nothing_before_it_is_created_while_the_clock_runs(service: Service) -> None:
    service.world = World(_RunningClock(), 0, service.faults)
    instance_id = service.do("CreateInstance", body=service.notebook())["InstanceId"]
    assert statuses(service, instance_id) == [["Creating"]]
    assert events(service, instance_id) == []


def test_an_update_that_restarts_nothing_starts_no_container(service: Service) -> None:
    instance_id = service.running()
    before = events(service, instance_id)
    service.do("UpdateInstance", instance_id, body={"InstanceName": "renamed"})
    service.wait()
    assert events(service, instance_id) == before


@pytest.mark.parametrize(
    ("settings", "faults", "reason", "told"),
    [
        (
            {"EcsSpec": None, "ResourceId": "quota40001", "RequestedResource": {"CPU": "1", "Memory": "16"}},
            [],
            "",
            "failed to create containerd task",
        ),
        (
            {"EcsSpec": None, "ResourceId": "quota40001", "RequestedResource": {"CPU": "9999", "Memory": "1GB"}},
            [],
            "Resource queue timeout, lack of sufficient resources",
            "Resource queue timeout",
        ),
        ({}, [SoldOut(ecs_spec=CPU_SPEC)], "The requested resource is sold out in the region.", "sold out"),
        ({"ImageUrl": "registry.example.com/x-gpu-y:v1"}, [], "ImagePullBackOff", "Back-off pulling image"),
        ({"ImageUrl": "dsw-registry.cn-hangzhou.cr.aliyuncs.com/pai/no:1"}, [], "ImagePullBackOff", "manifest unknown"),
        (
            {"Datasets": [{"Uri": "oss://b.oss-cn-shanghai-internal.aliyuncs.com/x/", "MountPath": "/mnt/x"}]},
            [],
            "",
            "FailedMount",
        ),
        (
            {"Datasets": [{"Uri": DATA, "MountPath": "/mnt/data"}]},
            [MountFails(source=DATA)],
            "",
            f'FailedMount: MountVolume.SetUp failed for volume "dsw-data-0": mount of {DATA} failed',
        ),
    ],
    ids=["memory without a unit", "quota", "stock", "image", "no image", "far mount", "mount"],
)
def test_every_failure_has_its_events_also_where_it_has_no_reason(
    service: Service, settings: dict[str, Any], faults: list[Any], reason: str, told: str
) -> None:
    service.faults.add(*faults)
    instance_id = service.create(**settings)
    service.wait(1000)
    shown = service.get(instance_id)
    assert (shown["Status"], shown["ReasonMessage"]) == ("Failed", reason)
    assert any(told in line for line in events(service, instance_id, EventLevel="Warning"))


def test_events_are_narrowed_by_level_time_and_number(service: Service) -> None:
    instance_id = service.running()
    whole = events(service, instance_id)
    assert events(service, instance_id, EventLevel="Warning") == []
    assert events(service, instance_id, MaxEventsNum=1) == whole[-1:]
    assert events(service, instance_id, StartTime="2026-01-05T08:01:30Z") == whole[2:]
    assert events(service, instance_id, EndTime="2026-01-05T08:01:30Z") == whole[:2]


def test_a_session_reaches_from_a_start_to_its_end(service: Service) -> None:
    instance_id = service.stopped()
    service.do("StartInstance", instance_id)
    first = ["Creating", "ResourceAllocating", "EnvPreparing", "Starting", "Running", "Stopping", "Stopped"]
    assert statuses(service, instance_id) == [["Starting"], first]
    assert statuses(service, instance_id, Order="ASC") == [first, ["Starting"]]
    assert statuses(service, instance_id, Limit=1) == [["Starting"]]
    assert statuses(service, instance_id, SessionNumber=1) == [first]
    assert statuses(service, instance_id, StartTime="2026-01-05T08:05:00Z") == [["Starting"]]
    told = service.do("GetLifecycle", instance_id)
    assert told["TotalCount"] == 2
    assert [row["GmtEndTime"] for row in told["Lifecycle"][1]][:1] == [told["Lifecycle"][1][1]["GmtCreateTime"]]
    assert told["Lifecycle"][0][0]["GmtEndTime"] == ""


def test_the_life_cycle_has_the_reason_of_a_failure(service: Service) -> None:
    service.faults.add(SoldOut(ecs_spec=CPU_SPEC))
    instance_id = service.create()
    service.wait(1000)
    row = service.do("GetLifecycle", instance_id)["Lifecycle"][0][-1]
    assert (row["Status"], row["ReasonCode"]) == ("Failed", "Resource.InsufficientResource")


def test_a_status_that_somebody_overwrites_is_part_of_the_life(service: Service) -> None:
    instance_id = service.running()
    service.world.overwrite_instance(instance_id, {"Status": "Recovering"})
    assert statuses(service, instance_id)[0][-2:] == ["Running", "Recovering"]


def test_system_logs_are_not_there_unless_a_fault_says_so(service: Service) -> None:
    assert service.refusal("ListSystemLogs").code == "InvalidAction.NotFound"


def test_system_logs_have_the_warnings_of_the_instances_that_one_may_see(service: Service) -> None:
    service.faults.add(SystemLogs(), SoldOut(ecs_spec=CPU_SPEC))
    ids = [service.create(name) for name in ("one", "two")]
    service.wait(1000)
    told = service.do("ListSystemLogs", query={"InstanceId": ids[0]})
    assert told == {
        "SystemLogs": [
            {
                "Content": "FailedScheduling: the requested resource is sold out",
                "GmtCreateTime": told["SystemLogs"][0]["GmtCreateTime"],
                "Level": "Error",
            }
        ],
        "Offset": "",
    }
    newest_first = service.do("ListSystemLogs", query={"Order": "DESC"})["SystemLogs"]
    assert newest_first[0]["GmtCreateTime"] > newest_first[1]["GmtCreateTime"]
    assert service.do("ListSystemLogs", query={"LogLevel": "Info"})["SystemLogs"] == []
    assert service.do("ListSystemLogs", query={"GmtStartTime": "2026-01-06T00:00:00Z"})["SystemLogs"] == []
    assert service.do("ListSystemLogs", user="viewer")["SystemLogs"] == []


def test_long_system_logs_come_in_pages(service: Service) -> None:
    service.faults.add(SystemLogs())
    instance_id = service.running()
    service.world.overwrite_instance(instance_id, {"Events": [f"08:00:00: line {number}" for number in range(101)]})
    first = service.do("ListSystemLogs")
    second = service.do("ListSystemLogs", query={"Offset": first["Offset"]})
    assert [len(first["SystemLogs"]), len(second["SystemLogs"]), second["Offset"]] == [100, 1, ""]


def test_a_fixture_gives_events_of_its_own_and_the_state_gives_them_back(service: Service) -> None:
    row = {
        "InstanceId": "dsw-0000000000000001",
        "InstanceName": "notes",
        "EcsSpec": CPU_SPEC,
        "ImageUrl": "registry.example.com/team/mine:v1",
        "Status": "Failed",
        "Events": ["07:59:00: FailedMount: no route"],
        "IdleSince": "2026-01-05T07:00:00Z",
    }
    load_fixture(service.world, Fixture.model_validate({"regions": {"cn-hangzhou": {"instances": [row]}}}))
    assert events(service, "dsw-0000000000000001") == ["07:59:00: FailedMount: no route"]
    again = Service()
    snapshot = service.world.snapshot()
    load_fixture(again.world, Fixture.model_validate(snapshot))
    assert again.world.snapshot() == snapshot
    recorded = snapshot["regions"]["cn-hangzhou"]["instances"][0]
    assert (recorded["Events"], recorded["IdleSince"]) == (row["Events"], row["IdleSince"])


def test_what_nobody_may_see_has_no_past(service: Service) -> None:
    instance_id = service.running()
    for operation in ("GetInstanceEvents", "GetLifecycle"):
        assert service.refusal(operation, instance_id, user="viewer").status == 404
    service.wait(LONG_ENOUGH)
