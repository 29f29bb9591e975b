"""check_environment, asked by a client: every line says what is so, and what to do where it is not well."""

from typing import Any

import pytest
from inline_snapshot import snapshot

from pai_dsw_mcp.cloud.client import Cloud
from pai_dsw_mcp.cloud.options import CloudOptions
from pai_dsw_mcp.model.region import REGIONS
from pai_emulator import products
from pai_emulator.faults.model import Reset, ServerError
from pai_emulator.policy import ACCOUNT_ID
from pai_emulator.serve import Emulator
from tests.tools.diagnosed import lines, words
from tests.tools.reading_desk import REGION, Desk, fold

pytestmark = pytest.mark.anyio


async def checks(desk: Desk, user: str = "admin", **arguments: Any) -> dict[str, str]:
    """Every line of an answer by its name."""
    async with desk.client(user) as call:
        told = await call("check_environment", **{"region_ids": [REGION], **arguments})
    return {check["name"]: words(check) for check in told.result["checks"]}


async def test_where_everything_works_each_line_says_what_was_found(desk: Desk) -> None:
    told = await checks(desk)
    assert told.pop("version").startswith("ok: pai-dsw-mcp ")
    assert desk.emulator.url in told.pop("target")
    assert told.pop("clock").startswith("ok: ")
    assert fold(told) == snapshot(
        {
            "limits": "ok: none on cost, number, regions or workspaces",
            "credentials": "ok: static_ak: a permanent key",
            "expiry": "ok: a permanent key does not expire",
            "account": "ok: account 15****01, RAMUser 20****01",
            "regions": "ok: reached: cn-hangzhou",
            "activation": "ok: yes: cn-hangzhou",
            "workspaces": "ok: cn-hangzhou: research 40001, production 40002",
            "actions": """\
ok: cn-hangzhou: allowed: pai:GetQuota, pai:ListProducts, pai:ListQuotaWorkloads, pai:ListQuotas,
paidataset:GetDataset, paidataset:ListDatasets, paidsw:CreateIdleInstanceCuller,
paidsw:CreateInstanceShutdownTimer, paidsw:CreateInstanceSnapshot, paidsw:CreatePostPaidInstance,
paidsw:DeleteIdleInstanceCuller, paidsw:DeleteInstanceLabels, paidsw:DeleteInstanceShutdownTimer,
paidsw:GetInstance, paidsw:GetInstanceEvents, paidsw:GetInstanceMetrics, paidsw:GetLifecycle,
paidsw:ListAllInstances, paidsw:ListEcsSpecs, paidsw:ListInstanceSnapshot, paidsw:ListInstances,
paidsw:ListSystemLogs, paidsw:StartInstance, paidsw:StopInstance, paidsw:UpdateInstanceLabels,
paidsw:UpdatePostPaidInstance, paiimage:GetImage, paiimage:ListImages, paiworkspace:AddMemberRole,
paiworkspace:CreateMember, paiworkspace:DeleteMembers, paiworkspace:GetWorkspace, paiworkspace:ListConfigs,
paiworkspace:ListMembers, paiworkspace:ListPermissions, paiworkspace:ListResources,
paiworkspace:ListWorkspaceRoles, paiworkspace:ListWorkspaceUsers, paiworkspace:ListWorkspaces,
paiworkspace:RemoveMemberRole, paiworkspace:UpdateConfigs, paiworkspace:UpdateWorkspace\
""",
        }
    )


async def test_it_sends_no_write_and_shows_no_key_and_no_whole_account(desk: Desk) -> None:
    told = str(await checks(desk))
    assert {entry.operation for entry in desk.emulator.journal.entries if entry.write} == set()
    user = desk.emulator.user("admin")
    assert not any(each in told for each in (user.access_key_id, user.access_key_secret, ACCOUNT_ID, user.user_id))


async def test_a_few_regions_are_asked_unless_all_or_some_are_named(desk: Desk) -> None:
    def asked() -> set[str | None]:
        regions = {entry.region_id for entry in desk.emulator.journal.entries}
        desk.emulator.journal.clear()
        return regions

    await checks(desk, region_ids=[])
    assert 1 < len(asked()) < 6
    await checks(desk, region_ids=["cn-beijing"])
    assert asked() == {"cn-beijing"}
    told = await checks(desk, region_ids=["ALL"])
    assert asked() == set(REGIONS)
    assert "not reached" not in told["regions"]


async def test_a_name_that_is_no_region_is_refused_before_anything_is_asked(desk: Desk) -> None:
    async with desk.client() as call:
        told = await call("check_environment", region_ids=["ALL", "atlantis"])
    assert told.is_error
    assert "not a region" in told.text
    assert len(desk.emulator.journal) == 0


async def test_what_a_workspace_does_not_list_is_unknown_and_not_denied(desk: Desk) -> None:
    told = (await checks(desk, "viewer"))["actions"]
    assert told.startswith("unknown: ")
    allowed, _, unknown = told.partition("not known: ")
    assert "paidsw:ListInstances" in allowed
    for action in ("CreatePostPaidInstance", "ListAllInstances", "StopInstance", "UpdatePostPaidInstance"):
        assert f"paidsw:{action}" in unknown
    assert "denied" not in told.partition(" -> ")[0]


MOST = ["paidsw:*", "paiworkspace:*", "paiimage:*", "paidataset:*"]
EXPLICIT, ORDINARY = "to grant more will hardly help", "gives a role that carries it"


