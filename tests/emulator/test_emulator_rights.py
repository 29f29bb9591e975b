"""Rights by RAM, rights by a role in a workspace, and what the caller is told of them."""

import json
from pathlib import Path

import pytest

from pai_emulator.data.roles import POINTS
from pai_emulator.policy import USER_IDS
from pai_emulator.serve import Emulator
from tests.emulator.raw_client import RawClient
from tests.emulator.service import PRODUCTION, RESEARCH, Service


def points(service: Service, user: str, workspace_id: str = RESEARCH) -> set[str]:
    reply = service.do("ListPermissions", workspace_id, user=user)
    assert reply["TotalCount"] == len(reply["Permissions"])
    return {row["PermissionCode"] for row in reply["Permissions"]}


def test_permission_points_are_those_of_the_roles_of_the_caller_and_say_whose_instances_they_are_for() -> None:
    service = Service()
    writes = {"PaiDSW:CreatePostPaidInstance", "PaiDSW:UpdatePostPaidInstance", "PaiDSW:StartInstance"}
    assert writes <= points(service, "admin")
    assert writes <= points(service, "developer")
    assert "PaiDSW:ListAllInstances" not in points(service, "developer")
    assert not writes & points(service, "viewer")
    rules = [
        service.do("ListPermissions", RESEARCH, user=user)["Permissions"][0]["PermissionRules"]
        for user in ("admin", "viewer")
    ]
    assert rules == [
        [{"Accessibility": "ANY", "EntityAccessType": "ANY"}],
        [
            {"Accessibility": "PUBLIC", "EntityAccessType": "ANY"},
            {"Accessibility": "PRIVATE", "EntityAccessType": "CREATOR"},
        ],
    ]


def test_permission_points_of_a_workspace_of_others_are_denied_and_of_none_not_found() -> None:
    assert Service().refusal("ListPermissions", PRODUCTION, user="viewer").code == "100700008"
    assert Service().refusal("ListPermissions", "99999").code == "100400027"


def test_ram_rights_add_nothing_to_the_list_of_points() -> None:
    service = Service()
    service.set_policy("viewer", "paidsw:*", "paiworkspace:*")
    assert not {point for point in points(service, "viewer") if point.startswith("PaiDSW:")}


def test_a_role_alone_is_enough_for_dsw() -> None:
    service = Service()
    service.set_policy("viewer")
    service.give_roles("viewer", "PAI.AlgoDeveloper")
    instance_id = service.running(user="viewer")
    service.do("StopInstance", instance_id, user="viewer")
    assert [each["InstanceId"] for each in service.do("ListInstances", user="viewer")["Instances"]] == [instance_id]


@pytest.mark.parametrize("role", ["PAI.LabelManager", "PAI.WorkspaceGuest", "PAI.MaxComputeDeveloper"])
def test_some_roles_carry_nothing_of_dsw(role: str) -> None:
    service = Service()
    service.set_policy("viewer")
    service.give_roles("viewer", role)
    refusal = service.refusal("ListInstances", user="viewer", query={"WorkspaceId": RESEARCH})
    assert (refusal.code, refusal.message) == (
        "NoPermissionError",
        f"No permission ListInstances for resource: acs:paidsw:cn-hangzhou:1500000000000001:workspace/{RESEARCH}",
    )
    assert service.do("GetWorkspace", RESEARCH, user="viewer")["WorkspaceId"] == RESEARCH


def test_a_role_counts_in_its_workspace_alone() -> None:
    service = Service()
    service.set_policy("developer")
    service.give_roles("developer", "PAI.WorkspaceGuest")
    assert service.do("ListInstances", user="developer", query={"WorkspaceId": PRODUCTION})["TotalCount"] == 0
    refusal = service.refusal("ListInstances", user="developer", query={"WorkspaceId": RESEARCH})
    assert refusal.code == "NoPermissionError"
    refused = service.refusal("CreateInstance", user="developer", body={**service.notebook(), "WorkspaceId": RESEARCH})
    assert refused.code == "NoPermissionError"


