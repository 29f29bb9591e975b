"""list_workspaces and get_workspace, asked by a client."""

import pytest
from inline_snapshot import snapshot

from pai_emulator import products
from tests.tools.reading_desk import Desk, fold

pytestmark = pytest.mark.anyio


async def test_workspaces_are_listed_with_the_default_marked(desk: Desk, era: str) -> None:
    async with desk.client(mode=era) as call:
        told = await call("list_workspaces")
    assert fold(told.text) == snapshot("""\
Workspaces in which these credentials have no role may be missing. Usable means enabled: what these
credentials may do there is decided by roles and RAM policies.
total: 2; in_all_rows: status=ENABLED, usable=yes
workspaces:
workspace_id|workspace_name|display_name|description|is_default
40001|research|Research|"Notebooks of the research team"|yes
40002|production|Production|"Models that serve customers"|\
""")
    assert fold(told.result) == snapshot(
        {
            "note": """\
Workspaces in which these credentials have no role may be missing. Usable means enabled: what these
credentials may do there is decided by roles and RAM policies.\
""",
            "total": 2,
            "in_all_rows": {"status": "ENABLED", "usable": True},
            "workspaces": [
                {
                    "workspace_id": "40001",
                    "workspace_name": "research",
                    "display_name": "Research",
                    "description": "Notebooks of the research team",
                    "is_default": True,
                },
                {
                    "workspace_id": "40002",
                    "workspace_name": "production",
                    "display_name": "Production",
                    "description": "Models that serve customers",
                },
            ],
        }
    )


async def test_a_workspace_that_cannot_be_used_says_so(desk: Desk) -> None:
    desk.region.workspaces["40002"]["Status"] = "FROZEN"
    async with desk.client() as call:
        told = await call("list_workspaces", limit=1, cursor="1")
    assert fold(told.text) == snapshot("""\
Rows 2-2 of 2.
Only ENABLED workspaces can be used; not usable here: 1.
Workspaces in which these credentials have no role may be missing. Usable means enabled: what these
credentials may do there is decided by roles and RAM policies.
total: 2
workspaces:
workspace_id|workspace_name|display_name|description|status|usable
40002|production|Production|"Models that serve customers"|FROZEN|no\
""")


async def test_a_name_that_matches_nothing_is_told_without_asking_for_products(desk: Desk) -> None:
    async with desk.client() as call:
        some = await call("list_workspaces", workspace_name="prod")
        none = await call("list_workspaces", workspace_name="astronomy")
    assert [row["workspace_name"] for row in some.rows("workspaces")] == ["production"]
    assert fold(none.result) == snapshot(
        {"total": 0, "note": "No workspace in cn-hangzhou has `astronomy` in its name.", "workspaces": []}
    )
    assert desk.requests("ListProducts") == 0


async def test_where_pai_is_activated_a_missing_workspace_is_somebody_elses_or_not_made_yet(desk: Desk) -> None:
    desk.region.workspaces.clear()
    async with desk.client() as call:
        told = await call("list_workspaces")
    assert fold(told.result) == snapshot(
        {
            "total": 0,
            "note": """\
No workspace in cn-hangzhou is visible to these credentials. PAI is activated there: create_workspace (toolset
`workspace`) or the console makes a workspace; the administrator of one adds the person.\
""",
            "workspaces": [],
            "pai_activated": True,
        }
    )


@pytest.mark.parametrize("offered", ["listed", "not listed", "elsewhere"])
async def test_where_pai_is_not_activated_a_person_can_do_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, offered: str
) -> None:
    desk.region.workspaces.clear()
    url = "https://common-buy.aliyun.com/?commodityCode=pai_share"
    product = {
        "ProductCode": "PAI_share" if offered != "not listed" else "PAI_isolate",
        "IsPurchased": False,
        "PurchaseUrl": url if offered == "listed" else "https://common-buy.example.com/",
    }
    monkeypatch.setattr(products, "PRODUCTS", (product,))
    async with desk.client() as call:
        told = await call("list_workspaces")
    assert told.result["pai_activated"] is False
    assert told.result.get("purchase_url") == (url if offered == "listed" else None)
    assert fold(told.result["note"]) == snapshot(
        """\
No workspace in cn-hangzhou is visible to these credentials. PAI is not activated there; the person activates
it in the console, nothing here can buy it.\
"""
    )
    assert (url in told.text) == (offered == "listed")


async def test_one_workspace_is_shown_with_its_people_masked(desk: Desk, era: str) -> None:
    async with desk.client(mode=era) as call:
        told = await call("get_workspace", workspace_id="40001")
    assert fold(told.text) == snapshot("""\
It can be used by whoever has the right: it is enabled.
workspace_id: 40001; workspace_name: research; display_name: Research; description: "Notebooks of the research
team"; status: ENABLED; usable: yes; is_default: yes; env_types: prod; resource_group_id: rg-acfmwp7rkyq2345;
creator: 20****01; owner_name: a****; admin_names: ad****om; created_at: 2024-03-04T02:10Z; modified_at:
2024-03-04T02:10Z\
""")
    assert fold(told.result) == snapshot(
        {
            "workspace_id": "40001",
            "workspace_name": "research",
            "display_name": "Research",
            "description": "Notebooks of the research team",
            "status": "ENABLED",
            "usable": True,
            "is_default": True,
            "meaning": "It can be used by whoever has the right: it is enabled.",
            "env_types": ["prod"],
            "resource_group_id": "rg-acfmwp7rkyq2345",
            "creator": "20****01",
            "owner_name": "a****",
            "admin_names": ["ad****om"],
            "created_at": "2024-03-04T02:10Z",
            "modified_at": "2024-03-04T02:10Z",
        }
    )
    for identity in ("200000000000000001", "admin@example.aliyunid.com", "Lin Administrator", '"admin"'):
        assert identity not in told.text + str(told.result)


@pytest.mark.parametrize(
    "status", ["ENABLED", "INITIALIZING", "FAILURE", "DISABLED", "FROZEN", "UPDATING", "SOMETHING_NEW", "told"]
)
async def test_only_an_enabled_workspace_can_be_used(desk: Desk, status: str) -> None:
    desk.region.workspaces["40002"]["Status"] = status
    async with desk.client() as call:
        told = await call("get_workspace", workspace_id="40002")
    assert told.result["usable"] == (status == "ENABLED")
    assert told.result["meaning"].startswith("It can be used" if status == "ENABLED" else "It cannot be used")
    assert told.result["meaning"] in told.text


async def test_a_workspace_that_does_not_exist_is_an_error_that_says_what_to_do(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("get_workspace", workspace_id="99999")
    assert told.is_error
    assert "list_workspaces" in told.text
    assert "RequestId" in told.text
