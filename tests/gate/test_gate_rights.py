"""Before a person is asked, the server looks whether the service will probably deny it; it warns and never refuses."""

from typing import Any

import pytest

from pai_dsw_mcp.gate.plan import Proposal
from pai_dsw_mcp.gate.rights import rights_warning
from pai_dsw_mcp.model.change import Change, Parameter
from pai_dsw_mcp.model.writes import WRITES, Request
from pai_emulator.serve import Emulator
from tests.gate.cases import CASES, Case, an_instance, new_notebook
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

PRODUCTS = ("paidsw", "paiworkspace", "paiimage", "paidataset")
READS = [f"{product}:{verb}*" for product in PRODUCTS for verb in ("Get", "List")]
WARNING = "It will probably be denied"


def give_admin(emulator: Emulator, role: str, *rights: str) -> None:
    """The role in every workspace, and these rights by RAM; all of them where none is named."""
    for workspace in emulator.world.region("cn-hangzhou").workspaces.values():
        workspace["Members"] |= {emulator.user("admin").user_id: (role,)}
    if rights:
        emulator.world.policies["admin"] = {"rights": list(rights)}


def looks(desk: Desk) -> int:
    return sum(entry["operation"] == "ListPermissions" for entry in desk.steering.requests())


async def asked(desk: Desk, tool: str, **arguments: Any) -> tuple[dict[str, Any], str]:
    person = Person("yes")
    ended = told(await desk.call("modern", person, tool, **arguments))
    return ended, person.questions[0].message


# Who makes a workspace has no role in it yet, so there is nothing to look at.
@pytest.mark.parametrize("case", [case for case in CASES if case.tool != "create_workspace"], ids=str)
async def test_who_may_neither_by_role_nor_by_ram_is_warned_and_then_told_how_to_mend_it(
    desk: Desk, emulator: Emulator, case: Case
) -> None:
    arguments = case.arguments(desk.steering)
    give_admin(emulator, "PAI.LabelManager", *READS)
    person = Person("yes")
    answer = await desk.call("modern", person, case.tool, **arguments)
    assert WARNING in person.questions[0].message
    # Of a batch each is told by itself, and what mends it once.
    assert answer.is_error is not WRITES[case.tool].is_batch
    for part in ("PAI.WorkspaceAdmin", '"Statement"', "acs:SourceIp"):
        assert text_of(answer).count(part) == 1
    assert not any(entry["applied"] for entry in desk.steering.writes())


async def test_a_warning_never_refuses_because_ram_may_allow_it(desk: Desk, emulator: Emulator) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    give_admin(emulator, "PAI.LabelManager")
    ended, question = await asked(desk, "start_instance", instance_id=instance_id)
    assert WARNING in question
    assert ended["status"] == "done"


@pytest.mark.parametrize("role", ["PAI.AlgoOperator", "PAI.AlgoDeveloper", "PAI.WorkspaceAdmin"])
async def test_whoever_has_a_role_that_carries_it_is_not_warned(desk: Desk, emulator: Emulator, role: str) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    give_admin(emulator, role)
    _, question = await asked(desk, "start_instance", instance_id=instance_id)
    assert WARNING not in question


async def test_pay_as_you_go_and_a_quota_are_different_rights(desk: Desk, emulator: Emulator) -> None:
    give_admin(emulator, "PAI.AlgoOperator")
    _, question = await asked(desk, "create_instance", **new_notebook())
    assert WARNING in question
    on_quota = Change(
        action="create_instance",
        region_id="cn-hangzhou",
        target_name="notebook",
        workspace_id="40001",
        parameters=(Parameter(name="ResourceId", value="quota40001"),),
        fingerprint="",
    )
    request = Request(WRITES[on_quota.action].requests[0])
    assert await rights_warning(desk.services, Proposal(on_quota, (request,))) == ()


DELETE_RULE, CREATE_RULE = "paidsw:DeleteIdleInstanceCuller", "paidsw:CreateIdleInstanceCuller"
CREATE_TIMER = "paidsw:CreateInstanceShutdownTimer"


