"""Workspaces made and changed, their members and roles, and what they compute with."""

from typing import Any

import pytest

from pai_emulator.fixture import Fixture, load_fixture
from pai_emulator.policy import USER_IDS
from pai_emulator.types import JsonObject
from tests.emulator.service import PRODUCTION, RESEARCH, Service

ADMIN, DEVELOPER, VIEWER = USER_IDS.values()
ANALYST = "200000000000000004"
NEW: JsonObject = {"WorkspaceName": "vision_lab", "Description": "Cameras", "EnvTypes": ["prod"]}


def member(user_id: str, workspace_id: str = RESEARCH) -> str:
    return f"{workspace_id}-{user_id}"


def roles(service: Service, user_id: str, workspace_id: str = RESEARCH) -> list[str]:
    return service.do("GetMember", workspace_id, query={"UserId": user_id})["Roles"]


def members(service: Service, workspace_id: str = RESEARCH, **query: Any) -> list[str]:
    reply = service.do("ListMembers", workspace_id, query=query)
    return [each["MemberName"] for each in reply["Members"]]


def test_whoever_makes_a_workspace_owns_it() -> None:
    service = Service()
    workspace_id = service.do("CreateWorkspace", body=NEW)["WorkspaceId"]
    shown = service.do("GetWorkspace", workspace_id, query={"Verbose": "true"})
    assert (shown["WorkspaceName"], shown["DisplayName"], shown["Status"]) == ("vision_lab", "vision_lab", "ENABLED")
    assert (shown["Owner"]["UserId"], shown["IsDefault"]) == (ADMIN, False)
    assert members(service, workspace_id) == ["admin"]
    assert service.do("ListConfigs", workspace_id)["TotalCount"] == 0
    other = service.do("CreateWorkspace", body={**NEW, "WorkspaceName": "audio_lab"})["WorkspaceId"]
    assert other != workspace_id


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"WorkspaceName": None}, "MissingWorkspaceName"),
        ({"Description": None}, "MissingDescription"),
        ({"EnvTypes": None}, "MissingEnvTypes"),
        ({"EnvTypes": ["dev"]}, "InvalidParameter"),
        ({"WorkspaceName": "vision-lab"}, "InvalidParameter"),
        ({"WorkspaceName": "1st"}, "InvalidParameter"),
        ({"WorkspaceName": "vi"}, "InvalidParameter"),
        ({"WorkspaceName": 7}, "InvalidParameter"),
        ({"Description": "x" * 81}, "InvalidParameter"),
        ({"Description": 7}, "InvalidParameter"),
        ({"WorkspaceName": "research"}, "WorkspaceNameAlreadyExists"),
        ({"WorkspaceName": "warehouse"}, "WorkspaceNameAlreadyExists"),
    ],
)
def test_a_workspace_that_is_not_right_is_not_made(change: JsonObject, code: str) -> None:
    service = Service()
    assert service.refusal("CreateWorkspace", body=NEW | change).code == code
    assert service.do("ListWorkspaces")["TotalCount"] == 2


@pytest.mark.parametrize("user", ["developer", "viewer"])
def test_no_role_in_a_workspace_makes_another_one(user: str) -> None:
    assert Service().refusal("CreateWorkspace", body=NEW, user=user).code == "100700008"


def test_an_update_changes_what_it_knows_and_drops_the_rest_without_a_word() -> None:
    service = Service()
    before = service.do("GetWorkspace", RESEARCH)
    service.wait()
    body = {"DisplayName": "Renamed", "Description": "New words", "WorkspaceName": "other", "Status": "DISABLED"}
    assert service.do("UpdateWorkspace", RESEARCH, body=body) == {}
    after = service.do("GetWorkspace", RESEARCH)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"DisplayName", "Description", "GmtModifiedTime"}


@pytest.mark.parametrize("body", [{"DisplayName": "with-hyphen"}, {"Description": "x" * 81}])
def test_an_update_that_is_not_right_is_refused(body: JsonObject) -> None:
    assert Service().refusal("UpdateWorkspace", RESEARCH, body=body).code == "InvalidParameter"


def test_an_empty_update_changes_nothing_but_the_time() -> None:
    service = Service()
    before = service.do("GetWorkspace", RESEARCH)
    service.do("UpdateWorkspace", RESEARCH, body={})
    after = service.do("GetWorkspace", RESEARCH)
    assert {name for name in before if before[name] != after[name]} == {"GmtModifiedTime"}


def test_members_are_listed_with_their_roles_and_filtered() -> None:
    service = Service()
    reply = service.do("ListMembers", PRODUCTION)
    assert reply["Members"][1] == {
        "MemberId": member(DEVELOPER, PRODUCTION),
        "UserId": DEVELOPER,
        "MemberName": "developer",
        "DisplayName": "Wu Developer",
        "AccountName": "developer@example.onaliyun.com",
        "AccountType": "5",
        "Roles": ["PAI.AlgoDeveloper", "PAI.AlgoOperator", "PAI.LabelManager"],
        "GmtCreateTime": "2024-06-18T06:30:45.501Z",
    }
    assert members(service, MemberName="VIEW") == ["viewer"]
    assert members(service, Roles="PAI.AlgoDeveloper,PAI.WorkspaceOwner") == ["admin", "developer"]
    assert members(service, UserId=VIEWER) == ["viewer"]
    assert members(service, PageSize=1, PageNumber=2) == ["developer"]


