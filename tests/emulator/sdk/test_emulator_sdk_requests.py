"""The official Python SDK, unmodified, over HTTP: every field of its request models is taken and kept."""

from typing import Final

import pytest

from pai_emulator.parameters import CREATE_INSTANCE, UPDATE_INSTANCE
from pai_emulator.shapes import Shape
from pai_emulator.types import JsonObject
from tests.emulator.sdk.sdk_client import RecordingEmulator, Sdk, leaves
from tests.emulator.sdk.sdk_requests import fields, identifiers, notebook, only, sample, shows
from tests.emulator.service import LONG_ENOUGH, OF_THE_SDK

NEVER_SHOWN: Final = {"AssignNodeSpec", "OversoldType", "SpotSpec", "Tag", "UserCommand"}
"""Settings that GetInstance has no field for, or shows in another form."""

BEFORE: Final[JsonObject] = {
    "AssignNodeSpec": {"NodeNames": "before"},
    "CredentialConfig": {"Enable": False},
    "Datasets": [{"Uri": "oss://bucket/before/", "MountPath": "/mnt/before"}],
    "Driver": "before",
    "DynamicMount": {"Enable": False},
    "EnvironmentVariables": {"before": "1"},
    "ImageUrl": "registry.example.com/before:v1",
    "MigrationOptions": {"before": "1"},
    "SpotSpec": {"SpotStrategy": "SpotAsPriceGo"},
    "UserCommand": {"OnStart": {"Content": "before"}},
    "UserVpc": {"VpcId": "before", "ForwardInfos": [{"Name": "before"}]},
}
"""What an instance has that is to be updated; every flag of UpdateInstance finds something to remove."""


@pytest.mark.parametrize(("operation", "path"), fields("CreateInstance"))
def test_create_instance_takes_and_keeps_every_field(sdk: Sdk, operation: str, path: tuple[str, ...]) -> None:
    sent = only(operation, path)
    body, _ = sdk.call(operation, fields=notebook(sent))
    shown = sdk.call("GetInstance", body.instance_id)[1]
    assert shows(shown, {name: value for name, value in sent.items() if name not in NEVER_SHOWN})


@pytest.mark.parametrize(("operation", "path"), fields("UpdateInstance"))
def test_update_instance_takes_and_keeps_every_field(
    sdk: Sdk, recorded: RecordingEmulator, operation: str, path: tuple[str, ...]
) -> None:
    sent = only(operation, path)
    before = dict(BEFORE)
    if sent.pop("ResourceId", None):
        before |= {"ResourceId": "quota40001", "RequestedResource": {"CPU": "2", "Memory": "2GB"}}
    instance_id = sdk.call("CreateInstance", fields=notebook(before))[0].instance_id
    recorded.clock.advance(LONG_ENOUGH)
    sdk.call("StopInstance", instance_id)
    recorded.clock.advance(LONG_ENOUGH)
    # To start the instance alone changes nothing of it and would be refused.
    beside = {"Priority": 7} if path == ("StartInstance",) else {}
    assert sdk.call(operation, instance_id, fields=sent | beside)[0].instance_id == instance_id
    shown = sdk.call("GetInstance", instance_id)[1]
    flags = {name for name in sent if name.startswith("Disassociate") or name == "StartInstance"}
    assert shows(shown, {name: value for name, value in sent.items() if name not in NEVER_SHOWN | flags})


@pytest.mark.parametrize(("operation", "path"), fields(*sorted(OF_THE_SDK - {"CreateInstance", "UpdateInstance"})))
def test_every_parameter_of_the_other_operations_is_taken(
    sdk: Sdk, recorded: RecordingEmulator, operation: str, path: tuple[str, ...]
) -> None:
    sent = only(operation, path)
    sdk.call(operation, *identifiers(sdk, recorded, operation), fields=sent)
    # A range is sent as one parameter for each end.
    taken = {name.partition(".")[0] for name in recorded.journal.entries[-1].parameters}
    assert taken >= sent.keys()


@pytest.mark.parametrize(
    ("shape", "operation"), [(CREATE_INSTANCE, "CreateInstance"), (UPDATE_INSTANCE, "UpdateInstance")]
)
def test_the_emulator_knows_the_bodies_as_the_sdk_does(shape: Shape, operation: str) -> None:
    assert set(leaves(shape)) == set(leaves(sample(operation)))