def test_a_body_that_names_no_workspace_as_a_text_gets_no_right_from_it() -> None:
    service = Service()
    refusal = service.refusal("CreateInstance", user="viewer", body={"WorkspaceId": [RESEARCH]})
    assert refusal.code == "NoPermissionError"


def test_a_role_on_an_instance_counts_in_the_workspace_of_the_instance() -> None:
    service = Service()
    instance_id = service.running(Accessibility="PUBLIC")
    service.set_policy("viewer")
    assert service.refusal("StopInstance", instance_id, user="viewer").code == "NoPermissionError"
    service.give_roles("viewer", "PAI.AlgoOperator")
    service.do("StopInstance", instance_id, user="viewer")


def test_an_administrator_of_the_workspace_sees_the_private_instances_of_others() -> None:
    service = Service()
    service.set_policy("viewer")
    instance_id = service.running()
    service.give_roles("viewer", "PAI.AlgoDeveloper")
    assert service.refusal("GetInstance", instance_id, user="viewer").status == 404
    service.give_roles("viewer", "PAI.WorkspaceAdmin")
    assert service.get(instance_id, user="viewer")["InstanceId"] == instance_id


def test_an_explicit_deny_beats_right_and_role_and_is_told_as_one() -> None:
    service = Service()
    instance_id = service.running()
    service.set_policy("admin", "*", denied=("paidsw:stop*",))
    refusal = service.refusal("StopInstance", instance_id)
    assert (refusal.access_denied_detail or {})["NoPermissionType"] == "ExplicitDeny"
    refusal = service.refusal("StopInstance", instance_id, user="viewer")
    assert (refusal.access_denied_detail or {})["NoPermissionType"] == "ImplicitDeny"


def test_a_custom_role_carries_the_points_that_it_lists() -> None:
    service = Service()
    service.set_policy("viewer")
    service.give_roles("viewer", f"role-{PRODUCTION}reader", workspace_id=PRODUCTION)
    assert service.do("ListInstances", user="viewer", query={"WorkspaceId": PRODUCTION})["TotalCount"] == 0
    service.give_roles("viewer", "role-unheardof", workspace_id=PRODUCTION)
    refusal = service.refusal("ListInstances", user="viewer", query={"WorkspaceId": PRODUCTION})
    assert refusal.code == "NoPermissionError"


def test_one_permission_is_told_by_role_or_by_ram() -> None:
    service = Service()
    told = service.do("GetPermission", RESEARCH, "PaiDSW:StartInstance", user="developer")
    assert told["PermissionCode"] == "PaiDSW:StartInstance"
    service.give_roles("developer", "PAI.WorkspaceGuest")
    service.do("GetPermission", RESEARCH, "PaiDSW:StartInstance", user="developer")
    refusal = service.refusal(
        "GetPermission", RESEARCH, "PaiDSW:StartInstance", user="developer", query={"Option": "DisableRam"}
    )
    assert refusal.code == "100700008"
    assert service.refusal("GetPermission", RESEARCH, "PaiDSW:GetToken", user="viewer").code == "100700008"


def test_administrators_carry_every_point_of_every_role() -> None:
    assert all(carried <= POINTS["PAI.WorkspaceAdmin"] for carried in POINTS.values())
    assert POINTS["PAI.WorkspaceOwner"] == POINTS["PAI.WorkspaceAdmin"]


def test_a_fixture_gives_a_user_another_policy(tmp_path: Path) -> None:
    users = {"admin": {"rights": ["paidsw:*"], "denied": ["paidsw:GetInstance"]}, "viewer": {}}
    fixture = tmp_path / "fixture.json"
    fixture.write_text(json.dumps({"users": users}))
    with Emulator(fixture=fixture) as emulator:
        for user, status in (("admin", 403), ("viewer", 403), ("developer", 404)):
            with RawClient(emulator.url, emulator.user(user)) as client:
                assert client.call("GET", "/api/v2/instances/dsw-0000").status == status
        assert emulator.world.snapshot()["users"] == users | {"viewer": {"rights": [], "denied": []}}


def test_the_main_account_is_no_member_unless_it_is_added() -> None:
    assert Service().world.region("cn-hangzhou").workspaces[RESEARCH]["Members"].keys() == set(USER_IDS.values())
