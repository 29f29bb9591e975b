"""The way to an operation: host, version, region, route, right, envelope, body."""

import uuid

import pytest

from pai_emulator.policy import ACCOUNT_ID
from pai_emulator.serve import Emulator
from tests.emulator.raw_client import AIWORKSPACE, DSW, RawClient, RawReply, sign

INSTANCES = "/api/v2/instances"
WORKSPACES = "/api/v1/workspaces"


def refused(reply: RawReply) -> tuple[int, str]:
    return reply.status, reply.json["Code"]


def last_region(emulator: Emulator) -> str | None:
    return emulator.journal.entries[-1].region_id


def test_a_dsw_reply_has_the_whole_envelope(admin: RawClient) -> None:
    reply = admin.call("GET", INSTANCES)
    envelope = {name: reply.json[name] for name in ("Success", "Code", "Message", "HttpStatusCode")}
    assert reply.status == 200
    assert envelope == {"Success": True, "Code": None, "Message": None, "HttpStatusCode": 200}
    assert reply.headers["content-type"] == "application/json;charset=utf-8"


def test_an_aiworkspace_reply_has_a_request_id_alone(admin: RawClient) -> None:
    reply = admin.call("GET", WORKSPACES, version=AIWORKSPACE)
    assert reply.status == 200
    assert {"Success", "Code", "HttpStatusCode"}.isdisjoint(reply.json)
    assert reply.json["RequestId"] == reply.headers["x-acs-request-id"]


def test_a_request_id_is_an_upper_case_uuid(admin: RawClient) -> None:
    request_id = admin.call("GET", INSTANCES).json["RequestId"]
    assert request_id == str(uuid.UUID(request_id)).upper()


def test_an_error_carries_what_the_gateway_sends(emulator: Emulator, admin: RawClient) -> None:
    reply = admin.call("GET", f"{INSTANCES}/dsw-nowhere")
    host = emulator.url.removeprefix("http://")
    assert reply.status == 404
    assert reply.json == {
        "RequestId": reply.headers["x-acs-request-id"],
        "HostId": host,
        "Code": reply.json["Code"],
        "Message": reply.json["Message"],
        "Recommend": (
            f"https://api.aliyun.com/troubleshoot?q={reply.json['Code']}&product=pai-dsw"
            f"&requestId={reply.headers['x-acs-request-id']}"
        ),
        "Success": False,
        "HttpStatusCode": 404,
    }


@pytest.mark.parametrize(
    ("host", "region_id"),
    [
        ("pai-dsw.cn-shanghai.aliyuncs.com", "cn-shanghai"),
        ("pai-dsw-vpc.cn-beijing.aliyuncs.com", "cn-beijing"),
        ("pai-dsw.ap-southeast-1.aliyuncs.com:80", "ap-southeast-1"),
        ("localhost:8080", "cn-hangzhou"),
        ("[::1]:8080", "cn-hangzhou"),
    ],
)
def test_the_host_names_the_region(emulator: Emulator, host: str, region_id: str) -> None:
    with RawClient(emulator.url, emulator.user("admin"), host) as client:
        assert client.call("GET", INSTANCES).status == 200
    assert last_region(emulator) == region_id


def test_a_host_without_region_stands_for_hangzhou(emulator: Emulator) -> None:
    with RawClient(emulator.url, emulator.user("admin"), "aiworkspace.aliyuncs.com") as client:
        assert client.call("GET", WORKSPACES, version=AIWORKSPACE).status == 200
    assert last_region(emulator) == "cn-hangzhou"


def test_on_a_loopback_address_a_header_names_the_region(emulator: Emulator, admin: RawClient) -> None:
    assert admin.call("GET", INSTANCES, headers={"x-acs-region-id": "cn-beijing"}).status == 200
    assert last_region(emulator) == "cn-beijing"


def test_a_real_host_wins_over_the_region_header(emulator: Emulator) -> None:
    with RawClient(emulator.url, emulator.user("admin"), "pai-dsw.cn-shanghai.aliyuncs.com") as client:
        client.call("GET", INSTANCES, headers={"x-acs-region-id": "cn-beijing"})
    assert last_region(emulator) == "cn-shanghai"


def test_a_proxied_request_line_is_understood(emulator: Emulator) -> None:
    host = "pai-dsw.cn-shanghai.aliyuncs.com"
    with RawClient(emulator.url, emulator.user("admin"), host) as client:
        assert client.call("GET", INSTANCES, {"PageSize": "1"}, proxied=True).status == 200
    assert (last_region(emulator), emulator.journal.entries[-1].path) == ("cn-shanghai", INSTANCES)


