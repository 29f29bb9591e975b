"""The curves of GetInstanceMetrics."""

from itertools import pairwise
from typing import Any

import pytest

from tests.emulator.service import GPU_SPEC, Service


@pytest.fixture
def service() -> Service:
    return Service()


def points(service: Service, instance_id: str, metric: str = "CpuCoreUsage", **query: Any) -> list[dict[str, Any]]:
    told = service.do("GetInstanceMetrics", instance_id, query={"MetricType": metric, **query})
    return [point for pod in told["PodMetrics"] for point in pod["Metrics"]]


def test_an_instance_that_works_has_a_point_a_minute_of_the_last_hour(service: Service) -> None:
    instance_id = service.running()
    service.wait(7200)
    curve = points(service, instance_id)
    assert len(curve) == 60
    assert {after["Time"] - before["Time"] for before, after in pairwise(curve)} == {60}
    assert all(35 <= point["Value"] <= 80 for point in curve)


def test_the_same_seed_gives_the_same_curve_however_it_is_asked_for(service: Service) -> None:
    other = Service()
    asked = [(each, each.running()) for each in (service, other)]
    for each, _ in asked:
        each.wait(3600)
    assert points(*asked[0]) == points(*asked[1])
    coarse = points(service, asked[0][1], TimeStep="15m")
    assert coarse == [point for point in points(service, asked[0][1]) if point["Time"] % 900 == 0]
    assert points(service, asked[0][1], TimeStep="15") == coarse


def test_there_is_nothing_to_measure_while_it_does_not_run(service: Service) -> None:
    instance_id = service.stopped()
    service.wait(7200)
    assert points(service, instance_id) == []
    assert service.do("GetInstanceMetrics", instance_id, query={"MetricType": "CpuCoreUsage"})["PodMetrics"] == []
    earlier = points(service, instance_id, StartTime="2026-01-05T08:00:00Z", EndTime="2026-01-05T09:00:00Z")
    assert 0 < len(earlier) < 12


def test_it_is_idle_from_when_it_is_said_to_be_until_it_works_again(service: Service) -> None:
    instance_id = service.running(EcsSpec=GPU_SPEC, ImageId=service.image("GPU"))
    service.wait(3 * 3600)
    service.world.overwrite_instance(instance_id, {"IdleSince": "2026-01-05T10:00:00Z"})
    busy, idle = (
        points(
            service,
            instance_id,
            "GpuCoreUsage",
            StartTime=f"2026-01-05T{hour}:30:00Z",
            EndTime=f"2026-01-05T{hour}:59:00Z",
        )
        for hour in ("09", "10")
    )
    assert min(point["Value"] for point in busy) >= 62
    assert {point["Value"] for point in idle} == {0}
    service.world.overwrite_instance(instance_id, {"IdleSince": None})
    assert all(point["Value"] >= 62 for point in points(service, instance_id, "GpuCoreUsage"))


def test_no_more_points_come_than_fit_into_a_reply(service: Service) -> None:
    instance_id = service.running()
    service.wait(3 * 86400)
    assert len(points(service, instance_id, StartTime="2020-01-01T00:00:00Z")) == 1440


def test_a_cpu_instance_has_no_gpu_to_measure(service: Service) -> None:
    instance_id = service.running()
    assert points(service, instance_id, "GpuCoreUsage") == []
    assert points(service, instance_id, "GpuMemoryUsage") == []


@pytest.mark.parametrize("query", [{}, {"MetricType": "Heat"}, {"MetricType": "CpuCoreUsage", "TimeStep": "1h"}])
def test_what_cannot_be_measured_is_refused(service: Service, query: dict[str, str]) -> None:
    assert service.refusal("GetInstanceMetrics", service.running(), query=query).status == 400