@pytest.mark.parametrize(
    ("policy", "found", "to_do"),
    [
        ({"rights": MOST, "denied": []}, "denied: pai:ListQuotas", ORDINARY),
        (
            {"rights": ["*"], "denied": ["paidataset:ListDatasets", "paidsw:ListInstances"]},
            "denied explicitly by a policy: paidataset:ListDatasets, paidsw:ListInstances",
            EXPLICIT,
        ),
        (
            {"rights": MOST, "denied": ["paidsw:ListInstances"]},
            "denied explicitly by a policy: paidsw:ListInstances; denied: pai:ListQuotas",
            EXPLICIT,
        ),
    ],
    ids=["no right", "a policy with Deny", "both"],
)
async def test_a_read_that_is_denied_has_to_be_mended_by_what_mends_it(
    policy: dict[str, list[str]], found: str, to_do: str
) -> None:
    with Emulator(seed=0) as emulator:
        emulator.world.policies["admin"] = policy
        told = await lines(cloud_at(emulator))
    assert told["actions"].startswith("mend: cn-hangzhou: allowed: ")
    named, _, remedy = told["actions"].partition(" -> ")
    assert f"; {found}" in named
    assert [each in remedy for each in (EXPLICIT, ORDINARY)] == [to_do is EXPLICIT, to_do is ORDINARY]
    assert "references/ram-policies.md" in remedy


async def test_workspaces_that_may_not_be_listed_leave_the_actions_unknown() -> None:
    with Emulator(seed=0) as emulator:
        emulator.world.policies["admin"] = {"rights": ["*"], "denied": ["paiworkspace:ListWorkspaces"]}
        told = await lines(cloud_at(emulator))
    assert told["workspaces"].startswith("mend: not known: cn-hangzhou (ListWorkspaces was denied")
    assert EXPLICIT in told["workspaces"]
    assert told["actions"] == "unknown: no workspace to ask about"


def cloud_at(emulator: Emulator) -> Cloud:
    user = emulator.user("admin")
    return Cloud(CloudOptions(endpoint=emulator.url, test_access_key=(user.access_key_id, user.access_key_secret)))


async def test_a_region_that_does_not_answer_is_named_with_the_reason(desk: Desk) -> None:
    desk.emulator.faults.add(Reset(region_id="cn-beijing", times=None))
    told = await checks(desk, region_ids=[REGION, "cn-beijing"])
    assert told["regions"].startswith("mend: reached: cn-hangzhou; not reached: cn-beijing (")
    assert "HTTPS_PROXY" in told["regions"]
    assert told["activation"] == "ok: yes: cn-hangzhou; not known: cn-beijing"
    assert told["workspaces"].startswith("ok: cn-hangzhou: research 40001, production 40002; not known: cn-beijing (")


async def test_a_service_that_fails_leaves_its_lines_unknown(desk: Desk) -> None:
    for operation in ("GetCallerIdentity", "ListProducts", "ListWorkspaces"):
        desk.emulator.faults.add(ServerError(operation=operation, times=None))
    told = await checks(desk)
    assert {name for name, line in told.items() if line.startswith("unknown: ")} == {
        "account",
        "activation",
        "workspaces",
        "actions",
    }
    assert told["credentials"].startswith("ok: ")
    assert "Harmless" in told["account"]


async def test_the_account_is_asked_for_again_after_a_failure(desk: Desk) -> None:
    async with desk.client() as call:
        desk.emulator.faults.add(ServerError(operation="GetCallerIdentity", times=3))
        answers = [await call("check_environment", region_ids=[REGION]) for _ in range(3)]
    states = [check["state"] for each in answers for check in each.result["checks"] if check["name"] == "account"]
    assert states == ["unknown", "ok", "ok"]
    assert desk.requests("GetCallerIdentity") == 4


@pytest.mark.parametrize("offered", ["PAI_share", "PAI_isolate"])
async def test_without_pai_and_workspaces_a_person_has_to_act(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, offered: str
) -> None:
    desk.region.workspaces.clear()
    monkeypatch.setattr(products, "PRODUCTS", ({"ProductCode": offered, "IsPurchased": offered != "PAI_share"},))
    told = await checks(desk)
    assert told["activation"].startswith("mend: no: cn-hangzhou -> Activate PAI")
    assert told["workspaces"].startswith("mend: none visible: cn-hangzhou -> Create a workspace")
    async with desk.client() as call:
        answer = await call("check_environment", region_ids=[REGION])
    assert answer.result["note"] == "To mend: PAI activated, workspaces. Not known: actions."


async def test_of_many_workspaces_a_few_are_named_and_one_that_can_be_used_is_asked_about(desk: Desk) -> None:
    research = desk.region.workspaces["40001"]
    research |= {"Status": "FROZEN"}
    names = ('evil" ok', "two", "three", "four", "five")
    for number, name in enumerate(names):
        workspace_id = str(50000 + number)
        other = {"WorkspaceId": workspace_id, "WorkspaceName": name, "IsDefault": False}
        desk.region.workspaces[workspace_id] = research | other
    told = await checks(desk)
    assert told["workspaces"] == (
        'ok: cn-hangzhou: production 40002, research 40001 (FROZEN), "evil\' ok" 50000 (FROZEN), two 50001 (FROZEN),'
        " three 50002 (FROZEN), 2 more"
    )
    asked = {entry.parameters.get("WorkspaceId") for entry in desk.emulator.journal.entries}
    assert asked == {None, "40002"}