@pytest.mark.parametrize("host", ["attacker.example", "pai-dsw.cn-shanghai.aliyuncs.com.example", "127.0.0.1.example"])
def test_a_foreign_host_is_not_served(emulator: Emulator, host: str) -> None:
    with RawClient(emulator.url, emulator.user("admin"), host) as client:
        assert refused(client.call("GET", INSTANCES)) == (404, "InvalidApi.NotFound")


@pytest.mark.parametrize("version", ["", "2019-01-01"])
def test_an_unknown_version_is_invalid(admin: RawClient, version: str) -> None:
    assert refused(admin.call("GET", INSTANCES, version=version)) == (400, "InvalidVersion")


def test_a_version_of_the_other_product_is_invalid(emulator: Emulator) -> None:
    with RawClient(emulator.url, emulator.user("admin"), "aiworkspace.cn-hangzhou.aliyuncs.com") as client:
        assert refused(client.call("GET", INSTANCES, version=DSW)) == (400, "InvalidVersion")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v2/nothing"), ("DELETE", f"{INSTANCES}/dsw-1"), ("GET", "/"), ("GET", WORKSPACES)],
)
def test_an_unknown_route_is_no_action(admin: RawClient, method: str, path: str) -> None:
    assert refused(admin.call(method, path)) == (404, "InvalidAction.NotFound")


def test_an_action_that_is_not_the_routes_is_not_found(admin: RawClient) -> None:
    reply = admin.call("GET", INSTANCES, headers={"x-acs-action": "StopInstance"})
    assert refused(reply) == (404, "InvalidAction.NotFound")


def test_the_help_of_an_error_names_a_product_only_where_it_is_known(admin: RawClient) -> None:
    pages = [
        admin.call("GET", "/api/v1/workspaces/99999", version=AIWORKSPACE).json["Recommend"],
        admin.call("GET", INSTANCES, version="2019-01-01").json["Recommend"],
    ]
    assert ["product=AIWorkSpace" in pages[0], "product=" in pages[1]] == [True, False]


@pytest.mark.parametrize("digits", [19, 4301])
@pytest.mark.parametrize(
    ("path", "version", "code"),
    [(INSTANCES, DSW, "ValidationError"), (WORKSPACES, AIWORKSPACE, "InvalidParameter")],
)
def test_a_page_number_beyond_all_pages_is_refused(
    admin: RawClient, path: str, version: str, code: str, digits: int
) -> None:
    assert refused(admin.call("GET", path, {"PageNumber": "9" * digits}, version=version)) == (400, code)


def test_a_signature_is_checked_before_the_route(emulator: Emulator) -> None:
    with RawClient(emulator.url, emulator.user("admin")) as client:
        reply = client.send("GET", "/api/v2/nothing", {"host": "localhost", "x-acs-version": DSW})
    assert refused(reply) == (400, "MissingAccessKeyId")


def test_an_encoded_slash_stays_within_its_placeholder(admin: RawClient) -> None:
    reply = admin.call("GET", f"{INSTANCES}/a%2Fb%20c")
    assert reply.status == 404
    assert "a/b c" in reply.json["Message"]


def test_dsw_denies_what_the_user_may_not(viewer: RawClient) -> None:
    reply = viewer.call("POST", INSTANCES, body={"WorkspaceId": "40001"})
    assert refused(reply) == (403, "NoPermissionError")
    assert reply.json["Message"] == (
        f"No permission CreateInstance for resource: acs:paidsw:cn-hangzhou:{ACCOUNT_ID}:workspace/40001"
    )
    assert reply.json["AccessDeniedDetail"]["AuthPrincipalDisplayName"] == "viewer"
    assert reply.json["AccessDeniedDetail"]["NoPermissionType"] == "ImplicitDeny"


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(admin: RawClient, body: bytes) -> None:
    assert refused(admin.call("POST", INSTANCES, body=body)) == (400, "InvalidParameter")


def test_a_body_that_is_too_large_is_not_read(admin: RawClient) -> None:
    assert admin.call("POST", INSTANCES, body=b"x" * (1024 * 1024 + 1)).status == 413


def test_a_repeated_header_is_signed_as_one(emulator: Emulator, admin: RawClient) -> None:
    host = emulator.url.removeprefix("http://")
    signed = sign(emulator.user("admin"), "GET", INSTANCES, {}, {"host": host, "x-acs-extra": "a,b"})
    assert admin.send("GET", INSTANCES, {**signed, "x-acs-extra": ["b", "a"]}).status == 200