def test_a_member_is_found_by_either_id_but_not_by_both() -> None:
    service = Service()
    shown = service.do("GetMember", RESEARCH, query={"MemberId": member(VIEWER)})
    assert (shown["UserId"], "AccountName" in shown) == (VIEWER, False)
    both = {"MemberId": member(VIEWER), "UserId": VIEWER}
    assert service.refusal("GetMember", RESEARCH, query=both).code == "InvalidParameter"
    assert service.refusal("GetMember", RESEARCH).code == "InvalidParameter"
    assert service.refusal("GetMember", RESEARCH, query={"UserId": ANALYST}).status == 404


def add(service: Service, *rows: JsonObject, user: str = "admin") -> list[JsonObject]:
    return service.do("CreateMember", RESEARCH, body={"Members": list(rows)}, user=user)["Members"]


def test_whoever_is_in_the_account_and_no_member_can_be_added() -> None:
    service = Service()
    candidates = service.do("ListWorkspaceUsers", RESEARCH, query={"UserName": "zhao"})
    assert candidates == {"Users": [{"UserId": ANALYST, "UserName": "analyst"}], "TotalCount": 1}
    (added,) = add(service, {"UserId": ANALYST, "Roles": ["PAI.AlgoDeveloper", "PAI.AlgoOperator"]})
    assert added == {
        "MemberId": member(ANALYST),
        "UserId": ANALYST,
        "DisplayName": "Zhao Analyst",
        "Roles": ["PAI.AlgoDeveloper", "PAI.AlgoOperator"],
    }
    assert service.do("ListWorkspaceUsers", RESEARCH, query={"UserId": ANALYST})["TotalCount"] == 0
    assert service.do("GetMember", RESEARCH, query={"UserId": ANALYST})["GmtCreateTime"] == "2026-01-05T08:00:00Z"
    assert len(add(service, {"UserId": "200000000000000005,1500000000000001", "Roles": ["PAI.LabelManager"]})) == 2
    assert "analyst" in members(service)


NO_ROLES: list[str] = []


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (NO_ROLES, "MissingMembers"),
        ([{"UserId": ANALYST}], "MissingRoles"),
        ([{"UserId": ANALYST, "Roles": NO_ROLES}], "MissingRoles"),
        ([{"UserId": ANALYST, "Roles": ["PAI.Emperor"]}], "InvalidParameter"),
        ([{"UserId": ANALYST, "Roles": ["PAI.WorkspaceOwner"]}], "InvalidParameter"),
        ([{"UserId": ANALYST, "Roles": ["role-unheardof"]}], "InvalidParameter"),
        ([{"UserId": "999", "Roles": ["PAI.AlgoDeveloper"]}], "InvalidParameter"),
        ([{"UserId": VIEWER, "Roles": ["PAI.AlgoDeveloper"]}], "InvalidParameter"),
    ],
)
def test_a_member_that_is_not_right_is_not_added(rows: list[JsonObject], code: str) -> None:
    service = Service()
    assert service.refusal("CreateMember", RESEARCH, body={"Members": rows}).code == code
    assert len(members(service)) == 3


def test_roles_are_added_once_and_removed_down_to_the_last() -> None:
    service = Service()
    for _ in range(2):
        service.do("AddMemberRole", RESEARCH, member(VIEWER), "PAI.AlgoOperator")
    assert roles(service, VIEWER) == ["PAI.WorkspaceGuest", "PAI.AlgoOperator"]
    service.do("RemoveMemberRole", RESEARCH, member(VIEWER), "PAI.WorkspaceGuest")
    assert roles(service, VIEWER) == ["PAI.AlgoOperator"]
    for role in ("PAI.AlgoOperator", "PAI.WorkspaceGuest"):
        refusal = service.refusal("RemoveMemberRole", RESEARCH, member(VIEWER), role)
        assert refusal.code == "InvalidParameter"
    assert roles(service, VIEWER) == ["PAI.AlgoOperator"]


def test_the_role_of_the_owner_stays() -> None:
    service = Service()
    service.do("AddMemberRole", RESEARCH, member(ADMIN), "PAI.WorkspaceAdmin")
    assert service.refusal("RemoveMemberRole", RESEARCH, member(ADMIN), "PAI.WorkspaceOwner").status == 400
    assert service.refusal("AddMemberRole", RESEARCH, member(VIEWER), "PAI.WorkspaceOwner").status == 400
    assert service.refusal("AddMemberRole", RESEARCH, member(ANALYST), "PAI.AlgoOperator").status == 404


def test_a_custom_role_can_be_given_in_its_own_workspace() -> None:
    service = Service()
    role = f"role-{PRODUCTION}reader"
    service.do("AddMemberRole", PRODUCTION, member(DEVELOPER, PRODUCTION), role)
    assert role in roles(service, DEVELOPER, PRODUCTION)
    assert service.refusal("AddMemberRole", RESEARCH, member(DEVELOPER), role).code == "InvalidParameter"


