"""The vendor's older SDK, `aliyun-python-sdk-core`: it makes a notebook and stops another, with signatures of its kind.

Run by `tests.foreign` in an environment of its own. Nothing here knows of an emulator.
"""
# Its packages are in that environment alone, and have no types.
# pyright: basic, reportMissingImports=false

import json
import os
from typing import Any

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest

REGION = os.environ["REGION"]
INSTANCE_ID = os.environ["DSW_INSTANCE_ID"]

client = AcsClient(os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"], REGION)


def call(host: str, version: str, action: str, method: str, path: str, body: Any = None, **query: str) -> Any:
    request = CommonRequest(domain=host, version=version, action_name=action, uri_pattern=path or None)
    request.set_protocol_type("https")
    request.set_method(method)
    for name, value in query.items():
        request.add_query_param(name, value)
    if body is not None:
        request.set_content_type("application/json")
        request.set_content(json.dumps(body).encode())
    return json.loads(client.do_action_with_exception(request))


def dsw(action: str, method: str, path: str, body: Any = None, **query: str) -> Any:
    return call(f"pai-dsw.{REGION}.aliyuncs.com", "2022-01-01", action, method, f"/api/v2/{path}", body, **query)


identity = call(f"sts.{REGION}.aliyuncs.com", "2015-04-01", "GetCallerIdentity", "POST", "")
assert identity["AccountId"] == "1500000000000001"

(spec,) = dsw("ListEcsSpecs", "GET", "ecsspecs", AcceleratorType="CPU", PageSize="1")["EcsSpecs"]
(instance,) = dsw("ListInstances", "GET", "instances", InstanceName="note", Status="Running")["Instances"]
assert instance["InstanceId"] == INSTANCE_ID

made = dsw(
    "CreateInstance",
    "POST",
    "instances",
    {
        "InstanceName": "made-by-core",
        "EcsSpec": spec["InstanceType"],
        "ImageUrl": "registry.example.com/team/mine:v1",
        "WorkspaceId": instance["WorkspaceId"],
    },
)
assert dsw("GetInstance", "GET", f"instances/{made['InstanceId']}")["Status"] == "Creating"
dsw("StopInstance", "PUT", f"instances/{INSTANCE_ID}/stop", SaveImage="false")
assert dsw("GetInstance", "GET", f"instances/{INSTANCE_ID}")["Status"] == "Stopping"

refusals = []
try:
    dsw("DeleteInstance", "DELETE", f"instances/{INSTANCE_ID}")
except ServerException as error:
    refusals.append((error.get_http_status(), error.get_error_code()))
assert refusals == [(404, "InvalidAction.NotFound")]
