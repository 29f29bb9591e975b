"""Resource quotas: what PaiStudio says of them, and how instances share them."""

from typing import Any

import pytest

from pai_emulator.fixture import Fixture, load_fixture
from tests.emulator.service import PRODUCTION, RESEARCH, Service

QUOTA, LINGJUN = "quota40001", "quota40001lj"
MOST_OF_IT = {"CPU": "40", "Memory": "8Gi"}
"""A share of which the quota of ECS nodes has room for one."""
IN_THE_QUEUE = 40
"""Seconds after which a new instance has come to the queue."""


def on_quota(service: Service, name: str, share: dict[str, str] | None = None, **settings: Any) -> str:
    return service.create(name, EcsSpec=None, ResourceId=QUOTA, RequestedResource=share or MOST_OF_IT, **settings)


def status(service: Service, instance_id: str) -> str:
    return service.get(instance_id)["Status"]


def test_who_finds_no_room_waits_and_gets_a_turn_when_another_stops() -> None:
    service = Service()
    first = on_quota(service, "first")
    service.wait()
    second = on_quota(service, "second")
    service.wait(IN_THE_QUEUE)
    assert (status(service, first), status(service, second)) == ("Running", "Queuing")
    service.do("StopInstance", first)
    service.wait(10)
    assert status(service, second) == "Queuing"
    service.wait(40)
    assert (status(service, first), status(service, second)) == ("Stopped", "EnvPreparing")
    service.wait()
    assert status(service, second) == "Running"


def test_who_waits_in_vain_fails_with_the_reason() -> None:
    service = Service()
    on_quota(service, "first")
    second = on_quota(service, "second")
    service.wait()
    shown = service.get(second)
    assert (shown["Status"], shown["ReasonMessage"]) == (
        "Failed",
        "Resource queue timeout, lack of sufficient resources",
    )
    assert shown["ReasonMessage"] in service.do("GetInstanceEvents", second)["Events"][-1]


def test_who_saves_its_environment_and_stops_lets_the_next_one_go() -> None:
    service = Service()
    first = on_quota(service, "first")
    service.wait()
    second = on_quota(service, "second")
    service.wait(IN_THE_QUEUE)
    service.do("StopInstance", first, query={"SaveImage": "true"})
    service.wait()
    assert (status(service, first), status(service, second)) == ("Stopped", "Running")


def test_a_higher_priority_goes_first_and_nobody_overtakes() -> None:
    service = Service()
    first = on_quota(service, "first", Priority=1)
    service.wait()
    low = on_quota(service, "low", Priority=1)
    service.wait(IN_THE_QUEUE)
    high = on_quota(service, "high", Priority=9)
    small = on_quota(service, "small", {"CPU": "1", "Memory": "1Gi"}, Priority=1)
    service.wait(IN_THE_QUEUE)
    assert {status(service, each) for each in (low, high, small)} == {"Queuing"}
    queue = service.do("ListQuotaWorkloads", QUOTA)["Workloads"]
    assert [(each["WorkloadName"], each["Position"]) for each in queue] == [
        ("high", 1),
        ("low", 2),
        ("small", 3),
        ("first", 0),
    ]
    service.do("StopInstance", first)
    service.wait(60)
    assert [status(service, each) for each in (high, low, small)] == ["EnvPreparing", "Queuing", "Queuing"]


def test_who_leaves_the_queue_lets_the_next_one_go() -> None:
    service = Service()
    too_large = on_quota(service, "too_large", {"CPU": "1000", "Memory": "1Gi"})
    service.wait(IN_THE_QUEUE)
    small = on_quota(service, "small", {"CPU": "1", "Memory": "1Gi"})
    service.wait(IN_THE_QUEUE)
    assert status(service, small) == "Queuing"
    service.do("StopInstance", too_large)
    assert status(service, small) == "EnvPreparing"


def test_a_status_that_was_overwritten_gives_the_share_back() -> None:
    service = Service()
    first = on_quota(service, "first")
    service.wait()
    second = on_quota(service, "second")
    service.wait(IN_THE_QUEUE)
    service.world.overwrite_instance(first, {"Status": "Stopped"})
    assert status(service, second) == "EnvPreparing"


def test_an_instance_of_a_fixture_goes_on_from_the_queue() -> None:
    service = Service()
    row = {
        "InstanceId": "dsw-mine",
        "InstanceName": "mine",
        "ImageUrl": "registry.example.com/mine:v1",
        "ResourceId": QUOTA,
        "RequestedResource": MOST_OF_IT,
        "Status": "Queuing",
    }
    load_fixture(service.world, Fixture.model_validate({"regions": {"cn-hangzhou": {"instances": [row]}}}))
    service.wait()
    assert status(service, "dsw-mine") == "Running"


def test_a_start_after_an_update_waits_as_well() -> None:
    service = Service()
    first = on_quota(service, "first")
    service.wait()
    service.do("StopInstance", first)
    service.wait()
    on_quota(service, "second")
    service.wait()
    service.do("UpdateInstance", first, body={"Priority": 2, "StartInstance": True})
    service.wait(IN_THE_QUEUE)
    assert status(service, first) == "Queuing"


