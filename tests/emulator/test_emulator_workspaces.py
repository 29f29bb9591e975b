"""The AIWorkSpace operations on workspaces and products."""

from typing import Any

import pytest

from pai_emulator.data.regions import REGIONS
from pai_emulator.faults.model import DropsUpdates, ListLag, NotActivated
from pai_emulator.policy import USER_IDS
from tests.emulator.service import PRODUCTION, RESEARCH, Service


def names(service: Service, *, user: str = "admin", **query: Any) -> list[str]:
    rows = service.do("ListWorkspaces", query=query, user=user)["Workspaces"]
    return [row["WorkspaceName"] for row in rows]


def test_a_workspace_is_listed_with_its_facts() -> None:
    reply = Service().do("ListWorkspaces")
    assert reply["TotalCount"] == 2
    assert reply["Workspaces"][0] == {
        "WorkspaceId": RESEARCH,
        "WorkspaceName": "research",
        "DisplayName": "Research",
        "Description": "Notebooks of the research team",
        "Status": "ENABLED",
        "EnvTypes": ["prod"],
        "Creator": USER_IDS["admin"],
        "GmtCreateTime": "2024-03-04T02:10:11.232Z",
        "GmtModifiedTime": "2024-03-04T02:10:11.232Z",
        "IsDefault": True,
        "resourceGroupId": "rg-acfmwp7rkyq2345",
    }


def test_details_are_shown_on_demand() -> None:
    row = Service().do("ListWorkspaces", query={"Verbose": "True"})["Workspaces"][0]
    assert row["AdminNames"] == ["admin@example.aliyunid.com"]
    assert row["ExtraInfos"] == {"TenantId": "42864000198"}


def test_a_list_can_be_limited_to_ids() -> None:
    rows = Service().do("ListWorkspaces", query={"Fields": "Id", "Verbose": "True"})["Workspaces"]
    assert rows == [{"WorkspaceId": RESEARCH}, {"WorkspaceId": PRODUCTION}]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"WorkspaceName": "EARCH"}, ["research"]),
        ({"WorkspaceIds": f"{PRODUCTION},77"}, ["production"]),
        ({"Status": "ENABLED", "ModuleList": "PAI"}, ["research", "production"]),
        ({"Status": "FROZEN"}, []),
        ({"ResourceGroupId": "rg-acfmwp7rkyq2345"}, ["research", "production"]),
        ({"ResourceGroupId": "rg-other"}, []),
        ({"UserId": USER_IDS["viewer"]}, ["research"]),
        ({"SortBy": "GmtModifiedTime", "Order": "DESC"}, ["production", "research"]),
        ({"PageSize": 1, "PageNumber": 2}, ["production"]),
    ],
)
def test_a_query_finds_exactly_these_workspaces(query: dict[str, Any], found: list[str]) -> None:
    assert names(Service(), **query) == found


@pytest.mark.parametrize("query", [{"Option": "Delete"}, {"Status": "GONE"}, {"Verbose": "yes"}, {"PageSize": "0"}])
def test_what_is_no_value_of_a_parameter_of_workspaces_is_refused(query: dict[str, str]) -> None:
    refusal = Service().refusal("ListWorkspaces", query=query)
    assert (refusal.status, refusal.code) == (400, "InvalidParameter")


@pytest.mark.parametrize(("name", "count"), [("production", 1), ("Production", 0), ("prod", 0), ("", 0)])
def test_whether_a_workspace_exists_is_told_by_the_whole_name_to_everybody(name: str, count: int) -> None:
    query = {"Option": "CheckWorkspaceExists", "WorkspaceName": name}
    assert Service().do("ListWorkspaces", query=query, user="viewer") == {"Workspaces": [], "TotalCount": count}


def test_resource_limits_are_an_option() -> None:
    reply = Service().do("ListWorkspaces", query={"Option": "GetResourceLimits"})
    assert reply["ResourceLimits"]["MaxCompute_share"] == 1


def test_a_workspace_is_shown_with_its_owner_on_demand() -> None:
    service = Service()
    brief = service.do("GetWorkspace", RESEARCH)
    assert (brief["ResourceGroupId"], brief["IsDefault"]) == ("rg-acfmwp7rkyq2345", True)
    assert "Owner" not in brief
    owner = service.do("GetWorkspace", RESEARCH, query={"Verbose": "true"})["Owner"]
    assert owner.keys() == {"UserId", "UserKp", "UserName", "DisplayName"}


@pytest.mark.parametrize(("workspace_id", "user"), [("99999", "admin"), (PRODUCTION, "viewer"), ("40011", "admin")])
def test_a_workspace_that_is_missing_or_not_the_callers_is_not_found(workspace_id: str, user: str) -> None:
    refusal = Service().refusal("GetWorkspace", workspace_id, user=user)
    assert (refusal.status, refusal.code, refusal.message) == (404, "100400027", "Workspace not exists")


