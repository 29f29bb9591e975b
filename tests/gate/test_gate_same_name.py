"""create_instance where the name is taken: whose instance that is, and in what it is not the one asked for."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pai_emulator.policy import USER_IDS
from tests.gate.cases import new_notebook
from tests.support.desk import Desk, Person, text_of, told

pytestmark = pytest.mark.anyio


async def create(desk: Desk, person: Person | None = None, **changed: Any) -> dict[str, Any]:
    return told(await desk.call("modern", person or Person("yes"), "create_instance", **new_notebook(**changed)))


async def test_an_equal_instance_of_that_name_is_the_answer(desk: Desk) -> None:
    first = await create(desk)
    desk.steering.advance(600)
    again = await create(desk, Person("no"))
    assert again["status"] == "nothing_to_do"
    assert (again["instance_id"], again["instance_status"]) == (first["instance_id"], "Running")


@pytest.mark.parametrize(
    ("changed", "differing"),
    [
        ({"ecs_spec": "ecs.g6.xlarge"}, "EcsSpec"),
        ({"accessibility": "PUBLIC"}, "Accessibility"),
        ({"workspace_id": "40002"}, "WorkspaceId"),
        ({"image_id": "image-c561560e3f3c1cbff7"}, "ImageId"),
    ],
    ids=["spec", "visibility", "workspace", "image"],
)
async def test_another_instance_of_that_name_is_refused_with_what_differs(
    desk: Desk, changed: dict[str, str], differing: str
) -> None:
    await create(desk)
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook(**changed))
    assert answer.is_error
    assert f"differs in {differing}." in text_of(answer)
    assert len(desk.steering.writes()) == 1


async def test_a_name_that_is_taken_in_another_workspace_leads_to_no_update(desk: Desk) -> None:
    await create(desk)
    text = text_of(await desk.call("modern", None, "create_instance", **new_notebook(workspace_id="40002")))
    assert "whether they mean workspace 40001" in text
    assert "update_" not in text


NETWORK = {"vpc_id": "vpc-abcd1234", "v_switch_id": "vsw-abcd1234", "security_group_id": "sg-abcd1234"}
MOUNT = {"dataset_id": "d-db67c33e4453a26dc8", "mount_path": "/mnt/data", "mount_access": "RO"}
LABELS = [{"key": "team", "value": "vision"}, {"key": "use", "value": "training"}]
FULL: dict[str, Any] = {**NETWORK, "datasets": [MOUNT], "labels": LABELS}


@pytest.mark.parametrize(
    ("there", "asked", "differing"),
    [
        (FULL, {**FULL, "labels": [{"key": "team", "value": "nlp"}]}, "Labels"),
        ({}, {"labels": LABELS[:1]}, "Labels"),
        (FULL, {**FULL, "datasets": [{**MOUNT, "mount_access": "RW"}]}, "Datasets"),
        (FULL, {**FULL, "datasets": [{**MOUNT, "mount_path": "/mnt/other"}]}, "Datasets"),
        (FULL, {**FULL, "security_group_id": "sg-other123"}, "UserVpc"),
        ({}, NETWORK, "UserVpc"),
        ({}, {**FULL, "ecs_spec": "ecs.g6.xlarge"}, "EcsSpec, UserVpc, Datasets, Labels"),
    ],
    ids=str,
)
async def test_everything_that_was_asked_for_is_compared_with_the_instance_of_that_name(
    desk: Desk, there: dict[str, Any], asked: dict[str, Any], differing: str
) -> None:
    await create(desk, **there)
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook(**asked))
    assert answer.is_error
    assert f"differs in {differing}." in text_of(answer)
    assert len(desk.steering.writes()) == 1


@pytest.mark.parametrize(
    "asked", [FULL, {**FULL, "labels": LABELS[::-1]}, {**FULL, "labels": []}, {**FULL, "v_switch_id": None}], ids=str
)
async def test_what_nobody_asked_for_is_no_difference(desk: Desk, asked: dict[str, Any]) -> None:
    made = await create(desk, **FULL)
    again = told(await desk.call("modern", None, "create_instance", **new_notebook(**asked)))
    assert (again["status"], again["instance_id"]) == ("nothing_to_do", made["instance_id"])


async def test_what_the_instance_of_that_name_has_besides_is_told(desk: Desk) -> None:
    made = await create(desk, **FULL)
    again = told(await desk.call("modern", None, "create_instance", **new_notebook()))
    assert (again["status"], again["instance_id"]) == ("nothing_to_do", made["instance_id"])
    assert "UserVpc, Datasets" in again["message"]


def same_of(desk: Desk, user_id: str) -> str:
    """The id of somebody's instance that has the name and every setting of `new_notebook`."""
    (instance_id,) = desk.steering.generate(1)
    wanted = new_notebook()
    desk.steering.instance(
        instance_id,
        InstanceName=wanted["instance_name"],
        WorkspaceId=wanted["workspace_id"],
        EcsSpec=wanted["ecs_spec"],
        ImageId=wanted["image_id"],
        Accessibility="PRIVATE",
        UserId=user_id,
        UserName="zhang.wei@example.com",
    )
    return instance_id


async def test_somebody_elses_instance_is_not_the_answer_and_it_is_said_whose_it_is(desk: Desk) -> None:
    await create(desk, instance_name="mine")
    instance_id = same_of(desk, USER_IDS["developer"])
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook())
    assert answer.is_error
    for told_of in (instance_id, "zh****om", "somebody else"):
        assert told_of in text_of(answer)
    assert "zhang" not in text_of(answer)
    assert len(desk.steering.writes()) == 1


async def test_who_the_caller_is_is_told_by_an_instance_of_theirs_that_still_exists(desk: Desk, tmp_path: Path) -> None:
    await create(desk, instance_name="mine")
    await create(desk, instance_name="gone")
    with closing(sqlite3.connect(tmp_path / "journal.sqlite3")) as connection, connection:
        connection.execute("UPDATE operations SET target_id = 'dsw-0000000000000000' WHERE target_name = 'gone'")
    same_of(desk, USER_IDS["developer"])
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook())
    assert answer.is_error
    assert "somebody else" in text_of(answer)


async def test_where_nobody_knows_who_the_caller_is_the_owner_is_told(desk: Desk) -> None:
    instance_id = same_of(desk, USER_IDS["developer"])
    there = await create(desk)
    assert (there["status"], there["instance_id"]) == ("nothing_to_do", instance_id)
    assert "zh****om" in there["message"]
    assert "not known" in there["message"]


async def test_of_several_instances_of_that_name_the_one_that_was_asked_for_is_the_answer(desk: Desk) -> None:
    other, ours = same_of(desk, USER_IDS["admin"]), same_of(desk, USER_IDS["admin"])
    desk.steering.instance(other, EcsSpec="ecs.g6.xlarge")
    assert (await create(desk))["instance_id"] == ours


async def test_a_name_that_only_contains_the_name_is_no_obstacle(desk: Desk) -> None:
    for name in ("train_1_v2", "my_train_1", "TRAIN_1", "train_1"):
        assert (await create(desk, instance_name=name))["status"] == "done"


async def test_a_name_is_looked_for_in_all_workspaces_and_on_all_pages(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    ids = desk.steering.generate(130)
    for instance_id in ids:
        desk.steering.instance(instance_id, InstanceName=f"train_1_{instance_id[-6:]}")
    desk.steering.instance(ids[0], InstanceName="train_1", WorkspaceId="40002")
    answer = await desk.call("modern", Person("yes"), "create_instance", **new_notebook())
    assert answer.is_error
    assert ids[0] in text_of(answer)
