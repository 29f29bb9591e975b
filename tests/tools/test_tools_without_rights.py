"""Somebody without rights asks every reading tool: each answer says which action is missing and how to get it."""

import re
from collections.abc import Callable

import pytest

from pai_emulator.serve import Emulator
from tests.support.desk import REGION, Desk, text_of, told
from tests.support.steering import Steering
from tests.tools.test_tools_parity import READING

pytestmark = pytest.mark.anyio

DOCTOR = "check_environment"
FREE = "list_ecs_specs"
"""Allowed unless a policy denies it."""
ACTION = re.compile(r"\bpai\w*:[A-Z]\w+")


def take_everything(emulator: Emulator) -> None:
    """The rights of RAM and every membership."""
    emulator.world.policies["admin"] = {"rights": ["sts:*"]}
    for workspace in emulator.world.region(REGION).workspaces.values():
        del workspace["Members"][emulator.user("admin").user_id]


@pytest.fixture
def desk(new_desk: Callable[..., Desk], steering: Steering) -> Desk:
    return new_desk(now=steering.now)


@pytest.mark.parametrize("tool", sorted(READING.keys() - {DOCTOR, FREE}))
async def test_a_read_that_is_denied_names_action_role_and_policy(desk: Desk, emulator: Emulator, tool: str) -> None:
    arguments = READING[tool][0](desk.steering)
    take_everything(emulator)
    answer = await desk.call("modern", None, tool, **arguments)
    said = text_of(answer)
    assert answer.is_error, said
    denied = {entry["operation"] for entry in desk.steering.requests() if entry["status"] in {403, 404}}
    assert any(operation in said for operation in denied)
    assert ACTION.search(said)
    assert '"Statement"' in said
    # No role of a workspace carries what quotas need.
    assert "PAI." in said or "quota" in tool


@pytest.mark.parametrize(
    "user_rights", [["paidsw:*", "paiworkspace:*"], ["paidsw:*", "paiworkspace:*", "pai:*"]], ids=["few", "more"]
)
async def test_the_doctor_says_the_same_as_the_denials(desk: Desk, emulator: Emulator, user_rights: list[str]) -> None:
    tools = {
        "list_images": "paiimage:ListImages",
        "list_datasets": "paidataset:ListDatasets",
        "list_quotas": "pai:ListQuotas",
    }
    for workspace in emulator.world.region(REGION).workspaces.values():
        workspace["Members"][emulator.user("admin").user_id] = ()
    emulator.world.policies["admin"] = {"rights": user_rights}
    found = told(await desk.call("modern", None, DOCTOR, region_ids=[REGION]))["checks"]
    (said,) = [each["found"] for each in found if each["name"] == "actions"]
    denied = set(ACTION.findall(said.partition("denied: ")[2].partition(";")[0]))
    answers = {tool: await desk.call("modern", None, tool, **READING[tool][0](desk.steering)) for tool in tools}
    assert {tools[tool] for tool, answer in answers.items() if answer.is_error} == denied