def test_members_are_removed_but_for_the_owner_of_whom_a_success_says_no() -> None:
    service = Service()
    refused = service.do("DeleteMembers", RESEARCH, query={"MemberIds": f"{member(VIEWER)},{member(ADMIN)}"})
    assert refused == {"Code": "100600017", "Message": "Owner not allowed to delete"}
    assert len(members(service)) == 3
    both = f"{member(VIEWER)},{member(DEVELOPER)}"
    assert service.do("DeleteMembers", RESEARCH, query={"MemberIds": both}) == {}
    assert members(service) == ["admin"]
    assert service.refusal("DeleteMembers", RESEARCH, query={"MemberIds": member(VIEWER)}).status == 404
    assert service.refusal("DeleteMembers", RESEARCH).code == "MissingMemberIds"


@pytest.mark.parametrize(
    "call",
    [
        ("CreateMember", RESEARCH),
        ("DeleteMembers", RESEARCH),
        ("AddMemberRole", RESEARCH, member(VIEWER), "PAI.AlgoDeveloper"),
        ("RemoveMemberRole", RESEARCH, member(VIEWER), "PAI.WorkspaceGuest"),
        ("UpdateWorkspace", RESEARCH),
    ],
)
def test_only_administrators_change_members(call: tuple[str, ...]) -> None:
    operation, *identifiers = call
    refusal = Service().refusal(operation, *identifiers, user="developer")
    assert (refusal.status, refusal.code) == (404, "100700008")


def test_members_are_shown_to_members_alone() -> None:
    assert Service().refusal("ListMembers", PRODUCTION, user="viewer").code == "100700008"
    assert Service().refusal("ListMembers", "99999").code == "100400027"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["notebook-reader"]),
        ({"RoleName": "notebook-reader", "RoleType": "custom", "Status": "Succeeded"}, ["notebook-reader"]),
        ({"RoleName": "notebook"}, []),
        ({"RoleIds": f"role-{PRODUCTION}reader,role-x"}, ["notebook-reader"]),
        ({"RoleIds": "role-x"}, []),
        ({"Status": "Failed"}, []),
    ],
)
def test_only_custom_roles_are_listed(query: JsonObject, names: list[str]) -> None:
    reply = Service().do("ListWorkspaceRoles", PRODUCTION, query=query)
    assert [role["RoleName"] for role in reply["Roles"]] == names
    assert reply["TotalCount"] == len(names)
    assert not any("ModulePermissions" in role for role in reply["Roles"])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"WorkspaceId": RESEARCH}, ["research_quota", "training_quota", "research_project"]),
        ({"WorkspaceId": RESEARCH, "ResourceTypes": "ECS,Lingjun"}, ["research_quota", "training_quota"]),
        ({"WorkspaceId": RESEARCH, "ProductTypes": "MaxCompute"}, ["research_project"]),
        ({"WorkspaceId": RESEARCH, "ResourceName": "research_project"}, ["research_project"]),
        ({"WorkspaceId": RESEARCH, "GroupName": "other"}, []),
        ({"WorkspaceId": RESEARCH, "Labels": "system.supported.dsw=true"}, ["research_quota", "training_quota"]),
        ({"WorkspaceId": RESEARCH, "QuotaIds": "quota40001"}, ["research_quota"]),
        (
            {"Option": "ListResource"},
            ["research_quota", "training_quota", "research_project", "training_quota", "production_project"],
        ),
    ],
)
def test_resources_of_a_workspace_are_listed(query: JsonObject, names: list[str]) -> None:
    reply = Service().do("ListResources", query=query)
    assert [each["Name"] for each in reply["Resources"]] == names
    assert reply["TotalCount"] == len(names)
    assert all(each["Quotas"] for each in reply["Resources"])


def test_resources_are_shown_without_quotas_on_demand_and_to_members_alone() -> None:
    service = Service()
    brief = service.do("ListResources", query={"WorkspaceId": RESEARCH, "Verbose": "false"})["Resources"]
    assert not any("Quotas" in each for each in brief)
    assert service.refusal("ListResources").code == "MissingWorkspaceId"
    assert service.refusal("ListResources", query={"WorkspaceId": "99999"}).code == "100400027"
    assert service.refusal("ListResources", query={"WorkspaceId": PRODUCTION}, user="viewer").code == "100700008"


def test_a_snapshot_holds_the_workspaces_that_were_made_and_changed() -> None:
    service = Service()
    workspace_id = service.do("CreateWorkspace", body=NEW)["WorkspaceId"]
    service.do("AddMemberRole", RESEARCH, member(VIEWER), "PAI.AlgoOperator")
    document = service.world.snapshot()
    again = Service()
    load_fixture(again.world, Fixture.model_validate(document))
    assert again.do("GetWorkspace", workspace_id) == service.do("GetWorkspace", workspace_id)
    assert roles(again, VIEWER) == roles(service, VIEWER)
