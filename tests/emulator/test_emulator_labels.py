"""The labels of an instance that exists."""

import pytest

from pai_emulator.types import JsonObject
from tests.emulator.raw_client import NOTEBOOK, RawClient
from tests.emulator.service import Service


def labels(service: Service, instance_id: str) -> dict[str, str]:
    return {label["Key"]: label["Value"] for label in service.get(instance_id)["Labels"]}


def test_labels_are_added_changed_and_removed_each_by_its_key() -> None:
    service = Service()
    instance_id = service.running(Labels=[{"Key": "team", "Value": "vision"}, {"Key": "stage", "Value": "test"}])
    given = [{"Key": "stage", "Value": "live"}, {"Key": "owner"}]
    service.do("UpdateInstanceLabels", instance_id, body={"Labels": given})
    assert labels(service, instance_id) == {"team": "vision", "stage": "live", "owner": ""}
    service.do("DeleteInstanceLabels", instance_id, query={"LabelKeys": "team,owner,unheardof"})
    assert labels(service, instance_id) == {"stage": "live"}
    assert service.listed(Labels='{"stage": "live"}') == ["notebook"]


@pytest.mark.parametrize(
    ("operation", "body", "code"),
    [
        ("UpdateInstanceLabels", {}, "MissingLabels"),
        ("UpdateInstanceLabels", {"Labels": [{"Key": "aliyun:x", "Value": "1"}]}, "ValidationError"),
        ("DeleteInstanceLabels", {}, "MissingLabelKeys"),
    ],
)
def test_labels_that_are_missing_or_reserved_are_refused(operation: str, body: JsonObject, code: str) -> None:
    service = Service()
    assert service.refusal(operation, service.running(), body=body).code == code


def test_a_reply_about_labels_has_a_request_id_and_nothing_else(admin: RawClient) -> None:
    instance_id = admin.call("POST", "/api/v2/instances", {}, NOTEBOOK).json["InstanceId"]
    reply = admin.call("DELETE", f"/api/v2/instances/{instance_id}/labels", {"LabelKeys": "team"}, {})
    assert reply.json.keys() == {"RequestId"}