def test_the_default_workspace_tells_how_it_came_to_be_on_demand() -> None:
    service = Service()
    brief = service.do("GetDefaultWorkspace")
    assert (brief["WorkspaceId"], brief["Conditions"]) == (RESEARCH, [])
    conditions = service.do("GetDefaultWorkspace", query={"Verbose": "True"})["Conditions"]
    assert [row["Type"] for row in conditions] == ["CREATING", "WORKSPACE_CREATED", "MEMBERS_ADDED", "ENABLED"]


def test_without_a_default_workspace_there_is_none_to_show() -> None:
    service = Service()
    service.world.region("cn-hangzhou").workspaces[RESEARCH]["IsDefault"] = False
    assert service.refusal("GetDefaultWorkspace").code == "100400027"


def test_every_region_has_workspaces_of_its_own() -> None:
    service = Service()
    ids = [
        row["WorkspaceId"]
        for region_id, region in REGIONS.items()
        if "aiworkspace" in region.products
        for row in service.do("ListWorkspaces", region_id=region_id)["Workspaces"]
    ]
    assert len(ids) == len(set(ids)) == 36


def test_products_and_services_are_listed_by_code() -> None:
    query = {"ProductCodes": "PAI_share,PAI_isolate,PAI_unheardof", "ServiceCodes": "oss"}
    assert Service().do("ListProducts", query=query) == {
        "Products": [
            {
                "ProductCode": "PAI_share",
                "IsPurchased": True,
                "PurchaseUrl": "https://common-buy.aliyun.com/?commodityCode=pai_share",
                "HasPermissionToPurchase": True,
            },
            {
                "ProductCode": "PAI_isolate",
                "IsPurchased": False,
                "PurchaseUrl": "https://common-buy.aliyun.com/?commodityCode=pai_isolate",
                "HasPermissionToPurchase": True,
            },
        ],
        "Services": [{"ServiceCode": "oss", "IsOpen": True, "OpenUrl": "https://common-buy.aliyun.com/?service=oss"}],
    }


def test_where_pai_is_not_activated_its_product_is_not_bought() -> None:
    service = Service()
    service.faults.add(NotActivated(region_id="cn-hangzhou"))
    bought = {
        region_id: [
            product["IsPurchased"]
            for product in service.do(
                "ListProducts", region_id=region_id, query={"ProductCodes": "PAI_share,DLC_share"}
            )["Products"]
        ]
        for region_id in ("cn-hangzhou", "cn-beijing")
    }
    assert bought == {"cn-hangzhou": [False, True], "cn-beijing": [True, True]}


def test_a_new_workspace_may_be_listed_late_and_exists_all_the_same() -> None:
    service = Service()
    service.faults.add(ListLag(seconds=60))
    body = {"WorkspaceName": "vision", "Description": "", "EnvTypes": ["prod"]}
    made = service.do("CreateWorkspace", body=body)["WorkspaceId"]
    assert names(service) == ["research", "production"]
    assert service.do("GetWorkspace", made)["WorkspaceName"] == "vision"
    service.wait(60)
    assert names(service) == ["research", "production", "vision"]


def test_updates_may_be_dropped_although_the_service_says_yes() -> None:
    service = Service()
    before = service.do("GetWorkspace", RESEARCH), service.do("ListConfigs", RESEARCH)
    service.faults.add(DropsUpdates())
    service.do("UpdateWorkspace", RESEARCH, body={"DisplayName": "Renamed"})
    rows = [{"CategoryName": "CommonResourceConfig", "ConfigKey": "modelExportPath", "ConfigValue": "oss://other/"}]
    service.do("UpdateConfigs", RESEARCH, body={"Configs": rows})
    after = service.do("GetWorkspace", RESEARCH), service.do("ListConfigs", RESEARCH)
    assert [{**each, "RequestId": ""} for each in after] == [{**each, "RequestId": ""} for each in before]


def test_without_codes_everything_is_listed_with_ids_on_demand() -> None:
    reply = Service().do("ListProducts", query={"Verbose": "true"}, user="viewer")
    assert (len(reply["Products"]), len(reply["Services"])) == (6, 3)
    assert all(product["ProductId"] for product in reply["Products"])
    assert not any(product["HasPermissionToPurchase"] for product in reply["Products"])


def test_every_service_role_is_authorized() -> None:
    reply = Service().do("ListProductAuthorizations", query={"RamRoleNames": "AliyunPAIDLCDefaultRole,AliyunOther"})
    assert [(row["RamRoleName"], row["IsAuthorized"]) for row in reply["AuthorizationDetails"]] == [
        ("AliyunOther", True),
        ("AliyunPAIDLCDefaultRole", True),
    ]