def test_a_quota_says_what_all_workloads_have_of_it_and_what_waits() -> None:
    service = Service()
    before = service.do("GetQuota", QUOTA)["QuotaDetails"]
    on_quota(service, "first")
    on_quota(service, "second")
    service.wait(IN_THE_QUEUE)
    after = service.do("GetQuota", QUOTA)["QuotaDetails"]
    assert (before["AllocatedQuota"]["CPU"], before["AllocatableQuota"]["CPU"]) == ("0", "64")
    assert (after["AllocatedQuota"]["CPU"], after["SelfSubmittedQuota"]["CPU"]) == ("40", "80")
    assert (after["AllocatedQuota"]["Memory"], after["ActualMinQuota"]["CPU"]) == ("8Gi", "66")


def test_trainings_have_most_of_the_lingjun_quota() -> None:
    details = Service().do("GetQuota", LINGJUN)["QuotaDetails"]
    assert (details["ActualMinQuota"]["GPU"], details["AllocatedQuota"]["GPU"]) == ("144", "133")
    assert "AllocatableQuota" not in details


def listed(service: Service, *, user: str = "admin", **query: Any) -> list[str]:
    return [each["QuotaId"] for each in service.do("ListQuotas", query=query, user=user)["Quotas"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [QUOTA]),
        ({"ResourceType": "Lingjun"}, [LINGJUN]),
        ({"ResourceType": "ACS"}, []),
        ({"QuotaName": "search"}, [QUOTA]),
        ({"QuotaName": "none"}, []),
        ({"QuotaIds": f"{LINGJUN},{QUOTA}"}, [QUOTA]),
        ({"WorkspaceIds": PRODUCTION}, []),
        ({"WorkspaceIds": PRODUCTION, "ResourceType": "Lingjun"}, [LINGJUN]),
        ({"WorkspaceName": "research"}, [QUOTA]),
        ({"GPUType": "GU8T"}, []),
        ({"Statuses": "Ready,Scaling"}, [QUOTA]),
        ({"Statuses": "Creating"}, []),
        ({"ParentQuotaId": "quota7"}, []),
        ({"HasResource": "false"}, []),
        ({"Labels": "team=vision"}, []),
    ],
)
def test_quotas_are_found_by_what_is_asked_for(query: dict[str, str], found: list[str]) -> None:
    assert listed(Service(), **query) == found


def test_quotas_are_sorted_and_paged() -> None:
    service = Service()
    quotas = service.world.region("cn-hangzhou").quotas
    quotas["quota7"] = {**quotas[QUOTA], "QuotaId": "quota7", "GPU": 1}
    assert listed(service, SortBy="GPU", Order="asc") == ["quota7", QUOTA]
    assert listed(service, SortBy="GPU", Order="desc") == [QUOTA, "quota7"]
    assert listed(service, PageNumber=2, PageSize=1, SortBy="GPU") == [QUOTA]


def test_without_verbose_a_list_says_nothing_of_what_is_free() -> None:
    brief = Service().do("ListQuotas")["Quotas"][0]
    assert (brief["QuotaName"], "QuotaDetails" in brief) == ("research_quota", False)


def test_who_is_in_none_of_its_workspaces_sees_no_quota() -> None:
    service = Service()
    quotas = service.world.region("cn-hangzhou").quotas
    quotas["quota7"] = {**quotas[QUOTA], "QuotaId": "quota7", "WorkspaceIds": [PRODUCTION]}
    assert listed(service, user="viewer") == [QUOTA]
    assert service.refusal("GetQuota", "quota7", user="viewer").code == "QuotaNotFound"
    assert listed(service, user="developer") == [QUOTA, "quota7"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["second", "third", "first"]),
        ({"Status": "Enqueued"}, ["second", "third"]),
        ({"Status": "Dequeued"}, ["first"]),
        ({"WorkloadType": "dlc"}, []),
        ({"WorkspaceIds": RESEARCH, "WorkloadType": "dsw"}, ["second", "third", "first"]),
        ({"UserIds": "200000000000000002"}, []),
        ({"BeforeWorkloadId": "third"}, ["second"]),
        ({"BeforeWorkloadId": "first"}, ["second", "third"]),
        ({"BeforeWorkloadId": "none"}, []),
        ({"WorkloadIds": "third"}, ["third"]),
        ({"PageSize": "1", "PageNumber": "2"}, ["third"]),
    ],
)
def test_workloads_are_found_by_what_is_asked_for(query: dict[str, str], found: list[str]) -> None:
    service = Service()
    ids: dict[str, str] = {}
    for name in ("first", "second", "third"):
        ids[name] = on_quota(service, name)
        service.wait(IN_THE_QUEUE)
    query = {name: ids.get(value, value) for name, value in query.items()}
    assert [each["WorkloadName"] for each in service.do("ListQuotaWorkloads", QUOTA, query=query)["Workloads"]] == found


def test_a_region_without_workspaces_has_no_quotas() -> None:
    assert Service().do("ListQuotas", region_id="me-central-1")["TotalCount"] == 0
