"""The official SDK of PaiStudio, unmodified, over HTTP: the quotas, and what runs and waits on them."""

from typing import Any, Final

from tests.emulator.sdk.sdk_client import RecordingEmulator, Sdk, Way, complete, leaves, response_model
from tests.emulator.sdk.sdk_requests import QUOTA_ID, notebook

NEVER_SHOWN: Final = (
    ("Min", "NodeSpecs", "BindingPolicy"),
    ("Min", "NodeSpecs", "HyperType"),
    ("QuotaCluster",),
    *(
        ("QuotaConfig", part)
        for part in (
            "ACS",
            "ControlPlaneClusterId",
            "EniCacheConfig",
            "IsEncryptedResource",
            "OversoldUsageConfig",
            "ResourceSpecs",
            "SandboxCacheConfig",
            "SelfQuotaPreemptionConfig",
            "SubQuotaPreemptionConfig",
            "UseCase",
        )
    ),
    ("QuotaDetails", "NodeStatistics"),
)
"""What the quotas of the emulator do not have."""
OF_A_PART_OF_A_GPU: Final = {"GPUMemory", "GPUMemoryBytes"}


def missing(operation: str, wires: list[Any]) -> set[tuple[str, ...]]:
    """The fields of the model that none of these replies shows."""
    paths = set(leaves(complete(response_model(operation)))) - {path for wire in wires for path in leaves(wire)}
    return {path for path in paths if path[-1] not in OF_A_PART_OF_A_GPU}


def with_a_part(emulator: RecordingEmulator) -> None:
    """Gives the quota of the research workspace a label, a driver and a quota below it."""
    quotas = emulator.world.region("cn-hangzhou").quotas
    quotas[QUOTA_ID]["Labels"] = [{"Key": "team", "Value": "vision"}]
    quotas["quota7"] = {**quotas[QUOTA_ID], "QuotaId": "quota7", "ParentQuotaId": QUOTA_ID}


def test_a_quota_shows_the_fields_of_its_model(sdk: Sdk, recorded: RecordingEmulator, way: Way) -> None:
    with_a_part(recorded)
    wires = [sdk.call("GetQuota", each, way=way)[1] for each in (QUOTA_ID, f"{QUOTA_ID}lj")]
    assert {path for path in missing("GetQuota", wires) if not is_never_shown(path)} == set()


def test_the_list_of_quotas_shows_the_fields_of_its_model(sdk: Sdk, recorded: RecordingEmulator, way: Way) -> None:
    with_a_part(recorded)
    kinds = ({"ResourceType": kind, "Verbose": True} for kind in ("ECS", "Lingjun"))
    wires = [sdk.call("ListQuotas", fields=kind, way=way)[1] for kind in kinds]
    assert {path for path in missing("ListQuotas", wires) if not is_never_shown(path[1:])} == set()


def test_the_queue_shows_the_fields_of_its_model(sdk: Sdk, recorded: RecordingEmulator, way: Way) -> None:
    share = {"ResourceId": QUOTA_ID, "RequestedResource": {"CPU": "40", "Memory": "8Gi"}}
    for name in ("first", "second"):
        sdk.call("CreateInstance", fields=notebook(share | {"InstanceName": name}))
    recorded.clock.advance(30)
    body, wire = sdk.call("ListQuotaWorkloads", QUOTA_ID, way=way)
    assert [(each.workload_name, each.position) for each in body.workloads] == [("second", 1), ("first", 0)]
    assert missing("ListQuotaWorkloads", [wire]) == {("Workloads", "GmtDequeuedTime")}


def is_never_shown(path: tuple[str, ...]) -> bool:
    return any(path[: len(start)] == start for start in NEVER_SHOWN)
