"""What the ids in a question name, and that those of people are masked, in the question and in the answer."""

from typing import Any

import pytest

from pai_dsw_mcp.approval.describe import describe
from pai_dsw_mcp.model.change import Change, Parameter, Sentence
from pai_emulator.policy import USER_IDS
from tests.gate.cases import GPU_SPEC, an_instance, image_for, new_notebook
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio

QUOTA = "quota40001"
SNAPSHOT = {"snapshot_name": "saved", "image_url": "team-registry.cn-hangzhou.cr.aliyuncs.com/vision/saved:v1"}


async def asked(desk: Desk, tool: str, **arguments: Any) -> str:
    """What a person is asked who then says no."""
    person = Person("no")
    await desk.call("modern", person, tool, **arguments)
    return person.questions[0].message


def on_quota(desk: Desk) -> str:
    instance_id = an_instance(desk.steering, "Running")
    share = {"CPU": "4", "GPU": "0", "Memory": "16GB"}
    desk.steering.instance(instance_id, ResourceId=QUOTA, RequestedResource=share, EcsSpec=None)
    return instance_id


@pytest.mark.parametrize(("tool", "more"), [("create_snapshot", SNAPSHOT), ("stop_instance", {})])
async def test_spec_quota_and_image_of_an_instance_are_named(desk: Desk, tool: str, more: dict[str, Any]) -> None:
    instance_id, image_id = an_instance(desk.steering, "Running"), image_for("GPU")
    desk.steering.instance(instance_id, EcsSpec=GPU_SPEC, ImageId=image_id)
    of_spec = await asked(desk, tool, instance_id=instance_id, **more)
    assert f": {GPU_SPEC}\n  = 1 x A10, " in of_spec
    assert f": {image_id}\n  = " in of_spec
    of_quota = await asked(desk, tool, instance_id=on_quota(desk), **more)
    assert f": {QUOTA}\n  = research_quota, ECS, 4 x A10\n" in of_quota


@pytest.mark.parametrize(("tool", "more"), [("create_snapshot", SNAPSHOT), ("stop_instance", {})])
async def test_a_quota_that_cannot_be_read_keeps_nobody_from_deciding(
    desk: Desk, tool: str, more: dict[str, Any]
) -> None:
    desk.steering.faults({"kind": "reset", "operation": "GetQuota", "times": None})
    assert f": {QUOTA}\n" in (question := await asked(desk, tool, instance_id=on_quota(desk), **more))
    assert "research_quota" not in question


async def test_an_owner_before_and_after_are_named_and_their_ids_masked(desk: Desk) -> None:
    instance_id, person = an_instance(desk.steering, "Running"), Person("yes")
    wanted = {"instance_id": instance_id, "user_id": USER_IDS["developer"]}
    answer = await desk.call("modern", person, "update_instance", **wanted)
    question = person.questions[0].message
    assert '20****01 -> 20****02\n  = "Lin Administrator" -> "Wu Developer"' in question
    (sent,) = desk.steering.writes()
    assert sent["parameters"]["UserId"] == USER_IDS["developer"]
    seen = await desk.call("modern", None, "get_instance", instance_id=instance_id)
    assert told(seen)["history"][0]["changed"] == {"UserId": "20****01 -> 20****02"}
    row = next(each for each in told(answer)["change"]["parameters"] if each["name"] == "UserId")
    assert (row["before"], row["value"]) == ("20****01", "20****02")
    for words in (question, text_of(answer), text_of(seen), str(told(answer)), str(told(seen))):
        assert not any(each in words for each in USER_IDS.values())


async def test_the_owner_of_a_new_instance_is_masked(desk: Desk) -> None:
    question = await asked(desk, "create_instance", **new_notebook(user_id=USER_IDS["developer"]))
    assert '20****02\n  = "Wu Developer"' in question
    assert USER_IDS["developer"] not in question


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("200000000000000102", "200000000000000202", "20****102 -> 20****202"),
        ("200003000000000002", "200004000000000002", "200003000000000002 -> 200004000000000002"),
        ("123", "124", "123 -> 124"),
        ("-", "124", "- -> 1****"),
    ],
)
def test_two_owners_are_told_apart_where_their_masks_would_be_the_same(before: str, after: str, shown: str) -> None:
    named = {
        user_id: (Sentence(key="meaning_name", values={"name": name}),)
        for user_id, name in ((before, "Lin"), (after, "Wu"))
    }
    change = Change(
        action="update_instance",
        region_id="cn-hangzhou",
        target_name="one",
        parameters=(Parameter(name="UserId", value=after, before=before),),
        meanings=named,
        fingerprint="",
    )
    (row,) = describe(None, change, "en").parameters
    assert row.before is not None
    both = (row.before[0], row.values[0])
    assert " -> ".join(map(row.told, both)) == shown
    assert [row.meanings[each] for each in both] == ["Lin", "Wu"]
    assert change.arguments_digest != change.model_copy(update={"parameters": ()}).arguments_digest
