"""The official Python SDK, unmodified, over HTTP, sync and async: every operation, and nothing of a reply is lost."""

from dataclasses import replace
from typing import Any, Final

import pytest
from alibabacloud_tea_openapi.exceptions import ClientException

from pai_emulator.data.datasets import datasets
from pai_emulator.types import JsonObject
from tests.emulator.sdk.sdk_client import RecordingEmulator, Sdk, Way, complete, leaves, response_model
from tests.emulator.sdk.sdk_requests import (
    DATASET_ID,
    IDLE,
    IMAGE_ID,
    REQUIRED,
    SNAPSHOT,
    TIMER,
    VALUES,
    identifiers,
    notebook,
    sample,
)
from tests.emulator.service import LONG_ENOUGH, OF_THE_SDK, PRODUCTION, RESEARCH

RICHEST_DATASET_ID: Final = list(datasets("cn-hangzhou"))[-1]

ONLY_BEHIND_THE_SCENES: Final = ("ReasonCode", "ReasonMessage")
"""Fields that no operation of the emulator sets on a running instance."""


def test_an_instance_lives_its_whole_life(sdk: Sdk, recorded: RecordingEmulator, way: Way) -> None:
    created, _ = sdk.call("CreateInstance", fields=notebook({}), way=way)
    instance_id = created.instance_id
    recorded.clock.advance(LONG_ENOUGH)
    for operation, fields, status in (
        ("UpdateInstance", {"InstanceName": "renamed"}, "Running"),
        ("StopInstance", {"SaveImage": False}, "Stopped"),
        ("StartInstance", {}, "Running"),
    ):
        done, wire = sdk.call(operation, instance_id, fields=fields, way=way)
        assert (done.instance_id, done.success, done.code) == (instance_id, True, None)
        assert wire["HttpStatusCode"] == 200
        recorded.clock.advance(LONG_ENOUGH)
        assert sdk.call("GetInstance", instance_id, way=way)[0].status == status
    listed, _ = sdk.call("ListInstances", fields={"InstanceName": "renamed"}, way=way)
    assert [instance.instance_id for instance in listed.instances] == [instance_id]
    assert len(recorded.journal.writes()) == 4


@pytest.mark.parametrize("operation", sorted(OF_THE_SDK - {"CreateInstance", "UpdateInstance"}))
def test_every_operation_answers_in_the_fields_of_its_model(
    sdk: Sdk, recorded: RecordingEmulator, way: Way, operation: str
) -> None:
    required = {**REQUIRED, IDLE[0]: IDLE[1], TIMER[0]: TIMER[1]}.get(operation, {})
    body, wire = sdk.call(operation, *identifiers(sdk, recorded, operation), fields=required, way=way)
    assert body.to_map().get("RequestId") == wire.get("RequestId")
    assert wire.keys() <= complete(response_model(operation)).keys()


def a_full_life(sdk: Sdk, recorded: RecordingEmulator, way: Way) -> list[str]:
    """Two instances that have, between them, everything an instance can have."""
    everything = {name: VALUES.get(name, value) for name, value in sample("CreateInstance").items()}
    everything |= {
        "Datasets": [
            {"Uri": "oss://bucket/data/", "MountPath": "/mnt/data", "OptionType": "ReadOnly"},
            {
                "DatasetId": DATASET_ID,
                "DatasetVersion": "v1",
                "Dynamic": True,
                "MountPath": "/mnt/dynamic/corpus",
                "Options": "{}",
            },
        ],
        "DynamicMount": {"Enable": True, "MountPoints": [{"RootPath": "/mnt/dynamic", "Options": "{}"}]},
        "RequestedResource": {**everything["RequestedResource"], "GPU": "0", "Memory": "1GB"},
        "SpotSpec": {**everything["SpotSpec"], "SpotStrategy": "SpotWithPriceLimit"},
        "UserVpc": {**everything["UserVpc"], "DefaultRoute": "eth0"},
        "WorkspaceId": RESEARCH,
    }
    ids: list[str] = []
    for name, left_out in {
        "by_spec": {"ImageUrl", "ResourceId", "RequestedResource"},
        "by_quota": {"ImageUrl", "EcsSpec"},
    }.items():
        settings = {field: value for field, value in everything.items() if field not in left_out}
        created, _ = sdk.call("CreateInstance", fields=settings | {"InstanceName": name}, way=way)
        recorded.clock.advance(LONG_ENOUGH)
        sdk.call("StopInstance", created.instance_id, fields={"SaveImage": True}, way=way)
        recorded.clock.advance(LONG_ENOUGH)
        sdk.call("UpdateInstance", created.instance_id, fields={"Priority": 2, "StartInstance": True}, way=way)
        recorded.clock.advance(LONG_ENOUGH)
        for rule, values in (IDLE, TIMER):
            sdk.call(rule, created.instance_id, fields=values)
        given = {name: complete(response_model("GetInstance"))[name] for name in ONLY_BEHIND_THE_SCENES}
        recorded.world.overwrite_instance(created.instance_id, given)
        ids.append(created.instance_id)
    return ids


