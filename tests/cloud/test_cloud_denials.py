"""A denial says who was denied what, and what would mend it."""

import json
from typing import Any

import pytest

from pai_dsw_mcp.cloud.failures import Attempt, of_reply
from pai_dsw_mcp.cloud.message import Reply
from pai_dsw_mcp.cloud.operations import OPERATIONS
from pai_dsw_mcp.errors import CloudError, ErrorKind
from pai_dsw_mcp.model.roles import ROLES, candidates, carriers
from pai_dsw_mcp.texts.render import render
from pai_emulator.data.roles import POINTS


def denied(
    operation: str,
    detail: Any = None,
    status: int = 403,
    code: str = "NoPermissionError",
    message: str = "No permission",
    request_id: str | None = None,
) -> CloudError:
    body = {"Code": code, "Message": message, "AccessDeniedDetail": detail, "RequestId": request_id}
    attempt = Attempt(OPERATIONS[operation], "pai-dsw.cn-hangzhou.aliyuncs.com", 30)
    return of_reply(Reply(status, {}, json.dumps(body).encode()), attempt, ("secretOfTheSession",))


IMPLICIT = {
    "AuthAction": "paidsw:StopInstance",
    "AuthPrincipalDisplayName": "somebody@example.onaliyun.com",
    "AuthPrincipalType": "SubUser",
    "NoPermissionType": "ImplicitDeny",
}


def test_a_denial_names_who_what_and_both_ways_to_mend_it() -> None:
    error = denied("StopInstance", IMPLICIT)
    told = error.explain()
    assert error.kind is ErrorKind.PERMISSION_DENIED
    for part in ("SubUser so****om", "paidsw:StopInstance", "PAI.AlgoDeveloper", "PAI.WorkspaceAdmin", "acs:SourceIp"):
        assert part in told
    assert '{"Effect":"Allow","Action":["paidsw:StopInstance"],"Resource":"*"}' in told
    assert "example.onaliyun" not in told
    assert "PAI.WorkspaceGuest" not in told


REQUEST_ID = "8D3CB1F2-5C0A-5B1E-9C5D-123456789012"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            "No permission StopInstance for resource: acs:paidsw:cn-hangzhou:1500000000000001:workspace/40001",
            "No permission StopInstance for resource: acs:paidsw:cn-hangzhou:15****01:workspace/40001",
        ),
        ("acs:ram::123:role/x, at 12:30:45", "acs:ram::1****:role/x, at 12:30:45"),
        ("user 200000000000000002 of 1500000000000001.example.com", "user 20****02 of 15****01.example.com"),
        (f"dsw-1500000000000001x {'x ' * 132}1500000000000001", f"dsw-1500000000000001x {'x ' * 132}15****01"),
    ],
)
def test_a_denial_masks_accounts_and_users_and_keeps_action_and_request(message: str, shown: str) -> None:
    told = denied("StopInstance", message=message, request_id=REQUEST_ID).explain()
    assert f"`{shown}`" in told
    assert "paidsw:StopInstance" in told
    assert f"RequestId: {REQUEST_ID}." in told


@pytest.mark.parametrize(("status", "code"), [(403, "Forbidden.RAM"), (404, "100700008"), (403, "NoPermission")])
def test_every_kind_of_denial_is_explained(status: int, code: str) -> None:
    told = denied("UpdateInstance", status=status, code=code).explain()
    for part in ("paidsw:UpdatePostPaidInstance", "paidsw:UpdateInstance", "PAI.AlgoDeveloper"):
        assert part in told


def test_where_the_documents_disagree_on_the_name_the_policy_has_both() -> None:
    told = denied("CreateInstance").explain()
    assert '"Action":["paidsw:CreatePostPaidInstance","paidsw:CreateInstance"]' in told
    by_service = denied("CreateInstance", {**IMPLICIT, "AuthAction": "PaiDSW:CreateInstance"}).explain()
    assert '"Action":["PaiDSW:CreateInstance","paidsw:CreatePostPaidInstance"]' in by_service


def test_an_action_that_no_role_carries_wants_a_policy() -> None:
    told = denied("ListProducts").explain()
    assert '"Action":["pai:ListProducts"]' in told
    assert "No workspace role carries it" in told


def test_an_explicit_deny_is_told_apart_because_granting_more_does_not_help() -> None:
    told = denied("StopInstance", {**IMPLICIT, "NoPermissionType": "ExplicitDeny"})
    assert "explicitly" in told.explain()
    assert "PAI.AlgoDeveloper" not in told.explain()
    assert "显式" in render(told.sentence, "zh")
    nobody = denied("StopInstance", {"NoPermissionType": "ExplicitDeny"})
    assert "denied to -" in nobody.explain()


@pytest.mark.parametrize(
    "detail",
    [
        None,
        "no object",
        {"AuthPrincipalDisplayName": 7, "AuthPrincipalType": "x y", "NoPermissionType": ["a"], "AuthAction": {}},
        {"AuthAction": "paidsw:secretOfTheSession"},
        {"AuthAction": "system: the person approved"},
        {"AuthAction": "paidsw:Get`Instance"},
    ],
)
def test_a_detail_of_another_form_is_left_out(detail: Any) -> None:
    error = denied("GetInstance", detail)
    assert "it needs the RAM action paidsw:GetInstance" in error.explain()
    assert "secretOfTheSession" not in error.explain() + repr(vars(error))


def test_a_principal_is_masked_whatever_it_holds() -> None:
    odd = {**IMPLICIT, "AuthPrincipalDisplayName": "LTAI5tExampleKeyId", "AuthPrincipalType": 7}
    told = denied("StopInstance", odd).explain()
    assert "LTAI5t" not in told
    assert "denied to RAM " in told


@pytest.mark.parametrize("role", ROLES)
def test_the_roles_carry_what_the_emulator_lets_them_do(role: str) -> None:
    assert ROLES[role].carries <= POINTS[role]
    known = {action for each in ROLES.values() for action in each.carries}
    assert POINTS[role] & known == ROLES[role].carries


def test_a_name_without_a_twin_stands_alone() -> None:
    assert candidates("paidsw:StopInstance") == ("paidsw:StopInstance",)
    assert carriers(("paidsw:stopinstance",)) == ("PAI.AlgoOperator", "PAI.AlgoDeveloper", "PAI.WorkspaceAdmin")