@pytest.mark.parametrize(
    ("rules", "tool", "wanted", "rights", "missing"),
    [
        ({}, "set_auto_stop", {"idle_minutes": 30}, [], CREATE_RULE),
        ({"idle_minutes": 60}, "set_auto_stop", {"idle_minutes": 30}, [], f"{DELETE_RULE}, {CREATE_RULE}"),
        ({"idle_minutes": 60}, "set_auto_stop", {"idle_minutes": 30}, [DELETE_RULE], CREATE_RULE),
        ({}, "set_auto_stop", {"stop_after_minutes": 60}, [CREATE_RULE], CREATE_TIMER),
        ({"idle_minutes": 60}, "clear_auto_stop", {}, [CREATE_RULE], DELETE_RULE),
        ({}, "update_labels", {"labels": [{"key": "a", "value": "b"}]}, [], "paidsw:UpdateInstanceLabels"),
    ],
)
async def test_the_warning_names_what_this_change_sends_and_no_right_that_is_there(
    desk: Desk, rules: dict[str, Any], tool: str, wanted: dict[str, Any], rights: list[str], missing: str
) -> None:
    instance_id = an_instance(desk.steering, "Running")
    if rules:
        await asked(desk, "set_auto_stop", instance_id=instance_id, **rules)
    place = ((await desk.services.cloud.identity()).principal, "cn-hangzhou", "40001")
    desk.services.points[place] = frozenset(map(str.casefold, rights)), desk.services.now()
    _, question = await asked(desk, tool, instance_id=instance_id, **wanted)
    assert f" carries {missing}. A RAM" in question


async def test_the_warning_of_a_follow_up_names_what_it_sends(desk: Desk, emulator: Emulator) -> None:
    give_admin(emulator, "PAI.LabelManager", *READS)
    person = Person("no")
    await desk.call("modern", person, "create_instance", **new_notebook(), idle_minutes=60)
    assert f" carries paidsw:CreatePostPaidInstance, {CREATE_RULE}. A RAM" in person.questions[0].message
    assert DELETE_RULE not in person.questions[0].message


async def test_where_no_workspace_is_known_nothing_is_looked_up(desk: Desk) -> None:
    change = Change(action="stop_instance", region_id="cn-hangzhou", target_name="notebook", fingerprint="")
    assert await rights_warning(desk.services, Proposal(change)) == ()
    assert looks(desk) == 0


async def test_a_workspace_is_looked_at_once_a_minute(desk: Desk, emulator: Emulator) -> None:
    now = 1_000.0
    desk.services.now = lambda: now
    for _ in range(2):
        await asked(desk, "start_instance", instance_id=an_instance(desk.steering, "Stopped"))
    assert looks(desk) == 1
    now += 61
    await asked(desk, "start_instance", instance_id=an_instance(desk.steering, "Stopped"))
    assert looks(desk) == 2


async def test_a_look_that_fails_warns_of_nothing(desk: Desk, emulator: Emulator) -> None:
    instance_id = an_instance(desk.steering, "Stopped")
    give_admin(emulator, "PAI.LabelManager")
    emulator.world.policies["admin"] = {"rights": ["*"], "denied": ["paiworkspace:ListPermissions"]}
    ended, question = await asked(desk, "start_instance", instance_id=instance_id)
    assert WARNING not in question
    assert ended["status"] == "done"


async def test_what_mends_it_is_told_also_where_a_part_was_done(desk: Desk, emulator: Emulator) -> None:
    give_admin(emulator, "PAI.LabelManager", *READS, "paiworkspace:AddMemberRole", "paidsw:CreatePostPaidInstance")
    roles = {"workspace_id": "40001", "member_name": "developer", "roles": ["PAI.AlgoOperator"]}
    partly = told(await desk.call("modern", Person("yes"), "set_member_roles", **roles))
    created = told(await desk.call("modern", Person("yes"), "create_instance", **new_notebook(), idle_minutes=60))
    assert (partly["status"], created["follow_ups"][0]["status"]) == ("partly_done", "refused")
    for answer, action in ((partly, "paiworkspace:RemoveMemberRole"), (created, "paidsw:CreateIdleInstanceCuller")):
        assert f'"Action":["{action}"]' in answer["message"]
        assert "PAI.WorkspaceAdmin" in answer["message"]