def test_an_instance_can_show_every_field_of_the_models(sdk: Sdk, recorded: RecordingEmulator, way: Way) -> None:
    ids = a_full_life(sdk, recorded, way)
    got = [sdk.call("GetInstance", instance_id, way=way)[1] for instance_id in ids]
    listed = sdk.call("ListInstances", fields={"ResourceId": "ALL"}, way=way)[1]
    assert not_shown("GetInstance", got) == set()
    assert not_shown("ListInstances", listed) == {("MigrationOptions",)}


def test_a_snapshot_shows_every_field_of_the_models(sdk: Sdk, recorded: RecordingEmulator, way: Way) -> None:
    instance_id, snapshot_id = identifiers(sdk, recorded, "GetInstanceSnapshot")
    recorded.clock.advance(LONG_ENOUGH)
    fields = SNAPSHOT | {
        "Labels": [{"Key": "team", "Value": "vision"}],
        "ExcludePaths": ["/tmp"],
        "ImageUrl": "registry.example.com/team/saved:v2",
    }
    latest = sdk.call("CreateInstanceSnapshot", instance_id, fields=fields, way=way)[0].snapshot_id
    listed = sdk.call("ListInstanceSnapshot", instance_id, way=way)[1]
    got = sdk.call("GetInstanceSnapshot", instance_id, latest, way=way)[1]
    assert not_shown("ListInstanceSnapshot", listed) == set()
    assert not_shown("GetInstanceSnapshot", got) == set()
    assert [each["SnapshotId"] for each in listed["Snapshots"]] == [latest, snapshot_id]


def not_shown(operation: str, wire: Any) -> set[tuple[str, ...]]:
    """The fields of the reply's model that are not on the wire; of a free map, anything may be."""
    shown = {path[:length] for path in leaves(wire) for length in range(1, len(path) + 1)}
    return set(leaves(complete(response_model(operation)))) - shown


@pytest.mark.parametrize(
    ("operation", "path", "query", "missing"),
    [
        ("ListEcsSpecs", (), {"AcceleratorType": "GPU"}, set[str]()),
        ("ListWorkspaces", (), {"Verbose": True}, {"ResourceLimits"}),
        ("GetWorkspace", (RESEARCH,), {"Verbose": True}, set[str]()),
        ("GetDefaultWorkspace", (), {"Verbose": True}, set[str]()),
        # No item of the emulator's has labels.
        ("ListConfigs", (RESEARCH,), {"Verbose": "true"}, {"Key", "Value"}),
        ("ListMembers", (RESEARCH,), {}, set[str]()),
        ("GetMember", (RESEARCH,), REQUIRED["GetMember"], set[str]()),
        ("ListWorkspaceUsers", (RESEARCH,), {}, set[str]()),
        ("ListWorkspaceRoles", (PRODUCTION,), {"VerboseFields": "ModulePermissions"}, set[str]()),
        ("ListPermissions", (RESEARCH,), {}, set[str]()),
        ("GetPermission", (RESEARCH, "PaiDSW:StartInstance"), {}, set[str]()),
        ("ListResources", (), REQUIRED["ListResources"], set[str]()),
        ("ListProducts", (), {"Verbose": True}, set[str]()),
        ("ListImages", (), {"Verbose": True}, set[str]()),
        ("GetImage", (IMAGE_ID,), {"Verbose": True}, {"SourceId", "WorkspaceId"}),
        ("ListImageLabels", (), {}, set[str]()),
        ("ListDatasets", (), {"WorkspaceId": PRODUCTION}, set[str]()),
        ("GetDataset", (RICHEST_DATASET_ID,), {}, set[str]()),
    ],
)
def test_the_catalogue_shows_every_field_of_the_models(
    sdk: Sdk, way: Way, operation: str, path: tuple[str, ...], query: JsonObject, missing: set[str]
) -> None:
    _, wire = sdk.call(operation, *path, fields=query, way=way)
    assert {path[-1] for path in not_shown(operation, wire)} == missing


def test_resource_limits_come_back(sdk: Sdk, way: Way) -> None:
    body, wire = sdk.call("ListWorkspaces", fields={"Option": "GetResourceLimits"}, way=way)
    assert body.resource_limits == wire["ResourceLimits"]


def test_a_wrong_secret_is_refused(recorded: RecordingEmulator, way: Way) -> None:
    sdk = Sdk(recorded, replace(recorded.user("admin"), access_key_secret="wrong"))
    with pytest.raises(ClientException) as caught:
        sdk.call("CreateInstance", fields=notebook({}), way=way)
    assert caught.value.code == "SignatureDoesNotMatch"
    assert not any(entry.applied for entry in recorded.journal)


@pytest.mark.parametrize(
    ("operation", "path", "status", "code"),
    [
        ("GetInstance", ("dsw-unheardof",), 404, "InternalError"),
        ("GetWorkspace", ("99999",), 404, "100400027"),
        ("ListEcsSpecs", (), 400, "MissingAcceleratorType"),
    ],
)
def test_a_refusal_is_read_by_the_sdk(
    sdk: Sdk, way: Way, operation: str, path: tuple[str, ...], status: int, code: str
) -> None:
    with pytest.raises(ClientException) as caught:
        sdk.call(operation, *path, way=way)
    error: Any = caught.value
    assert (error.status_code, error.code) == (status, code)
    assert error.request_id != "None"
