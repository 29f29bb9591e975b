"""How an instance lives: its statuses in order, how long they last, what is allowed when."""

import itertools
from typing import Any

import pytest

from pai_emulator.lifecycle import ALLOWED, STATUSES, Event, continued
from tests.emulator.service import CPU_SPEC, GPU_SPEC, LONG_ENOUGH, Service


def statuses(service: Service, instance_id: str) -> list[str]:
    """Every status that GetInstance shows, once each in order; none is shorter than two seconds."""
    seen: list[str] = []
    for _ in range(LONG_ENOUGH // 2):
        seen.append(service.get(instance_id)["Status"])
        service.wait(2)
    return [status for status, _ in itertools.groupby(seen)]


def test_a_new_instance_goes_through_five_statuses() -> None:
    service = Service()
    order = ["Creating", "ResourceAllocating", "EnvPreparing", "Starting", "Running"]
    assert statuses(service, service.create()) == order


@pytest.mark.parametrize("number", range(20))
def test_a_new_instance_runs_after_two_to_five_minutes(number: int) -> None:
    service = Service()
    for position in range(number):
        service.create(f"earlier_{position}")
    instance_id = service.create()
    service.wait(119)
    assert service.get(instance_id)["Status"] != "Running"
    service.wait(181)
    assert service.get(instance_id)["Status"] == "Running"


def test_every_journey_takes_its_own_time() -> None:
    service = Service()
    ids = [service.create(f"notebook_{position}") for position in range(10)]
    service.wait()
    assert len({service.get(instance_id)["GmtModifiedTime"] for instance_id in ids}) > 5


def test_a_stopped_instance_starts_again() -> None:
    service = Service()
    instance_id = service.stopped()
    service.do("StartInstance", instance_id)
    assert statuses(service, instance_id) == ["Starting", "ResourceAllocating", "EnvPreparing", "Running"]


def test_a_running_instance_stops_within_forty_seconds() -> None:
    service = Service()
    instance_id = service.running()
    service.do("StopInstance", instance_id)
    assert service.get(instance_id)["Status"] == "Stopping"
    service.wait(40)
    assert service.get(instance_id)["Status"] == "Stopped"


def test_an_instance_on_its_way_up_can_be_stopped() -> None:
    service = Service()
    instance_id = service.create()
    service.do("StopInstance", instance_id)
    assert statuses(service, instance_id) == ["Stopping", "Stopped"]


@pytest.mark.parametrize("before", ["Running", "Stopped"])
def test_an_update_ends_where_it_began(before: str) -> None:
    service = Service()
    instance_id = service.running() if before == "Running" else service.stopped()
    service.do("UpdateInstance", instance_id, body={"InstanceName": "renamed"})
    assert statuses(service, instance_id) == ["Updating", before]


def test_an_update_of_a_failed_instance_leaves_it_stopped() -> None:
    service = Service()
    instance_id = service.running(EcsSpec=GPU_SPEC)
    service.do("UpdateInstance", instance_id, body={"EcsSpec": CPU_SPEC})
    assert statuses(service, instance_id) == ["Updating", "Stopped"]


def test_an_update_can_start_the_instance() -> None:
    service = Service()
    instance_id = service.stopped()
    service.do("UpdateInstance", instance_id, body={"EcsSpec": "ecs.g6.xlarge", "StartInstance": True})
    order = ["Updating", "Starting", "ResourceAllocating", "EnvPreparing", "Running"]
    assert statuses(service, instance_id) == order


def test_saving_the_image_comes_before_stopping() -> None:
    service = Service()
    instance_id = service.running()
    service.do("StopInstance", instance_id, query={"SaveImage": True})
    assert statuses(service, instance_id) == ["Saving", "Saved", "Stopping", "Stopped"]


def test_without_stock_an_instance_queues_and_fails_with_a_reason() -> None:
    service = Service()
    instance_id = service.create(EcsSpec="ecs.gn7e-c16g1.32xlarge", ImageId=service.image("GPU"))
    assert statuses(service, instance_id) == ["Creating", "Queuing", "Failed"]
    assert service.get(instance_id)["ReasonCode"] == "Resource.InsufficientResource"


def test_a_spot_instance_needs_spot_stock() -> None:
    service = Service()
    spot = {"SpotStrategy": "SpotWithPriceLimit", "SpotPriceLimit": "9.9"}
    instance_id = service.running("spot", EcsSpec="ecs.hfc6.10xlarge", SpotSpec=spot)
    assert service.get(instance_id)["Status"] == "Failed"
    instance_id = service.running("pay_as_you_go", EcsSpec="ecs.hfc6.10xlarge")
    assert service.get(instance_id)["Status"] == "Running"


@pytest.mark.parametrize(
    "settings", [{"EcsSpec": GPU_SPEC}, {"ImageUrl": "registry.example.com/pai/pytorch:2.8-gpu-cu128"}]
)
def test_an_image_that_does_not_fit_the_spec_fails_to_start(settings: dict[str, str]) -> None:
    service = Service()
    instance_id = service.create(**settings)
    assert statuses(service, instance_id) == ["Creating", "ResourceAllocating", "EnvPreparing", "Failed"]
    assert service.get(instance_id)["ReasonMessage"] == "ImagePullBackOff"


def test_an_image_without_markers_fits_everything() -> None:
    service = Service()
    for spec in (CPU_SPEC, GPU_SPEC):
        name = spec.replace(".", "_").replace("-", "_")
        instance_id = service.running(name, EcsSpec=spec, ImageUrl="registry.example.com/mine:v1")
        assert service.get(instance_id)["Status"] == "Running"


@pytest.mark.parametrize("amount", ["CPU", "Memory", "GPU"])
def test_an_instance_that_exceeds_its_quota_fails_after_the_queue(amount: str) -> None:
    service = Service()
    share = {"CPU": "4", "Memory": "8Gi", "GPU": "1", amount: "1000"}
    instance_id = service.create(
        EcsSpec=None, ResourceId="quota40001", RequestedResource=share, ImageId=service.image("GPU")
    )
    assert statuses(service, instance_id) == ["Creating", "Queuing", "Failed"]
    assert service.get(instance_id)["ReasonCode"] == "InternalError"


def test_a_stopped_instance_gives_its_share_of_the_quota_back() -> None:
    service = Service()
    share = {"CPU": "40", "Memory": "100GB"}
    on_quota: dict[str, Any] = {"EcsSpec": None, "ResourceId": "quota40001", "RequestedResource": share}
    first, second = service.running("first", **on_quota), service.running("second", **on_quota)
    assert [service.get(instance_id)["Status"] for instance_id in (first, second)] == ["Running", "Failed"]
    service.do("StopInstance", first)
    service.wait()
    service.do("StartInstance", second)
    service.wait()
    assert service.get(second)["Status"] == "Running"


def test_the_reason_of_a_failure_goes_with_the_next_start() -> None:
    service = Service()
    instance_id = service.running(EcsSpec="ecs.gn7e-c16g1.32xlarge", ImageId=service.image("GPU"))
    service.do("UpdateInstance", instance_id, body={"EcsSpec": GPU_SPEC, "StartInstance": True})
    service.wait()
    assert service.get(instance_id)["Status"] == "Running"
    shown = service.get(instance_id)
    assert (shown["ReasonCode"], shown["ReasonMessage"]) == ("", "")


@pytest.mark.parametrize(("memory", "status"), [("16GB", "Running"), ("16Gi", "Running"), ("16", "Failed")])
def test_memory_without_a_unit_fails_without_a_reason(memory: str, status: str) -> None:
    service = Service()
    share = {"CPU": "4", "GPU": "0", "Memory": memory, "SharedMemory": memory}
    instance_id = service.create(EcsSpec=None, ResourceId="quota40001", RequestedResource=share)
    passed = statuses(service, instance_id)
    shown = service.get(instance_id)
    assert (passed[-1], shown["RequestedResource"]["Memory"]) == (status, memory)
    assert passed[:3] == ["Creating", "Queuing", "EnvPreparing"]
    assert (shown["ReasonCode"], shown["ReasonMessage"]) == ("", "")


def test_running_time_counts_running_alone() -> None:
    service = Service()
    instance_id = service.stopped()
    before = service.get(instance_id)["AccumulatedRunningTimeInMs"]
    service.wait(1000)
    assert service.get(instance_id)["AccumulatedRunningTimeInMs"] == before
    service.do("StartInstance", instance_id)
    service.wait(1000)
    service.do("StopInstance", instance_id)
    service.wait(1000)
    after = service.get(instance_id)["AccumulatedRunningTimeInMs"]
    assert 1000 - 300 <= (after - before) / 1000 <= 1000 - 120


@pytest.mark.parametrize("status", sorted(STATUSES))
@pytest.mark.parametrize(
    ("event", "query", "body"),
    [
        ("StartInstance", {}, {}),
        ("StopInstance", {}, {}),
        ("StopInstance with SaveImage", {"SaveImage": "true"}, {}),
        ("UpdateInstance", {}, {"InstanceName": "renamed"}),
        ("CreateInstanceSnapshot", {}, {"SnapshotName": "saved", "ImageUrl": "registry.example.com/saved:v1"}),
    ],
)
def test_an_operation_is_refused_in_every_status_that_the_table_does_not_allow(
    event: Event, query: dict[str, str], body: dict[str, str], status: str
) -> None:
    service = Service()
    instance_id = service.running()
    service.world.overwrite_instance(instance_id, {"Status": status})
    operation = event.partition(" ")[0]
    if status in ALLOWED[event]:
        service.do(operation, instance_id, query=query, body=body)
    else:
        refusal = service.refusal(operation, instance_id, query=query, body=body)
        assert (refusal.status, refusal.code) == (400, "InternalError")
        assert service.get(instance_id)["Status"] == status


@pytest.mark.parametrize(
    ("status", "last"),
    [
        ("Creating", "Running"),
        ("EnvPreparing", "Running"),
        ("Stopping", "Stopped"),
        ("Saving", "Stopped"),
        ("Updating", "Running"),
        ("Recovering", "Running"),
        ("ArrearStopping", "Arrearge"),
        ("Queuing", "Failed"),
        ("Stopped", "Stopped"),
        ("SaveFailed", "SaveFailed"),
    ],
)
def test_an_instance_found_on_its_way_goes_on(status: str, last: str) -> None:
    assert (continued(status)[0], continued(status)[-1]) == (status, last)


def test_generated_instances_can_be_started() -> None:
    service = Service()
    _, stopped = service.world.generate_instances("cn-hangzhou", 2)
    service.do("StartInstance", stopped)
    service.wait()
    assert service.get(stopped)["Status"] == "Running"
